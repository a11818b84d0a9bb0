"""What waits to be done: reports to come, people to be seen again, cases to be completed, codes to confirm.

A worklist is a query not yet run: it is counted for the bar and read page by page, in a fixed number
of queries either way. Each concerns the centre that is acted for. What an import under way has brought
is on none until the import is finished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from flask import current_app
from sqlalchemy import ColumnElement, case, func, select

from registry.access import Permission, scope
from registry.codes.endoscopy import ExaminationType
from registry.codes.pathology import Method
from registry.codes.person import Vital
from registry.codes.risk import Tier
from registry.extensions import db
from registry.label import Label
from registry.models import (
    Enrolment,
    Examination,
    FollowUp,
    Person,
    RiskAssessment,
    Specimen,
    Tumour,
)
from registry.models.arrived import arrived
from registry.queries.centre import enrolled, here
from registry.queries.lists import questions, readings
from registry.queries.lists.completeness import IncompleteCases
from registry.queries.record import likeness
from registry.queries.review import inquiries

Item = TypeVar("Item")
AHEAD = 30
LOOK_BACK = timedelta(days=180)
RISKS = {
    3: Label("浸润癌", "Invasive cancer"),
    2: Label("高级别瘤变", "High-grade neoplasia"),
    1: Label("高风险", "High risk"),
    0: Label("—", "–"),
}


@dataclass(frozen=True)
class Worklist(Generic[Item]):
    """Items in order; `count` and `rows` each run one query."""

    statement: Any
    make: Callable[[Any], Item]

    def count(self) -> int:
        """How many items there are in all."""
        bare = self.statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        return db.session.scalar(bare) or 0

    def rows(self, limit: int | None = 50, offset: int = 0) -> list[Item]:
        """The items from `offset` on, at most `limit`."""
        found = db.session.execute(self.statement.limit(limit).offset(offset))
        return [self.make(row) for row in found.unique()]


@dataclass(frozen=True)
class Awaited:
    """A specimen whose report has not come."""

    specimen_id: int
    examination_id: int
    person_id: int
    enrolment: Enrolment | None
    pathology_number: str | None
    letter: str
    method: Method
    type: ExaminationType
    taken_on: date
    waiting_days: int


@dataclass(frozen=True)
class Due:
    """A person due for an examination or a contact."""

    follow_up_id: int
    version: int
    person_id: int
    enrolment: Enrolment | None
    next_due_on: date
    overdue_days: int
    what: ExaminationType | None
    why: str | None
    contacted_on: date
    risk: int

    @property
    def risk_label(self) -> Label:
        return RISKS[self.risk]


def specimens_without_report(*, today: date, number: str | None = None) -> Worklist[Awaited]:
    """Specimens without a current report, the longest waiting first; lost tissue waits for none.

    `number` keeps those whose pathology number begins so.
    """
    statement = (
        select(
            Specimen.id,
            Specimen.examination_id,
            Examination.person_id,
            Specimen.pathology_number,
            Specimen.letter,
            Specimen.method,
            Examination.type,
            Specimen.taken_on,
            Enrolment,
        )
        .join(Examination, Examination.id == Specimen.examination_id)
        .outerjoin(Enrolment, enrolled(Examination.person_id, Examination.centre_id))
        .where(
            here(Specimen),
            arrived(Examination),
            Specimen.reported.is_(False),
            Specimen.retrieved.is_not(False),
        )
        .order_by(Specimen.taken_on, Specimen.pathology_number.nulls_last(), Specimen.id)
    )
    if number and number.strip():
        statement = statement.where(Specimen.pathology_number.startswith(number.strip(), autoescape=True))

    def make(row: Any) -> Awaited:
        return Awaited(
            row.id,
            row.examination_id,
            row.person_id,
            row.Enrolment,
            row.pathology_number,
            row.letter,
            row.method,
            row.type,
            row.taken_on,
            (today - row.taken_on).days,
        )

    return Worklist(statement, make)


def due(*, today: date, ahead: int = AHEAD) -> Worklist[Due]:
    """People due within `ahead` days or overdue: the most overdue first, then the highest risk.

    The dead are not due, whatever was once planned.
    """
    risk = _risk()
    statement = (
        select(
            FollowUp.id,
            FollowUp.version,
            FollowUp.person_id,
            FollowUp.next_due_on,
            FollowUp.next_due_what,
            FollowUp.next_due_reason,
            FollowUp.contacted_on,
            risk.label("risk"),
            Enrolment,
        )
        .join(Person, Person.id == FollowUp.person_id)
        .outerjoin(Enrolment, enrolled(FollowUp.person_id, FollowUp.centre_id))
        .where(
            here(FollowUp),
            FollowUp.settled.is_(False),
            FollowUp.next_due_on <= today + timedelta(days=ahead),
            Person.vital != Vital.DEAD,
        )
        .order_by(FollowUp.next_due_on, risk.desc(), FollowUp.id)
    )

    def make(row: Any) -> Due:
        return Due(
            row.id,
            row.version,
            row.person_id,
            row.Enrolment,
            row.next_due_on,
            (today - row.next_due_on).days,
            row.next_due_what,
            row.next_due_reason,
            row.contacted_on,
            row.risk,
        )

    return Worklist(statement, make)


def incomplete(*, since: date, operator_id: int | None = None) -> IncompleteCases:
    """Cases at this centre since a day that lack something, all or those of one operator."""
    conditions = [here(Examination), arrived(Examination), Examination.performed_on >= since]
    if operator_id is not None:
        conditions.append(Examination.operator_id == operator_id)
    return IncompleteCases(tuple(conditions))


def to_do(*, today: date) -> int:
    """The lists of the own centre together, as the bar tells it, in eight queries: reports to come, people
    due, cases to complete, codes to confirm, alike counted once, questions that a source raised, queries
    of the quality centre, and possible doubles for who may judge them.

    Which cases are incomplete is judged by rules, over all of them. So their number is kept until a
    case of theirs or a person changes, which the versions of both tell.
    """
    since = today - LOOK_BACK
    cases = incomplete(since=since)
    state = (since, *db.session.execute(cases.versions()).one())
    current = scope()
    kept = current_app.extensions.setdefault("registry.incomplete", {})
    place = current.centre_id if current else None
    if kept.get(place, (None,))[0] != state:
        kept[place] = (state, cases.count())
    unfinished: int = kept[place][1]
    waiting = specimens_without_report(today=today).count() + due(today=today).count()
    judges = current is not None and Permission.IDENTIFY in current.may
    pairs = likeness.open_count() if judges else 0
    asked = questions.waiting() + inquiries.waiting_for_centre()
    return waiting + unfinished + readings.waiting_count() + asked + pairs


def _risk() -> ColumnElement[int]:
    """How much a person stands to lose by waiting: invasive cancer, high grade, high risk, none known."""
    tumour = select(Tumour.id).where(Tumour.person_id == FollowUp.person_id)
    high = select(RiskAssessment.id).where(
        RiskAssessment.person_id == FollowUp.person_id, RiskAssessment.tier.in_([Tier.HIGH, Tier.C, Tier.D])
    )
    return case(
        (tumour.where(Tumour.invasive.is_(True)).exists(), 3),
        (tumour.where(Tumour.noninvasive_on.is_not(None)).exists(), 2),
        (high.exists(), 1),
        else_=0,
    )
