"""Checks of tumours, risk assessments and follow-ups."""

from typing import Any

from sqlalchemy import and_, not_, or_

from registry import models
from registry.codes.lesion import Organ
from registry.codes.outcome import ContactOutcome
from registry.codes.pathology import Depth, Morphology
from registry.codes.tumour import MCategory, NCategory, StageGroup, SummaryStage, TCategory
from registry.indicators.checks.check import (
    Check,
    Records,
    filled,
    unlikely,
    usual,
    yes,
)
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
FollowUp: Any = models.FollowUp
RiskAssessment: Any = models.RiskAssessment
Tumour: Any = models.Tumour

ALL = Label("全部肿瘤", "all tumours")
STAGED = Label("有 T 或分期组的肿瘤", "tumours with a T or a stage group")
CONTACTS = Label("全部联系记录", "all contacts")
ALIVE = Label("联系到且未死亡者", "contacts that did not end with a death")

_colorectal = Tumour.organ.in_([one for one in Organ if one.colorectal])
_invasive_t = Tumour.t.in_([one for one in TCategory if one.invasive])
_mucosal = Tumour.deepest.in_([one for one in Depth if one.intramucosal])
_in_situ = Tumour.morphology.in_([one for one in Morphology if one.behaviour == "2"])
_distant = Tumour.m.in_([MCategory.M1, MCategory.M1A, MCategory.M1B, MCategory.M1C])
_nodes = and_(Tumour.n.is_not(None), Tumour.n.not_in([NCategory.N0, NCategory.NX]))
_fourth = [one for one in StageGroup if one.broad in {StageGroup.IV, StageGroup.X}]
_near = [SummaryStage.LOCALISED, SummaryStage.REGIONAL]
CHECKS: tuple[Check, ...] = (
    *(
        filled(Records.TUMOUR, column, ALL)
        for column in (
            *(Tumour.topography, Tumour.morphology, Tumour.incidence_on, Tumour.basis, Tumour.detection),
        )
    ),
    filled(
        Records.TUMOUR,
        Tumour.stage_group,
        ALL,
        or_else=(Tumour.summary_stage, Tumour.t),
        fine_when=Label("有分期组、概要分期或 T", "a stage group, a summary stage or a T is recorded"),
        label=Label("分期", "Stage"),
    ),
    filled(
        Records.TUMOUR,
        Tumour.stage_edition,
        STAGED,
        of=or_(Tumour.stage_group.is_not(None), Tumour.t.is_not(None)),
    ),
    filled(Records.FOLLOW_UP, FollowUp.outcome, CONTACTS),
    filled(
        Records.FOLLOW_UP,
        FollowUp.next_due_on,
        ALIVE,
        of=and_(FollowUp.outcome.is_not(None), FollowUp.outcome != ContactOutcome.DIED),
    ),
    unlikely(
        Records.TUMOUR,
        Tumour.t,
        Label("有 T 的肿瘤", "tumours with a T"),
        fine_when=Label(
            "结直肠黏膜内癌和原位癌不是 T1 及以上",
            "what is in situ, or mucosal in the large bowel, is not T1 or above",
        ),
        of=Tumour.t.is_not(None),
        fine=not_(and_(_invasive_t, or_(yes(and_(_colorectal, _mucosal)), yes(_in_situ)))),
        shows=(Tumour.t, Tumour.deepest, Tumour.morphology),
    ),
    unlikely(
        Records.TUMOUR,
        Tumour.stage_group,
        Label("有 M 和分期组的肿瘤", "tumours with an M and a stage group"),
        fine_when=Label("M1 为Ⅳ期", "M1 is stage IV"),
        of=and_(Tumour.m.is_not(None), Tumour.stage_group.is_not(None)),
        fine=or_(not_(_distant), Tumour.stage_group.in_(_fourth)),
        shows=(Tumour.m, Tumour.stage_group),
    ),
    unlikely(
        Records.TUMOUR,
        Tumour.summary_stage,
        Label("有概要分期和 N 或 M 的肿瘤", "tumours with a summary stage and an N or M"),
        fine_when=Label(
            "M1 为远处，有区域淋巴结者不是局限期", "M1 is distant, involved nodes are not localised"
        ),
        of=and_(Tumour.summary_stage.is_not(None), or_(Tumour.n.is_not(None), Tumour.m.is_not(None))),
        fine=not_(
            or_(
                yes(and_(_distant, Tumour.summary_stage.in_(_near))),
                yes(and_(_nodes, Tumour.summary_stage == SummaryStage.LOCALISED)),
            )
        ),
        shows=(Tumour.n, Tumour.m, Tumour.summary_stage),
    ),
    usual(
        Records.ASSESSMENT,
        RiskAssessment.pepsinogen_ratio,
        Label("有 PGR 的评估", "assessments with a pepsinogen ratio"),
    ),
    usual(Records.ASSESSMENT, RiskAssessment.bmi, Label("有体质指数的评估", "assessments with a BMI")),
)
