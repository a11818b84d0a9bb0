"""What funnels, control charts and CUSUMs say is more than chance: who is worse, and who is better."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from registry.access import Permission, demand
from registry.codes.review import AlertChart
from registry.indicators import Direction, Indicator
from registry.label import Label
from registry.queries.counting.grouping import CENTRE_MONTH, DAY, Group, by_name
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
    judged, where, end = _asked(indicators, month)
    if not judged:
        return []
    funnels = _funnels(judged, end)
    found = list(_by_centre(funnels, where, end))
    found += _endoscopists(funnels, where, end)
    for place, one in _charts(judged, where, end):
        found += _signals(one, place, _back(end, RECENT), better=-1)
    for place in where.values():
        found += _watched(judged, place, end)
    return one_each(found)


def improvements(indicators: Iterable[Indicator], *, month: str) -> list[Alarm]:
    """Every centre on the better side at the end of a month: who improved, and whom to learn from.

    A centre stands in its own control chart of 24 months with a signal for the better in the last 3
    months, or in the funnel of 12 months beyond the 99.8 % limits. Nothing of it is kept, and nobody ranked.

    Parameters, returns and raises as `alarms`.
    """
    judged, where, end = _asked(indicators, month)
    if not judged:
        return []
    found: list[Alarm] = []
    for place, one in _charts(judged, where, end):
        found += _signals(one, place, _back(end, RECENT), better=1)
    found += _by_centre(_funnels(judged, end), where, end, good=True)
    order = [(one.key, place.id) for one in judged for place in sorted(where.values(), key=_named)]
    return sorted(one_each(found), key=lambda alarm: order.index((alarm.indicator, alarm.centre_id)))


def _named(place: Place) -> tuple[int, bytes]:
    return by_name(place.label)


def _asked(indicators: Iterable[Indicator], month: str) -> tuple[list[Indicator], dict[str, Place], date]:
    """The indicators that can be judged, the centres by their codes, and the month's last day."""
    demand(Permission.REVIEW)
    end = _end(month)
    judged = [one for one in indicators if one.counts.proportion and one.direction is not Direction.NEITHER]
    return judged, {place.code: place for place in places()} if judged else {}, end


def _funnels(judged: Sequence[Indicator], end: date) -> list[Funnel]:
    period = _back(end, MONTHS_OF_FUNNEL), end
    return [
        against(indicator, rows, by="centre", target=None, stretch=True, order="name")
        for indicator, rows in _of_each(judged, by="centre", period=period)
    ]


def _by_centre(
    funnels: Sequence[Funnel], where: dict[str, Place], end: date, *, good: bool = False
) -> Iterator[Alarm]:
    """Centres against each other."""
    for found in funnels:
        for row in _far(found, good=good):
            if row.rate.group.code in where:
                place = where[row.rate.group.code]
                yield _seen(row, place, None, (_back(end, MONTHS_OF_FUNNEL), end))


def _endoscopists(funnels: Sequence[Funnel], where: dict[str, Place], end: date) -> Iterator[Alarm]:
    """Endoscopists of each centre, against the average of the whole alliance."""
    period = _back(end, MONTHS_OF_FUNNEL), end
    averages = {one.indicator: one.target for one in funnels if one.target is not None and 0 < one.target < 1}
    for place in where.values():
        for indicator, rows in _of_each(list(averages), by="endoscopist", period=period, centre_id=place.id):
            average = averages[indicator]
            found = against(indicator, rows, by="endoscopist", target=average, stretch=True, order="name")
            for row in _far(found, good=False):
                yield _seen(row, place, int(row.rate.group.code), period)


def _charts(
    judged: Sequence[Indicator], where: dict[str, Place], end: date
) -> Iterator[tuple[Place, ControlChart]]:
    """Every centre's months against its own level."""
    found = rates([one.key for one in judged], by=CENTRE_MONTH, start=_back(end, MONTHS_OF_CHART), end=end)
    months: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for row in found:
        code, _, month = row.group.code.rpartition("/")
        group = Group(month, Label(month, month), (0, month))
        months[code, row.indicator.key].append(replace(row, group=group))
    for place in where.values():
        for indicator in judged:
            rows = months[place.code, indicator.key]
            yield place, over_time(indicator, rows, by="month", rules="plain", baseline=None)


def _watched(judged: Sequence[Indicator], place: Place, end: date) -> Iterator[Alarm]:
    """A centre against its own first year, result by result."""
    period, recent = (_back(end, MONTHS_OF_CHART), end), _back(end, RECENT)
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


def _far(found: Funnel, *, good: bool) -> list[Placed]:
    return [row for row in found.judged if row.position.level == ALARM and row.good is good]


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


def _signals(found: ControlChart, place: Place, recent: date, *, better: int) -> Iterator[Alarm]:
    for one in found.signals:
        codes = [found.rows[at].rate.group.code for at in (one.signal.points[0], one.signal.points[-1])]
        (first, _), (_, last) = (span(code) or (date.max, date.min) for code in codes)
        if one.better == better and last >= recent:
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
