"""ASGE/ACG Quality indicators for colonoscopy, 2024, and the adenoma detection of 2015 that it replaced."""

from typing import Any

from sqlalchemy import and_, func

from registry import models
from registry.indicators import colonoscopy
from registry.indicators.endoscopy import COLONOSCOPY, KNOWN_DISEASE, POSITIVE_TEST, SCREENING
from registry.indicators.indicator import Evidence, Indicator, IndicatorSet, NotCounted
from registry.indicators.left_out import BOWEL_DISEASE
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination

SOURCE = Label(
    "ASGE/ACG 结肠镜质量指标（2024）", "ASGE/ACG Task Force, Quality indicators for colonoscopy, 2024"
)
SAID: dict[str, Any] = {"source": SOURCE, "edition": "ASGE/ACG 2024"}
REMEMBERED: dict[str, Any] = {**SAID, "evidence": Evidence.REMEMBERED}
OLDER: dict[str, Any] = {
    "source": Label(
        "ASGE/ACG 结肠镜质量指标（2015）", "ASGE/ACG Task Force, Quality indicators for colonoscopy, 2015"
    ),
    "edition": "ASGE/ACG 2015",
    "evidence": Evidence.REMEMBERED,
}
ORDINARY = and_(COLONOSCOPY, Examination.age >= 45, ~KNOWN_DISEASE, ~func.coalesce(POSITIVE_TEST, False))
AFTER_A_TEST = and_(COLONOSCOPY, POSITIVE_TEST)
SCREENED_AT_50 = and_(COLONOSCOPY, SCREENING, Examination.age >= 50)
AMONG = Label(
    "≥45 岁，因筛查、监测或症状接受结肠镜检查的人",
    "Persons aged 45 or more who had a colonoscopy for screening, surveillance or symptoms",
)
LEFT_OUT = Label(
    "粪便或其他初筛阳性者，炎症性肠病，遗传综合征，为已知病变治疗或进一步检查者；适应证未填者计入",
    "After a positive stool or other test, inflammatory bowel disease, hereditary syndromes, therapy or "
    "work-up of what is known; no stated indication counts",
)

ADENOMA = colonoscopy.adenomas(
    ORDINARY,
    AMONG,
    BOWEL_DISEASE,
    left_out=LEFT_OUT,
    key="ASGE-ADR",
    label=Label("腺瘤检出率（ASGE）", "Adenoma detection rate (ASGE)"),
    clause="ADR",
    target=0.35,
    remark=Label("男 40 %、女 30 %（未重读原文）", "40 % in men, 30 % in women (from memory)"),
    replaces="ASGE-ADR.2015",
    **SAID,
)
ADENOMA_2015 = colonoscopy.adenomas(
    SCREENED_AT_50,
    Label("≥50 岁，因筛查接受结肠镜检查的人", "Persons aged 50 or more who had a screening colonoscopy"),
    BOWEL_DISEASE,
    key="ASGE-ADR.2015",
    label=Label("腺瘤检出率（ASGE，2015 版）", "Adenoma detection rate (ASGE, 2015)"),
    clause="ADR",
    target=0.25,
    variant_of="ASGE-ADR",
    **OLDER,
)
ADENOMA_AFTER_A_TEST = colonoscopy.adenomas(
    AFTER_A_TEST,
    Label("因初筛阳性接受结肠镜检查的人", "Persons who had a colonoscopy after a positive test"),
    BOWEL_DISEASE,
    key="ASGE-ADR-FIT",
    label=Label("腺瘤检出率，初筛阳性者（ASGE）", "Adenoma detection after a positive test (ASGE)"),
    clause="ADR, FIT+",
    target=0.5,
    **REMEMBERED,
)
SERRATED = colonoscopy.serrated(
    ORDINARY,
    AMONG,
    BOWEL_DISEASE,
    left_out=LEFT_OUT,
    key="ASGE-SSLDR",
    label=Label("无蒂锯齿状病变检出率（ASGE）", "Sessile serrated lesion detection (ASGE)"),
    clause="SSLDR",
    target=0.06,
    **SAID,
)
CAECUM = colonoscopy.caecum(
    key="ASGE-CIR",
    label=Label("盲肠插镜率（ASGE）", "Caecal intubation (ASGE)"),
    clause="CIR",
    target=0.95,
    **SAID,
)
PREPARATION = colonoscopy.preparation(
    key="ASGE-PREP",
    label=Label("肠道准备合格率（ASGE）", "Adequate preparation (ASGE)"),
    clause="Bowel preparation",
    target=0.9,
    **SAID,
)
WITHDRAWAL = colonoscopy.withdrawal(
    youngest=45,
    key="ASGE-WITHDRAWAL",
    label=Label("平均退镜时间（ASGE）", "Mean withdrawal time (ASGE)"),
    clause="Withdrawal time",
    target=8,
    **REMEMBERED,
)
PERFORATION = colonoscopy.perforations(
    key="ASGE-PERFORATION",
    label=Label("结肠镜穿孔率（ASGE）", "Perforation at colonoscopy (ASGE)"),
    clause="Perforation",
    per=1000,
    target=0.001,
    **REMEMBERED,
)
BLEEDING = colonoscopy.bleeding_after_polypectomy(
    key="ASGE-BLEEDING",
    label=Label("息肉切除后出血率（ASGE）", "Bleeding after polypectomy (ASGE)"),
    clause="Post-polypectomy bleeding",
    target=0.01,
    **REMEMBERED,
)
VARIANTS: tuple[Indicator, ...] = (ADENOMA_2015,)
SET = IndicatorSet(
    "ASGE-2024",
    Label("ASGE/ACG 2024", "ASGE/ACG 2024"),
    (
        ADENOMA,
        ADENOMA_AFTER_A_TEST,
        SERRATED,
        CAECUM,
        PREPARATION,
        WITHDRAWAL,
        PERFORATION,
        BLEEDING,
    ),
    (
        NotCounted(
            "Interval adherence",
            Label("监测间隔依从（推荐正确的间隔）", "Correct interval recommended"),
            Label(
                "间隔规则尚待临床核定，登记库不能判断推荐是否正确",
                "The rules of intervals await clinical sign-off, so a recommendation cannot be judged",
            ),
        ),
    ),
)
