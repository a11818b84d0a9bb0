"""What funnels, control charts and CUSUMs say is worse than chance explains, over the whole alliance."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from registry.access import Permission, demand
from registry.codes.review import AlertChart
from registry.indicators import Direction, Indicator
from registry.label import Label
from registry.queries.counting.grouping import DAY
from registry.queries.counting.tallies import Tally, tally
from registry.queries.staff.places import Place, places
from registry.reports.rates.quality import Rate, rates, span
from registry.reports.variation.charts import ControlChart, over_time
from registry.reports.variation.funnel import Funnel, against
from registry.reports.variation.placed import CODES, Placed
from registry.reports.variation.watch import ARL0, FEWEST, ODDS, Watch, over_days, settled
from registry.reports.variation.watch import sentence as watched
from registry.rules.alarm import Alarm, one_each
from registry.stats.funnel import ALARM

MONTHS_OF_FUNNEL, MONTHS_OF_CHART = 12, 24
RECENT = 3  # months: what lies further back was there to be seen before
# What happens often enough to be watched result by result.
WATCHED = ("CDEI-04", "CDEI-05", "CDEI-06", "CDEI-14")


def alarms(indicators: Iterable[Indicator], *, month: str) -> list[Alarm]:
    """Every centre, and every endoscopist of a centre, on the worse side at the end of a month.

    Centres stand in a funnel of 12 months beyond the 99.8 % limits, in their own control chart of 24
    months with a signal, or in a CUSUM that called, against their first 12 months, in the last 3 months.
    Endoscopists stand in the funnel of their centre, held against the alliance's average. Only the worse
    side counts; who has too few, too much unknown or reports awaited is not judged.

    Parameters
    ----------
    indicators
        Those to look at; what is no proportion, or has no worse side, is passed over.
    month : str
        The last month looked at, "2026-10".

    Returns
    -------
    list of Alarm
        At most one for each indicator and group: the latest, of those the funnel's first.

    Raises
    ------
    access.Forbidden
        For whoever does not keep the review's record.
    ValueError
        If there is no such month.
    """
    demand(Permission.REVIEW)
    end = _end(month)
    judged = [one for one in indicators if one.counts.proportion and one.direction is not Direction.NEITHER]
    if not judged:
        return []
    where = {place.code: place for place in places()}
    found = list(_by_centre(judged, where, end))
    for place in where.values():
        found += _over_time(judged, place, end)
    return one_each(found)


def _by_centre(judged: Sequence[Indicator], where: dict[str, Place], end: date) -> Iterator[Alarm]:
    """Centres against each other; endoscopists of each centre against the same average."""
    period = _back(end, MONTHS_OF_FUNNEL), end
    averages = {}
    for indicator, rows in _of_each(judged, by="centre", period=period):
        found = against(indicator, rows, by="centre", target=None, stretch=True, order="name")
        averages[indicator.key] = found.target
        for row in _far(found):
            if row.rate.group.code in where:
                yield _seen(row, where[row.rate.group.code], None, period)
    for place in where.values():
        for indicator, rows in _of_each(judged, by="endoscopist", period=period, centre_id=place.id):
            average = averages[indicator.key]
            if average is None or not 0 < average < 1:
                continue
            found = against(indicator, rows, by="endoscopist", target=average, stretch=True, order="name")
            for row in _far(found):
                yield _seen(row, place, int(row.rate.group.code), period)


def _over_time(judged: Sequence[Indicator], place: Place, end: date) -> Iterator[Alarm]:
    """A centre against its own past."""
    period, recent = (_back(end, MONTHS_OF_CHART), end), _back(end, RECENT)
    for indicator, rows in _of_each(judged, by="month", period=period, centre_id=place.id):
        yield from _signals(
            over_time(indicator, rows, by="month", rules="plain", baseline=None), place, recent
        )
    often = [indicator for indicator in judged if indicator.key in WATCHED]
    days: dict[str, list[Tally]] = defaultdict(list)
    for day in tally(often, by=DAY, start=period[0], end=end, centre_ids=[place.id]) if often else []:
        days[day.indicator.key].append(day)
    before = _back(end, MONTHS_OF_CHART - 12)
    for indicator in often:
        mine, _ = settled(indicator, days[indicator.key])
        level = _level([day for day in mine if date.fromisoformat(day.group.code) < before])
        yield from _calls(over_days(indicator, mine, level=level, odds=ODDS, arl0=ARL0), place, recent)


def _of_each(
    judged: Sequence[Indicator], *, by: str, period: tuple[date, date], centre_id: int | None = None
) -> Iterator[tuple[Indicator, list[Rate]]]:
    """Every indicator with its rates, counted in one pass."""
    found = rates(
        [one.key for one in judged],
        by=by,
        start=period[0],
        end=period[1],
        centre_ids=None if centre_id is None else [centre_id],
    )
    for indicator in judged:
        yield indicator, [row for row in found if row.indicator is indicator]


def _far(found: Funnel) -> list[Placed]:
    return [row for row in found.judged if row.position.level == ALARM and row.good is False]


def _seen(row: Placed, place: Place, operator_id: int | None, period: tuple[date, date]) -> Alarm:
    indicator = row.rate.indicator
    return Alarm(
        indicator.key,
        indicator.edition,
        place.id,
        operator_id,
        AlertChart.FUNNEL,
        CODES[row.position],
        *period,
        row.meaning,
    )


def _signals(found: ControlChart, place: Place, recent: date) -> Iterator[Alarm]:
    for one in found.signals:
        codes = [found.rows[at].rate.group.code for at in (one.signal.points[0], one.signal.points[-1])]
        (first, _), (_, last) = (span(code) or (date.max, date.min) for code in codes)
        if one.better == -1 and last >= recent:
            indicator = found.indicator
            rule = one.signal.rule.name.lower()
            yield Alarm(
                indicator.key,
                indicator.edition,
                place.id,
                None,
                AlertChart.CONTROL,
                rule,
                first,
                last,
                one.words,
            )


def _calls(found: Watch, place: Place, recent: date) -> Iterator[Alarm]:
    called = [day for row in found.calls if (day := date.fromisoformat(row.day)) >= recent]
    if called:
        indicator, said = found.indicator, watched(found)
        yield Alarm(
            indicator.key,
            indicator.edition,
            place.id,
            None,
            AlertChart.CUSUM,
            "call",
            called[-1],
            called[-1],
            Label(said.zh, said.en),
        )


def _level(days: Sequence[Tally]) -> float | None:
    """The proportion of these days; None where they are too few for a level."""
    met, known = sum(day.met for day in days), sum(day.met + day.not_met for day in days)
    return met / known if known >= FEWEST else None


def _end(month: str) -> date:
    """The last day of a month by its code."""
    found = span(month) if len(month) == 7 and "Q" not in month else None
    if found is None:
        raise ValueError(f"{month!r} is no month, such as 2026-10")
    return found[1]


def _back(end: date, months: int) -> date:
    """The first day of the period of so many months that ends there.

    >>> str(_back(date(2026, 10, 31), 12))
    '2025-11-01'
    """
    number = end.year * 12 + end.month - months
    return date(number // 12, number % 12 + 1, 1)
