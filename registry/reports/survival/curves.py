"""Survival: curves by group with numbers at risk, median and log-rank, and the words that say how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

import numpy as np

from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.queries.survival import by_days as query
from registry.queries.survival.rows import rows as rows_of
from registry.queries.survival.treated import followed_from_treatment, followed_to_cancer_death
from registry.reports.rates.quality import only_aggregates
from registry.reports.survival import sentences
from registry.reports.survival.certain import stated
from registry.reports.survival.disclosed import Guarded, hidden, signs
from registry.reports.survival.method import YEARS, Refused, Wanted
from registry.reports.survival.remembered import remembered
from registry.rules.cause import End
from registry.stats.disclosure import through
from registry.stats.log_rank import LogRank, Tail, log_rank, stratified_log_rank, trend
from registry.stats.restricted import Mean, restricted_mean
from registry.stats.survival import Curve, Median, kaplan_meier, year_day

LEVEL = 0.95
PLAIN = Wanted()
ORDERED = {"summary_stage", "stage_group", "period"}  # divisions whose groups run from less to more


@dataclass(frozen=True)
class AtDay:
    """Survival on one day; None where a number is hidden or does not exist."""

    years: float
    day: int
    at_risk: int | None
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class CurveRow:
    """One group's curve in numbers. `curve` is for drawing; its counts may be more than may be shown.

    `signs` stand in place of the counts that are hidden, as `disclosed.signs` names them.
    """

    group: Group
    n: int | None
    events: int | None
    median: Median | None
    at: tuple[AtDay, ...]
    curve: Curve
    restricted: Mean | None = None
    signs: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The group as files hold it."""
        middle = (None, None, None) if self.median is None else tuple(self.median)
        mean = {} if self.restricted is None else {"restricted_mean": _numbers(self.restricted)}
        return {
            "group": self.group.code,
            "label": str(self.group.label),
            "n": self.n,
            "events": self.events,
            **dict(zip(("median", "lower", "upper"), map(_number, middle), strict=True)),
            **mean,
            **({"hidden": dict(self.signs)} if self.signs else {}),
            "at": [vars(at) for at in self.at],
        }


@dataclass(frozen=True)
class Survival:
    """Curves of all groups over one selection, and what compares them."""

    division: Label | None
    rows: list[CurveRow]
    log_rank: LogRank | None
    death_certificate_only: int | None
    not_followed: int | None
    suppressed: bool
    wanted: Wanted = PLAIN
    trend: Tail | None = None
    untreated: int = 0
    until: date | None = None  # of a release; None where it is of today

    @property
    def empty(self) -> bool:
        """Whether there is nobody to speak of."""
        return not self.rows

    @property
    def tested(self) -> bool:
        """Whether the groups were compared."""
        return self.log_rank is not None and self.log_rank.df > 0

    @property
    def quote(self) -> Label:
        """How the numbers were made, to be quoted."""
        return sentences.kaplan_meier(self.wanted, tested=self.tested)

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        wanted = self.wanted
        left_out = {
            "death_certificate_or_autopsy_only": self.death_certificate_only,
            "not_followed": self.not_followed,
        }
        return {
            "groups": [row.as_dict() for row in self.rows],
            "log_rank": as_test(self.log_rank),
            **({} if self.trend is None else {"trend": as_test(self.trend)}),
            "excluded": left_out | ({"not_treated": self.untreated} if wanted.origin != "diagnosis" else {}),
            "level": LEVEL,
            "interval": wanted.interval,
            "origin": wanted.origin,
            "end": wanted.end,
            "landmark": wanted.landmark,
            **({"restricted_to": wanted.restricted} if wanted.restricted else {}),
            **({"stratified_by": wanted.strata} if wanted.strata else {}),
            "method": str(self.quote),
        }

    def flat(self) -> list[dict[str, Any]]:
        """One line for each group and day."""
        lines = []
        for row in self.rows:
            whole = row.as_dict()
            shared = {name: whole[name] for name in ("group", "label", "n", "events", "median")}
            shared |= {f"median_{limit}": whole[limit] for limit in ("lower", "upper")}
            if mean := whole.get("restricted_mean"):
                shared |= {f"restricted_mean_{name}": value for name, value in mean.items()}
            nothing = [dict.fromkeys(each.name for each in fields(AtDay))]
            for at in whole["at"] or (nothing if self.suppressed else []):
                signs = {"hidden": hidden(row.signs, at)} if self.suppressed else {}
                lines.append({**shared, **at, **signs})
        return lines


