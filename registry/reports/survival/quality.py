"""What stands beside every curve: how complete the follow-up is, %DCO and %DCN, and what screening does.

A curve is as good as the follow-up beneath it, and a cancer found earlier looks longer survived even
if nobody lives a day longer; neither is seen in the curve itself.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.label import Label
from registry.queries.survival import follow_up_time as query
from registry.reports.rates.quality import LEVEL, only_aggregates, this_day
from registry.reports.rates.shown import HIDDEN, NONE, figure, interval, whole
from registry.reports.survival.method import Sheet, Wanted
from registry.stats.proportions import wilson

CLARK = "Clark TG, Altman DG, De Stavola BL. Lancet 2002;359:1309-1310"
SCREENING = (
    Label(
        "领先时间：筛查把诊断提前，从诊断起算的生存自然变长，哪怕死亡的日子一天未变。",
        "Lead time: screening puts the diagnosis earlier, so survival counted from it is longer even if "
        "nobody dies "
        "a day later.",
    ),
    Label(
        "病程长短偏倚：筛查更容易遇到长得慢的癌，它们本来就活得久。",
        "Length bias: screening meets slow cancers more often than fast ones, and those live longer anyway.",
    ),
    Label(
        "所以筛查发现与因症状发现的两条曲线之差不是筛查的效果；至少应在同一分期内比较，效果要看死亡率。",
        "So the gap between screen-detected and symptomatic is no effect of screening. Compare within a "
        "stage at "
        "least; whether screening works is told by mortality.",
    ),
)


@dataclass(frozen=True)
class Completeness:
    """Clark's C of one group: days observed as a fraction of those possible; None where hidden.

    A reader of aggregates gets no person-time either, as it would tell of the size of small groups.
    """

    code: str
    label: Label
    value: float | None
    observed: int | None = None
    possible: int | None = None


@dataclass(frozen=True)
class Quality:
    """Shares as fractions with their counts; None where there is nothing to divide or it is hidden."""

    closing: date | None
    completeness: tuple[Completeness, ...]
    cases: int | None
    certificate_only: int | None
    dco: float | None
    notified: int | None
    dcn_known: int | None
    dcn: float | None
    screen_detected: bool

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        return {
            "closing": None if self.closing is None else self.closing.isoformat(),
            "completeness": {one.code: one.value for one in self.completeness},
            "days_observed_and_possible": {
                one.code: [one.observed, one.possible] for one in self.completeness
            },
            "completeness_source": CLARK,
            "cases": self.cases,
            "death_certificate_only": {
                "n": self.certificate_only,
                **_share(self.certificate_only, self.cases),
            },
            "death_certificate_notified": {
                "n": self.notified,
                "known": self.dcn_known,
                **_share(self.notified, self.dcn_known),
            },
        }


def quality(wanted: Wanted) -> Quality:
    """Completeness of follow-up by group, and what came from death certificates, of one selection.

    The closing date is the last day on which anything is known of anybody of the selection, today at
    the latest. All this is of today, while a reader of aggregates sees curves of a release: so no count is
    said, and completeness to a hundredth.
    """
    selection = dict(wanted.selection)
    last = query.last_known(**selection)
    closing = None if last is None else min(last, this_day())
    smallest = wanted.smallest if only_aggregates() else 0
    told = [
        Completeness(
            one.group.code,
            one.group.label,
            None if one.n < smallest or not one.possible else _share_seen(one, coarse=smallest > 0),
            *((None, None) if smallest else (one.observed, one.possible)),
        )
        for one in query.follow_up_time(wanted.by, closing, **selection)
    ]
    counted = query.certificates(**selection)

    def shown(number: int) -> int | None:
        return None if smallest else number

    only, notified = (
        shown(counted.certificate_only),
        shown(counted.notified),
    )
    return Quality(
        closing,
        tuple(told),
        shown(counted.cases),
        only,
        None if only is None or not counted.cases else only / counted.cases,
        notified,
        shown(counted.dcn_known),
        None if notified is None or not counted.dcn_known else notified / counted.dcn_known,
        query.screen_detected(**selection),
    )


def _share_seen(one: query.FollowUpTime, *, coarse: bool) -> float:
    seen = one.observed / (one.possible or 1)
    return round(seen, 2) if coarse else seen


def sheet(found: Quality) -> Sheet:
    """Completeness by group as a table, the rest beneath it."""
    guarded = found.cases is None
    rows: list[list[Label | str]] = [
        [
            one.label,
            HIDDEN if guarded else _years(one.observed),
            HIDDEN if guarded else _years(one.possible),
            _percent(one.value, guarded=guarded),
        ]
        for one in found.completeness
    ]
    notes = [
        Label(
            "随访完整性：实际随访人时占应随访人时（至死亡或 %(day)s）的百分比（Clark C）。",
            "Completeness: follow-up observed as a percentage of what was possible, to death or %(day)s "
            "(Clark's C).",
        )
        % {"day": found.closing or "–"},
        Label(
            "仅有死亡证明（DCO）：%(dco)s；由死亡证明追溯（DCN）：%(dcn)s。"
            "括号内为百分比和 95 %% 区间（Wilson）。",
            "Death certificate only (DCO): %(dco)s; notified by one (DCN): %(dcn)s. In brackets the per "
            "cent and its 95 %% interval (Wilson).",
        )
        % {
            "dco": _counted(found.certificate_only, found.cases),
            "dcn": _counted(found.notified, found.dcn_known),
        },
    ]
    head: list[Label | str] = [
        Label("组", "Group"),
        Label("实际随访（人年）", "Observed (person-years)"),
        Label("应随访（人年）", "Possible (person-years)"),
        Label("随访完整性（%）", "Completeness (%)"),
    ]
    return Sheet(Label("随访与病例来源的质量", "Quality of follow-up and of the cases"), head, rows, notes)


def _percent(share: float | None, *, guarded: bool) -> str:
    """Per cent; whole ones for a reader of aggregates, whose share is no finer, and * where it is hidden."""
    if not guarded:
        return figure(share)
    return HIDDEN if share is None else f"{100 * share:.0f}"


def _years(days: int | None) -> str:
    return NONE if days is None else f"{days / 365.25:.1f}"


def _share(n: int | None, of: int | None) -> dict[str, float | None]:
    """A share with Wilson's interval; nothing where a count is hidden or there is nothing to divide by."""
    if n is None or not of:
        return dict.fromkeys(("share", "lower", "upper"))
    limits = wilson(n, of, level=LEVEL)
    return {"share": n / of, "lower": float(limits.lower), "upper": float(limits.upper)}


def _counted(n: int | None, of: int | None) -> str:
    share = _share(n, of)
    counts = f"{whole(n)}/{whole(of)}"
    if share["share"] is None:
        return counts
    return f"{counts} ({figure(share['share'])} %, {interval(share['lower'], share['upper'])})"


def screening(wanted: Wanted, found: Quality) -> tuple[Label, ...]:
    """What lead time and length bias do to these curves, where there are screen-detected cancers in them."""
    return SCREENING if found.screen_detected or wanted.by == "detection" else ()
