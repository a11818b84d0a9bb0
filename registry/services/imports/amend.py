"""A case whose source row changed since it was last read: brought up to date, with its history.

What a person has edited in the registry since is theirs: such a case is refused, with the reason.
"""

import json
from typing import Any

from sqlalchemy import select

from registry.access import unscoped
from registry.codes.person import Sex, Vital
from registry.extensions import db
from registry.label import Label
from registry.models import AuditEntry, Base, Enrolment, ImportedCase, ImportRun, Person, Tumour, VitalStatus
from registry.rules.problem import Invalid, Problem, demand, refusal
from registry.services import people
from registry.services.imports.bulk import content_digest
from registry.services.imports.case import Case
from registry.services.imports.judging import followed
from registry.services.outcome import before_last_presence, settle_vital
from registry.services.unit import Unit, change

EDITED = Label("手工录入的，文件不覆盖", "What somebody entered by hand, no file overwrites")


def amend(case: Case, memory_id: int, *, source: str) -> None:
    """Store what the source says now; `Invalid` where somebody edited the same records since."""
    session = db.session()
    with change("import.update", reason=source) as unit:
        memory = session.get_one(ImportedCase, memory_id)
        stored = _stored(memory, source)
        _refuse_edited(case, stored)
        _write(unit, case, stored, memory, source)
        unit.edit(memory).content_digest = content_digest(case)


def _stored(memory: ImportedCase, source: str) -> dict[str, Any]:
    """The records that the case became, by their names in a mapping."""
    session, person_id = db.session(), memory.person_id
    runs = select(ImportRun.id).where(ImportRun.source == source, ImportRun.centre_id == memory.centre_id)
    stored: dict[str, Any] = {"person": session.get_one(Person, person_id)}
    for name, model in (("enrolment", Enrolment), ("tumour", Tumour), ("vital_status", VitalStatus)):
        came = select(model).where(
            model.person_id == person_id, model.centre_id == memory.centre_id, model.import_id.in_(runs)
        )
        stored[name] = session.scalars(came.order_by(model.id)).first()
    return stored


def _refuse_edited(case: Case, stored: dict[str, Any]) -> None:
    for name, row in stored.items():
        if row is None:
            continue
        entries = select(AuditEntry.changes).where(
            AuditEntry.subject == row.__tablename__,
            AuditEntry.subject_id == row.id,
            AuditEntry.kind == "update",
            AuditEntry.action != "import.update",
        )
        with unscoped("import"):
            changed = {key for told in db.session().scalars(entries) if told for key in json.loads(told)}
        fed = {key.removesuffix("_sealed") for key in changed} & set(case.records.get(name, ()))
        if fed:
            fields = ", ".join(sorted(fed))
            raise Invalid(
                [
                    refusal(
                        name,
                        f"{fields} 已在登记处修改，来源的新值未写入",
                        f"{fields} was edited in the registry; the source's new value was not stored",
                        EDITED,
                    )
                ]
            )


def number_taken() -> Problem:
    """The refusal of a record number that is somebody else's."""
    return refusal(
        "enrolment-record_number",
        "登记号已属于本中心另一人",
        "the record number belongs to somebody else at this centre",
        Label("一个登记号，一个人", "One record number, one person"),
    )


def _write(unit: Unit, case: Case, stored: dict[str, Any], memory: ImportedCase, source: str) -> None:
    came = {"centre_id": memory.centre_id, "import_id": memory.import_id}
    person, life = unit.edit(stored["person"]), case.vital_status
    if life.get("vital") is Vital.DEAD:
        died = life["as_of"], life.get("as_of_precision")
        demand(before_last_presence(person.id, *died, "vital_status-as_of"))
    told = case.person | {"sex": case.person.get("sex") or Sex.UNKNOWN}
    people.amend(stored["enrolment"], seen=None, reason=source, **case.enrolment, **told)
    for name, model, told in (
        ("tumour", Tumour, case.tumour and case.tumour | followed(case)),
        ("vital_status", VitalStatus, case.vital_status),
    ):
        row = stored[name]
        if told and row is None:
            more: dict[str, Any] = {"person_id": person.id}
            more |= {"sequence": 1} if name == "tumour" else {}
            unit.add(model(**came, **more, **told))
        elif told:
            _set(unit.edit(row), told)
    settle_vital(unit, person)


def _set(row: Base, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
