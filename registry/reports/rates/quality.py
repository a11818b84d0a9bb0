"""Rates: the rows of indicators by group, with interval or bounds, and what may be said of them."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from registry.access import Forbidden, Permission, may
from registry.indicators import FIRST, UNCONFIRMED, Counts, Indicator, Source, indicator_called
from registry.label import Label
from registry.queries.counting.grouping import Group, Grouping
from registry.queries.counting.tallies import Tally, tally
from registry.reports.rates.disclosed import hide_small
from registry.reports.rates.released import released, rung
from registry.stats.means import mean as student
from registry.stats.proportions import (
    Interval,
    bounds,
    clopper_pearson,
    jeffreys,
    mid_p,
    poisson_exact,
    wilson,
)

LEVEL = 0.95
FEWEST = 10  # with fewer nobody should judge, however wide the interval
REPORTED_ENOUGH = 0.95
UNKNOWN_TOO_OFTEN = 0.2  # of those eligible; our own, no source sets one: beyond it the known few mislead
INTERVALS: dict[str, Callable[..., Interval]] = {
    "wilson": wilson,
    "exact": clopper_pearson,
    "mid-p": mid_p,
    "jeffreys": jeffreys,
    "poisson": poisson_exact,
}


class Status(Enum):
    """What may be said of a rate."""

    FINAL = Label("可用", "final")
    PROVISIONAL = Label("暂定", "provisional")
    TOO_FEW = Label("例数太少，不作判断", "too few to judge")
    UNKNOWN = Label("未知太多，不作判断", "too much unknown to judge")
    NOTHING = Label("没有分母", "nothing to divide by")
    NOT_COMPUTABLE = Label("不可计算：尚未比对名单", "not computable: no list linked")
    SUPPRESSED = Label("人数少，不公开", "suppressed")

    @property
    def code(self) -> str:
        return {
            Status.FINAL: "final",
            Status.PROVISIONAL: "provisional",
            Status.TOO_FEW: "too few",
            Status.UNKNOWN: "too much unknown",
            Status.NOTHING: "nothing to divide by",
            Status.NOT_COMPUTABLE: "not computable",
            Status.SUPPRESSED: "suppressed",
        }[self]


@dataclass(frozen=True)
class Rate:
    """One indicator in one group. Counts are None where they are suppressed, never 0.

    `estimate`, `lower` and `upper` are fractions of `denominator` (procedures per endoscopist and year
    for the workload, minutes for a mean of the `met` that were timed), whatever `per` they are shown in;
    None where there is none. Where results are awaited a provisional row has no estimate: by the method
    "bounds" its limits are all awaited no and all awaited yes. `small` names the suppressed counts that
    are small themselves; the others went so that these cannot be told.
    """

    indicator: Indicator
    group: Group
    eligible: int | None
    met: int | None
    not_met: int | None
    awaited: int | None
    unknown: int | None
    denominator: int | None
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float | None
    method: str
    status: Status
    reported: float | None = None
    small: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it."""
        return {
            "indicator": self.indicator.key,
            "edition": self.indicator.edition,
            "label": str(self.indicator.label),
            "group": self.group.code,
            "group_label": str(self.group.label),
            "counts": self.indicator.counts.name.lower(),
            "eligible": self.eligible,
            "met": self.met,
            "not_met": self.not_met,
            "awaited": self.awaited,
            "unknown": self.unknown,
            "denominator": self.denominator,
            "estimate": self.estimate,
            "lower": self.lower,
            "upper": self.upper,
            "level": self.level,
            "method": self.method,
            "status": self.status.code,
            "per": self.indicator.per,
        }


