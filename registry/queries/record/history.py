"""One entry of what a person brings along, at the centre that recorded it."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from registry.codes.desk import TextSource
from registry.extensions import db
from registry.models import (
    Examination,
    KnownSyndrome,
    PriorSurgery,
    Report,
    RiskAssessment,
    ScreeningRound,
    Specimen,
    VitalStatus,
)
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


class Words(NamedTuple):
    """One text about somebody: of which examination, from which day, where it stands, and the text."""

    examination_id: int
    on: date
    source: TextSource
    text: str


def texts(person_id: int, *, most: int = 50) -> list[Words]:
    """What the own centre's examinations of a person, and the current reports on them, say; newest first."""
    mine = (Examination.person_id == person_id, here(Examination))
    seen = select(
        Examination.id, Examination.performed_on, Examination.findings, Examination.diagnosis
    ).where(*mine)
    found = [
        Words(row.id, row.performed_on, source, text)
        for row in db.session.execute(seen.order_by(Examination.performed_on.desc()).limit(most))
        for source, text in ((TextSource.FINDINGS, row.findings), (TextSource.DIAGNOSIS, row.diagnosis))
        if text
    ]
    reported = (
        select(Examination.id, Specimen.taken_on, Report.wording)
        .join(Specimen, Specimen.examination_id == Examination.id)
        .join(Report, Report.specimen_id == Specimen.id)
        .where(*mine, Report.current, Report.wording.is_not(None))
    )
    found += [
        Words(row.id, row.taken_on, TextSource.WORDING, row.wording or "")
        for row in db.session.execute(reported.order_by(Specimen.taken_on.desc()).limit(most))
    ]
    return sorted(found, key=lambda one: (one.on, one.examination_id), reverse=True)
