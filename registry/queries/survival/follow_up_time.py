"""How much of the follow-up that could have been was, and how many cases a death certificate gave."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, case, cast, func

from registry import models
from registry.codes.tumour import Basis, DetectionMode
from registry.models import Person
from registry.models.portable import days_between
from registry.queries.counting.frame import counted_columns
from registry.queries.counting.grouping import ALL, Group
from registry.queries.counting.tallies import counting
from registry.queries.survival.by_days import chosen, division_of, finished, started_on

Tumour: Any = models.Tumour


@dataclass(frozen=True)
class FollowUpTime:
    """One group: days observed, and days until death or the closing date; None without such a date."""

    group: Group
    n: int
    observed: int
    possible: int | None


@dataclass(frozen=True)
class Certificates:
    """Cases by what a death certificate had to do with them. `dcn_known` says of how many it is known."""

    cases: int
    certificate_only: int
    notified: int
    dcn_known: int


def follow_up_time(by: str | None, closing: date | None, **selection: Any) -> list[FollowUpTime]:
    """Days observed and possible by group, of those who were followed.

    Parameters
    ----------
    by, selection
        As for `queries.survival.by_days.followed`.
    closing : date or None
        The day to which everybody not dead could have been followed; see `last_known`.
    """
    invasive, role = selection.get("invasive", True), selection.get("role", "detecting")
    division = division_of(by, invasive, role)
    days: Any = Tumour.followed_days
    columns = [func.count(), func.sum(days)]
    if closing is not None:
        until = days_between(started_on(invasive), closing)
        columns.append(func.sum(case((Tumour.dead, days), (until > days, until), else_=days)))
    statement = chosen(columns, division, **selection)
    statement = statement.where(days.is_not(None), Tumour.dead.is_not(None))
    with counting():
        statement = finished(statement)
        found = counted_columns(statement.group_by("grouped") if division is not None else statement)
        rows = list(zip(*found, strict=True))
        told: dict[str, FollowUpTime] = {}
        for row in rows:
            group = Group("all", ALL) if division is None else division.group(row[0])
            n, observed, *possible = row if division is None else row[1:]
            if not n:
                continue
            before = told.get(group.code)
            one = FollowUpTime(group, int(n), int(observed), int(possible[0]) if possible else None)
            told[group.code] = one if before is None else _together(before, one)
    return sorted(told.values(), key=lambda one: one.group.order)


def _together(one: FollowUpTime, other: FollowUpTime) -> FollowUpTime:
    possible = None if one.possible is None or other.possible is None else one.possible + other.possible
    return FollowUpTime(one.group, one.n + other.n, one.observed + other.observed, possible)


def last_known(**selection: Any) -> date | None:
    """The last day on which anything is known of anybody in the selection: a death, a life, a list."""
    dates = [func.max(column) for column in (Person.died_on, Person.last_alive_on, Person.linked_until)]
    statement = chosen(dates, None, with_person=True, **selection)
    with counting():
        columns = counted_columns(finished(statement))
    return max((day for (day,) in columns if day is not None), default=None)


def certificates(**selection: Any) -> Certificates:
    """Cases that are known from a death certificate only (DCO), and that one notified first (DCN)."""

    def counted(condition: Any) -> Any:
        return func.coalesce(func.sum(cast(case((condition, 1), else_=0), Integer)), 0)

    columns = [
        func.count(),
        counted(Tumour.basis == Basis.DCO),
        counted(Tumour.dcn),
        counted(Tumour.dcn.is_not(None)),
    ]
    with counting():
        numbers = counted_columns(finished(chosen(columns, None, **selection)))
    return Certificates(*(int(one) for (one,) in numbers))


def screen_detected(**selection: Any) -> bool:
    """Whether any cancer of the selection was found by screening."""
    statement = (
        chosen([Tumour.id], None, **selection).where(Tumour.detection == DetectionMode.SCREEN).limit(1)
    )
    with counting():
        return bool(counted_columns(finished(statement))[0])
