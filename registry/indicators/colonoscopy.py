"""How indicators of colonoscopy are made that several sources share and each denominates in its own way."""

from typing import Any

from sqlalchemy import Boolean, and_, case, cast, exists, false, null, or_, true

from registry import models
from registry.codes.endoscopy import AdverseKind, ExaminationType
from registry.codes.pathology import Method, Morphology, WhoType
from registry.indicators.detection import ADENOMA_FOUND
from registry.indicators.endoscopy import (
    COLONOSCOPY,
    KNOWN_DISEASE,
    UNHARMED,
    caecum_reached,
    happened,
    segments_well_prepared,
)
from registry.indicators.indicator import Counts, Direction, Indicator, Mark, Source, Words
from registry.indicators.left_out import OPERATED
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
AdverseEvent: Any = models.AdverseEvent
Lesion: Any = models.Lesion
Result: Any = models.Result
Specimen: Any = models.Specimen

ALL_COLONOSCOPIES = Label("同期全部结肠镜检查", "All colonoscopies of the period")
COMPLETE_INTENDED = and_(COLONOSCOPY, ~KNOWN_DISEASE)
SNARED = [Method.COLD_SNARE, Method.HOT_SNARE, Method.EMR, Method.PEMR]
_LOWER = Examination.type.in_([ExaminationType.COLONOSCOPY, ExaminationType.THERAPEUTIC_LOWER])
_SSL = [WhoType.SSL, WhoType.SSL_DYSPLASIA]
# 8213/0 covers SSL and traditional serrated adenoma, so without a type it stays unknown which.
_SERRATED_FOUND = (
    Mark(
        Source.RESULT,
        where=or_(
            Result.who_type.in_(_SSL),
            and_(Result.who_type.is_(None), Result.morphology == Morphology.SERRATED),
        ),
        met=Result.who_type.in_(_SSL),
    ),
    Mark(
        Source.LESION,
        where=or_(Lesion.awaited, and_(Lesion.sampled, Lesion.serrated.is_(None))),
        met=cast(null(), Boolean),  # tissue that says nothing leaves it unknown
        awaited=Lesion.awaited,
    ),
)


def preparation(**said: Any) -> Indicator:
    """Adequate bowel preparation: every segment at 2 or more, so 6 in all where three are scored."""
    return Indicator(
        counts=Counts.EXAMINATIONS,
        base=Source.EXAMINATION,
        words=Words(
            Label(
                "BBPS 各段均 ≥2 分（三段均评分时总分 ≥6）的结肠镜检查",
                "Colonoscopies with every BBPS segment at 2 or more (so 6 where all three are scored)",
            ),
            ALL_COLONOSCOPIES,
            Label(
                "未到达或已切除的肠段不评分；登记库不区分门诊与住院",
                "Segments not reached or resected; in- and outpatients are not told apart by the record",
            ),
        ),
        eligible=COLONOSCOPY,
        met=segments_well_prepared(),
        **said,
    )


def caecum(**said: Any) -> Indicator:
    """Caecum reached, with or without a photograph, among colonoscopies meant to be complete."""
    return Indicator(
        counts=Counts.EXAMINATIONS,
        base=Source.EXAMINATION,
        words=Words(
            Label("到达盲肠或回肠末端的结肠镜检查", "Colonoscopies that reached the caecum or the ileum"),
            Label("同期拟行全结肠的检查", "Colonoscopies that were meant to be complete"),
            Label(
                "为已知病变治疗或进一步检查者，结直肠手术史",
                "For therapy or work-up of what is known; earlier colorectal surgery",
            ),
        ),
        eligible=COMPLETE_INTENDED,
        met=caecum_reached(),
        marks=OPERATED,
        **said,
    )


def withdrawal(*, youngest: int | None = None, **said: Any) -> Indicator:
    """Mean withdrawal time of normal colonoscopies: nothing seen, nothing taken."""
    aged = Label("，≥%(n)s 岁", ", aged %(n)s or more") % {"n": youngest} if youngest else Label("", "")
    return Indicator(
        counts=Counts.MINUTES,
        base=Source.NORMAL,
        words=Words(
            Label("退镜时间之和（分钟）", "Sum of the withdrawal times, in minutes"),
            Label(
                "未见病变、未取组织且记录了退镜时间的结肠镜检查%(aged)s",
                "Colonoscopies with neither a lesion nor a specimen whose withdrawal was timed%(aged)s",
            )
            % {"aged": aged},
        ),
        eligible=COLONOSCOPY if youngest is None else and_(COLONOSCOPY, Examination.age >= youngest),
        minutes=Examination.withdrawal_min,
        per=1,
        **said,
    )


