"""A case whose source row changed since it was last read: brought up to date, with its history.

A field that somebody edited in the registry since is not overwritten: it becomes a question on that
record. Nothing is removed because a file no longer names it; that, too, is a question.
"""

from typing import Any

from sqlalchemy import select

from registry.codes.person import Vital
from registry.extensions import db
from registry.models import (
    Enrolment,
    Examination,
    ImportedCase,
    ImportRun,
    Person,
    Tumour,
    VitalStatus,
)
from registry.rules.problem import Invalid, demand
from registry.services.course import tumours
from registry.services.course.outcome import before_last_presence
from registry.services.imports.ahead.prepared import Prepared
from registry.services.imports.amending.changes import Changes
from registry.services.imports.amending.examination import amend_examination
from registry.services.imports.case import Records
from registry.services.imports.judging import NAMING, Sound
from registry.services.imports.memory import value_digest
from registry.services.imports.rehearsed import Rehearsed
from registry.services.people import enrolling
from registry.services.people.documents import claimants, taken
from registry.services.unit import change
from registry.services.values import put


def amend(prepared: Prepared, memory_id: int, *, source: str, rehearsal: bool = False) -> int:
    """Store what the source says now; how many questions that leaves.

    Raises
    ------
    Invalid
        Changing nothing, when it contradicts what is on record.
    """
    try:
        with change("import.update", reason=source) as unit:
            memory = db.session.get_one(ImportedCase, memory_id)
            changes = Changes(unit, prepared, memory)
            _amend(changes, source)
            put(
                unit.edit(memory),
                {"content_digest": prepared.content_digest, "fields": prepared.fields},
            )
            if rehearsal:
                unit.session.flush()
                raise Rehearsed
    except Rehearsed:
        pass
    return changes.asked


def _amend(changes: Changes, source: str) -> None:
    unit, memory = changes.unit, changes.memory
    session = db.session()
    person = session.get_one(Person, memory.person_id)
    enrolment = session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == memory.person_id, Enrolment.centre_id == memory.centre_id
        )
    ).one()
    _person(changes, person, enrolment, source)
    if memory.examination_id is not None:
        amend_examination(changes, session.get_one(Examination, memory.examination_id), source)
    if _register(changes, source, person):
        tumours.settle(unit, memory.person_id)


def _person(changes: Changes, person: Person, enrolment: Enrolment, source: str) -> None:
    sound = changes.sound
    naming = {name: value for name, value in sound.naming.items() if value or name != "record_number"}
    told = {name: sound.personal[name] for name in sound.personal if name in sound.case.person}
    given = {name: value for name, value in {**sound.enrolment, **naming}.items() if name in _given(sound)}
    enrolling.complete(changes.unit, person, told)
    fields = changes.of(person, "person", told, shared=True)
    fields |= changes.of(enrolment, "enrolment", given, shared=True)
    if "sex" in fields and fields["sex"] is None:
        del fields["sex"]
    paper = _paper(changes, enrolment)
    if fields or paper:
        enrolling.amend(enrolment, seen=None, reason=source, **fields)


def _given(sound: Sound) -> set[str]:
    return {*sound.case.enrolment} & {*NAMING, *sound.enrolment}


def _paper(changes: Changes, enrolment: Enrolment) -> bool:
    """Bring the person's document up to date; whether anything changed."""
    paper = changes.sound.paper
    if paper is None or not (changes.differs("document-value") or changes.differs("document-type")):
        return False
    if any(row.type is paper["type"] and row.value == paper["value"] for row in enrolment.documents):
        return False
    if {*claimants(paper)} - {enrolment.person_id}:
        problem = taken([paper], enrolment.person_id)
        raise Invalid([problem.__class__("document-value", problem.message, problem.clause, refuse=True)])
    before = changes.before.get("document-value")
    old = next(
        (row for row in enrolment.documents if value_digest("document-value", row.value) == before), None
    )
    if old is None:
        enrolling.attach(changes.unit, enrolment, paper)
    else:
        changes.unit.edit(old)
        columns = ("type", "owner", "doubtful", "digest")
        put(old, {name: paper[name] for name in columns} | {"value": paper["value"]})
    changes.unit.session.flush()
    changes.unit.session.expire(enrolment, ["documents"])
    return True


def _register(changes: Changes, source: str, person: Person) -> bool:
    """Tumour and vital status, as a register tells them; whether anything changed."""
    memory, sound, wrote = changes.memory, changes.sound, False
    if sound.vital_status.get("vital") is Vital.DEAD:
        died = sound.vital_status["as_of"], sound.vital_status.get("as_of_precision")
        demand(before_last_presence(person.id, *died, "vital_status-as_of"))
    for path, model, values in (
        ("tumour", Tumour, sound.tumour),
        ("vital_status", VitalStatus, sound.vital_status),
    ):
        if not values:
            continue
        row = _came(model, memory, source)
        if row is None:
            more: Records = {"person_id": person.id, "centre_id": memory.centre_id}
            more |= {"import_id": memory.import_id}
            more |= {"sequence": tumours.next_sequence(person.id)} if model is Tumour else {}
            changes.unit.add(model(**more, **values))
            wrote = True
        elif fields := changes.of(row, path, values):
            put(changes.unit.edit(row), fields)
            wrote = True
    return wrote


def _came(model: Any, memory: ImportedCase, source: str) -> Any:
    """The record of this kind that the source brought for the person."""
    runs = select(ImportRun.id).where(ImportRun.source == source, ImportRun.centre_id == memory.centre_id)
    came = select(model).where(
        model.person_id == memory.person_id,
        model.centre_id == memory.centre_id,
        model.import_id.in_(runs),
    )
    return db.session.scalars(came.order_by(model.id)).first()
