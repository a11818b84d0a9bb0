"""Cumulative incidence of competing ends by group: numbers for files, tables and the figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

import numpy as np

from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.queries.releases.survival import KINDS, Members
from registry.queries.survival import by_days as query
from registry.queries.survival.rows import Rows
from registry.queries.survival.rows import rows as rows_of
from registry.reports.rates.quality import only_aggregates
from registry.reports.rates.shown import HIDDEN, figure, interval, whole
from registry.reports.survival import sentences
from registry.reports.survival.certain import EXACT, NOBODY_LEFT, Stated, stated
from registry.reports.survival.curves import LEVEL, as_test, moments_of
from registry.reports.survival.disclosed import NO_TEST, Guarded, all_of, hidden, signs
from registry.reports.survival.drawn import incidence_figure
from registry.reports.survival.kaplan_meier import left_out, p_value, stated_on
from registry.reports.survival.method import YEARS, Method, Sheet, Wanted
from registry.reports.survival.remembered import remembered
from registry.rules.cause import CAUSE, End
from registry.stats.competing import Gray, Incidence, cumulative_incidence, gray
from registry.stats.disclosure import through
from registry.stats.survival import Curve


@dataclass(frozen=True)
class EndAtDay:
    """What has happened by one day; None where a number is hidden or does not exist."""

    end: End
    years: float
    day: int
    at_risk: int | None
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class IncidenceRow:
    """One group: how many, how many came to each end, and when.

    `found` knows every day; `drawn` gives of it what may be seen, on the days `stated` or on all. `signs`
    stand in place of the counts that are hidden, as `disclosed.signs` names them.
    """

    group: Group
    n: int | None
    events: dict[End, int | None]
    at: tuple[EndAtDay, ...]
    found: Incidence
    stated: tuple[int, ...] | None = None
    signs: Mapping[str, str] = field(default_factory=dict)

    def drawn(self, end: End) -> Curve:
        """The curve of one end, to be drawn."""
        curve: Curve = self.found.curve(end.number)
        if self.stated is None:  # a tick is somebody no longer followed, not somebody dead of something else
            return replace(curve, censored=self.found.censored)
        seen: Curve = through(curve, self.stated, [True] * len(self.stated))
        return seen if self.n is not None else replace(seen, n=0)  # or the figure would say how many they are


@dataclass(frozen=True)
class Competing:
    """Cumulative incidence of all groups, and Gray's test of each end between them."""

    division: Label | None
    rows: list[IncidenceRow]
    tests: dict[End, Gray]
    death_certificate_only: int | None
    not_followed: int | None
    suppressed: bool
    wanted: Wanted
    until: date | None = None  # of a release; None where it is of today

    @property
    def empty(self) -> bool:
        """Whether there is nobody to speak of."""
        return not self.rows

    @property
    def quote(self) -> Label:
        """How the numbers were made, to be quoted."""
        return sentences.cumulative_incidence(self.wanted, tested=any(one.df for one in self.tests.values()))

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        return {
            "groups": [
                {
                    "group": row.group.code,
                    "label": str(row.group.label),
                    "n": row.n,
                    "events": {end.code: number for end, number in row.events.items()},
                    **({"hidden": dict(row.signs)} if row.signs else {}),
                    "at": [{**vars(at), "end": at.end.code} for at in row.at],
                }
                for row in self.rows
            ],
            "gray": {end.code: as_test(test) for end, test in self.tests.items()},
            "excluded": {
                "death_certificate_or_autopsy_only": self.death_certificate_only,
                "not_followed": self.not_followed,
            },
            "level": LEVEL,
            "definition": str(CAUSE.says),
            "source": CAUSE.source,
            "method": str(self.quote),
        }

    def flat(self) -> list[dict[str, Any]]:
        """One line for each group, end and day; for a hidden group one for each end."""
        nothing = dict.fromkeys(each.name for each in fields(EndAtDay))
        lines = []
        for row in self.rows:
            said = [(at.end, vars(at)) for at in row.at]
            for end, at in said or [(end, nothing) for end in End if self.suppressed]:
                line = {"group": row.group.code, "label": str(row.group.label), "n": row.n}
                line |= {"events": row.events[end], **at, "end": end.code}
                if self.suppressed:
                    line["hidden"] = hidden(row.signs, at)
                lines.append(line)
        return lines