def adenomas(
    eligible: Any, among: Label, *marks: Mark, left_out: Label | None = None, **said: Any
) -> Indicator:
    """Persons with an adenoma on histology, among those whom a source counts."""
    return Indicator(
        counts=Counts.PERSONS,
        base=Source.EXAMINATION,
        words=Words(
            Label("至少检出 1 个腺瘤的受检者（病理证实）", "Persons with at least one adenoma on histology"),
            among,
            left_out,
        ),
        eligible=eligible,
        marks=(ADENOMA_FOUND, *marks),
        specimens=COLONOSCOPY,
        **said,
    )


def serrated(
    eligible: Any, among: Label, *marks: Mark, left_out: Label | None = None, **said: Any
) -> Indicator:
    """Persons with a sessile serrated lesion on histology, among those whom a source counts."""
    return Indicator(
        counts=Counts.PERSONS,
        base=Source.EXAMINATION,
        words=Words(
            Label(
                "至少检出 1 个无蒂锯齿状病变的受检者（病理证实）",
                "Persons with at least one sessile serrated lesion on histology",
            ),
            among,
            left_out,
        ),
        eligible=eligible,
        marks=(*_SERRATED_FOUND, *marks),
        specimens=COLONOSCOPY,
        **said,
    )


def perforations(**said: Any) -> Indicator:
    """Perforations at colonoscopy."""
    return Indicator(
        counts=Counts.EXAMINATIONS,
        base=Source.EXAMINATION,
        words=Words(
            Label("发生穿孔的结肠镜诊疗", "Colonoscopies with a perforation, therapeutic ones included"),
            Label("同期全部结肠镜诊疗", "All colonoscopies of the period, therapeutic ones included"),
            REACHED,
        ),
        eligible=_LOWER,
        met=case((UNHARMED, false()), else_=null()),
        marks=(Mark(Source.EVENT, where=true(), met=happened(AdverseKind.PERFORATION)),),
        direction=Direction.DOWN,
        **said,
    )


REACHED = Label("30 天内未联系上者为未知，不当作没有", "Without contact within 30 days: unknown, not none")


def harm_after(kind: AdverseKind, methods: list[Method], where: Any, words: Words, **said: Any) -> Indicator:
    """Examinations with an event of a kind, among those at which tissue was taken by certain methods."""
    event: Any = models.AdverseEvent
    at_it = exists().where(event.examination_id == Examination.id)
    told = and_(Examination.any_adverse_event, Examination.contact_30d, at_it)
    return Indicator(
        counts=Counts.EXAMINATIONS,
        base=Source.SPECIMEN,
        words=words,
        eligible=and_(where, Specimen.method.in_(methods)),
        met=case(
            (and_(Examination.any_adverse_event, at_it.where(event.kind == kind)), true()),
            (or_(UNHARMED, told), false()),
            else_=null(),
        ),
        direction=Direction.DOWN,
        **said,
    )


def bleeding_after_polypectomy(**said: Any) -> Indicator:
    """Bleedings after polypectomy, by polypectomy."""
    words = Words(
        Label("圈套切除后出血的检查", "Examinations with a bleeding after removal by snare"),
        Label("同期行圈套切除或 EMR 的结肠镜诊疗", "Colonoscopies with removal by snare or EMR"),
        REACHED,
    )
    return harm_after(AdverseKind.BLEEDING, SNARED, _LOWER, words, **said)


def retrieval(**said: Any) -> Indicator:
    """Polyps brought out, of those that were cut off."""
    return Indicator(
        counts=Counts.SPECIMENS,
        base=Source.SPECIMEN,
        words=Words(
            Label("已回收的切除标本", "Specimens that were retrieved"),
            Label("结肠镜下圈套或 EMR 切除的标本", "Specimens cut off by snare or EMR at colonoscopy"),
        ),
        eligible=and_(_LOWER, Specimen.method.in_(SNARED)),
        met=case((Specimen.reported, true()), else_=Specimen.retrieved),
        **said,
    )
