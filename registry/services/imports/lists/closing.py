"""A list of deaths that is complete until a day: whoever was looked for in it was, until that day.

Nobody is said to live by not being listed: the entry says only that the list was searched. Survival is
then censored at the closing day (rules.survival), for everybody alike.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, insert, or_, select, update

from registry.access import unscoped
from registry.codes.person import DocumentOwner, Precision, Vital, VitalSource
from registry.extensions import db
from registry.models import Enrolment, IdentityDocument, Person, Tumour, VitalStatus
from registry.services.course import tumours
from registry.services.here import centre_here
from registry.services.unit import Unit, batch, change

STEP = 500
WITH_TUMOURS = 20


def close(run_id: int, closing: date, *, source: str, but_not: Collection[int] = ()) -> int:
    """Note of everybody enrolled here who could be found in the list that it was searched; how many.

    Only who has an own document, or a birth date to the day, could have been found. Of those in
    `but_not` the list may speak, so nothing is said until somebody has decided.
    """
    total = 0
    for found in _searched(closing, but_not):
        settled = _with_tumours(found)
        _note_many([one for one in found if one not in settled], run_id, closing)
        waiting = sorted(settled)
        for begin in range(0, len(waiting), WITH_TUMOURS):
            with change("import.searched", reason=source) as unit:
                for person_id in waiting[begin : begin + WITH_TUMOURS]:
                    note(unit, person_id, run_id, closing)
                    tumours.settle(unit, person_id)
        total += len(found)
    return total


def followed(closing: date, *, but_not: Collection[int] = ()) -> list[int]:
    """Of those whom `close` would note, who has a tumour: their survival ends at the closing day."""
    return [one for found in _searched(closing, but_not) for one in sorted(_with_tumours(found))]


def note(unit: Unit, person_id: int, run_id: int, closing: date) -> None:
    """Note of one person that the list was searched, inside a change; their facts are not settled yet."""
    centre_id = centre_here()
    known = db.session.scalar(_note_of(person_id, centre_id))
    row = unit.edit(known) if known else VitalStatus(person_id=person_id, **_told(centre_id))
    row.as_of, row.complete_until, row.import_id = closing, closing, run_id
    if known is None:
        unit.add(row)


def _with_tumours(person_ids: list[int]) -> set[int]:
    with unscoped("import"):
        found = select(Tumour.person_id).where(Tumour.person_id.in_(person_ids)).distinct()
        ids = set(db.session().scalars(found))
    db.session().rollback()
    return ids


def _searched(closing: date, but_not: Collection[int]) -> Iterator[list[int]]:
    """Persons enrolled here who could have been found and were not searched so far, some at a time."""
    last = 0
    while found := _next(centre_here(), closing, after=last):
        last = found[-1]
        yield [one for one in found if one not in but_not]


def _next(centre_id: int, closing: date, *, after: int) -> list[int]:
    """The next persons enrolled here who could have been found and were not searched so far."""
    papers = select(IdentityDocument.id).where(
        IdentityDocument.person_id == Person.id,
        IdentityDocument.owner == DocumentOwner.OWN,
        IdentityDocument.digest.is_not(None),
    )
    exact = Person.born_on.is_not(None) & (
        Person.born_precision.is_(None) | (Person.born_precision == Precision.DAY)
    )
    statement = (
        select(Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.centre_id == centre_id, Person.id > after, Person.merged_into_id.is_(None))
        .where(or_(Person.linked_until.is_(None), Person.linked_until < closing))
        .where(or_(exact, papers.exists()))
        .order_by(Person.id)
        .limit(STEP)
    )
    found = list(db.session().scalars(statement))
    db.session().rollback()
    return found


def _told(centre_id: int) -> dict[str, Any]:
    return {
        "centre_id": centre_id,
        "vital": Vital.UNKNOWN,
        "as_of_precision": Precision.DAY,
        "source": VitalSource.DEATH_LIST,
    }


def _note_of(person_id: int, centre_id: int) -> Any:
    """What an earlier list left of the same kind."""
    return select(VitalStatus).where(
        VitalStatus.person_id == person_id,
        VitalStatus.centre_id == centre_id,
        VitalStatus.vital == Vital.UNKNOWN,
        VitalStatus.source == VitalSource.DEATH_LIST,
    )


def _note_many(person_ids: list[int], run_id: int, closing: date) -> None:
    """Those without a tumour, of whom nothing else follows, many at a time."""
    if not person_ids:
        return
    centre_id = centre_here()
    table, person = cast(Table, VitalStatus.__table__), cast(Table, Person.__table__)
    now = {"as_of": closing, "complete_until": closing, "import_id": run_id}
    with batch("import.searched", "import") as session:
        noted = select(table.c.id, table.c.person_id).where(
            table.c.person_id.in_(person_ids),
            table.c.centre_id == centre_id,
            table.c.vital == Vital.UNKNOWN,
            table.c.source == VitalSource.DEATH_LIST,
        )
        known = {row.person_id: row.id for row in session.execute(noted)}
        if known:
            session.execute(update(table).where(table.c.id.in_(known.values())).values(**now))
        if rows := [_told(centre_id) | now | {"person_id": one} for one in person_ids if one not in known]:
            session.execute(insert(table), rows)
        session.execute(update(person).where(person.c.id.in_(person_ids)).values(linked_until=closing))
        told = {"persons": [None, len(person_ids)], "closing": [None, closing.isoformat()]}
        session.info["entries"].append(
            {"subject": "import_run", "subject_id": run_id, "centre_id": centre_id, "changes": told}
        )