def answer(wanted: Wanted) -> Competing:
    """Cumulative incidence by group; a reader of aggregates gets no group and no day with small numbers.

    Raises Unremembered where such a reader is the first to ask since survival was last counted.
    """
    guarded = only_aggregates()
    moments = moments_of(YEARS, ()) if guarded else moments_of(wanted.at, wanted.days)
    left_out: tuple[int | None, int | None] = (None, None)
    until = None
    if guarded:
        past = remembered(wanted, wanted.selection, KINDS)
        members, until = past.groups, past.until
        # All deaths less the other ends is the last one, so on each day all ends are said or none.
        told: list[Guarded | None] = [all_of(may) for may in zip(*past.may, strict=True)]
    else:
        counted = rows_of([wanted.by], causes=True, **dict(wanted.selection))
        members = _members(counted, str(wanted.by))
        told = [None] * len(members)
        left_out = counted.death_certificate_only, counted.not_followed
    groups = [(one.days, one.ends, one.weight) for one in members]
    incidences = [cumulative_incidence(*one, kinds=len(End), level=LEVEL) for one in groups]
    rows = [
        _row(group, found, moments, may, wanted.smallest)
        for group, found, may in zip([one.group for one in members], incidences, told, strict=True)
    ]
    tests = {}
    if len(rows) > 1 and all(may is None or may.whole for may in told):
        tests = {end: gray(groups, end=end.number, kinds=len(End)) for end in (End.CANCER, End.OTHER)}
    division = query.divisions().get(wanted.by or "")
    return Competing(
        division.label if division else None, rows, tests, left_out[0], left_out[1], guarded, wanted, until
    )


def _members(counted: Rows, key: str) -> list[Members]:
    """Counted rows group by group."""
    places = counted.places[key]
    return [
        Members(group, counted.days[own], counted.ends[own], counted.weight[own])
        for place, group in enumerate(counted.groups[key])
        for own in [places == place]
        if own.any()
    ]


def _row(
    group: Group,
    found: Incidence,
    moments: Sequence[tuple[float, int]],
    may: Guarded | None,
    smallest: int,
) -> IncidenceRow:
    days = [day for _, day in moments]
    lacking = {} if may is None else signs(may, days, smallest)
    if may is not None and not may.n:
        return IncidenceRow(group, None, dict.fromkeys(End), (), found, (), lacking)
    seen = found.at(days)
    figures, ended = (seen.estimate, seen.lower, seen.upper), np.isclose(seen.estimate.sum(axis=0), 1)
    cells = []
    for end in End:
        for at, (years, day) in enumerate(moments):
            at_risk = int(seen.at_risk[at])
            known: Stated = (None, None, None)
            if may is None or may.estimates[at]:
                known = _known(at_risk, [values[end.rank, at] for values in figures], ended[at])
            hide = may is not None and not may.at_risk[at]
            cells.append(EndAtDay(end, years, day, None if hide else at_risk, *known))
    events: dict[End, int | None] = dict.fromkeys(End)
    if may is None or may.events:
        events = {end: int(found.events[end.rank].sum()) for end in End}
    days_told = None
    if may is not None:
        days_told = tuple(dict.fromkeys(cell.day for cell in cells if cell.estimate is not None))
    return IncidenceRow(group, found.n, events, tuple(cells), found, days_told, lacking)


def _known(at_risk: int, figures: Sequence[float], ended: bool) -> Stated:
    """Incidence with limits; once everybody has come to an end, it stays what it is."""
    estimate, lower, upper = (None if np.isnan(value) else float(value) for value in figures)
    if ended and not at_risk:
        return estimate, lower, upper
    return stated(at_risk, (estimate, lower, upper), untouched=0.0, level=LEVEL)


