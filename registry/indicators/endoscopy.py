"""Indicators of the examination itself: workload, completeness, preparation, withdrawal, harm."""

from typing import Any

from sqlalchemy import and_, case, false, not_, null, or_, true

from registry import models
from registry.codes.endoscopy import (
    AdverseKind,
    AdverseOutcome,
    ExaminationType,
    Extent,
    IncompleteReason,
    Intervention,
    SiteSeen,
)
from registry.codes.lesion import COLORECTUM
from registry.codes.outcome import TreatmentType
from registry.codes.person import Missing, Surgery
from registry.indicators.early import yes_or_no
from registry.indicators.indicator import Counts, Direction, Indicator, Mark, Source, Words
from registry.label import Label
from registry.models import PriorSurgery, Treatment, Tumour
from registry.models.examination import UPPER_SITES

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
AdverseEvent: Any = models.AdverseEvent

NHC = Label(
    "国家卫生健康委《消化内镜诊疗技术医疗质量控制指标（2022 年版）》",
    "National Health Commission of China, Quality control indicators for digestive endoscopy, 2022",
)
EDITION = "NHC 2022"
OGD = Examination.type == ExaminationType.OGD
COLONOSCOPY = Examination.type == ExaminationType.COLONOSCOPY

_COLORECTAL_SURGERY = [
    Surgery.RIGHT_COLECTOMY,
    Surgery.LEFT_COLECTOMY,
    Surgery.SIGMOID_COLECTOMY,
    Surgery.TOTAL_COLECTOMY,
    Surgery.RECTAL_RESECTION,
]


def _segments_well_prepared():
    """Every segment ≥2, a segment that is not applicable left aside; else what the total alone settles.

    8 or 9 needs 2 in every segment; ≤5 leaves one below it, if all three were seen; 6, 7 settle nothing.
    """
    segments = [
        (Examination.bbps_right, Examination.bbps_right_missing),
        (Examination.bbps_transverse, Examination.bbps_transverse_missing),
        (Examination.bbps_left, Examination.bbps_left_missing),
    ]
    nowhere = and_(*(score.is_(None) for score, _ in segments))
    left_out = or_(*(why.is_not_distinct_from(Missing.NOT_APPLICABLE) for _, why in segments))
    good = [or_(score >= 2, and_(score.is_(None), why == Missing.NOT_APPLICABLE)) for score, why in segments]
    return case(
        (Examination.bbps_total >= 8, true()),
        (and_(Examination.bbps_total <= 5, not_(left_out)), false()),
        (nowhere, null()),
        else_=and_(*good),
    )


def _caecum_reached():
    """As stated, else as the farthest point reached tells; an anastomosis leaves it open."""
    extent = Examination.extent
    return case(
        (Examination.caecum_reached.is_not(None), Examination.caecum_reached),
        (extent.in_([Extent.CAECUM, Extent.TERMINAL_ILEUM]), true()),
        (extent.in_([point for point in Extent if point.short_of_caecum]), false()),
        else_=null(),
    )


def _serious():
    """Serious by the words of CDEI-11; no only where the facts that decide its kind are all known."""
    event = AdverseEvent
    invasive_rescue = event.intervention.in_([Intervention.SURGERY, Intervention.INTERVENTIONAL_RADIOLOGY])
    yes = or_(
        event.haemoglobin_drop >= 30,
        event.transfusion,
        invasive_rescue,
        event.severe_pancreatitis,
        event.sirs_criteria >= 2,
        event.outcome.in_([AdverseOutcome.DISABLED, AdverseOutcome.DIED]),
    )
    rescued_less = event.intervention.in_(
        [Intervention.NONE, Intervention.CONSERVATIVE, Intervention.ENDOSCOPIC]
    )
    got_over_it = event.outcome.in_([AdverseOutcome.RECOVERED, AdverseOutcome.RECOVERING])
    decides = case(
        (event.kind == AdverseKind.BLEEDING, and_(event.haemoglobin_drop < 30, not_(event.transfusion))),
        (event.kind == AdverseKind.PANCREATITIS, not_(event.severe_pancreatitis)),
        (event.kind == AdverseKind.INFECTION, event.sirs_criteria < 2),
        else_=true(),
    )
    return yes_or_no(yes, and_(decides, rescued_less, got_over_it, Examination.contact_30d))


