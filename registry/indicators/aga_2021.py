"""AGA clinical practice update on colonoscopy quality, 2021: minimum and aspiration."""

from typing import Any

from sqlalchemy import and_

from registry.indicators import colonoscopy
from registry.indicators.endoscopy import COLONOSCOPY, SCREENING
from registry.indicators.indicator import IndicatorSet, NotCounted
from registry.indicators.left_out import BOWEL_DISEASE
from registry.label import Label

SAID: dict[str, Any] = {
    "source": Label(
        "AGA 结肠镜质量实践更新（2021）", "AGA, Clinical practice update on colonoscopy quality, 2021"
    ),
    "edition": "AGA 2021",
}
SCREENED = and_(COLONOSCOPY, SCREENING)
SET = IndicatorSet(
    "AGA-2021",
    Label("AGA 2021", "AGA 2021"),
    (
        colonoscopy.preparation(
            key="AGA-PREP",
            label=Label("肠道准备合格率（AGA）", "Adequate preparation (AGA)"),
            clause="Bowel preparation",
            target=0.9,
            desirable=0.95,
            **SAID,
        ),
        colonoscopy.caecum(
            key="AGA-CIR",
            label=Label("盲肠插镜率（AGA）", "Caecal intubation (AGA)"),
            clause="Cecal intubation",
            target=0.9,
            desirable=0.95,
            **SAID,
        ),
        colonoscopy.withdrawal(
            key="AGA-WITHDRAWAL",
            label=Label("平均退镜时间（AGA）", "Mean withdrawal time (AGA)"),
            clause="Withdrawal time",
            target=6,
            desirable=9,
            **SAID,
        ),
        colonoscopy.adenomas(
            SCREENED,
            Label("因筛查接受结肠镜检查的人", "Persons who had a screening colonoscopy"),
            BOWEL_DISEASE,
            key="AGA-ADR",
            label=Label("腺瘤检出率（AGA）", "Adenoma detection rate (AGA)"),
            clause="ADR",
            target=0.3,
            desirable=0.35,
            **SAID,
        ),
    ),
    (
        NotCounted(
            "Feedback",
            Label("每年或每 250 次筛查反馈一次", "Feedback yearly or per 250 screening examinations"),
            Label("反馈由月报本身完成，不是病例的比率", "The monthly card is the feedback; no rate of cases"),
        ),
    ),
)
