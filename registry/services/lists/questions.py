"""Questions on a record: a source now says otherwise than what a person corrected.

A file never overwrites such a correction. Somebody at the centre keeps the registry's value or takes
the source's; either way the answer stays in the trail.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import select

from registry.access import Permission, demand
from registry.codes.desk import QuestionState
from registry.extensions import db
from registry.label import Label
from registry.models import (
    Background,
    Base,
    Enrolment,
    Examination,
    Lesion,
    Person,
    Question,
    Report,
    Specimen,
    Tumour,
    VitalStatus,
)
from registry.queries.lists.questions import SUBJECTS, question_or_none, said_value
from registry.rules.problem import Invalid, refusal
from registry.services import births
from registry.services.cases import pathology, recording
from registry.services.chain import plain
from registry.services.course import outcome, tumours
from registry.services.here import centre_here
from registry.services.people import enrolling
from registry.services.unit import Unit, change
from registry.services.values import read, today

TAKE = "question.take"
ANSWERED = Label("一个问题只答一次", "A question is answered once")


def ask(
    unit: Unit,
    row: Base,
    field: str,
    value: Any,
    *,
    person_id: int,
    examination_id: int | None,
    import_id: int | None,
) -> int:
    """Leave a question on a record, inside a change; 1 if it is new, 0 if it stood there already."""
    said = None if value is None else json.dumps(value) if isinstance(value, bool) else str(plain(value))
    same = select(Question).where(
        Question.subject == row.__tablename__,
        Question.subject_id == cast(Any, row).id,
        Question.field == field,
        Question.state == QuestionState.OPEN,
    )
    known = db.session.scalars(same.order_by(Question.id)).first()
    if known is not None:
        if known.said != said:
            unit.edit(known).said = said
        return 0
    question = Question(
        person=db.session.get_one(Person, person_id),
        centre_id=centre_here(),
        examination_id=examination_id,
        subject=row.__tablename__,
        subject_id=cast(Any, row).id,
        field=field,
        import_id=import_id,
        state=QuestionState.OPEN,
        asked_at=datetime.now(UTC),
    )
    question.said = said
    unit.add(question)
    return 1


def keep(question_id: int) -> Question:
    """Keep the registry's value.

    Raises
    ------
    Invalid
        When the question was answered already, or is none of this centre's.
    """
    demand(Permission.WRITE)
    with change("question.keep") as unit:
        question = _open(question_id)
        _answer(unit, question, QuestionState.KEPT)
    return question


def take(question_id: int) -> Question:
    """Store the source's value, by the rules of the forms.

    Raises
    ------
    Invalid
        When the question was answered already, or the value contradicts what is on record by now.
    """
    demand(Permission.WRITE)
    with change(TAKE) as unit:
        question = _open(question_id)
        row = db.session.get(SUBJECTS[question.subject], question.subject_id)
        if row is None:
            raise Invalid([refusal("question", "该记录已不存在", "The record is gone", ANSWERED)])
        _store(unit, row, question.field, said_value(question))
        _answer(unit, question, QuestionState.TAKEN)
    return question


def _open(question_id: int) -> Question:
    question = question_or_none(question_id)
    if question is None or question.state is not QuestionState.OPEN:
        zh, en = "这个问题已有答复，请刷新页面", "This question has been answered: reload the page"
        raise Invalid([refusal("question", zh, en, ANSWERED)])
    return question


def _answer(unit: Unit, question: Question, state: QuestionState) -> None:
    unit.edit(question)
    question.state, question.answered_at = state, datetime.now(UTC)


def _store(unit: Unit, row: Any, field: str, value: Any) -> None:
    STORE[type(row)](unit, row, {field: value})


def _person(unit: Unit, row: Person, fields: dict[str, Any]) -> None:
    births.correct(unit, row, fields, today())


def _enrolment(unit: Unit, row: Enrolment, fields: dict[str, Any]) -> None:
    enrolling.amend(row, seen=None, reason=None, **fields)


def _examination(unit: Unit, row: Examination, fields: dict[str, Any]) -> None:
    _amend(row, columns=fields)


def _background(unit: Unit, row: Background, fields: dict[str, Any]) -> None:
    _amend(row.examination, background=fields)


def _lesion(unit: Unit, row: Lesion, fields: dict[str, Any]) -> None:
    _amend(row.examination, lesion=(row.id, fields))


def _specimen(unit: Unit, row: Specimen, fields: dict[str, Any]) -> None:
    _amend(row.examination, specimen=(row.id, fields))


def _amend(
    examination: Examination,
    *,
    columns: dict[str, Any] | None = None,
    background: dict[str, Any] | None = None,
    lesion: tuple[int, dict[str, Any]] | None = None,
    specimen: tuple[int, dict[str, Any]] | None = None,
) -> None:
    """Change one part of a case. A lesion or specimen that its source names no more is removed."""
    recording.record_case(
        person_id=examination.person_id,
        existing=examination,
        examination=columns or {},
        background=background,
        lesions=_all_but(examination.lesions, lesion, "number"),
        specimens=_all_but(examination.specimens, specimen, "letter"),
        adverse_events=[{"id": event.id} for event in examination.adverse_events],
    )


def _all_but(rows: list[Any], changed: tuple[int, dict[str, Any]] | None, name: str) -> list[dict[str, Any]]:
    row_id, fields = changed or (0, {})
    gone = name in fields and fields[name] is None
    return [
        {"id": row.id} | (fields if row.id == row_id else {})
        for row in rows
        if not (gone and row.id == row_id)
    ]


def _report(unit: Unit, row: Report, fields: dict[str, Any]) -> None:
    columns = ("reported_on", "received_on", "laboratory", "wording")
    given = {name: getattr(row, name) for name in columns} | fields
    reason = str(Label("采用来源的报告", "The source's report taken"))
    pathology.record_report(row.specimen, **given, supersedes=row, reason=reason)


def _tumour(unit: Unit, row: Tumour, fields: dict[str, Any]) -> None:
    tumours.stage(row, seen=None, **fields)


def _vital_status(unit: Unit, row: VitalStatus, fields: dict[str, Any]) -> None:
    names = ("vital", "as_of", "as_of_precision", "source", "cause", "complete_until")
    given, problems = read(VitalStatus, {name: getattr(row, name) for name in names} | fields)
    if problems:
        raise Invalid(problems)
    outcome.vital_status(row.person_id, existing=row, **given)


STORE: dict[type[Base], Callable[[Unit, Any, dict[str, Any]], None]] = {
    Person: _person,
    Enrolment: _enrolment,
    Examination: _examination,
    Background: _background,
    Lesion: _lesion,
    Specimen: _specimen,
    Report: _report,
    Tumour: _tumour,
    VitalStatus: _vital_status,
}
