"""The day's list of the centre: its lines in their order, what is still open, and which comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from registry.codes.desk import ListedState
from registry.codes.endoscopy import ExaminationType, Indication, Sedation
from registry.extensions import db
from registry.models import Enrolment, Examination, Listed, Person, User
from registry.queries.centre import enrolled, here

LOOK_BACK = timedelta(days=14)
LOOK_AHEAD = timedelta(days=92)


@dataclass(frozen=True)
class OnList:
    """One line of a day's list. One whose examination was entered another way is done, too."""

    listed_id: int
    person_id: int
    person: Person
    enrolment: Enrolment | None
    listed_on: date
    place: int
    type: ExaminationType | None
    number: str | None
    operator: str | None
    indication: Indication | None
    sedation: Sedation | None
    state: ListedState
    examination_id: int | None

    @property
    def open(self) -> bool:
        return self.state is ListedState.OPEN


def on_list(day: date) -> list[OnList]:
    """The lines of a day, in their order."""
    return _lines(Listed.listed_on == day)


def left_open(day: date) -> list[OnList]:
    """Lines of the fortnight before a day that nobody entered or struck off, the latest day first."""
    earlier = _lines(
        Listed.listed_on < day, Listed.listed_on >= day - LOOK_BACK, Listed.state == ListedState.OPEN
    )
    return sorted((line for line in earlier if line.open), key=lambda line: line.listed_on, reverse=True)


def coming(day: date) -> list[tuple[date, int]]:
    """The days after a day that have a list already, and how many lines each."""
    rows = db.session.execute(
        select(Listed.listed_on, func.count(Listed.id))
        .where(here(Listed), Listed.listed_on > day, Listed.listed_on <= day + LOOK_AHEAD)
        .group_by(Listed.listed_on)
        .order_by(Listed.listed_on)
    )
    return [(row[0], row[1]) for row in rows]


def line(listed_id: int) -> Listed | None:
    """One line within scope."""
    return db.session.scalar(select(Listed).where(here(Listed), Listed.id == listed_id))


def next_open(lines: Iterable[OnList], after: int | None = None) -> OnList | None:
    """The next open line behind the one with this id; from the top again once the end is reached."""
    lines = list(lines)
    places = [place for place, one in enumerate(lines) if one.listed_id == after]
    begin = places[0] + 1 if places else 0
    return next((one for one in lines[begin:] + lines[:begin] if one.open and one.listed_id != after), None)


def _lines(*conditions: object) -> list[OnList]:
    operator = aliased(User)
    entered = (
        select(func.min(Examination.id))
        .where(
            Examination.person_id == Listed.person_id,
            Examination.centre_id == Listed.centre_id,
            Examination.performed_on == Listed.listed_on,
            or_(Listed.type.is_(None), Examination.type == Listed.type),
        )
        .correlate(Listed)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Listed, Person, Enrolment, operator.name.label("operator"), entered.label("entered"))
        .join(Person, Person.id == Listed.person_id)
        .outerjoin(Enrolment, enrolled(Listed.person_id, Listed.centre_id))
        .outerjoin(operator, operator.id == Listed.operator_id)
        .where(here(Listed), *conditions)  # type: ignore[arg-type]
        .order_by(Listed.listed_on, Listed.place, Listed.id)
    )
    return [_line(row) for row in rows.unique()]


def _line(row: object) -> OnList:
    listed: Listed = row.Listed  # type: ignore[attr-defined]
    elsewise = row.entered if listed.state is ListedState.OPEN else None  # type: ignore[attr-defined]
    return OnList(
        listed_id=listed.id,
        person_id=listed.person_id,
        person=row.Person,  # type: ignore[attr-defined]
        enrolment=row.Enrolment,  # type: ignore[attr-defined]
        listed_on=listed.listed_on,
        place=listed.place,
        type=listed.type,
        number=listed.number,
        operator=row.operator or listed.operator_words,  # type: ignore[attr-defined]
        indication=listed.indication,
        sedation=listed.sedation,
        state=ListedState.DONE if elsewise else listed.state,
        examination_id=listed.examination_id or elsewise,
    )
