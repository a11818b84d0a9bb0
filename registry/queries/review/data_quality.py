"""How many records each check judges and finds fine, by centre; and the records that are not fine.

One statement for each kind of record, whatever the number of its checks. What an import under way has
brought is left out. Counts of other centres leave this module for those who compare centres only; rows are
those within the reader's scope.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from registry.access import Permission, demand, may, scope, unscoped
from registry.extensions import db
from registry.indicators.checks import Check, Records
from registry.label import Label
from registry.models import Centre
from registry.queries.counting.kept import kept
from registry.queries.counting.tallies import counting
from registry.queries.review.quality_records import KINDS, Kind
from registry.queries.unfinished import counted as arrived
from registry.queries.unfinished import unfinished_imports


@dataclass(frozen=True)
class Counted:
    """The records of one centre that a check judged, and those of them that are fine."""

    check: Check
    centre_id: int
    judged: int
    fine: int


@dataclass(frozen=True)
class Behind:
    """One record that is not fine, and where it is found; `shown` are the values that its check shows."""

    centre: Label
    centre_id: int
    on: date
    examination_id: int | None
    number: str | None
    place: str | None
    tumour_id: int | None
    person_id: int
    shown: tuple[Any, ...]


@dataclass(frozen=True)
class Period:
    """First and last day, and the centres; None limits nothing."""

    start: date | None = None
    end: date | None = None
    centre_ids: Sequence[int] | None = None


def counted(checks: Sequence[Check], period: Period, *, today: date) -> list[Counted]:
    """The counts of every check at every centre that has records of its kind, in the order of the checks.

    A record belongs to one centre, so centres add up. Whoever may not compare centres gets the own one.

    Parameters
    ----------
    today : date
        The day up to which what is late counts as late.

    Raises
    ------
    access.Forbidden
        If rates are not for this reader.
    """
    demand(Permission.RATES)
    own = _own(period.centre_ids)
    wanted = ("data quality", tuple(checks), period.start, period.end, own, today)
    with counting():
        return kept(wanted, lambda: _counted(checks, period, today), lambda found: 2 * len(found))


def _counted(checks: Sequence[Check], period: Period, today: date) -> list[Counted]:
    found: dict[Check, list[Counted]] = defaultdict(list)
    hidden = unfinished_imports()
    for records in Records:
        wanted = [check for check in checks if check.records is records]
        if wanted:
            statement, places = _counts(wanted, KINDS[records], period, hidden)
            for centre_id, *numbers in db.session.execute(statement, {"today": today}):
                for check, (judged, fine) in places.items():
                    if numbers[judged]:
                        found[check].append(Counted(check, centre_id, numbers[judged], numbers[fine]))
    return [one for check in checks for one in found[check]]


def _counts(
    checks: Sequence[Check], kind: Kind, period: Period, hidden: Sequence[int]
) -> tuple[Select[Any], dict[Check, tuple[int, int]]]:
    """The statement, and where each check's two numbers stand in a row; equal denominators share one."""
    columns: list[Any] = []
    judged: dict[int | None, int] = {}
    places = {}
    for check in checks:
        group = None if check.of is None else id(check.of)
        if group not in judged:
            judged[group] = len(columns)
            columns.append(func.count() if check.of is None else func.count(case((check.of, 1))))
        places[check] = (judged[group], len(columns))
        columns.append(func.count(case((_fine(check), 1))))
    named = [column.label(f"n{place}") for place, column in enumerate(columns)]
    begun = kind.joined(select(kind.centre_id.label("of_centre"), *named))
    statement = _within(begun, kind, period, hidden)
    return statement.group_by("of_centre").order_by("of_centre"), places


def _fine(check: Check) -> Any:
    return check.fine if check.of is None else and_(check.of, check.fine)


def _within(statement: Select[Any], kind: Kind, period: Period, hidden: Sequence[int]) -> Select[Any]:
    if period.start:
        statement = statement.where(kind.on >= period.start)
    if period.end:
        statement = statement.where(kind.on <= period.end)
    centres = _own(period.centre_ids)
    if centres is not None:
        statement = statement.where(kind.centre_id.in_(centres))
    for model in kind.imported:
        statement = statement.where(*arrived(model, hidden))
    return statement


def _own(centre_ids: Sequence[int] | None) -> tuple[int, ...] | None:
    """What a person's other houses recorded is readable here, and is no figure of this one."""
    if may(Permission.BENCHMARK):
        return None if centre_ids is None else tuple(sorted(centre_ids))
    current = scope()
    own = current.centres if current else frozenset()
    return tuple(sorted(own if centre_ids is None else own & set(centre_ids)))


def behind(
    check: Check, period: Period, *, today: date, limit: int | None = 50, offset: int = 0
) -> list[Behind]:
    """The records of a check that are not fine, the newest first: as many as judged less fine.

    Raises
    ------
    access.Forbidden
        If cases are not for this reader.
    """
    demand(Permission.READ)
    demand(Permission.RATES)
    kind = KINDS[check.records]
    columns = [
        *(kind.centre_id, kind.on, kind.examination_id, kind.number, kind.place, kind.tumour_id),
        kind.person_id,
    ]
    named = [column.label(f"c{place}") for place, column in enumerate([*columns, *check.shows])]
    statement = _within(kind.joined(select(*named)), kind, period, unfinished_imports())
    if check.of is not None:
        statement = statement.where(check.of)
    statement = statement.where(case((check.fine, 1), else_=0) == 0)
    ordered = statement.order_by(kind.on.desc(), kind.id.desc()).limit(limit).offset(offset)
    with _reading_entry_days():
        rows = db.session.execute(ordered, {"today": today}).all()
    names = {one.id: one.label for one in db.session.scalars(select(Centre))}
    return [_listed(names, tuple(row), len(columns)) for row in rows]


def _listed(names: dict[int, Label], row: tuple[Any, ...], width: int) -> Behind:
    centre_id, on, examination_id, number, place, tumour_id, person_id = row[:width]
    where = (examination_id, number, place, tumour_id, person_id)
    return Behind(names[centre_id], centre_id, on, *where, row[width:])


@contextmanager
def _reading_entry_days() -> Iterator[None]:
    """The day of entry stands in the trail, which a reviewer does not read otherwise.

    Who compares centres reads every case already, so nothing else comes into sight.
    """
    current = scope()
    if current is None or not (current.everywhere and may(Permission.READ)):
        yield
        return
    with unscoped("entry days"):
        yield
