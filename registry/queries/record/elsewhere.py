"""What other centres know of a person enrolled here: a line each, and in full where that was opened.

Nothing returned names anyone, and no record of another centre enters the session.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from registry.access import Forbidden, scope, unscoped
from registry.codes.lesion import Site
from registry.extensions import db
from registry.label import Label
from registry.models import Centre, Examination, Lesion
from registry.queries.record import casebook
from registry.queries.record.people import enrolment_of
from registry.rules.summary import result_of

USE = "history elsewhere"
NOTHING_SEEN = Label("未见病变", "No lesion")


@dataclass(frozen=True)
class SeenElsewhere:
    """A lesion at another centre, as far as one needs it to say "the same as"."""

    id: int
    number: int
    site: Site | None
    result: Label


@dataclass(frozen=True)
class Line:
    """One examination at another centre in a line."""

    on: date
    kind: Label
    result: Label
    centre: Label
    lesions: tuple[SeenElsewhere, ...] = ()


def demand_enrolled(person_id: int) -> None:
    """Only the centre that enrolled a person may ask what others know."""
    if enrolment_of(person_id) is None:
        raise Forbidden("the person is not enrolled here")


def lines(person_id: int) -> list[Line]:
    """Examinations of a person at other centres, the newest first: date, kind and worst result."""
    demand_enrolled(person_id)
    current = scope()
    own = current.centres if current else frozenset()
    statement = (
        select(
            Examination.id,
            Examination.performed_on,
            Examination.type,
            Centre.name_zh,
            Centre.name_en,
            Lesion.id.label("lesion_id"),
            Lesion.number,
            Lesion.site,
            Lesion.worst,
            Lesion.cancer,
            Lesion.sampled,
            Lesion.awaited,
        )
        .join(Centre, Centre.id == Examination.centre_id)
        .outerjoin(Lesion, Lesion.examination_id == Examination.id)
        .where(Examination.person_id == person_id, Examination.centre_id.not_in(sorted(own)))
        .order_by(Examination.performed_on.desc(), Examination.id.desc(), Lesion.number)
    )
    with unscoped(USE):
        rows = db.session.execute(statement).all()
    found: dict[int, Line] = {}
    ranks: dict[int, int] = {}
    for row in rows:
        line = found.get(row.id)
        if line is None:
            centre = Label(row.name_zh, row.name_en or row.name_zh)
            line = Line(row.performed_on, row.type.label, NOTHING_SEEN, centre)
            ranks[row.id] = -1
        if row.lesion_id is not None:
            weight, said = result_of(row.worst, row.cancer, row.sampled, row.awaited)
            seen = SeenElsewhere(row.lesion_id, row.number, row.site, said)
            worse = weight > ranks[row.id]
            ranks[row.id] = max(weight, ranks[row.id])
            line = Line(
                line.on, line.kind, said if worse else line.result, line.centre, (*line.lesions, seen)
            )
        found[row.id] = line
    return list(found.values())


def examinations(person_id: int) -> list[casebook.Examined]:
    """The examinations of a person at other centres in full; the caller has audited the opening."""
    demand_enrolled(person_id)
    current = scope()
    own = current.centres if current else frozenset()
    with unscoped(USE):
        return casebook.examinations(
            Examination.person_id == person_id, Examination.centre_id.not_in(sorted(own))
        )
