"""Who was found at high risk by a questionnaire, and whether the endoscopy that it asks for was done.

A programme that questions first loses most people between the score and the endoscope, so the share who
came stands beside what was found in them. The examination is looked for in the whole registry; one
outside the alliance is not known and counts as none.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, func, true
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.endoscopy import ExaminationType
from registry.codes.risk import Instrument, Tier
from registry.indicators.early import yes_or_no
from registry.indicators.indicator import Counts, Evidence, Indicator, Source, Words
from registry.label import Label
from registry.models.arrived import arrived
from registry.models.portable import days_between

# Columns as expressions: a type checker takes a nullable one for no condition.
Assessment: Any = models.RiskAssessment
_examined: Any = aliased(models.Examination)

WITHIN = 180  # days after the score, as after a positive test
UPPER = (Instrument.LI_CN, Instrument.LI_GUT2019)
LOWER = (Instrument.APCS, Instrument.APCS_UPDATED)


def came_after(
    kind: ExaminationType, instruments: Sequence[Instrument], scope: Label, scores: Label, **said: Any
) -> Indicator:
    """Persons at high risk by one of these scores who had this endoscopy within `WITHIN` days of it."""
    since = days_between(Assessment.assessed_on, _examined.performed_on)
    done = exists().where(
        _examined.person_id == Assessment.person_id,
        arrived(_examined),
        _examined.type == kind,
        since.between(0, WITHIN),
    )
    over = days_between(Assessment.assessed_on, func.current_date()) > WITHIN
    named = {"scope": scope, "scores": scores, "days": WITHIN}
    return Indicator(
        counts=Counts.PERSONS,
        base=Source.ASSESSMENT,
        words=Words(
            Label("评分后 %(days)s 天内做了%(scope)s的人", "Those with a %(scope)s within %(days)s days")
            % named,
            Label(
                "%(scores)s评为高危、满 %(days)s 天的人",
                "Persons at high risk by %(scores)s, %(days)s days ago or more",
            )
            % named,
            Label(
                "只有 ABC 法分组、没有评分者（C、D 组另有 1–2 年的间隔）；联盟外做的无从得知，计为未做",
                "Groups C and D of the ABC method, which have intervals of a year or two; one done outside "
                "the alliance is not known and counts as none",
            ),
        ),
        eligible=and_(Assessment.instrument.in_(instruments), Assessment.tier == Tier.HIGH, over),
        met=yes_or_no(done, true()),
        source=Label(
            "城市癌症早诊早治项目（CanSPUC）的流程；评分与天数为本联盟拟定",
            "The cascade of the Cancer Screening Program in Urban China; scores and days are the alliance's",
        ),
        edition="2026",
        evidence=Evidence.PROPOSED,
        **said,
    )


CAME_FOR_GASTROSCOPY = came_after(
    ExaminationType.OGD,
    UPPER,
    Label("胃镜", "gastroscopy"),
    Label("Li 评分", "a Li score"),
    key="GASTROSCOPY-AFTER-HIGH-RISK",
    label=Label("高危者胃镜依从率", "Gastroscopy of those at high risk"),
    clause=Label("高危者胃镜检查率", "Gastroscopy of those at high risk"),
    remark=Label(
        "城市上消化道筛查 9627／39 163（24.6 %，JMIR 2024），问卷与此处不同，只供参照",
        "Urban upper-tract screening: 9,627 of 39,163 (24.6 %, JMIR 2024), by another questionnaire; for "
        "orientation only",
    ),
)
CAME_FOR_COLONOSCOPY = came_after(
    ExaminationType.COLONOSCOPY,
    LOWER,
    Label("结肠镜", "colonoscopy"),
    Label("亚太结直肠筛查评分（含修订版）", "APCS or its update"),
    key="COLONOSCOPY-AFTER-HIGH-RISK",
    label=Label("高危者肠镜依从率", "Colonoscopy of those at high risk"),
    clause=Label("高危者结肠镜检查率", "Colonoscopy of those at high risk"),
    remark=Label(
        "CanSPUC 结直肠 25 593／182 927（14.0 %，Gut 2019），问卷与此处不同，只供参照",
        "CanSPUC, colorectum: 25,593 of 182,927 (14.0 %, Gut 2019), by another questionnaire; for "
        "orientation only",
    ),
)
