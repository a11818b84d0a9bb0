"""Cases of one endoscopist that are worth looking at again, by rules that are stated."""

from datetime import date

from sqlalchemy import exists, select

from registry.codes.endoscopy import ExaminationType
from registry.extensions import db
from registry.indicators import Indicator, State
from registry.models import Examination, Lesion, Specimen
from registry.queries.counting.indicator_cases import behind


def latest_of(
    indicator: Indicator, state: State, *, operator_id: int, start: date, end: date
) -> tuple[int, date] | None:
    """Id and day of the endoscopist's latest examination that an indicator counts in this state."""
    wanted = behind(indicator, state, start=start, end=end, operator_id=operator_id)
    return _first(select(Examination.id, Examination.performed_on).where(wanted))


def longest_without_finding(
    *, operator_id: int, start: date, end: date, minutes: float
) -> tuple[int, date, float] | None:
    """Id, day and minutes of the colonoscopy withdrawn from longest, of those without lesion or specimen."""
    seen = exists().where(Lesion.examination_id == Examination.id)
    taken = exists().where(Specimen.examination_id == Examination.id)
    statement = (
        select(Examination.id, Examination.performed_on, Examination.withdrawal_min)
        .where(Examination.type == ExaminationType.COLONOSCOPY, Examination.operator_id == operator_id)
        .where(Examination.performed_on.between(start, end), Examination.withdrawal_min >= minutes)
        .where(~seen, ~taken)
        .order_by(Examination.withdrawal_min.desc(), Examination.id.desc())
    )
    row = db.session.execute(statement.limit(1)).first()
    return None if row is None else (row.id, row.performed_on, float(row.withdrawal_min))


def _first(statement: object) -> tuple[int, date] | None:
    ordered = statement.order_by(Examination.performed_on.desc(), Examination.id.desc())  # type: ignore[attr-defined]
    row = db.session.execute(ordered.limit(1)).first()
    return None if row is None else (row.id, row.performed_on)