def sheets(found: Competing) -> list[Sheet]:
    """A table for each end that somebody came to, and for this cancer; tests and what is open beneath."""
    told = []
    for end in End:
        if end is not End.CANCER and not any(row.events[end] != 0 for row in found.rows):
            continue  # that nobody died of the cancer is worth a table
        moments = [(at.years, at.day) for at in stated_on(found.rows) if at.end is end]
        head: list[Label | str] = [
            found.division or Label("组", "Group"),
            Label("例", "n"),
            Label("发生", "Events"),
            *(_moment(*moment) for moment in moments),
        ]
        rows: list[list[Label | str]] = []
        for row in found.rows:
            cells = [_stated(at, row.signs) for at in row.at if at.end is end] or [HIDDEN] * len(moments)
            size = row.signs.get("n") or whole(row.n)
            rows.append([row.group.label, size, whole(row.events[end]), *cells])
        told.append(Sheet(end.label, head, rows, _notes(found, end)))
    return told


def _notes(found: Competing, end: End) -> list[Label]:
    notes = []
    test = found.tests.get(end)
    if test is not None and test.df:
        told = {"chi2": f"{test.chi2:.3f}", "df": test.df, "p": p_value(test.p, test.log10_p)}
        notes.append(
            Label(
                "Gray 检验：χ² = %(chi2)s, df = %(df)s, %(p)s",
                "Gray's test: χ² = %(chi2)s, df = %(df)s, %(p)s",
            )
            % told
        )
    if end is End.CANCER:
        if found.suppressed and len(found.rows) > 1 and not found.tests:
            notes.append(NO_TEST)
        notes += left_out(found.death_certificate_only, found.not_followed)
        notes.append(
            Label(
                "死于其他原因者不再可能死于本癌；用 1 − Kaplan–Meier 会高估。",
                "Who dies of another cause can no longer die of the cancer; one minus Kaplan–Meier would "
                "overstate it.",
            )
        )
    here = [at for row in found.rows for at in row.at if at.end is end]
    if any(at.estimate == 0 and at.lower is not None for at in here):
        notes.append(EXACT)
    if any(at.at_risk == 0 and at.estimate is not None and at.lower is None for at in here):
        notes.append(NOBODY_LEFT)
    if end is End.UNKNOWN:
        notes.append(
            Label(
                "若死因不详者都死于本癌，本癌死亡率最多再加上这一部分。",
                "If all of these had died of the cancer, its incidence would be higher by so much at the "
                "most.",
            )
        )
    return notes


def _moment(years: float, day: int) -> Label:
    if years == int(years):
        return Label("%(y)s 年：%%", "%(y)s y: %%") % {"y": int(years)}
    return Label("%(d)s 天：%%", "%(d)s d: %%") % {"d": day}


def _stated(at: EndAtDay, signs: Mapping[str, str]) -> str:
    """Incidence on a day; * where it is hidden, – where nobody is followed any longer."""
    at_risk = signs.get(f"at_risk {at.day}") or whole(at.at_risk)
    if at.estimate is None and at.at_risk != 0:
        return f"{HIDDEN} [{at_risk}]"
    limits = "" if at.lower is None else f" ({interval(at.lower, at.upper)})"
    return f"{figure(at.estimate)}{limits} [{at_risk}]"


METHOD = Method(
    key="cif",
    label=Label("死因别累积发生率（竞争风险）", "Deaths by cause (competing risks)"),
    says=Label(
        "诊断后这么久，死于本癌、死于其他原因的各占多少；加上仍存活者为全部。",
        "After so long, how many have died of this cancer and how many of something else; with those "
        "alive they are all.",
    ),
    answer=answer,
    sheets=sheets,
    draw=incidence_figure,
    quote=lambda found: found.quote,
    remembered=True,
)
