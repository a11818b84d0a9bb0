"""United Kingdom: colonoscopy KPIs 2016, bowel cancer screening programme 2011, upper endoscopy 2017."""

from typing import Any

from sqlalchemy import and_, func, true

from registry import models
from registry.codes.endoscopy import Indication, SiteSeen
from registry.indicators import colonoscopy
from registry.indicators.endoscopy import COLONOSCOPY, OGD, POSITIVE_TEST
from registry.indicators.indicator import (
    Counts,
    Evidence,
    Indicator,
    IndicatorSet,
    NotCounted,
    Source,
    Words,
)
from registry.indicators.missed import UPPER, missed
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination

KPI: dict[str, Any] = {
    "source": Label(
        "英国结肠镜关键绩效指标（JAG/BSG/ACPGBI 2016）",
        "JAG, BSG, ACPGBI, UK key performance indicators, 2016",
    ),
    "edition": "UK KPI 2016",
}
BCSP: dict[str, Any] = {
    "source": Label("英国肠癌筛查项目质量标准（NHS 2011）", "NHS Bowel Cancer Screening Programme, 2011"),
    "edition": "BCSP 2011",
}
OGD_2017: dict[str, Any] = {
    "source": Label(
        "英国上消化道内镜质量标准（BSG/AUGIS 2017）",
        "BSG, AUGIS, Quality standards in upper GI endoscopy, 2017",
    ),
    "edition": "UK OGD 2017",
    "evidence": Evidence.REMEMBERED,
}
IN_PRACTICE = and_(
    COLONOSCOPY,
    ~func.coalesce(
        Examination.indication.in_([Indication.SCREENING_ORGANISED, Indication.POSITIVE_TEST]), False
    ),
)
PROGRAMME = and_(COLONOSCOPY, POSITIVE_TEST)
STATIONS = (
    "seen_upper_oesophagus",
    "seen_cardia",
    "seen_fundus",
    "seen_body",
    "seen_angulus",
    "seen_antrum",
    "seen_bulb",
    "seen_d2",
)


def _volume(eligible: Any, what: Label, **said: Any) -> Indicator:
    """Examinations a year of each endoscopist on the list."""
    return Indicator(
        counts=Counts.PROCEDURES_A_YEAR,
        base=Source.EXAMINATION,
        words=Words(
            what,
            Label("本登记中在册的内镜医师数（现况）", "Endoscopists on the registry's list today"),
            Label("按医师分组才是每人的数", "A number for each only where grouped by endoscopist"),
        ),
        eligible=eligible,
        met=true(),
        per=1,
        target=100,
        **said,
    )