def curves(
    by: str | None = None,
    *,
    at: Sequence[float] = YEARS,
    days: Sequence[int] = (),
    smallest: int = 8,
    wanted: Wanted = PLAIN,
    **selection: Any,
) -> Survival:
    """Kaplan–Meier curves of tumours by group.

    Parameters
    ----------
    by : str or None
        A key of `queries.survival.by_days.divisions`.
    at : sequence of float
        Years at which to state survival; year y is day floor(365.25 · y), and at risk are those with
        a time of at least that day.
    days : sequence of int
        Further days.
    smallest : int
        No count below this is shown to a reader who holds nothing but AGGREGATE.
    wanted : Wanted
        Its `interval`, `origin`, `end`, `landmark`, `restricted` and `strata`.
    selection
        As for `queries.survival.by_days.followed`: site, start, end, invasive, role, centre_ids.

    Returns
    -------
    Survival
        Groups without anybody do not appear; a stage that is not known is a group of its own.

    Raises
    ------
    Unremembered
        If a reader of aggregates is the first to ask since survival was last counted.
    Refused
        If a reader of aggregates asks for a clock, a landmark, a horizon, an end or strata of their
        own: two such answers apart by a day would tell of one person.
    """
    guarded = only_aggregates()
    of_its_own = wanted.landmark or wanted.strata or wanted.restricted or wanted.end == "cancer"
    if guarded and (wanted.origin != "diagnosis" or of_its_own):
        raise Refused(NOT_FOR_AGGREGATES)
    if guarded:
        return _remembered(by, smallest, wanted, selection)
    untreated = 0
    of_cancer = wanted.end == "cancer"
    if wanted.origin != "diagnosis":
        late = wanted.origin == "entry"
        counted, untreated = followed_from_treatment(by, keep_clock=late, cancer_only=of_cancer, **selection)
    elif of_cancer:
        counted = followed_to_cancer_death(by, **selection)
    else:
        counted = query.followed(by, **selection)
    groups = [one for one in (_from(one, wanted.landmark) for one in counted.groups) if one.days.size]
    if counted.groups and not groups:
        longest = max(int(one.days.max()) for one in counted.groups)
        raise Refused(NOBODY_LEFT % {"day": wanted.landmark, "longest": longest})
    moments = [moment for moment in moments_of(at, days) if moment[1] > wanted.landmark]
    rows = [_row(one, moments, wanted) for one in groups]
    test = None
    if len(rows) > 1 and wanted.origin != "entry":
        if wanted.strata:
            test = _stratified(by, wanted, groups, selection)
        else:
            test = log_rank([(one.days, one.dead, one.weight) for one in groups])
    division = query.divisions().get(by or "")
    return Survival(
        division.label if division else None,
        rows,
        test,
        counted.death_certificate_only,
        counted.not_followed,
        False,
        wanted,
        _trend(by, groups, test),
        untreated,
    )


NOT_FOR_AGGREGATES = Label(
    "此项不对汇总数据使用者开放，以免由两次结果之差推知个人",
    "Not for readers of aggregates: the difference of two such answers would tell of one person",
)

NOBODY_LEFT = Label(
    "无人存活并随访超过第 %(day)s 天：最长随访 %(longest)s 天。",
    "Nobody was alive and followed beyond day %(day)s: the longest follow-up is %(longest)s days.",
)


def _from(one: query.Followed, landmark: int) -> query.Followed:
    """Those alive and followed beyond the landmark."""
    if not landmark:
        return one
    kept = one.days > landmark
    entry = None if one.entry is None else np.maximum(one.entry[kept], landmark)
    return query.Followed(one.group, one.days[kept], one.dead[kept], one.weight[kept], entry)


def _stratified(
    by: str | None, wanted: Wanted, groups: Sequence[query.Followed], selection: dict[str, Any]
) -> LogRank:
    """The log-rank test within strata; from diagnosis only."""
    if wanted.origin != "diagnosis" or wanted.strata == by:
        raise Refused(
            Label(
                "分层检验须自诊断起算，且分层与分组不同",
                "A stratified test counts from diagnosis, by something else than the groups",
            )
        )
    counted = rows_of([by, wanted.strata], causes=wanted.end == "cancer", **selection)
    died = counted.ends == End.CANCER.number if wanted.end == "cancer" else counted.ends > 0
    kept = counted.days > wanted.landmark if wanted.landmark else np.ones(counted.days.size, dtype=bool)
    place = {group.code: at for at, group in enumerate(counted.groups[str(by)])}
    strata = []
    for stratum in range(len(counted.groups[str(wanted.strata)])):
        inside = kept & (counted.places[str(wanted.strata)] == stratum)
        members = [inside & (counted.places[str(by)] == place[one.group.code]) for one in groups]
        strata.append([(counted.days[own], died[own], counted.weight[own]) for own in members])
    return stratified_log_rank(strata)


def _trend(by: str | None, groups: Sequence[query.Followed], test: LogRank | None) -> Tail | None:
    """The trend over the groups that are known, where they have an order and are three or more."""
    known = [one for one in groups if one.group.code != "unknown"]
    if by not in ORDERED or len(known) < 3 or test is None:
        return None
    return trend(log_rank([(one.days, one.dead, one.weight) for one in known]))


