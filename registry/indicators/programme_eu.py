"""A screening programme from the invitation to the treatment, by EU 2010 and CanScreen5.

What a test led to is looked for in the whole registry, so an examination in another member hospital
counts; one outside the alliance is not known and counts as none.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, case, exists, false, func, null, or_, select, true
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import COLORECTUM
from registry.codes.pathology import Method
from registry.codes.risk import Response, TestResult
from registry.indicators.advanced import found_at
from registry.indicators.early import cancer, high_grade, yes_or_no
from registry.indicators.indicator import (
    Counts,
    Direction,
    Evidence,
    Indicator,
    IndicatorSet,
    NotCounted,
    Source,
    Words,
)
from registry.indicators.programme_cn import NEOPLASTIC, TREATED, of_tumours
from registry.label import Label
from registry.models.arrived import arrived
from registry.models.portable import days_between

# Columns as expressions: a type checker takes a nullable one for no condition.
Lesion: Any = models.Lesion
Round: Any = models.ScreeningRound
Test: Any = models.RiskAssessment
Tumour: Any = models.Tumour

EU: dict[str, Any] = {
    "source": Label(
        "欧盟结直肠癌筛查质量保证指南（2010），CanScreen5 定义",
        "European guidelines for quality assurance in colorectal cancer screening, 2010; CanScreen5",
    ),
    "edition": "EU 2010",
    "evidence": Evidence.REMEMBERED,
}
WITHIN = 180  # days after a positive test in which its colonoscopy is looked for
SOON = 31
_referral: Any = aliased(models.ScreeningRound)
_colonoscopy: Any = aliased(models.Examination)
_cancer: Any = aliased(models.Tumour)
_given: Any = aliased(models.Treatment)
_tissue: Any = aliased(models.Specimen)
_cover: Any = aliased(models.Covering)
_seen: Any = aliased(models.Sighting)

INVITED = and_(
    Round.invited_on.is_not(None),
    or_(Round.response.is_(None), Round.response.not_in([Response.INELIGIBLE, Response.MOVED])),
)
TESTED = case(
    (or_(Round.test_returned_on.is_not(None), Round.response == Response.ATTENDED), true()),
    (Round.response.in_([Response.DECLINED, Response.NONE]), false()),
    else_=null(),
)
POSITIVE = case(
    (Test.fit_result == TestResult.POSITIVE, true()),
    (Test.fit_result == TestResult.NEGATIVE, false()),
    else_=Test.fit_ug_g >= Test.fit_cutoff,
)
RETURNED = or_(Test.fit_result.is_not(None), Test.fit_ug_g.is_not(None))


def _days(later: Any) -> Any:
    return days_between(Test.assessed_on, later)


def _colonoscopies(one: Any, days: int = WITHIN) -> Any:
    return and_(
        one.person_id == Test.person_id,
        arrived(one),
        one.type == ExaminationType.COLONOSCOPY,
        _days(one.performed_on).between(0, days),
    )


def _colonoscopy_within(days: int) -> Any:
    return exists().where(_colonoscopies(_colonoscopy, days))


_ROUNDS = (_referral.person_id == Test.person_id, arrived(_referral))
REFERRED = exists().where(*_ROUNDS, _days(_referral.referred_on).between(0, WITHIN))
INVITED_AT_ALL = exists().where(*_ROUNDS)
EXAMINED = _colonoscopy_within(WITHIN)
OVER = _days(func.current_date()) > WITHIN
PROVED = exists().where(
    _cancer.person_id == Test.person_id,
    arrived(_cancer),
    _cancer.organ.in_(sorted(COLORECTUM, key=str)),
    cancer(_cancer),
    _days(_cancer.detected_on).between(0, 2 * WITHIN),
)
ADVANCED, ADVANCED_AWAITED = found_at(_colonoscopies)
FOUND = exists().where(
    _cancer.person_id == Round.person_id,
    arrived(_cancer),
    or_(cancer(_cancer), high_grade(_cancer)),
    days_between(Round.invited_on, _cancer.detected_on).between(0, 2 * WITHIN),
)
POSITIVES = Label("FIT 阳性的检测，满 %(n)s 天", "Positive FIT of %(n)s days ago or more") % {"n": WITHIN}
HERE_ONLY = Label("联盟外做的肠镜无从得知，计为未做", "A colonoscopy outside the alliance is not known")


def _tests(eligible: Any, met: Any, words: Words, **said: Any) -> Indicator:
    return Indicator(
        counts=Counts.TESTS,
        base=Source.ASSESSMENT,
        words=words,
        eligible=eligible,
        met=met,
        **{**EU, **said},
    )


PARTICIPATION = Indicator(
    key="PARTICIPATION",
    label=Label("参与率", "Participation"),
    clause="Participation rate",
    counts=Counts.INVITATIONS,
    base=Source.ROUND,
    words=Words(
        Label("收回检测或到场的邀请", "Invitations with a test returned or attended"),
        Label("已发出的邀请，按邀请日期", "Invitations, by their day"),
        Label(
            "不符合条件、已迁出者；无应答记录者为未知",
            "Ineligible and moved away; no recorded answer is unknown",
        ),
    ),
    eligible=INVITED,
    met=TESTED,
    target=0.45,
    desirable=0.65,
    **EU,
)
POSITIVITY = _tests(
    and_(RETURNED, Test.fit_result.is_distinct_from(TestResult.INADEQUATE)),
    POSITIVE,
    Words(
        Label("FIT 阳性（结果，或数值 ≥ 界值）", "Positive FIT (its result, or its value at the cut-off)"),
        Label("合格的 FIT 检测", "Adequate FITs"),
        Label("标本不合格者", "Inadequate samples"),
    ),
    awaited=Test.fit_result == TestResult.AWAITED,
    key="FIT-POSITIVE",
    label=Label("FIT 阳性率", "FIT positivity"),
    clause="Positivity rate",
    direction=Direction.NEITHER,
)
INADEQUATE = _tests(
    and_(Test.fit_result.is_not(None), Test.fit_result != TestResult.AWAITED),
    Test.fit_result == TestResult.INADEQUATE,
    Words(
        Label("标本不合格的 FIT", "Inadequate FIT samples"), Label("有结果的 FIT 检测", "FITs with a result")
    ),
    key="FIT-INADEQUATE",
    label=Label("FIT 标本不合格率", "Inadequate FIT"),
    clause="Inadequate tests",
    direction=Direction.DOWN,
    target=0.03,
    desirable=0.01,
)
REFERRAL = _tests(
    and_(POSITIVE, OVER),
    case((or_(REFERRED, EXAMINED), true()), (INVITED_AT_ALL, false()), else_=null()),
    Words(
        Label("已转诊或已做结肠镜者", "Those referred, or examined already"),
        POSITIVES,
        Label("没有筛查轮次记录者为未知", "Without a screening round on record: unknown"),
    ),
    key="REFERRAL",
    label=Label("阳性转诊率", "Referral after a positive test"),
    clause="Referral rate",
    target=0.9,
    desirable=0.95,
)
COMPLIANCE = _tests(
    and_(POSITIVE, REFERRED, OVER),
    yes_or_no(EXAMINED, true()),
    Words(
        Label("180 天内做了结肠镜者", "Those with a colonoscopy within 180 days"),
        Label(
            "FIT 阳性、180 天内有转诊日期的检测，满 180 天",
            "Positive FITs of 180 days ago or more with a referral on record within 180 days",
        ),
        Label(
            "没有转诊记录者，即使做了结肠镜（见“阳性转诊率”）；联盟外做的肠镜无从得知，计为未做",
            "Without a referral on record, even if examined (see referral after a positive test); a "
            "colonoscopy outside the alliance is not known and counts as none",
        ),
    ),
    key="COLONOSCOPY-AFTER-FIT",
    label=Label("肠镜依从率", "Colonoscopy after a positive test"),
    clause="Colonoscopy compliance",
    target=0.85,
    desirable=0.9,
    replaces="COLONOSCOPY-AFTER-FIT.all",
    edition="EU 2010, of those referred",
)
ALL_POSITIVES = replace(
    COMPLIANCE,
    key="COLONOSCOPY-AFTER-FIT.all",
    label=Label("%(name)s（全部阳性者）", "%(name)s, of all positives") % {"name": COMPLIANCE.label},
    words=Words(COMPLIANCE.words.numerator, POSITIVES, HERE_ONLY),
    eligible=and_(POSITIVE, OVER),
    edition="EU 2010",
    remark=Label(
        "原文以已转诊者为分母；这里以全部阳性者为分母，未转诊的也不会漏掉，数值较低",
        "The source divides by those referred; here by all positives, so that whoever was not referred still "
        "counts and the rate is lower",
    ),
    replaces=None,
    variant_of="COLONOSCOPY-AFTER-FIT",
)
TIME_TO_COLONOSCOPY = _tests(
    and_(POSITIVE, EXAMINED),
    yes_or_no(_colonoscopy_within(SOON), true()),
    Words(
        Label("31 天内做了结肠镜者", "Those examined within 31 days"),
        Label("FIT 阳性并在 180 天内做了结肠镜者", "Positive FITs followed by a colonoscopy within 180 days"),
    ),
    key="TIME-TO-COLONOSCOPY",
    label=Label("阳性后 31 天内肠镜率", "Colonoscopy within 31 days"),
    clause="Time between positive test and colonoscopy",
    target=0.9,
    desirable=0.95,
)
PREDICTIVE = _tests(
    and_(POSITIVE, EXAMINED, OVER),
    yes_or_no(PROVED, true()),
    Words(
        Label("一年内发现结直肠癌者", "Those found to have colorectal cancer within a year"),
        Label("FIT 阳性并在 180 天内做了结肠镜者", "Positive FITs followed by a colonoscopy within 180 days"),
    ),
    key="PPV-CANCER",
    label=Label("FIT 阳性预测值（癌）", "Positive predictive value, cancer"),
    clause="PPV",
    direction=Direction.NEITHER,
)
PREDICTIVE_ADVANCED = _tests(
    and_(POSITIVE, EXAMINED, OVER),
    case((PROVED, true()), else_=ADVANCED),
    Words(
        Label(
            "180 天内肠镜发现进展期腺瘤（≥10 mm、绒毛成分 ≥25 % 或高级别），或一年内发现结直肠癌者",
            "Those with an advanced adenoma (10 mm or more, a quarter villous, or high grade) at a "
            "colonoscopy within 180 days, or colorectal cancer within a year",
        ),
        Label("FIT 阳性并在 180 天内做了结肠镜者", "Positive FITs followed by a colonoscopy within 180 days"),
        Label(
            "腺瘤大小未记，或取材而无结论者为未知",
            "An adenoma of unknown size, or tissue without result: unknown",
        ),
    ),
    awaited=and_(~PROVED, ADVANCED.is_not(True), ADVANCED_AWAITED),
    key="PPV-ADVANCED",
    label=Label("FIT 阳性预测值（进展期肿瘤）", "Positive predictive value, advanced neoplasia"),
    clause="PPV, advanced neoplasia",
    direction=Direction.NEITHER,
)
DETECTED_INVITED = Indicator(
    key="DETECTED-INVITED",
    label=Label("检出率（按邀请人次）", "Detection by invitation"),
    clause="Detection rate, by invitation",
    counts=Counts.INVITATIONS,
    base=Source.ROUND,
    words=Words(
        Label(
            "邀请后 360 天内发现消化道癌或高级别瘤变的邀请",
            "Invitations followed by cancer or high-grade neoplasia within 360 days",
        ),
        Label(
            "已满 360 天的邀请，按邀请日期，参加与否均计入",
            "Invitations of 360 days ago or more, attended or not",
        ),
        Label(
            "不符合条件、已迁出者；联盟外的发现无从得知",
            "Ineligible and moved away; what was found outside the alliance is not known",
        ),
    ),
    eligible=and_(INVITED, days_between(Round.invited_on, func.current_date()) > 2 * WITHIN),
    met=yes_or_no(FOUND, true()),
    per=1000,
    direction=Direction.NEITHER,
    **EU,
)
PROVED_ON = func.coalesce(Tumour.invasive_on, Tumour.noninvasive_on, Tumour.incidence_on)
_first_given = (
    select(func.min(_given.started_on))
    .where(_given.tumour_id == Tumour.id, _given.refused.is_distinct_from(True))
    .scalar_subquery()
)
_first_resected = (
    select(func.min(_tissue.taken_on))
    .join(_cover, _cover.specimen_id == _tissue.id)
    .join(_seen, _seen.lesion_id == _cover.lesion_id)
    .where(_seen.tumour_id == Tumour.id, _tissue.method.in_([kind for kind in Method if kind.resects]))
    .scalar_subquery()
)
_soon = or_(
    days_between(PROVED_ON, _first_given).between(-1, SOON),
    days_between(PROVED_ON, _first_resected).between(-1, SOON),
)


TIME_TO_TREATMENT = of_tumours(
    and_(NEOPLASTIC, TREATED),
    case(
        (_soon, true()), (or_(_first_given.is_not(None), _first_resected.is_not(None)), false()), else_=null()
    ),
    Words(
        Label("确诊后 31 天内开始治疗者", "Those whose treatment began within 31 days of the proof"),
        Label("已治疗的癌或高级别瘤变患者", "Persons treated for cancer or high-grade neoplasia"),
    ),
    key="TIME-TO-TREATMENT",
    label=Label("确诊后 31 天内治疗率", "Treatment within 31 days"),
    clause="Time between diagnosis and treatment",
    target=0.9,
    desirable=0.95,
    **EU,
)
VARIANTS = (ALL_POSITIVES,)
SET = IndicatorSet(
    "PROGRAMME-EU",
    Label("筛查项目（欧盟 2010）", "Screening programme, EU 2010"),
    (
        PARTICIPATION,
        POSITIVITY,
        INADEQUATE,
        REFERRAL,
        COMPLIANCE,
        TIME_TO_COLONOSCOPY,
        PREDICTIVE,
        PREDICTIVE_ADVANCED,
        DETECTED_INVITED,
        TIME_TO_TREATMENT,
    ),
    (
        NotCounted(
            "Invitation coverage",
            Label("邀请覆盖率", "Invitation coverage"),
            Label(
                "分母是辖区应筛人口，登记库只有已邀请者",
                "Its denominator is the population to be screened; the record holds those invited only",
            ),
        ),
    ),
)
