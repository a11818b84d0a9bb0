"""What readers of aggregates are told of a year: rows of releases, on a ladder of periods that add up.

Two questions a month apart would tell of few. So there are calendar years, their quarters and, for the
whole alliance, their months; sex and age stand by years. All of them, and the centres, are parts of one
table a year and indicator, which was protected as a whole when it was released.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from registry.access import Forbidden
from registry.indicators import Indicator, State
from registry.indicators.released import GROUPINGS, columns
from registry.label import Label
from registry.queries.counting.grouping import ALL, Group
from registry.queries.counting.tallies import Tally
from registry.queries.releases import tables as queries
from registry.queries.releases.tables import STATES, CountedRow
from registry.queries.staff.places import places
from registry.stats import disclosure

OF_TIME = ("month", "quarter", "year")
_LEVELS = ("month", "quarter", "year")
_FINEST = {"quarter": "quarter", "year": "year", "sex": "year", "age": "year", "age5": "year"}


class Unreleased(LookupError):
    """Nobody has asked for this before: `services.releases.release` lets it go, and then it is there.

    `wanted` holds a year, the keys of its indicators and the part of their tables, for each of them.
    """

    def __init__(self, wanted: Sequence[tuple[int, tuple[str, ...], str]]) -> None:
        super().__init__(f"not released yet: {wanted}")
        self.wanted = wanted


@dataclass(frozen=True)
class Seen:
    """One group of one indicator as it was released: its counts, and the state of each of its columns."""

    tally: Tally
    states: dict[str, disclosure.State]
    until: date


def rung(
    start: date | None, end: date | None, today: date, *, by: str | None = None, one_centre: bool = False
) -> tuple[date, date]:
    """The period of the ladder that stands for what was asked.

    A month, quarter or year that is asked for is itself, where the grouping has it; whole years are, by
    month, quarter or year; of anything else the year in which it ends.

    >>> [str(day) for day in rung(date(2026, 2, 1), date(2026, 2, 28), date(2026, 5, 1))]
    ['2026-02-01', '2026-02-28']
    >>> [str(day) for day in rung(date(2026, 2, 1), date(2026, 2, 28), date(2026, 5, 1), by="centre")]
    ['2026-01-01', '2026-03-31']
    >>> [str(day) for day in rung(date(2025, 6, 1), date(2026, 5, 31), date(2026, 5, 1), by="sex")]
    ['2026-01-01', '2026-12-31']
    """
    last = min(end or today, today)
    first = min(start or last, last)
    finest = _FINEST.get(by or "", "quarter" if one_centre or by == "centre" else "month")
    for level in _LEVELS[_LEVELS.index(finest) :]:
        days = _span(level, last)
        inside = days[0] <= first
        exact = any((start, end) == _span(asked, last) for asked in _LEVELS[: _LEVELS.index(level) + 1])
        if inside and exact:
            return days
    if by in OF_TIME and first.year < last.year:
        return date(first.year, 1, 1), date(last.year, 12, 31)
    return date(last.year, 1, 1), date(last.year, 12, 31)


def _span(level: str, day: date) -> tuple[date, date]:
    """The month, quarter or year of a day."""
    months = {"month": 1, "quarter": 3, "year": 12}[level]
    first = day.month - (day.month - 1) % months
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, calendar.monthrange(day.year, last)[1])


def released(
    indicators: Sequence[Indicator],
    *,
    by: str | None,
    start: date | None,
    end: date | None,
    centre_ids: Sequence[int] | None,
    today: date,
) -> list[Seen]:
    """The rows of indicators by group, in the order of the indicators.

    Raises
    ------
    Unreleased
        If some of it was never asked for.
    access.Forbidden
        If it is on no ladder: months, sexes or ages of one centre, several centres together, endoscopists,
        or another edition of an indicator, whose difference to the first is few.
    """
    offered = [one for one in indicators if not one.variant_of]
    centre = _centre(centre_ids)
    if by in ("", "none"):
        by = None
    if (indicators and not offered) or (centre and by not in (None, "centre", "quarter", "year")):
        raise Forbidden("not for readers of aggregates")
    if by == "endoscopist":
        raise Forbidden("endoscopists are not shown in aggregates")
    first, last = rung(start, end, today, by=by, one_centre=centre is not None)
    part = _part(_grouping(by, centre, _level(first, last)))
    lacking: list[tuple[int, tuple[str, ...], str]] = []
    found: dict[str, list[Seen]] = {one.key: [] for one in offered}
    for year in range(first.year, last.year + 1):
        there = _latest(offered, year, part)
        if never := tuple(one.key for one in offered if one.key not in there):
            lacking.append((year, never, part))
        for one in offered:
            if one.key in there:
                found[one.key] += _chosen(one, there[one.key], by, centre, first, last)
    if lacking:
        raise Unreleased(lacking)
    return [seen for one in offered for seen in found[one.key]]


def released_on(year: int) -> date | None:
    """Up to which day the latest release of a year was counted; None where there is none."""
    newest = next(iter(queries.releases(str(year))), None)
    return None if newest is None else newest.until


def _centre(centre_ids: Sequence[int] | None) -> str | None:
    """The code of the one centre asked for."""
    if centre_ids is None:
        return None
    codes = [place.code for place in places() if place.id in centre_ids]
    if len(codes) != 1:
        raise Forbidden("aggregates are of one centre or of all")
    return codes[0]


@dataclass(frozen=True)
class _Rows:
    """A part of one table as it left."""

    year: int
    rows: list[CountedRow]
    signs: dict[str, str]
    until: date


def _latest(indicators: Sequence[Indicator], year: int, part: str) -> dict[str, _Rows]:
    """The rows of a part as they left last, by indicator; without those that nobody has asked for yet."""
    found: dict[str, _Rows] = {}
    silent: dict[str, _Rows] = {}
    named = {one.key: one for one in indicators}
    there = queries.releases(str(year))
    for release in there:
        wanted = [key for key in named if key not in found and (release is there[0] or key in silent)]
        for one in queries.parts_of(release, wanted):
            table = one.table
            if one.part != part or table.edition != named[table.name].edition:
                continue
            rows = _Rows(year, queries.rows_of(table), queries.signs_of(one), release.until)
            (found if one.shown else silent).setdefault(table.name, rows)
    return silent | found


def _chosen(
    indicator: Indicator,
    part: _Rows,
    by: str | None,
    centre: str | None,
    first: date,
    last: date,
) -> Iterable[Seen]:
    """The rows of a part that answer the question, each under the group that it is there."""
    level = _level(first, last)
    names = {row.code: row.label for row in part.rows if row.grouping == "centre"}
    grouping = _grouping(by, centre, level)
    for row in part.rows:
        if row.grouping != grouping or row.key not in part.signs:
            continue
        house, _, time = row.code.partition("/") if grouping.startswith("centre") else ("", "", row.code)
        if (centre and house != centre) or not _inside(grouping, time, level, first):
            continue
        letters = part.signs[row.key]
        states = dict(zip(columns(indicator), (STATES[letter] for letter in letters), strict=True))
        if by == "centre":
            group = Group(house, names.get(house, row.label))
        elif by is None:
            group = Group("all", ALL)
        elif centre:
            code = time or str(part.year)
            group = Group(code, Label(code, code))
        else:
            group = Group(row.code, row.label)
        yield Seen(_tally(indicator, row, group), states, part.until)


def _level(first: date, last: date) -> str:
    """Whether a rung is a month, a quarter or whole years."""
    return next((one for one in _LEVELS if _span(one, first) == (first, last)), "year")


def _part(grouping: str) -> str:
    """The part of a table that a grouping stands in."""
    return next(part for part, names in GROUPINGS.items() if grouping in names)


def _grouping(by: str | None, centre: str | None, level: str) -> str:
    """Under which grouping the rows that answer are kept."""
    if by == "centre" or centre:
        return "centre-quarter" if by == "quarter" or level == "quarter" else "centre"
    return by or level


def _inside(grouping: str, time: str, level: str, first: date) -> bool:
    """Whether a row of time lies in the rung that begins on this day; others have none and do."""
    if level == "year" or grouping in ("sex", "age", "age5", "centre"):
        return True
    if grouping == "month" and level == "quarter":
        return f"{first.year}-Q{(int(time[5:]) + 2) // 3}" == _code("quarter", first)
    return time == _code(level, first)


def _code(level: str, day: date) -> str:
    """The code of the month, quarter or year of a day."""
    if level == "month":
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if level == "quarter" else f"{day.year}"


def _tally(indicator: Indicator, row: CountedRow, group: Group) -> Tally:
    met, not_met, awaited, unknown, *staff = row.counts
    taken, reported, minutes, *days = row.more
    counts = {
        State.MET: met,
        State.NOT_MET: not_met,
        State.AWAITED: awaited,
        State.UNKNOWN: unknown,
    }
    span = [date.fromisoformat(str(day)) if day else None for day in days]
    return Tally(
        indicator,
        group,
        counts,
        (int(taken or 0), int(reported or 0)),
        staff[0] if staff else None,
        (span[0], span[1]),
        None if minutes is None else float(minutes),
    )
