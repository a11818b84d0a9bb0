"""From a number to its cases: the address of the casebook that lists who was counted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from registry.access import Permission, may
from registry.indicators import INDICATORS, Counts, Indicator, State
from registry.label import Label
from registry.queries.counting.indicator_cases import can_be_listed
from registry.reports.rates.quality import Rate, only_aggregates, span
from registry.views import asked

STATES = {state.name.lower(): state for state in State if state is not State.EXCLUDED}
WORDS = {
    None: Label("符合条件", "eligible"),
    State.MET: Label("达到", "met"),
    State.NOT_MET: Label("未达到", "not met"),
    State.AWAITED: Label("待病理", "awaited"),
    State.UNKNOWN: Label("未知", "unknown"),
}
BY_DAYS = ("month", "quarter", "year")


@dataclass(frozen=True)
class Behind:
    """Whose cases were asked for: the units of an indicator, in one state or all of them."""

    indicator: Indicator
    state: State | None

    def __str__(self) -> str:
        return f"{self.indicator.label} · {WORDS[self.state]}"

    @property
    def code(self) -> str:
        return "" if self.state is None else self.state.name.lower()


def behind_asked() -> Behind | None:
    """What the address asks for; None where it names no indicator whose cases can be listed."""
    indicator = INDICATORS.get(request.args.get("indicator", ""))
    if indicator is None or not can_be_listed(indicator):
        return None
    return Behind(indicator, STATES.get(request.args.get("state", "")))


def cases_of(row: Rate, state: str | None, by: str | None, start: date, end: date) -> str | None:
    """The address of the cases of one group in one state, for those who may see them; None elsewhere.

    Groups by sex or age have none: the casebook is not filtered by either.
    """
    count = getattr(row, state or "eligible")
    if not may(Permission.READ) or only_aggregates() or not count or not can_be_listed(row.indicator):
        return None
    if row.indicator.counts is Counts.PROCEDURES_A_YEAR and state is None:
        return None  # those eligible are endoscopists
    days, more = (start, end), {"centre": request.args.get("centre")}
    code = row.group.code
    if by in BY_DAYS:
        whole = span(code)
        if whole is None:
            return None
        days = max(start, whole[0]), min(end, whole[1])
    elif by == "centre":
        more["centre"] = code if asked.across_centres() else None
    elif by == "endoscopist":
        if not code.isdigit():  # unknown, or a colleague who is not named to this reader
            return None
        more["endoscopist"] = code
    elif by not in (None, "none"):
        return None
    filters: dict[str, Any] = {
        "indicator": row.indicator.key,
        "state": state,
        "from": days[0],
        "to": days[1],
        **more,
    }
    return url_for("casebook.find", **{name: value for name, value in filters.items() if value is not None})