def rates(
    keys: Sequence[str] | None = None,
    *,
    by: str | Grouping | None = None,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    smallest: int = 8,
    today: date | None = None,
    unconfirmed: bool = False,
    operator_id: int | None = None,
    interval: str | None = None,
) -> list[Rate]:
    """Rates of indicators by group, each with its interval or bounds.

    Parameters
    ----------
    keys : sequence of str or None
        Indicator keys; None for the first set.
    by, start, end, centre_ids, operator_id
        As for `queries.counting.tallies.tally`; a reader of aggregates gets the nearest period of
        `released.rung`.
    smallest : int
        No count below this is shown to a reader who holds nothing but AGGREGATE.
    unconfirmed : bool
        Count beside each indicator its edition with what rules read from words and nobody has
        confirmed yet, where it has one.
    interval : str or None
        A key of `INTERVALS`; None for Wilson's, and the exact Poisson one of events per 1000.

    Returns
    -------
    list of Rate
        In the order of the indicators, each followed by its unconfirmed edition; groups in theirs.

    Raises
    ------
    KeyError
        If there is no such indicator, grouping or interval.
    access.Forbidden
        If rates are not for this reader, or unconfirmed ones for a reader of aggregates, who could
        tell small counts from the difference; or if what that reader asks for is never released.
    released.Unreleased
        If it was not released to readers of aggregates yet.
    """
    wanted = [indicator_called(key) for key in keys] if keys else list(FIRST)
    if unconfirmed:
        if only_aggregates():
            raise Forbidden("unconfirmed readings are not for aggregates")
        pairs = ((one, UNCONFIRMED.get(one.key)) for one in wanted)
        wanted = [one for pair in pairs for one in pair if one is not None]
    if only_aggregates():
        if operator_id is not None or isinstance(by, Grouping):
            raise Forbidden("neither endoscopists nor groups of one's own are shown in aggregates")
        return _released(wanted, by, (start, end), centre_ids, smallest, today or this_day(), interval)
    counted = tally(wanted, by=by, start=start, end=end, centre_ids=centre_ids, operator_id=operator_id)
    period = (start, min(end or date.max, today or this_day()))
    of_time = by in {"month", "quarter", "year"}
    return [_row(one, period, of_time, interval) for one in counted]


def _released(
    wanted: Sequence[Indicator],
    by: str | None,
    days: tuple[date | None, date | None],
    centre_ids: Sequence[int] | None,
    smallest: int,
    today: date,
    interval: str | None,
) -> list[Rate]:
    """The rows as they were released, for a reader of aggregates."""
    start, end = days
    rows = []
    for seen in released(wanted, by=by, start=start, end=end, centre_ids=centre_ids, today=today):
        of_time = by in {"month", "quarter", "year"}
        first, last = rung(start, end, today, by=by, one_centre=centre_ids is not None)
        row = _row(seen.tally, (first, min(last, seen.until)), of_time, interval)
        rows.append(hide_small(row, seen.states, smallest, _without))
    return rows


def only_aggregates() -> bool:
    """Whether the reader sees aggregates under disclosure control and nothing more."""
    return may(Permission.AGGREGATE) and not (may(Permission.BENCHMARK) or may(Permission.RATES))


def _row(one: Tally, period: tuple[date | None, date], of_time: bool, interval: str | None) -> Rate:
    if one.indicator.counts is Counts.PROCEDURES_A_YEAR:
        return _workload(one, period, of_time)
    return _mean(one) if one.indicator.counts is Counts.MINUTES else proportion(one, interval)


def proportion(one: Tally, interval: str | None = None) -> Rate:
    """The rate of a proportion that was counted; `interval` as for `rates`."""
    method = interval or ("poisson" if one.indicator.per == 1000 else "wilson")
    known = one.met + one.not_met
    reported = one.tissue[1] / one.tissue[0] if one.tissue[0] else None
    waits = one.indicator.specimens is not None and reported is not None and reported < REPORTED_ENOUGH
    # Whoever was examined is known; whose tissue turns out to be cancer is not, so those may yet come.
    more_may_come = waits and one.indicator.base is not Source.EXAMINATION
    denominator = one.eligible if one.indicator.unknown_in_denominator else known
    row = _Row(one, denominator, reported)
    if waits and one.awaited:
        judged = denominator - (one.awaited if one.indicator.unknown_in_denominator else 0)
        limits = bounds(one.met, one.awaited, judged)
        everybody = judged + one.awaited
        if everybody:
            return row.of(None, limits, "bounds", Status.PROVISIONAL, denominator=everybody)
    if not denominator:
        # Whom no list was searched for is not counted; where that is everybody, there is no rate at all.
        lacking = one.indicator.needs is not None and not one.eligible
        return row.of(None, None, method, Status.NOT_COMPUTABLE if lacking else Status.NOTHING)
    status = Status.PROVISIONAL if more_may_come else Status.FINAL
    if not more_may_come and denominator < FEWEST:
        status = Status.TOO_FEW
    elif not one.indicator.unknown_in_denominator and one.unknown > UNKNOWN_TOO_OFTEN * one.eligible:
        status = Status.UNKNOWN
    limits = INTERVALS[method](one.met, denominator, level=LEVEL)
    return row.of(one.met / denominator, limits, method, status)


