"""Questions that a source's new value raised against what a person corrected."""

import json
from collections.abc import Callable
from datetime import date, time
from typing import Any, cast

from sqlalchemy import Boolean, Date, Float, Integer, Table, Time, func, select

from registry.access import scope
from registry.codes.desk import QuestionState
from registry.extensions import db
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

MOST = 200
SUBJECTS: dict[str, type[Base]] = {
    model.__tablename__: model
    for model in [
        *(Person, Enrolment, Examination, Background, Lesion),
        *(Specimen, Report, Tumour, VitalStatus),
    ]
}
READ: tuple[tuple[Any, Callable[[str], Any]], ...] = (
    (Date, date.fromisoformat),
    (Time, time.fromisoformat),
    (Boolean, json.loads),
    (Integer, int),
    (Float, float),
)


def question_or_none(question_id: int) -> Question | None:
    """A question of the centre that is acted for; None for another's, as for one that does not exist."""
    current = scope()
    if current is None or current.centre_id is None:
        return None
    return db.session.scalar(
        select(Question).where(Question.id == question_id, Question.centre_id == current.centre_id)
    )


def open_questions(examination_id: int | None = None, *, most: int = MOST) -> list[Question]:
    """Open questions here, those of one examination where one is named; the oldest first."""
    statement = select(Question).where(Question.state == QuestionState.OPEN)
    if examination_id is not None:
        statement = statement.where(Question.examination_id == examination_id)
    if (current := scope()) is not None and current.centre_id is not None:
        statement = statement.where(Question.centre_id == current.centre_id)
    return list(db.session.scalars(statement.order_by(Question.id).limit(most)))


def waiting() -> int:
    """How many questions wait for an answer in scope."""
    return db.session.scalar(select(func.count(Question.id)).where(Question.state == QuestionState.OPEN)) or 0


def said_value(question: Question) -> Any:
    """The source's value as its column holds it."""
    said = question.said
    column = cast(Table, SUBJECTS[question.subject].__table__).columns.get(question.field)
    if said is None or column is None:
        return said
    if codes := column.info.get("codes"):
        return codes.parse(said)
    return next((read(said) for kind, read in READ if isinstance(column.type, kind)), said)


def info_of(question: Question) -> dict[str, Any]:
    """What is known of the column that a question is about: its label, codes and unit."""
    columns = cast(Table, SUBJECTS[question.subject].__table__).columns
    column = columns.get(question.field, columns.get(f"{question.field}_sealed"))
    return dict(column.info) if column is not None else {}


def stored_value(question: Question) -> Any:
    """What the record holds there; None where the record is gone."""
    row = db.session.get(SUBJECTS[question.subject], question.subject_id)
    return getattr(row, question.field) if row is not None else None
