"""A sample of one case that waits to be entered again, and a signal for its endoscopist to read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from registry.codes.integrity import IntegrityKind
from registry.models import (
    Examination,
    IntegritySignal,
    ReabstractedField,
    Reabstraction,
    ReabstractionSample,
)

DAY = date(2024, 3, 1)
AGAIN = [ReabstractionSample, Reabstraction, ReabstractedField, IntegritySignal]


def entered_again(unit: Any, findings: str, now: datetime, centre: dict[str, Any]) -> list[Any]:
    """One of each at the centre of the examination that stands there already."""
    seen = unit.session.scalar(
        select(Examination).where(Examination.centre_id == centre["centre_id"]).limit(1)
    )
    sample = ReabstractionSample(
        month="2024-03",
        share=5,
        least=1,
        population=1,
        size=1,
        seed=findings,
        method="m",
        digest="0" * 64,
        drawn_at=now,
        **centre,
    )
    unit.add(sample)
    unit.session.flush()
    again = Reabstraction(reabstraction_sample_id=sample.id, examination_id=seen.id, place=1, **centre)
    unit.add(again)
    unit.session.flush()
    field = ReabstractedField(reabstraction_id=again.id, field="sedation", first="none", **centre)
    signal = IntegritySignal(
        operator_id=seen.operator_id,
        kind=IntegrityKind.SIX_MINUTES,
        first_on=DAY,
        last_on=DAY,
        counted=9,
        known=10,
        p=0,
        said_zh=findings,
        said_en=findings,
        mark=findings,
        raised_at=now,
        **centre,
    )
    unit.add(field, signal)
    return [sample, again, field, signal]
