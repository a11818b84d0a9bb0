"""A list of deaths that is complete until a day: whoever was looked for in it was, until that day.

Nobody is said to live by not being listed: the entry says only that the list was searched. Survival is
then censored at the closing day (rules.survival), for everybody alike.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, insert, or_, select, update

from registry.access import unscoped
from registry.codes.person import DocumentOwner, Precision, Vital, VitalSource
from registry.extensions import db
from registry.models import Enrolment, IdentityDocument, Person, Tumour, VitalStatus
from registry.services import tumours
from registry.services.here import centre_here
from registry.services.unit import batch, change

STEP = 500
WITH_TUMOURS = 20


def close(run_id: int, closing: date, *, source: str, but_not: Collection[int] = ()) -> int:
    """Note of everybody enrolled here who could be found in the list that it was searched; how many.

    Only who has an own document, or a birth date to the day, could have been found. Of those in
    `but_not` the list may speak, so nothing is said until somebody has decided.
    """
    centre_id, last, total = centre_here(), 0, 0
    while found := _searched(centre_id, closing, after=last):
        last = found[-1]
        found = [one for one in found if one not in but_not]
        with unscoped("import"):
            settled = set(
                db.session().scalars(select(Tumour.person_id).where(Tumour.person_id.in_(found)).distinct())
            )
        db.session().rollback()
        _note_many([one for one in found if one not in settled], centre_id, run_id, closing)
        waiting = sorted(settled)
        for begin in range(0, len(waiting), WITH_TUMOURS):
            with change("import.searched", reason=source) as unit:
                for person_id in waiting[begin : begin + WITH_TUMOURS]:
                    known = db.session.scalar(_note_of(person_id, centre_id))
                    row = unit.edit(known) if known else VitalStatus(person_id=person_id, **_told(centre_id))
                    row.as_of, row.complete_until, row.import_id = closing, closing, run_id
                    if known is None:
                        unit.add(row)
                    tumours.settle(unit, person_id)
        total += len(found)
    return total


def _searched(centre_id: int, closing: date, *, after: int) -> list[int]:
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


def _note_many(person_ids: list[int], centre_id: int, run_id: int, closing: date) -> None:
    """Those without a tumour, of whom nothing else follows, many at a time."""
    if not person_ids:
        return
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
