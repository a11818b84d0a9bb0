"""One entry of what a person brings along, at the centre that recorded it."""

from typing import Any

from sqlalchemy import select

from registry.extensions import db
from registry.models import KnownSyndrome, PriorSurgery, RiskAssessment, ScreeningRound, VitalStatus
from registry.queries.centre import here

BROUGHT: dict[str, Any] = {
    model.__tablename__: model
    for model in (PriorSurgery, KnownSyndrome, RiskAssessment, ScreeningRound, VitalStatus)
}


def entry(kind: str, entry_id: int) -> Any:
    """An entry that the own centre recorded, by its kind and id; None otherwise."""
    model = BROUGHT[kind]
    return db.session.scalar(select(model).where(model.id == entry_id, here(model)))


def assessments(person_id: int) -> dict[int, RiskAssessment]:
    """The risk assessments of a person within scope, by id."""
    rows = db.session.scalars(select(RiskAssessment).where(RiskAssessment.person_id == person_id))
    return {row.id: row for row in rows}
