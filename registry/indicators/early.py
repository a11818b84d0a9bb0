"""Cancer and early cancer as SQL expressions over tumours; the wording stands in rules.early.

`rules.early.early` answers for one record, these for millions; a test holds them together.
"""

from typing import Any

from sqlalchemy import and_, case, false, null, or_, true

from registry.codes.lesion import COLORECTUM, Organ
from registry.codes.pathology import Depth, Morphology, Vienna
from registry.codes.tumour import StagePrefix, TCategory

CARCINOMA = [category for category in Vienna if category.carcinoma]
HIGH_GRADE = [category for category in Vienna if category.high_grade]
MUCOSA = [depth for depth in Depth if depth.intramucosal]
SUBMUCOSA = [depth for depth in Depth if depth.submucosal]
# Malignant, but no carcinoma of the mucosa: lymphoma, GIST, low-grade neuroendocrine tumour.
NO_CARCINOMA = [
    kind
    for kind in Morphology
    if kind.invasive and not kind.carcinoma and kind is not Morphology.NEOPLASM_MALIGNANT
]


def of_organ(tumour: Any, organ: Organ) -> Any:
    """Whether a tumour is of this organ; colon stands for colon and rectum, which definitions take as one."""
    return tumour.organ.in_(sorted(COLORECTUM, key=str) if organ in COLORECTUM else [organ])


def cancer(tumour: Any) -> Any:
    """Carcinoma proved: invasive, or intramucosal by its worst category."""
    carcinoma = or_(tumour.invasive, tumour.worst.in_(CARCINOMA))
    return and_(carcinoma, or_(tumour.morphology.is_(None), tumour.morphology.not_in(NO_CARCINOMA)))


def high_grade(tumour: Any) -> Any:
    """High-grade neoplasia without proved carcinoma."""
    return and_(
        tumour.worst.in_(HIGH_GRADE),
        or_(tumour.invasive.is_(None), tumour.invasive.is_(False)),
    )


def early_extent(tumour: Any, organ: Organ) -> Any:
    """Whether a cancer of this organ is early by NHC 2022: by proved depth, else by T; NULL for cannot tell.

    The oesophagus stops at the mucosa.
    """
    pathological = tumour.stage_prefix == StagePrefix.PATHOLOGICAL
    mucosa_only = organ is Organ.OESOPHAGUS
    depths = MUCOSA if mucosa_only else MUCOSA + SUBMUCOSA
    within = [t for t in TCategory if (t.within_mucosa if mucosa_only else t.within_submucosa)]
    beyond = [TCategory.T1B] if mucosa_only else []
    return case(
        (tumour.deepest.is_not(None), tumour.deepest.in_(depths)),
        (tumour.t.in_([t for t in TCategory if t.beyond_submucosa]), false()),
        (and_(pathological, tumour.t.in_(within)), true()),
        (and_(pathological, tumour.t.in_(beyond)), false()),
        else_=null(),
    )


def early(tumour: Any) -> Any:
    """Whether a cancer is early by NHC 2022, whatever its organ; NULL for cannot tell.

    Tumours that are no cancer are for the caller to leave out.
    """
    return case(
        (tumour.organ == Organ.OESOPHAGUS, early_extent(tumour, Organ.OESOPHAGUS)),
        (
            tumour.organ.in_([Organ.STOMACH, Organ.COLON, Organ.RECTUM]),
            early_extent(tumour, Organ.STOMACH),
        ),
        else_=null(),
    )


def yes_or_no(condition: Any, otherwise: Any) -> Any:
    """Yes where `condition` holds, no where `otherwise` holds, not known elsewhere."""
    return case((condition, true()), (otherwise, false()), else_=null())