WORKLOAD = Indicator(
    key="CDEI-01",
    label=Label("消化内镜医师年均工作量", "Procedures per endoscopist and year"),
    edition=EDITION,
    source=NHC,
    clause="CDEI-01",
    counts=Counts.PROCEDURES_A_YEAR,
    base=Source.EXAMINATION,
    words=Words(
        Label("期间完成的消化内镜诊疗例次，折合每年", "Endoscopic procedures in the period, per year"),
        Label("本登记中在册的内镜医师数（现况）", "Endoscopists on the registry's list today"),
    ),
    eligible=true(),
    met=true(),
    per=1,
    direction=Direction.NEITHER,
)
COMPLETE_OGD = Indicator(
    key="CDEI-04",
    label=Label("上消化道内镜检查完整率", "Complete gastroscopy"),
    edition=EDITION,
    source=NHC,
    clause="CDEI-04",
    counts=Counts.EXAMINATIONS,
    base=Source.EXAMINATION,
    words=Words(
        Label(
            "食管上、中、下段，贲门，胃底、胃体、胃角、胃窦，幽门，球部，降部均观察并留图的胃镜检查",
            "Gastroscopies with all of upper, middle and lower oesophagus, cardia, fundus, body, angulus, "
            "antrum, pylorus, bulb and descending duodenum seen and photographed",
        ),
        Label("同期全部胃镜检查", "All gastroscopies of the period"),
    ),
    eligible=OGD,
    met=and_(*(getattr(Examination, site) == SiteSeen.PHOTOGRAPHED for site in UPPER_SITES)),
)
PREPARATION = Indicator(
    key="CDEI-05",
    label=Label("肠道准备优良率", "Good bowel preparation"),
    edition=EDITION,
    source=NHC,
    clause="CDEI-05",
    counts=Counts.EXAMINATIONS,
    base=Source.EXAMINATION,
    words=Words(
        Label(
            "BBPS 各段均 ≥2 分的结肠镜检查（只有总分时：8–9 分计入，≤5 分不计入，6–7 分为未知）",
            "Colonoscopies with every BBPS segment at 2 or more (a total alone: 8–9 met, 5 or less not, "
            "6–7 unknown)",
        ),
        Label("同期全部结肠镜检查", "All colonoscopies of the period"),
        Label("未到达或已切除的肠段不评分", "Segments not reached or resected are not scored"),
    ),
    eligible=COLONOSCOPY,
    met=_segments_well_prepared(),
)
CAECUM = Indicator(
    key="CDEI-06",
    label=Label("盲肠插镜成功率", "Caecal intubation"),
    edition=EDITION,
    source=NHC,
    clause="CDEI-06",
    counts=Counts.EXAMINATIONS,
    base=Source.EXAMINATION,
    words=Words(
        Label("到达盲肠并留图的结肠镜检查", "Colonoscopies that reached the caecum, photographed"),
        Label("同期全部结肠镜检查，未完成后重做者计两次", "All colonoscopies; a repeat counts again"),
        Label("解剖变异，结直肠手术史", "Anatomical variants and earlier colorectal surgery"),
    ),
    eligible=and_(
        COLONOSCOPY, Examination.incomplete_reason.is_distinct_from(IncompleteReason.ANATOMICAL_VARIANT)
    ),
    met=and_(_caecum_reached(), Examination.caecum_photo),
    marks=(
        Mark(
            Source.OPERATION,
            where=and_(
                COLONOSCOPY,
                PriorSurgery.kind.in_(_COLORECTAL_SURGERY),
                or_(PriorSurgery.operated_on.is_(None), PriorSurgery.operated_on <= Examination.performed_on),
            ),
            excludes=True,
        ),
        Mark(
            Source.TREATMENT,
            where=and_(
                COLONOSCOPY,
                Treatment.type == TreatmentType.SURGERY,
                Treatment.refused.is_distinct_from(True),
                Treatment.started_on < Examination.performed_on,
                Tumour.organ.in_(sorted(COLORECTUM, key=str)),
            ),
            excludes=True,
        ),
    ),
)
WITHDRAWAL = Indicator(
    key="CDEI-07",
    label=Label("结肠镜退镜时间 ≥6 分钟率", "Withdrawal of at least 6 minutes"),
    edition=EDITION,
    source=NHC,
    clause="CDEI-07",
    counts=Counts.EXAMINATIONS,
    base=Source.EXAMINATION,
    words=Words(
        Label("退镜时间 ≥6 分钟的结肠镜检查", "Colonoscopies withdrawn over 6 minutes or more"),
        Label(
            "同期全部结肠镜检查（不限于未见异常者）", "All colonoscopies of the period, not only normal ones"
        ),
    ),
    eligible=COLONOSCOPY,
    met=Examination.withdrawal_min >= 6,
)
SERIOUS_EVENTS = Indicator(
    key="CDEI-11",
    label=Label("严重并发症发生率", "Serious complications"),
    edition=EDITION,
    source=NHC,
    clause="CDEI-11",
    counts=Counts.EXAMINATIONS,
    base=Source.EXAMINATION,
    words=Words(
        Label(
            "有严重并发症的例次：3 日内血红蛋白下降 ≥30 g/L、输血、手术或介入止血；重症胰腺炎；"
            "全身感染（SIRS ≥2 条）；需手术的穿孔、致残、死亡",
            "Procedures with a haemoglobin drop of 30 g/L or more within 3 days, transfusion, surgery or "
            "interventional radiology; severe pancreatitis; systemic infection (2 SIRS criteria or more); "
            "perforation needing surgery, disability or death",
        ),
        Label("同期全部消化内镜诊疗例次", "All endoscopic procedures of the period"),
        Label("30 天内未联系上者为未知，不当作没有", "Without contact within 30 days: unknown, not none"),
    ),
    eligible=true(),
    met=case((and_(not_(Examination.any_adverse_event), Examination.contact_30d), false()), else_=null()),
    marks=(Mark(Source.EVENT, where=true(), met=_serious()),),
    per=1000,
    direction=Direction.DOWN,
)
INDICATORS = (WORKLOAD, COMPLETE_OGD, PREPARATION, CAECUM, WITHDRAWAL, SERIOUS_EVENTS)
