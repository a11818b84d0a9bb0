"""From an alert, or a change for the better, to its chart as of today and to the cases in question."""

from datetime import date
from typing import Any

from flask import url_for

from registry.access import Permission, may
from registry.codes.review import AlertChart
from registry.indicators import INDICATORS, Direction, State
from registry.queries.counting.indicator_cases import can_be_listed
from registry.queries.staff.places import Place
from registry.reports.papers.periods import days_of, last_full, moved
from registry.reports.variation.alarms import MONTHS_OF_CHART, RECENT
from registry.reports.variation.funnel import funnel
from registry.rules.alarm import Alarm


def chart_of(alarm: Alarm, place: Place, *, month: str) -> str:
    """The page of the chart it was seen in: the same days and the same line, as they are counted today.

    `month` is the last one that was looked through: charts over time end with it.
    """
    of: dict[str, Any] = {"indicator": alarm.indicator, "centre": place.code}
    if alarm.chart is AlertChart.FUNNEL:
        days: dict[str, Any] = {"from": alarm.first, "to": alarm.last}
        if alarm.operator_id is None:
            return url_for("funnel.points", by="centre", indicator=alarm.indicator, **days)
        return url_for("funnel.points", by="endoscopist", target=_average(alarm), **of, **days)
    first = days_of("monthly", moved("monthly", month, 1 - MONTHS_OF_CHART))[0]
    days = {"from": first, "to": days_of("monthly", month)[1]}
    baseline = MONTHS_OF_CHART - 12 if alarm.chart is AlertChart.CUSUM else None
    return url_for("charts.over_time", baseline=baseline, **of, **days)


def cases_of(alarm: Alarm, place: Place) -> str | None:
    """The casebook with those that count to the worse; None where nobody, or not this reader, may list them.

    A CUSUM calls on one day for what came before it: its cases are those of that month and the two before.
    """
    indicator = INDICATORS[alarm.indicator]
    if not can_be_listed(indicator) or not may(Permission.READ):
        return None
    worse = State.NOT_MET if indicator.direction is Direction.UP else State.MET
    before = days_of("monthly", moved("monthly", f"{alarm.last:%Y-%m}", 1 - RECENT))[0]
    first = before if alarm.chart is AlertChart.CUSUM else alarm.first
    of: dict[str, Any] = {"indicator": alarm.indicator, "state": worse.name.lower(), "centre": place.code}
    days: dict[str, Any] = {"from": first, "to": alarm.last}
    return url_for("casebook.find", endoscopist=alarm.operator_id, **of, **days)


def looked_through(raised: date, last: date) -> str:
    """The month up to which the charts were looked through for an alert: the last full one, or an older."""
    month = last_full("monthly", raised)
    recent = days_of("monthly", moved("monthly", month, 1 - RECENT))[0]
    return month if last >= recent else f"{last:%Y-%m}"


def _average(alarm: Alarm) -> str | None:
    """The alliance's average that an endoscopist was held against; for those who compare centres."""
    if not may(Permission.BENCHMARK):
        return None
    found = funnel(alarm.indicator, by="centre", start=alarm.first, end=alarm.last).target
    return None if found is None else f"{found * INDICATORS[alarm.indicator].per:.2f}"
