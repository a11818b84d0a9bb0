"""Two persons made one."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from registry.access import unscoped
from registry.codes.desk import PairState
from registry.codes.person import Precision, Sex
from registry.extensions import db
from registry.models import (
    Enrolment,
    Examination,
    Merge,
    Person,
    Tumour,
)
from registry.rules.dates import certainly_before, partial
from registry.rules.problem import Invalid, refusal
from registry.services.births import age_at
from registry.services.course import tumours
from registry.services.here import centre_here
from registry.services.people.merging.asking import ask_whether_one
from registry.services.people.merging.pictures import (
    MOVED,
    Picture,
    differences,
    picture,
    table_of,
)
from registry.services.people.merging.telling import ONCE, notes, settle_pairs
from registry.services.unit import Unit

USE = "merging"


def merge(unit: Unit, one_id: int, other_id: int, *, reason: str | None = None) -> Merge:
    """Make two persons one, inside a change: the one known longer is kept.

    Raises
    ------
    Invalid
        When one was merged already, or an examination would lie before the birth.
    """
    kept_id, merged_id = sorted((one_id, other_id))
    unit.still = True
    unit.session.flush()
    with unscoped(USE):
        _demand_alive(kept_id, merged_id)
        before = picture({kept_id, merged_id})
        _move(before, kept_id, merged_id)
        unit.session.expire_all()
        kept = db.session.get_one(Person, kept_id)
        merged = db.session.get_one(Person, merged_id)
        _agree(unit, kept, merged)
        unit.settle(merged).merged_into_id = kept_id
        for shell in db.session.scalars(select(Person).where(Person.merged_into_id == merged_id)):
            unit.settle(shell).merged_into_id = kept_id
        unit.session.flush()
        tumours.settle(unit, kept_id)
        ask_whether_one(unit, kept, before)
        after = picture({kept_id, merged_id})
    row = Merge(
        person_id=kept_id,
        centre_id=centre_here(),
        merged_id=merged_id,
        moved=json.dumps(differences(before, after), separators=(",", ":")),
        reason=reason,
        merged_at=datetime.now(UTC),
    )
    unit.add(row)
    unit.notes += notes(unit, before, after, kept_id)
    settle_pairs(unit, kept_id, PairState.SAME)
    unit.session.flush()
    return row


def _demand_alive(*person_ids: int) -> None:
    alive = set(
        db.session.scalars(
            select(Person.id).where(Person.id.in_(person_ids), Person.merged_into_id.is_(None))
        )
    )
    if alive != set(person_ids) or len(alive) < 2:
        raise Invalid([refusal("pair", "其中一份档案已并入他人", "One of the two was merged already", ONCE)])


def _move(before: Picture, kept_id: int, merged_id: int) -> None:
    """Point the rows of one person to the other; an enrolment only where the kept has none."""
    taken = {row["centre_id"] for row in before["enrolment"].values() if row["person_id"] == kept_id}
    last = max(
        (row["sequence"] for row in before["tumour"].values() if row["person_id"] == kept_id), default=0
    )
    moving = sorted(
        (row for row in before["tumour"].values() if row["person_id"] == merged_id),
        key=lambda row: row["sequence"],
    )
    sequence = {row["id"]: last + place for place, row in enumerate(moving, start=1)}
    for model in MOVED:
        table = table_of(model)
        for id_, row in before[table.name].items():
            if row["person_id"] != merged_id or (model is Enrolment and row["centre_id"] in taken):
                continue
            values: dict[str, Any] = {"person_id": kept_id}
            if model is Enrolment:
                values["sealed_for_id"] = row["sealed_for_id"] or merged_id
            if model is Tumour:
                values["sequence"] = sequence[id_]
            db.session.execute(update(table).where(table.c.id == id_).values(**values))


def _sequence(before: Picture, kept_id: int, merged_id: int) -> dict[int, int]:
    """The tumours of the other are counted on after those of the kept, in their own order."""
    found = before["tumour"].values()
    last = max((row["sequence"] for row in found if row["person_id"] == kept_id), default=0)
    moving = sorted(
        (row for row in found if row["person_id"] == merged_id), key=lambda row: int(row["sequence"])
    )
    return {row["id"]: last + place for place, row in enumerate(moving, start=1)}


def _agree(unit: Unit, kept: Person, merged: Person) -> None:
    """What either knew better of sex and birth; ages follow the birth date that is kept."""
    unit.settle(kept)
    if kept.sex in (Sex.UNKNOWN, Sex.NOT_STATED):
        kept.sex = merged.sex
    if kept.born_on is None:
        better = merged.born_on is not None
    else:
        better = not _exact(kept) and _exact(merged)
    moved_birth = (kept.born_on, kept.born_precision) != (merged.born_on, merged.born_precision)
    if better:
        kept.born_on, kept.born_precision = merged.born_on, merged.born_precision
    if not moved_birth or kept.born_on is None:
        return
    born = partial(kept.born_on, kept.born_precision)
    table = table_of(Examination)
    columns = table.c.id, table.c.performed_on
    for id_, performed_on in db.session.execute(select(*columns).where(table.c.person_id == kept.id)).all():
        if certainly_before(performed_on, born):
            said = (
                "合并后有检查早于出生日期，请先更正出生日期",
                "An examination before the birth: correct it first",
            )
            raise Invalid([refusal("born_on", *said, ONCE)])
        db.session.execute(update(table).where(table.c.id == id_).values(age=age_at(kept, performed_on)))


def _exact(person: Person) -> bool:
    return person.born_on is not None and (person.born_precision or Precision.DAY) is Precision.DAY
