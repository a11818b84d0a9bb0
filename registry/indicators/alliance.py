"""The alliance's own indicators: early cancers found, resection by ESD, pathology returned, follow-up."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, case, exists, false, func, null, select, true
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.endoscopy import AdverseKind
from registry.codes.lesion import Organ
from registry.codes.pathology import Method
from registry.indicators.colonoscopy import REACHED, harm_after
from registry.indicators.detection import early_detection
from registry.indicators.indicator import (
    Counts,
    Evidence,
    Indicator,
    IndicatorSet,
    NotCounted,
    Source,
    Words,
)
from registry.indicators.resection import COMPLETE, EARLY, EN_BLOC, ESD, WAITING
from registry.label import Label
from registry.models.portable import days_between

# Columns as expressions: a type checker takes a nullable one for no condition.
Specimen: Any = models.Specimen
Report: Any = models.Report

OWN: dict[str, Any] = {
    "source": Label("本联盟自定", "The alliance's own"),
    "edition": "2026",
    "evidence": Evidence.PROPOSED,
}
RETURN_DAYS = 14
DETECTION = (
    early_detection("EARLY-OESOPHAGUS", Organ.OESOPHAGUS),
    early_detection("EARLY-STOMACH", Organ.STOMACH),
    early_detection("EARLY-COLORECTUM", Organ.COLON),
)
EN_BLOC_ESD = Indicator(
    key="ESD-EN-BLOC",
    label=Label("ESD 整块切除率", "En bloc resection by ESD"),
    clause=Label("整块切除率", "En bloc resection rate"),
    counts=Counts.SPECIMENS,
    base=Source.RESECTION,
    words=Words(
        Label("整块切除的标本", "Specimens removed in one piece"), Label("全部 ESD 标本", "All ESD specimens")
    ),
    eligible=ESD,
    met=EN_BLOC,
    target=0.9,
    **OWN,
)
R0_ESD = Indicator(
    key="ESD-R0",
    label=Label("ESD R0 切除率", "R0 resection by ESD"),
    clause=Label("R0 切除率", "R0 resection rate"),
    counts=Counts.SPECIMENS,
    base=Source.RESECTION,
    words=Words(
        Label(
            "整块切除且水平、垂直切缘均阴性的标本",
            "Specimens en bloc with clear horizontal and vertical margins",
        ),
        Label(
            "病理为早期癌或高级别上皮内瘤变的 ESD 标本",
            "ESD specimens with early cancer or high-grade neoplasia",
        ),
    ),
    eligible=EARLY,
    met=COMPLETE,
    awaited=WAITING,
    specimens=ESD,
    target=0.8,
    **OWN,
)


def _after_esd(key: str, name: Label, kind: AdverseKind, **said: Any) -> Indicator:
    words = Words(
        Label("ESD 后发生%(what)s的例次", "Procedures with ESD followed by %(what)s")
        % {"what": kind.label.inside},
        Label("同期行 ESD 的例次", "Procedures with ESD in the period"),
        REACHED,
    )
    return harm_after(kind, [Method.ESD], true(), words, key=key, label=name, clause=name, **said, **OWN)


ESD_HARM = (
    _after_esd(
        "ESD-PERFORATION", Label("ESD 穿孔率", "Perforation at ESD"), AdverseKind.PERFORATION, target=0.03
    ),
    _after_esd(
        "ESD-BLEEDING", Label("ESD 后出血率（30 天）", "Bleeding after ESD, 30 days"), AdverseKind.BLEEDING
    ),
    _after_esd("ESD-STRICTURE", Label("ESD 后狭窄率", "Stricture after ESD"), AdverseKind.STRICTURE),
)
_waited: Any = aliased(models.Specimen)


def _first_report(of: Any) -> Any:
    return select(func.min(Report.reported_on)).where(Report.specimen_id == of.id).scalar_subquery()


def _in_time(of: Any) -> Any:
    """Whether a specimen's first report came within the days; NULL where it has no date."""
    return case(
        (of.reported.is_(False), false()),
        else_=days_between(of.taken_on, _first_report(of)) <= RETURN_DAYS,
    )


def _returnable(of: Any) -> Any:
    """Whether a report of a specimen may be asked for by now; what was lost in the lumen gets none."""
    return and_(
        func.coalesce(of.retrieved, true()),
        days_between(of.taken_on, func.current_date()) >= RETURN_DAYS,
    )


def _any_beside(condition: Any) -> Any:
    """Whether the examination of a specimen has one, itself included, of which this holds."""
    return exists().where(_waited.examination_id == Specimen.examination_id, _returnable(_waited), condition)


PATHOLOGY_RETURN = Indicator(
    key="PATHOLOGY-RETURN",
    label=Label("病理 14 天回报率", "Pathology reported within 14 days"),
    clause=Label("病理回报率", "Pathology return"),
    counts=Counts.EXAMINATIONS,
    base=Source.SPECIMEN,
    words=Words(
        Label(
            "全部标本在取材后 14 天内有首份病理报告的例次",
            "Examinations with every specimen first reported within 14 days of being taken",
        ),
        Label(
            "取了组织（活检或切除）、取材已满 14 天的例次",
            "Examinations at which tissue was taken, by biopsy or resection, 14 days ago or more",
        ),
        Label(
            "未回收的标本；其余均按时、而有一份报告无日期的例次为未知",
            "Specimens that were lost; where the others came in time and one report has no date: unknown",
        ),
    ),
    eligible=_returnable(Specimen),
    met=case(
        (_any_beside(_in_time(_waited).is_(False)), false()),
        (_any_beside(_in_time(_waited).is_(None)), null()),
        else_=true(),
    ),
    replaces="PATHOLOGY-RETURN.specimens",
    **{**OWN, "edition": "2026, by examination"},
)
BY_SPECIMEN = replace(
    PATHOLOGY_RETURN,
    key="PATHOLOGY-RETURN.specimens",
    label=Label("%(name)s（按标本）", "%(name)s, by specimen") % {"name": PATHOLOGY_RETURN.label},
    counts=Counts.SPECIMENS,
    words=Words(
        Label("取材后 14 天内有首份病理报告的标本", "Specimens first reported within 14 days of being taken"),
        Label("取材已满 14 天的标本", "Specimens taken 14 days ago or more"),
        Label(
            "未回收的标本；有报告而无日期者为未知",
            "Specimens that were lost; reported without a date is unknown",
        ),
    ),
    met=_in_time(Specimen),
    remark=Label(
        "按标本计，不按例次：一次检查的几份标本可先后回报",
        "Counted by specimen, not by examination: those of one examination may come back apart",
    ),
    edition="2026",
    replaces=None,
    variant_of="PATHOLOGY-RETURN",
)
VARIANTS = (BY_SPECIMEN,)
SET = IndicatorSet(
    "ALLIANCE",
    Label("联盟指标", "The alliance's indicators"),
    (*DETECTION, EN_BLOC_ESD, R0_ESD, *ESD_HARM, PATHOLOGY_RETURN),
    (
        NotCounted(
            "治愈性切除率",
            Label("ESD 治愈性切除率（eCura A／B）", "Curative resection by ESD (eCura A or B)"),
            Label(
                "eCura 规则尚待临床核定；单例的判断见病例页",
                "The rules of eCura await clinical sign-off; the case's page judges one at a time",
            ),
        ),
    ),
    on=True,
)
