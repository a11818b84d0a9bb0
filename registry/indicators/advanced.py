"""Advanced neoplasia of the large bowel found at a colonoscopy, as SQL expressions over its lesions.

An adenoma is advanced from 10 mm on, with a quarter or more of it villous, or with high-grade dysplasia.
Its size is the endoscopist's, or the pathologist's where that is all there is.
"""

from typing import Any

from sqlalchemy import and_, case, exists, false, func, null, or_, select, true
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.pathology import WhoType
from registry.indicators.early import HIGH_GRADE

LARGE_MM = 10
VILLOUS_PERCENT = 25
_VILLOUS = [kind for kind in WhoType if kind.is_villous]


def found_at(colonoscopies: Any) -> tuple[Any, Any]:
    """Whether these colonoscopies found an advanced adenoma, and whether a report that may tell is awaited.

    Parameters
    ----------
    colonoscopies : callable
        Takes an alias of the examination and returns which are meant.

    Returns
    -------
    tuple of SQL expression
        The first is NULL where an adenoma has neither size nor high grade nor villous parts on record, or
        tissue was taken and nobody knows what it was: then nobody knows.
    """

    def there(where: Any) -> Any:
        lesion, examination = aliased(models.Lesion), aliased(models.Examination)
        return exists(
            select(lesion.id)
            .join(examination, examination.id == lesion.examination_id)
            .where(colonoscopies(examination), where(lesion))
        )

    unsure = case((there(_unclear), null()), else_=false())
    return case((there(advanced), true()), else_=unsure), there(lambda lesion: lesion.awaited)


def advanced(lesion: Any) -> Any:
    """Whether a lesion is an advanced adenoma, as far as its own facts and current reports tell."""
    result, report = aliased(models.Result), aliased(models.Report)
    said = (
        select(result.id)
        .join(report, report.id == result.report_id)
        .where(result.lesion_id == lesion.id, report.current)
    )
    villous = said.where(
        or_(result.who_type.in_(_VILLOUS), result.villous_percent >= VILLOUS_PERCENT)
    ).exists()
    large = said.where(result.size_mm >= LARGE_MM).exists()
    return and_(
        lesion.adenoma,
        or_(
            lesion.size_mm >= LARGE_MM,
            lesion.worst.in_(HIGH_GRADE),
            and_(lesion.size_mm.is_(None), large),
            villous,
        ),
    )


def _unclear(lesion: Any) -> Any:
    """Tissue that says nothing, or an adenoma of no known size."""
    result, report = aliased(models.Result), aliased(models.Report)
    measured = exists().where(
        result.lesion_id == lesion.id,
        report.id == result.report_id,
        report.current,
        result.size_mm.is_not(None),
    )
    return or_(
        and_(lesion.sampled, lesion.adenoma.is_(None), func.coalesce(lesion.awaited, false()).is_(False)),
        and_(lesion.adenoma, lesion.size_mm.is_(None), ~measured),
    )
