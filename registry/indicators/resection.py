"""What an ESD specimen proves, as SQL expressions: complete, in clear margins, deeper than early."""

from typing import Any

from sqlalchemy import and_, case, false, func, not_, null, or_, select, true

from registry.codes.lesion import Organ, Site
from registry.codes.pathology import Finding, Margin, Method
from registry.indicators.early import CARCINOMA, HIGH_GRADE, MUCOSA, SUBMUCOSA
from registry.models import Lesion, Report, Result, Specimen

_OESOPHAGEAL = [site for site in Site if site.organ is Organ.OESOPHAGUS]
_TOO_DEEP = or_(
    Result.depth.not_in(MUCOSA + SUBMUCOSA), and_(Lesion.site.in_(_OESOPHAGEAL), Result.depth.not_in(MUCOSA))
)
# Without a stated Vienna category type and morphology say whether it is carcinoma, as in rules.summary.
_CARCINOMA_TYPES = [kind for kind in Result.who_type.type.codes if kind.is_carcinoma]
_CARCINOMA_MORPHOLOGY = [kind for kind in Result.morphology.type.codes if kind.carcinoma]
_IN_SITU = [kind for kind in Result.morphology.type.codes if kind.behaviour == "2"]
_HIGH_GRADE_OR_CANCER = or_(
    Result.vienna.in_(HIGH_GRADE + CARCINOMA),
    and_(
        Result.vienna.is_(None),
        or_(
            Result.who_type.in_(_CARCINOMA_TYPES),
            Result.morphology.in_(_CARCINOMA_MORPHOLOGY + _IN_SITU),
        ),
    ),
)
# A margin that the report does not grade is as its R0 says, where it says so.
_CLEAR = and_(
    func.coalesce(Result.horizontal_margin == Margin.CLEAR, Result.r0),
    func.coalesce(Result.vertical_margin == Margin.CLEAR, Result.r0),
)


def _count(condition):
    return func.count().filter(condition)


# One row for each ESD specimen that has a current report: what its neoplastic results say together.
PROVED: Any = (
    select(
        Report.specimen_id.label("specimen_id"),
        _count(_HIGH_GRADE_OR_CANCER).label("neoplastic"),
        _count(and_(_HIGH_GRADE_OR_CANCER, _TOO_DEEP)).label("too_deep"),
        _count(and_(_HIGH_GRADE_OR_CANCER, _CLEAR)).label("clear"),
        _count(and_(_HIGH_GRADE_OR_CANCER, not_(_CLEAR))).label("not_clear"),
    )
    .join(Result, Result.report_id == Report.id)
    .join(Specimen, Specimen.id == Report.specimen_id)
    .outerjoin(Lesion, Lesion.id == Result.lesion_id)
    .where(
        Report.current,
        Specimen.method == Method.ESD,
        Result.finding.is_distinct_from(Finding.NO_RESIDUAL),
    )
    .group_by(Report.specimen_id)
    .subquery("proved")
)
ESD = Specimen.method == Method.ESD
# Tissue that was lost has no report to come.
EXPECTED = or_(Specimen.reported, Specimen.retrieved.is_not(False))
WAITING = and_(not_(Specimen.reported), Specimen.retrieved.is_not(False))
EN_BLOC = case((and_(Specimen.en_bloc.is_(None), Specimen.pieces > 1), false()), else_=Specimen.en_bloc)
# Early by what the report says, or not reported yet; one whose depth is unknown is not known to be deeper.
EARLY = or_(WAITING, and_(PROVED.c.neoplastic > 0, PROVED.c.too_deep == 0))
COMPLETE = case(
    (and_(Specimen.reported, or_(not_(EN_BLOC), PROVED.c.not_clear > 0)), false()),
    (and_(EN_BLOC, PROVED.c.clear == PROVED.c.neoplastic), true()),
    else_=null(),
)
