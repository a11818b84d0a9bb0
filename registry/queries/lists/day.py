"""What a day holds for its reader: the examinations done, and the forms begun."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select

from registry.access import scope
from registry.codes.endoscopy import ExaminationType, Indication
from registry.extensions import db
from registry.models import Draft, Enrolment, Examination, Person, Specimen
from registry.queries.centre import enrolled, here


@dataclass(frozen=True)
class Performed:
    """One examination of the day."""

    examination_id: int
    person_id: int
    person: Person
    enrolment: Enrolment | None
    at: time | None
    age: int | None
    type: ExaminationType
    indication: Indication | None
    specimens: int


def performed_on(day: date) -> list[Performed]:
    """What was done on a day, by the clock; without a time last."""
    taken = select(func.count(Specimen.id)).where(Specimen.examination_id == Examination.id).scalar_subquery()
    rows = db.session.execute(
        select(Examination, Person, Enrolment, taken.label("taken"))
        .join(Person, Person.id == Examination.person_id)
        .outerjoin(Enrolment, enrolled(Examination.person_id, Examination.centre_id))
        .where(here(Examination), Examination.performed_on == day)
        .order_by(Examination.started_at.nulls_last(), Examination.id)
    )
    return [
        Performed(
            row.Examination.id,
            row.Examination.person_id,
            row.Person,
            row.Enrolment,
            row.Examination.started_at,
            row.Examination.age,
            row.Examination.type,
            row.Examination.indication,
            row.taken,
        )
        for row in rows.unique()
    ]


@dataclass(frozen=True)
class Begun:
    """A form that the reader has begun and not yet saved."""

    subject: str
    person_id: int | None
    enrolment: Enrolment | None
    saved_at: datetime


def begun() -> list[Begun]:
    """The reader's own drafts here, the latest first."""
    current = scope()
    if current is None or current.actor_id is None:
        return []
    rows = db.session.execute(
        select(Draft, Enrolment)
        .outerjoin(Enrolment, enrolled(Draft.person_id, Draft.centre_id))
        .where(here(Draft), Draft.user_id == current.actor_id)
        .order_by(Draft.saved_at.desc())
    )
    return [
        Begun(row.Draft.subject, row.Draft.person_id, row.Enrolment, row.Draft.saved_at)
        for row in rows.unique()
    ]
