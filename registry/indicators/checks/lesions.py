"""Checks of lesions and specimens."""

from typing import Any

from sqlalchemy import and_, not_, or_

from registry import models
from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Impression, Organ, Site
from registry.codes.pathology import Method
from registry.indicators.checks.check import (
    Check,
    Records,
    Threshold,
    filled,
    unlikely,
    usual,
)
from registry.indicators.checks.examinations import ESGE_UPPER
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
Lesion: Any = models.Lesion
Specimen: Any = models.Specimen

ALL_LESIONS = Label("全部病变", "all lesions")
NOT_ADVANCED = Label("非进展期印象的病变", "lesions that do not look advanced")
ADVANCED = Label("进展期印象的病变", "lesions that look advanced")
ALL_SPECIMENS = Label("未遗失的标本", "specimens that were not lost")
RESECTIONS = Label("内镜切除标本", "endoscopic resections")
KEPT_RESECTIONS = Label("未遗失的内镜切除标本", "endoscopic resections that were not lost")
SHAPED = Label("有巴黎或 Borrmann 分型", "a Paris or a Borrmann type is recorded")
WORDED = Label("已填写的病变", "lesions that record it")

_upper_types = [one for one in ExaminationType if one.upper]
_lower_types = [one for one in ExaminationType if one.lower]
_upper_sites = [one for one in Site if one.organ in {Organ.OESOPHAGUS, Organ.STOMACH, Organ.DUODENUM}]
_lower_sites = [one for one in Site if one.organ in {Organ.COLON, Organ.RECTUM, Organ.ANUS}]
_oesophagus = [one for one in Site if one.organ is Organ.OESOPHAGUS]
_advanced = Lesion.impression.is_not_distinct_from(Impression.ADVANCED)
_kept = Specimen.retrieved.is_not(False)
_resections = Specimen.method.in_([one for one in Method if one.resects and one is not Method.SURGERY])
_terminology = Threshold(0.95, ESGE_UPPER)


def _of_an_organ(column: Any, sites: list[Site], where: Label) -> Check:
    return unlikely(
        Records.LESION,
        column,
        Label("有该分型和部位的病变", "lesions with this classification and a site"),
        fine_when=where,
        of=and_(column.is_not(None), Lesion.site.is_not(None)),
        fine=Lesion.site.in_(sites),
        shows=(column, Lesion.site),
    )


LOWER_ONLY = Label("病变在结直肠", "the lesion lies in the large bowel")
CHECKS: tuple[Check, ...] = (
    filled(Records.LESION, Lesion.site, ALL_LESIONS),
    filled(Records.LESION, Lesion.size_mm, ALL_LESIONS, or_else=(Lesion.size_missing,)),
    filled(Records.LESION, Lesion.impression, ALL_LESIONS),
    filled(
        Records.LESION,
        Lesion.paris,
        NOT_ADVANCED,
        of=not_(_advanced),
        or_else=(Lesion.borrmann,),
        fine_when=SHAPED,
        threshold=_terminology,
    ),
    filled(
        Records.LESION,
        Lesion.borrmann,
        ADVANCED,
        of=_advanced,
        or_else=(Lesion.paris,),
        fine_when=SHAPED,
        threshold=_terminology,
    ),
    filled(Records.SPECIMEN, Specimen.pathology_number, ALL_SPECIMENS, of=_kept),
    filled(Records.SPECIMEN, Specimen.pieces, KEPT_RESECTIONS, of=and_(_resections, _kept)),
    filled(Records.SPECIMEN, Specimen.en_bloc, RESECTIONS, of=_resections),
    usual(Records.LESION, Lesion.size_mm, WORDED),
    unlikely(
        Records.LESION,
        Lesion.site,
        Label("胃镜、肠镜中有部位的病变", "lesions with a site, of upper and lower endoscopies"),
        fine_when=Label("部位在所检查的器官", "the site lies in an organ that was examined"),
        of=and_(Lesion.site.is_not(None), Examination.type.in_([*_upper_types, *_lower_types])),
        fine=or_(
            and_(Examination.type.in_(_upper_types), Lesion.site.in_(_upper_sites)),
            and_(Examination.type.in_(_lower_types), Lesion.site.in_(_lower_sites)),
        ),
        shows=(Lesion.site, Examination.type),
    ),
    _of_an_organ(Lesion.lst, _lower_sites, LOWER_ONLY),
    _of_an_organ(Lesion.jnet, _lower_sites, LOWER_ONLY),
    _of_an_organ(Lesion.nice, _lower_sites, LOWER_ONLY),
    _of_an_organ(Lesion.jes, _oesophagus, Label("病变在食管", "the lesion lies in the oesophagus")),
    unlikely(
        Records.LESION,
        Lesion.lst,
        Label("有大小的侧向发育型", "laterally spreading lesions with a size"),
        key="lst_size",
        fine_when=Label("LST 不小于 10 mm", "a laterally spreading lesion is 10 mm or more"),
        of=and_(Lesion.lst.is_not(None), Lesion.size_mm.is_not(None)),
        fine=Lesion.size_mm >= 10,
        shows=(Lesion.lst, Lesion.size_mm),
    ),
    unlikely(
        Records.LESION,
        Lesion.borrmann,
        Label("有 Borrmann 分型和内镜印象的病变", "lesions with a Borrmann type and an impression"),
        fine_when=Label("内镜印象为进展期", "the impression is advanced"),
        of=and_(Lesion.borrmann.is_not(None), Lesion.impression.is_not(None)),
        fine=Lesion.impression == Impression.ADVANCED,
        shows=(Lesion.borrmann, Lesion.impression),
    ),
    unlikely(
        Records.SPECIMEN,
        Specimen.taken_on,
        Label("全部标本", "all specimens"),
        fine_when=Label("取材不早于检查", "it was not taken before the examination"),
        of=None,
        fine=Specimen.taken_on >= Examination.performed_on,
        shows=(Specimen.taken_on,),
    ),
    unlikely(
        Records.SPECIMEN,
        Specimen.en_bloc,
        Label("填为整块切除的标本", "specimens recorded as en bloc"),
        fine_when=Label("不是分片切除，块数不超过 1", "it was not piecemeal, and is one piece"),
        of=Specimen.en_bloc.is_(True),
        fine=and_(Specimen.method != Method.PEMR, or_(Specimen.pieces.is_(None), Specimen.pieces <= 1)),
        shows=(Specimen.method, Specimen.pieces),
    ),
)
