"""What an examination was and how well it was done, as SQL expressions over its own row."""

from typing import Any

from sqlalchemy import and_, case, exists, false, func, not_, null, or_, true

from registry import models
from registry.codes.endoscopy import (
    AdverseKind,
    AdverseOutcome,
    ExaminationType,
    Extent,
    Indication,
    Intervention,
)
from registry.codes.person import Missing
from registry.indicators.early import yes_or_no

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
AdverseEvent: Any = models.AdverseEvent

OGD = Examination.type == ExaminationType.OGD
COLONOSCOPY = Examination.type == ExaminationType.COLONOSCOPY

SCREENING = Examination.indication.in_(
    [Indication.SCREENING_ORGANISED, Indication.SCREENING_OPPORTUNISTIC, Indication.CHECK_UP]
)
POSITIVE_TEST = Examination.indication == Indication.POSITIVE_TEST
# Where nobody said why, it was an ordinary examination.
KNOWN_DISEASE = func.coalesce(Examination.indication.in_([Indication.WORK_UP, Indication.THERAPY]), false())
# Nothing seen and nothing taken; looked up once for each colonoscopy, in the pass of its own.
NORMAL = and_(
    COLONOSCOPY,
    ~exists().where(models.Lesion.examination_id == Examination.id),
    ~exists().where(models.Specimen.examination_id == Examination.id),
)
# Who had no event is known only of those who were reached afterwards.
UNHARMED = and_(not_(Examination.any_adverse_event), Examination.contact_30d)


def segments_well_prepared():
    """Every segment ≥2, a segment that is not applicable left aside; else what the total alone settles.

    8 or 9 needs 2 in every segment; ≤5 leaves one below it, if all three were seen; 6, 7 settle nothing.
    """
    segments = [
        (Examination.bbps_right, Examination.bbps_right_missing),
        (Examination.bbps_transverse, Examination.bbps_transverse_missing),
        (Examination.bbps_left, Examination.bbps_left_missing),
    ]
    nowhere = and_(*(score.is_(None) for score, _ in segments))
    left_out = or_(*(why.is_not_distinct_from(Missing.NOT_APPLICABLE) for _, why in segments))
    good = [or_(score >= 2, and_(score.is_(None), why == Missing.NOT_APPLICABLE)) for score, why in segments]
    return case(
        (Examination.bbps_total >= 8, true()),
        (and_(Examination.bbps_total <= 5, not_(left_out)), false()),
        (nowhere, null()),
        else_=and_(*good),
    )


def caecum_reached():
    """As stated, else as the farthest point reached tells; an anastomosis leaves it open."""
    extent = Examination.extent
    return case(
        (Examination.caecum_reached.is_not(None), Examination.caecum_reached),
        (extent.in_([Extent.CAECUM, Extent.TERMINAL_ILEUM]), true()),
        (extent.in_([point for point in Extent if point.short_of_caecum]), false()),
        else_=null(),
    )


def happened(kind: AdverseKind) -> Any:
    """Whether an event is of this kind; no only where the person was reached, so that none is missing."""
    return yes_or_no(AdverseEvent.kind == kind, Examination.contact_30d)


def serious():
    """Serious by the words of CDEI-11; no only where the facts that decide its kind are all known."""
    event = AdverseEvent
    invasive_rescue = event.intervention.in_([Intervention.SURGERY, Intervention.INTERVENTIONAL_RADIOLOGY])
    yes = or_(
        event.haemoglobin_drop >= 30,
        event.transfusion,
        invasive_rescue,
        event.severe_pancreatitis,
        event.sirs_criteria >= 2,
        event.outcome.in_([AdverseOutcome.DISABLED, AdverseOutcome.DIED]),
    )
    rescued_less = event.intervention.in_(
        [Intervention.NONE, Intervention.CONSERVATIVE, Intervention.ENDOSCOPIC]
    )
    got_over_it = event.outcome.in_([AdverseOutcome.RECOVERED, AdverseOutcome.RECOVERING])
    decides = case(
        (event.kind == AdverseKind.BLEEDING, and_(event.haemoglobin_drop < 30, not_(event.transfusion))),
        (event.kind == AdverseKind.PANCREATITIS, not_(event.severe_pancreatitis)),
        (event.kind == AdverseKind.INFECTION, event.sirs_criteria < 2),
        else_=true(),
    )
    return yes_or_no(yes, and_(decides, rescued_less, got_over_it, Examination.contact_30d))