KPI_SET = IndicatorSet(
    "UK-KPI-2016",
    Label("英国结肠镜 KPI 2016", "UK colonoscopy KPIs 2016"),
    (
        colonoscopy.caecum(
            key="UK-CIR",
            label=Label("盲肠插镜率（英国）", "Caecal intubation (UK)"),
            clause="Unadjusted caecal intubation rate",
            target=0.9,
            desirable=0.95,
            **KPI,
        ),
        colonoscopy.adenomas(
            IN_PRACTICE,
            Label(
                "非筛查项目的结肠镜受检者", "Persons who had a colonoscopy outside the screening programme"
            ),
            key="UK-ADR",
            label=Label("腺瘤检出率（英国）", "Adenoma detection rate (UK)"),
            clause="Adenoma detection rate",
            target=0.15,
            desirable=0.2,
            **KPI,
        ),
        colonoscopy.preparation(
            key="UK-PREP",
            label=Label("肠道准备合格率（英国）", "Adequate preparation (UK)"),
            clause="Bowel preparation",
            target=0.9,
            desirable=0.95,
            **KPI,
        ),
        colonoscopy.withdrawal(
            key="UK-WITHDRAWAL",
            label=Label("平均退镜时间（英国）", "Mean withdrawal time (UK)"),
            clause="Mean withdrawal time in negative procedures",
            target=6,
            desirable=10,
            **KPI,
        ),
        colonoscopy.retrieval(
            key="UK-RETRIEVAL",
            label=Label("息肉回收率（英国）", "Polyp retrieval (UK)"),
            clause="Polyp retrieval rate",
            target=0.9,
            **KPI,
        ),
        _volume(
            COLONOSCOPY,
            Label("期间完成的结肠镜检查，折合每年", "Colonoscopies in the period, per year"),
            key="UK-VOLUME",
            label=Label("结肠镜年例数（英国）", "Colonoscopies a year (UK)"),
            clause="Number of procedures",
            **KPI,
        ),
    ),
    (
        NotCounted(
            "Rectal retroflexion; tattooing",
            Label("直肠反转，病变染色标记", "Rectal retroflexion, tattooing"),
            Label("登记库没有这两个字段", "The record has no field for either"),
        ),
    ),
)
BCSP_SET = IndicatorSet(
    "BCSP-2011",
    Label("英国肠癌筛查项目 2011", "UK bowel cancer screening 2011"),
    (
        colonoscopy.adenomas(
            PROGRAMME,
            Label("因初筛阳性接受结肠镜检查的人", "Persons who had a colonoscopy after a positive test"),
            key="BCSP-ADR",
            label=Label("腺瘤检出率（英国筛查项目）", "Adenoma detection rate (UK screening)"),
            clause="Adenoma detection rate",
            target=0.35,
            desirable=0.4,
            **BCSP,
        ),
        colonoscopy.caecum(
            key="BCSP-CIR",
            label=Label("盲肠插镜率（英国筛查项目）", "Caecal intubation (UK screening)"),
            clause="Caecal intubation rate",
            target=0.9,
            desirable=0.97,
            **BCSP,
        ),
        colonoscopy.retrieval(
            key="BCSP-RETRIEVAL",
            label=Label("息肉回收率（英国筛查项目）", "Polyp retrieval (UK screening)"),
            clause="Polyp retrieval rate",
            target=0.9,
            desirable=0.95,
            **BCSP,
        ),
        colonoscopy.perforations(
            key="BCSP-PERFORATION",
            label=Label("结肠镜穿孔率（英国筛查项目）", "Perforation (UK screening)"),
            clause="Perforation rate",
            per=1000,
            target=0.001,
            **BCSP,
        ),
        colonoscopy.bleeding_after_polypectomy(
            key="BCSP-BLEEDING",
            label=Label("息肉切除后出血率（英国筛查项目）", "Bleeding after polypectomy (UK screening)"),
            clause="Post-polypectomy bleeding",
            target=0.01,
            **BCSP,
        ),
    ),
)
OGD_SET = IndicatorSet(
    "UK-OGD-2017",
    Label("英国上消化道内镜 2017", "UK upper GI endoscopy 2017"),
    (
        _volume(
            OGD,
            Label("期间完成的胃镜检查，折合每年", "Gastroscopies in the period, per year"),
            key="UK-OGD-VOLUME",
            label=Label("胃镜年例数（英国）", "Gastroscopies a year (UK)"),
            clause="Minimum number of procedures",
            **OGD_2017,
        ),
        Indicator(
            key="UK-OGD-PHOTOS",
            label=Label("八站留图率（英国）", "Eight stations photographed (UK)"),
            clause="Photo-documentation",
            counts=Counts.EXAMINATIONS,
            base=Source.EXAMINATION,
            words=Words(
                Label(
                    "食管上段、贲门、胃底、胃体、胃角、胃窦、球部、降部均留图的胃镜检查",
                    "Gastroscopies with upper oesophagus, cardia, fundus, body, angulus, antrum, bulb and "
                    "descending duodenum photographed",
                ),
                Label("同期全部胃镜检查", "All gastroscopies of the period"),
            ),
            eligible=OGD,
            met=and_(*(getattr(Examination, site) == SiteSeen.PHOTOGRAPHED for site in STATIONS)),
            **OGD_2017,
        ),
        missed(
            UPPER,
            key="UK-OGD-MISSED",
            label=Label("3 年内漏诊上消化道癌（英国）", "Upper GI cancer missed within 3 years (UK)"),
            clause="Missed cancers",
            target=0.1,
            **OGD_2017,
        ),
    ),
)
