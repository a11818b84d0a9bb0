"""The examinations of one day at the own centre, in the order of the day."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import func, select

from registry.codes.endoscopy import ExaminationType, Indication
from registry.extensions import db
from registry.models import Enrolment, Examination, Person, Specimen
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
