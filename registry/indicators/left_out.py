"""What takes an examination out of an indicator: earlier surgery, disease that changes what is expected."""

from typing import Any

from sqlalchemy import and_, or_, true

from registry import models
from registry.codes.lesion import COLORECTUM
from registry.codes.outcome import TreatmentType
from registry.codes.person import Surgery, Syndrome
from registry.indicators.indicator import Mark, Source

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
KnownSyndrome: Any = models.KnownSyndrome
PriorSurgery: Any = models.PriorSurgery
Treatment: Any = models.Treatment
Tumour: Any = models.Tumour

COLORECTAL_SURGERY = [
    Surgery.RIGHT_COLECTOMY,
    Surgery.LEFT_COLECTOMY,
    Surgery.SIGMOID_COLECTOMY,
    Surgery.TOTAL_COLECTOMY,
    Surgery.RECTAL_RESECTION,
]
_OF_THE_BOWEL = [
    Syndrome.FAP,
    Syndrome.LYNCH,
    Syndrome.IBD_UC,
    Syndrome.IBD_CD,
    Syndrome.PEUTZ_JEGHERS,
    Syndrome.JUVENILE,
]
# Part of the large bowel is gone.
OPERATED = (
    Mark(
        Source.OPERATION,
        where=and_(
            PriorSurgery.kind.in_(COLORECTAL_SURGERY),
            or_(PriorSurgery.operated_on.is_(None), PriorSurgery.operated_on <= Examination.performed_on),
        ),
        excludes=True,
    ),
    Mark(
        Source.TREATMENT,
        where=and_(
            Treatment.type == TreatmentType.SURGERY,
            Treatment.refused.is_distinct_from(True),
            Treatment.started_on < Examination.performed_on,
            Tumour.organ.in_(sorted(COLORECTUM, key=str)),
        ),
        excludes=True,
    ),
)
# Inflammatory bowel disease, and syndromes under which adenomas are the rule.
BOWEL_DISEASE = Mark(
    Source.SYNDROME, where=and_(true(), KnownSyndrome.syndrome.in_(_OF_THE_BOWEL)), excludes=True
)
