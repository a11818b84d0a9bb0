"""After a merge: tumours in one organ, one of either person, may be one cancer. A person decides.

The question stands on the first lesion of the tumour that was seen later, at the centre that saw it: is it
the same as the earlier one? Taken, it links the two lesions and the tumours are settled as one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Select, select

from registry.codes.desk import QuestionState
from registry.extensions import db
from registry.models import Examination, Lesion, Person, Question, Sighting
from registry.rules.proposing import same_place
from registry.services.course.sightings import Neoplasm, Spot, neoplasms
from registry.services.people.merging.pictures import Picture
from registry.services.unit import Unit

SAME_AS = {"subject": Lesion.__tablename__, "field": "same_as_id"}


def ask_whether_one(unit: Unit, kept: Person, before: Picture) -> None:
    """Ask of every tumour whether it is one that the other person had earlier, inside a merge."""
    if kept.key is None or kept.key.wrapped is None:
        return  # erased: nothing can be sealed for them, and nobody reads their record any more
    for later, earlier in _pairs(kept.id, before):
        if str(earlier.lesion_id) in _denied(later):
            continue
        question = Question(
            person=kept,
            centre_id=later.centre_id,
            examination_id=later.examination_id,
            subject_id=later.lesion_id,
            state=QuestionState.OPEN,
            asked_at=datetime.now(UTC),
            **SAME_AS,
        )
        question.said = str(earlier.lesion_id)
        unit.settle(unit.add(question))


def part(unit: Unit, person_ids: set[int]) -> None:
    """When two are made of one again, no lesion of one is the same as the other's, and nobody is asked."""
    whose = dict(
        db.session.execute(
            select(Lesion.id, Examination.person_id)
            .join(Examination, Examination.id == Lesion.examination_id)
            .where(Examination.person_id.in_(person_ids))
        ).all()
    )
    linked = select(Lesion).where(Lesion.id.in_(whose), Lesion.same_as_id.in_(whose))
    for lesion in db.session.scalars(linked).all():
        if lesion.same_as_id is not None and whose[lesion.id] != whose[lesion.same_as_id]:
            unit.settle(lesion).same_as_id = None
    asked = _asked().where(Question.subject_id.in_(whose), Question.state == QuestionState.OPEN)
    for question in db.session.scalars(asked).all():
        if whose.get(int(question.said or 0)) != whose[question.subject_id]:
            unit.remove(unit.settle(question))


def _pairs(person_id: int, before: Picture) -> Iterator[tuple[Spot, Spot]]:
    """First lesions of tumours in one organ that different persons had, the later with the earlier one: of
    several the nearest in place."""
    had = {id_: row["person_id"] for id_, row in before["examination"].items()}
    counted = set(db.session.scalars(select(Sighting.lesion_id).where(Sighting.person_id == person_id)))
    tumours = [one for one in neoplasms(person_id) if any(spot.lesion_id in counted for spot in one.spots)]
    tumours.sort(key=lambda one: one.first.order)
    for place, later in enumerate(tumours):
        fitting = [
            earlier
            for earlier in tumours[:place]
            if earlier.organ is later.organ
            and had.get(earlier.first.examination_id) != had.get(later.first.examination_id)
        ]
        if fitting:
            yield later.first, max(fitting, key=lambda earlier: _near(earlier, later)).first


def _near(one: Neoplasm, other: Neoplasm) -> bool:
    return one.site is not None and other.site is not None and same_place(one.site, other.site)


def _denied(later: Spot) -> set[str]:
    """Of which lesions somebody said already that this one is another."""
    kept = _asked().where(Question.subject_id == later.lesion_id, Question.state == QuestionState.KEPT)
    return {question.said or "" for question in db.session.scalars(kept)}


def _asked() -> Select[Question]:
    return select(Question).filter_by(**SAME_AS)
