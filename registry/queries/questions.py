"""Questions that a source's new value raised against what a person corrected."""

from sqlalchemy import func, select

from registry.access import scope
from registry.codes.desk import QuestionState
from registry.extensions import db
from registry.models import Question

MOST = 200


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