def moments_of(at: Sequence[float], days: Sequence[int]) -> list[tuple[float, int]]:
    """Years and days in order, each day once; a day that completes a whole year is that year.

    >>> moments_of([1], [365, 500])
    [(1, 365), (1.3689253935660506, 500)]
    """
    found: dict[int, float] = {}
    for day in days:
        nearest = round(day / 365.25)
        found[int(day)] = nearest if int(year_day(nearest)) == day else day / 365.25
    found |= {int(year_day(years)): years for years in at}
    return [(found[day], day) for day in sorted(found)]


def _curve(one: query.Followed, wanted: Wanted) -> Curve:
    return kaplan_meier(
        one.days, one.dead, one.weight, entry=one.entry, level=LEVEL, interval=wanted.interval
    )


def _row(one: query.Followed, moments: list[tuple[float, int]], wanted: Wanted) -> CurveRow:
    curve = _curve(one, wanted)
    at = _at_days(curve, moments)
    events = int(curve.events.sum())
    return CurveRow(one.group, curve.n, events, curve.median(), at, curve, _restricted(curve, wanted))


def _at_days(curve: Curve, moments: Sequence[tuple[float, int]]) -> tuple[AtDay, ...]:
    """What the curve says on these days, as far as anybody can know it."""
    seen = curve.at([day for _, day in moments])
    said = []
    for place, (years, day) in enumerate(moments):
        figures = _number(seen.estimate[place]), _number(seen.lower[place]), _number(seen.upper[place])
        at_risk = int(seen.at_risk[place])
        known = stated(at_risk, figures, untouched=1.0, level=LEVEL, from_start=curve.entries is None)
        said.append(AtDay(years, day, at_risk, *known))
    return tuple(said)


def _remembered(by: str | None, smallest: int, wanted: Wanted, selection: Mapping[str, Any]) -> Survival:
    """What a reader of aggregates is told: of a release, the same few days whatever was asked.

    Who was left out is counted afresh every day, so these numbers are hidden.
    """
    wanted = replace(wanted, smallest=smallest)
    told = remembered(replace(wanted, by=by), selection)
    groups = [query.Followed(one.group, one.days, one.ends > 0, one.weight) for one in told.groups]
    rows = [_guarded(*pair, wanted) for pair in zip(groups, told.may[0], strict=True)]
    test = None
    if len(rows) > 1 and all(may.whole for may in told.may[0]):
        test = log_rank([(one.days, one.dead, one.weight) for one in groups])
    division = query.divisions().get(by or "")
    return Survival(
        division.label if division else None,
        rows,
        test,
        None,
        None,
        True,
        wanted,
        _trend(by, groups, test),
        until=told.until,
    )


def _guarded(one: query.Followed, may: Guarded, wanted: Wanted) -> CurveRow:
    """One group's numbers as far as they may be said, and nothing between the days."""
    moments = moments_of(YEARS, ())
    curve = _curve(one, wanted)
    at = tuple(
        _without(seen, at_risk=not risk, estimate=not said)
        for seen, risk, said in zip(_at_days(curve, moments), may.at_risk, may.estimates, strict=True)
    )
    drawn = through(curve, [day for _, day in moments], [seen.estimate is not None for seen in at])
    lacking = signs(may, [day for _, day in moments], wanted.smallest)
    if not may.n:
        return CurveRow(one.group, None, None, None, (), replace(drawn, n=0), signs=lacking)
    events = int(curve.events.sum()) if may.events else None
    return CurveRow(one.group, curve.n, events, None, at, drawn, signs=lacking)


def _without(seen: AtDay, *, at_risk: bool, estimate: bool) -> AtDay:
    """What is said of a day, less what may not be."""
    if at_risk:
        seen = replace(seen, at_risk=None)
    return replace(seen, estimate=None, lower=None, upper=None) if estimate else seen


def _restricted(curve: Curve, wanted: Wanted) -> Mean | None:
    """Mean days lived from the landmark to the horizon; None where too few were followed so far."""
    horizon = wanted.restricted
    if horizon is None or horizon <= wanted.landmark:
        return None
    if curve.at([horizon]).at_risk[0] < 1 and curve.survival[-1:].sum() > 0:
        return None
    mean = restricted_mean(curve, horizon)
    found = [value - wanted.landmark for value in mean]
    return Mean(found[0], mean.std_err, found[1], found[2])


def as_test(test: Any) -> dict[str, Any] | None:
    """A test as files hold it."""
    if test is None:
        return None
    numbers = {name: _number(getattr(test, name)) for name in ("chi2", "p", "log10_p")}
    return {"chi2": numbers["chi2"], "df": test.df, "p": numbers["p"], "log10_p": numbers["log10_p"]}


def _numbers(mean: Mean) -> dict[str, Any]:
    return {name: _number(value) for name, value in vars(mean).items()}


def _number(value: Any) -> Any:
    """A plain number; None where there is none."""
    return None if value is None or np.isnan(value) else float(value)


def periods(start: int | None, end: int | None) -> dict[str, Any]:
    """Whole years as the limits that the query takes."""
    limits = {"start": date(start, 1, 1) if start else None, "end": date(end, 12, 31) if end else None}
    return {name: day for name, day in limits.items() if day is not None}
