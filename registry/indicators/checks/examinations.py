"""Checks of examinations and of the persons examined: what is recorded, and what agrees with what."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, not_, or_

from registry import models
from registry.codes.endoscopy import ExaminationType, Extent, Indication
from registry.codes.person import Precision, Sex
from registry.indicators.checks.check import (
    Check,
    Records,
    Threshold,
    filled,
    no,
    unlikely,
    usual,
)
from registry.indicators.endoscopy import COLONOSCOPY, OGD
from registry.label import Label
from registry.models.examination import UPPER_SITES

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
Person: Any = models.Person

ESGE_UPPER = Label(
    "ESGE 上消化道内镜质量指标（2016），凭记忆引用",
    "ESGE, Performance measures for upper GI endoscopy, 2016, quoted from memory",
)
ALL = Label("全部检查", "all examinations")
ALL_OGD = Label("胃镜", "gastroscopies")
WHOLE_OGD = Label("未注明中断的胃镜", "gastroscopies without a reason for being incomplete")
ALL_COLONOSCOPIES = Label("肠镜", "colonoscopies")
REACHED = Label("到达盲肠的肠镜", "colonoscopies that reached the caecum")
STOPPED = Label("未到达盲肠的肠镜", "colonoscopies that did not reach the caecum")
NOT_STOPPED = Label("未写明未到盲肠的肠镜", "colonoscopies not said to have stopped short of the caecum")
SEGMENT_REACHED = Label("到达该肠段的肠镜", "colonoscopies that reached the segment")
THERAPY = Label("内镜治疗", "therapeutic endoscopies")
KNOWN = Label("已填写的检查", "examinations that record it")

_therapeutic = or_(
    Examination.type.in_([ExaminationType.THERAPEUTIC_UPPER, ExaminationType.THERAPEUTIC_LOWER]),
    Examination.indication.is_not_distinct_from(Indication.THERAPY),
)
_whole = and_(OGD, Examination.incomplete_reason.is_(None))
_reached = and_(COLONOSCOPY, Examination.caecum_reached.is_(True))
_stopped = and_(COLONOSCOPY, Examination.caecum_reached.is_(False))
_not_stopped = and_(COLONOSCOPY, Examination.caecum_reached.is_not(False))
_short = [one for one in Extent if one.short_of_caecum]
# A segment is reached unless the extent lies before its first part.
_before = {
    "bbps_right": [one for one in _short if one.rank < Extent.ASCENDING.rank],
    "bbps_transverse": [one for one in _short if one.rank < Extent.SPLENIC.rank],
}


def _segment(name: str) -> Check:
    column, reason = getattr(Examination, name), getattr(Examination, f"{name}_missing")
    before = _before.get(name)
    of = COLONOSCOPY
    if before is not None:
        unreached = and_(Examination.caecum_reached.is_(False), Examination.extent.in_(before))
        of = and_(COLONOSCOPY, no(unreached))
    return filled(Records.EXAMINATION, column, SEGMENT_REACHED, of=of, or_else=(reason,))


def _examination(column: Any, whom: Label = ALL, **more: Any) -> Check:
    return filled(Records.EXAMINATION, column, whom, **more)


_extent = (Examination.extent, Examination.caecum_reached)
CHECKS: tuple[Check, ...] = (
    replace(
        filled(Records.PERSON, Person.sex, ALL),
        fine_when=Label("男或女", "it is male or female"),
        fine=Person.sex.in_([Sex.MALE, Sex.FEMALE]),
    ),
    filled(Records.PERSON, Person.born_on, ALL),
    _examination(Examination.number),
    _examination(Examination.operator_id, label=Label("操作医师", "Operator")),
    _examination(Examination.indication),
    _examination(Examination.photos),
    *(_examination(getattr(Examination, name), WHOLE_OGD, of=_whole) for name in UPPER_SITES),
    _examination(Examination.upper_minutes, ALL_OGD, of=OGD, threshold=Threshold(0.90, ESGE_UPPER)),
    _examination(Examination.caecum_reached, ALL_COLONOSCOPIES, of=COLONOSCOPY),
    _examination(Examination.caecum_photo, REACHED, of=_reached),
    _examination(Examination.extent, STOPPED, of=_stopped),
    _examination(Examination.incomplete_reason, STOPPED, of=_stopped),
    *(_segment(name) for name in ("bbps_right", "bbps_transverse", "bbps_left")),
    _examination(
        Examination.withdrawal_min, NOT_STOPPED, of=_not_stopped, or_else=(Examination.withdrawal_missing,)
    ),
    _examination(
        Examination.any_adverse_event, THERAPY, of=_therapeutic, threshold=Threshold(0.95, ESGE_UPPER)
    ),
    _examination(Examination.contact_30d, THERAPY, of=_therapeutic),
    usual(Records.EXAMINATION, Examination.age, KNOWN),
    usual(Records.EXAMINATION, Examination.upper_minutes, KNOWN),
    usual(Records.EXAMINATION, Examination.withdrawal_min, KNOWN),
    unlikely(
        Records.EXAMINATION,
        Examination.caecum_reached,
        Label("填了到达部位和是否到盲肠的检查", "examinations that record extent and caecum"),
        fine_when=Label(
            "未到达盲肠者，到达部位在盲肠以下", "one that stopped short names an extent short of it"
        ),
        of=and_(Examination.caecum_reached.is_not(None), Examination.extent.is_not(None)),
        fine=not_(
            and_(
                Examination.caecum_reached.is_(False),
                Examination.extent.in_([Extent.CAECUM, Extent.TERMINAL_ILEUM]),
            )
        ),
        shows=_extent,
    ),
    unlikely(
        Records.EXAMINATION,
        Examination.caecum_photo,
        Label("填了盲肠留图和是否到盲肠的检查", "examinations that record caecum and its photograph"),
        fine_when=Label("未到达盲肠者没有盲肠照片", "one that stopped short has no photograph of the caecum"),
        of=and_(Examination.caecum_reached.is_not(None), Examination.caecum_photo.is_not(None)),
        fine=not_(and_(Examination.caecum_reached.is_(False), Examination.caecum_photo.is_(True))),
        shows=(Examination.caecum_reached, Examination.caecum_photo),
    ),
    *(
        unlikely(
            Records.EXAMINATION,
            getattr(Examination, name),
            Label("有该段评分和到达部位的检查", "examinations with a score of the segment and an extent"),
            fine_when=Label("该肠段在到达部位之内", "the segment lies within the extent"),
            of=and_(getattr(Examination, name).is_not(None), Examination.extent.is_not(None)),
            fine=Examination.extent.not_in(before),
            shows=(getattr(Examination, name), Examination.extent),
        )
        for name, before in _before.items()
    ),
    unlikely(
        Records.PERSON,
        Person.died_on,
        Label("死亡日期已知到日者的检查", "examinations of persons whose day of death is known"),
        fine_when=Label("检查不晚于死亡", "the examination is not later than the death"),
        of=and_(
            Person.died_on.is_not(None),
            or_(Person.died_precision.is_(None), Person.died_precision == Precision.DAY),
        ),
        fine=Examination.performed_on <= Person.died_on,
        shows=(Person.died_on,),
    ),
)
