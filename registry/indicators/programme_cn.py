"""Who came to a screening programme, what it found and whether that was treated, as China's count it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, case, false, not_, null, or_, true

from registry import models
from registry.codes.lesion import COLORECTUM, Organ
from registry.codes.outcome import TreatmentType
from registry.codes.tumour import StageGroup
from registry.indicators.early import cancer, high_grade
from registry.indicators.endoscopy import COLONOSCOPY, OGD, POSITIVE_TEST, SCREENING
from registry.indicators.high_risk import CAME_FOR_COLONOSCOPY, CAME_FOR_GASTROSCOPY
from registry.indicators.indicator import Counts, Indicator, IndicatorSet, Mark, Source, Words
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Lesion: Any = models.Lesion
Tumour: Any = models.Tumour

NATIONAL: dict[str, Any] = {
    "source": Label(
        "全国消化道癌筛查及早诊早治项目的通行定义", "Definitions in use in China's screening programmes"
    ),
    "edition": "2024",
}
NEOPLASTIC = or_(cancer(Tumour), high_grade(Tumour))
TREATED = case(
    (Tumour.first_treatment == TreatmentType.NONE, false()),
    (Tumour.first_treatment.is_not(None), true()),
    else_=null(),
)


def of_tumours(eligible: Any, met: Any, words: Words, **said: Any) -> Indicator:
    return Indicator(
        counts=Counts.PERSONS, base=Source.TUMOUR, words=words, eligible=eligible, met=met, **said
    )


TREATMENT = of_tumours(
    NEOPLASTIC,
    TREATED,
    Words(
        Label(
            "已治疗者（切除、手术、放化疗等）", "Those treated by resection, surgery, chemo- or radiotherapy"
        ),
        Label(
            "内镜发现的癌或高级别瘤变患者", "Persons with cancer or high-grade neoplasia found at endoscopy"
        ),
        Label(
            "没有治疗记录者为未知；记为“未治疗”或全部拒绝者为未达到",
            "Without any record: unknown; “no treatment”: not met",
        ),
    ),
    key="TREATED",
    label=Label("治疗率", "Treated"),
    clause=Label("治疗率", "Treatment rate"),
    **NATIONAL,
)
_EARLY_STAGES = [stage for stage in StageGroup if stage.broad in {StageGroup.STAGE_0, StageGroup.I}]
EARLY_STAGE = of_tumours(
    NEOPLASTIC,
    case(
        (high_grade(Tumour), true()),
        (Tumour.stage_group == StageGroup.X, null()),
        else_=Tumour.stage_group.in_(_EARLY_STAGES),
    ),
    Words(
        Label("高级别瘤变，或 0–Ⅰ 期癌", "High-grade neoplasia, or cancer of stage 0 or I"),
        Label(
            "内镜发现的全部癌和高级别瘤变患者，分期未知者在内",
            "All with cancer or high-grade neoplasia, stage unknown included",
        ),
    ),
    unknown_in_denominator=True,
    key="EARLY-STAGE",
    label=Label("早诊率（0–Ⅰ 期）", "Early-stage share (0–I)"),
    clause=Label("早诊率", "Early-diagnosis rate"),
    **NATIONAL,
)


def found(key: str, examined: Any, organs: list[Organ], name: Label, scope: Label) -> Indicator:
    """Persons with cancer or high-grade neoplasia among those screened by an endoscopy.

    Programmes test or question first, so an endoscopy after a positive test is a programme's own.
    """
    eligible = and_(examined, or_(SCREENING, POSITIVE_TEST))
    return Indicator(
        key=key,
        label=name,
        clause=Label("检出率", "Detection rate"),
        counts=Counts.PERSONS,
        base=Source.EXAMINATION,
        words=Words(
            Label("发现癌或高级别瘤变的人", "Persons found to have cancer or high-grade neoplasia"),
            Label(
                "因筛查、初筛阳性或体检接受%(scope)s的人",
                "Persons who had a %(scope)s for screening, after a positive test or at a check-up",
            )
            % {"scope": scope},
        ),
        eligible=eligible,
        marks=(
            Mark(Source.TUMOUR, where=and_(NEOPLASTIC, Tumour.organ.in_(organs)), met=NEOPLASTIC),
            Mark(
                Source.LESION,
                where=or_(
                    Lesion.awaited, and_(Lesion.sampled, Lesion.worst.is_(None), Lesion.cancer.is_(None))
                ),
                met=and_(not_(Lesion.awaited), null()),
                awaited=Lesion.awaited,
            ),
        ),
        specimens=examined,
        per=1000,
        replaces=f"{key}.direct",
        **{**NATIONAL, "edition": "2024, after a positive test too"},
    )


def without_tests(indicator: Indicator, examined: Any, scope: Label) -> Indicator:
    """The edition before: without endoscopies that a positive test led to."""
    words = replace(
        indicator.words,
        denominator=Label(
            "因筛查或体检接受%(scope)s的人", "Persons who had a %(scope)s for screening or a check-up"
        )
        % {"scope": scope},
    )
    return replace(
        indicator,
        key=f"{indicator.key}.direct",
        label=Label("%(name)s（不含初筛阳性者）", "%(name)s, without those after a positive test")
        % {"name": indicator.label},
        words=words,
        eligible=and_(examined, SCREENING),
        edition="2024",
        replaces=None,
        variant_of=indicator.key,
    )


DETECTION = (
    found(
        "DETECTED-UPPER",
        OGD,
        [Organ.OESOPHAGUS, Organ.STOMACH],
        Label("上消化道癌及癌前病变检出率", "Detection by screening, upper tract"),
        Label("胃镜", "gastroscopy"),
    ),
    found(
        "DETECTED-LOWER",
        COLONOSCOPY,
        sorted(COLORECTUM, key=str),
        Label("结直肠癌及高级别瘤变检出率", "Detection by screening, colorectum"),
        Label("结肠镜", "colonoscopy"),
    ),
)
VARIANTS = (
    without_tests(DETECTION[0], OGD, Label("胃镜", "gastroscopy")),
    without_tests(DETECTION[1], COLONOSCOPY, Label("结肠镜", "colonoscopy")),
)
SET = IndicatorSet(
    "PROGRAMME-CN",
    Label("筛查项目（国内）", "Screening programme, China"),
    (CAME_FOR_GASTROSCOPY, CAME_FOR_COLONOSCOPY, *DETECTION, EARLY_STAGE, TREATMENT),
    on=True,
)