@dataclass(frozen=True)
class _Row:
    """What every rate of a tally has in common."""

    one: Tally
    denominator: int
    reported: float | None

    def of(
        self,
        estimate: float | None,
        limits: Interval | None,
        method: str,
        status: Status,
        denominator: int | None = None,
    ) -> Rate:
        one = self.one
        return Rate(
            one.indicator,
            one.group,
            one.eligible,
            one.met,
            one.not_met,
            one.awaited,
            one.unknown,
            self.denominator if denominator is None else denominator,
            estimate,
            None if limits is None else float(limits.lower),
            None if limits is None else min(float(limits.upper), 1.0),
            LEVEL if method in INTERVALS else None,
            method,
            status,
            self.reported,
        )


def _mean(one: Tally) -> Rate:
    """The mean of the minutes that were taken down, with Student's interval.

    `met` are those timed, nobody is not met.
    """
    row = _Row(one, one.met, None)
    if not one.met:
        return row.of(None, None, "mean", Status.NOTHING)
    few = one.met < FEWEST
    unknown = one.unknown > UNKNOWN_TOO_OFTEN * one.eligible
    status = Status.TOO_FEW if few else Status.UNKNOWN if unknown else Status.FINAL
    found = row.of((one.minutes or 0.0) / one.met, None, "mean", status)
    if one.squares is None or one.met < 2:
        return found
    limits = student(one.minutes or 0.0, one.squares, one.met, level=LEVEL)
    return replace(found, lower=float(limits.lower), upper=float(limits.upper), level=LEVEL)


def _workload(one: Tally, period: tuple[date | None, date], of_time: bool) -> Rate:
    """Procedures per endoscopist and year: a mean, so there is no interval of a proportion."""
    row = _Row(one, one.endoscopists or 0, None)
    years = _years(one, period, of_time)
    if not one.endoscopists or not years:
        found = row.of(None, None, "mean", Status.NOTHING)
    else:
        found = row.of(one.met / one.endoscopists / years, None, "mean", Status.FINAL)
    return replace(found, eligible=one.endoscopists)


def _years(one: Tally, period: tuple[date | None, date], of_time: bool) -> float | None:
    """Length of the period in years, as far as it lies within the group's own month, quarter or year."""
    if one.days[0] is None:
        return None
    whole = span(one.group.code) if of_time else None
    first, last = whole or (period[0] or one.days[0], period[1])
    first, last = max(first, period[0] or first), min(last, period[1])
    return ((last - first).days + 1) / 365.25 if last >= first else None


def span(code: str) -> tuple[date, date] | None:
    """First and last day of a month, quarter or year by its code; None for a group that is no time.

    >>> [str(day) for day in span("2026-Q1")]
    ['2026-01-01', '2026-03-31']
    """
    year, _, part = code.partition("-")
    if not (year.isdigit() and len(year) == 4):
        return None
    if part.startswith("Q") and part[1:].isdigit():
        months = (3 * int(part[1:]) - 2, 3 * int(part[1:]))
    elif part.isdigit():
        months = (int(part), int(part))
    elif not part:
        months = (1, 12)
    else:
        return None
    last = calendar.monthrange(int(year), months[1])[1]
    return date(int(year), months[0], 1), date(int(year), months[1], last)


def _without(row: Rate, lacking: frozenset[str], small: frozenset[str]) -> Rate:
    """A row without these counts; without one that its rate is made of it has no rate either."""
    less: dict[str, Any] = dict.fromkeys(lacking)
    made_of = {"met", "denominator", *(["awaited"] if row.method == "bounds" else [])}
    if made_of & lacking or ("unknown" in lacking and row.status is Status.UNKNOWN):
        less |= dict.fromkeys(("estimate", "lower", "upper", "level", "reported"))
        less |= {"method": "suppressed", "status": Status.SUPPRESSED}
    return replace(row, small=small, **less)


def this_day() -> date:
    """Today, where the registry stands."""
    return datetime.now(UTC).astimezone().date()


def last_full_year(today: date) -> tuple[date, date]:
    """The twelve full months before this one, which a page shows unless asked otherwise."""
    end = today.replace(day=1) - timedelta(days=1)
    return date(end.year - (0 if end.month == 12 else 1), end.month % 12 + 1, 1), end
