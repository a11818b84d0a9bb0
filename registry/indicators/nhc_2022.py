"""National Health Commission of China, Quality control indicators for digestive endoscopy, 2022."""

from typing import Any

from sqlalchemy import and_, case, false, null, true

from registry import models
from registry.codes.endoscopy import IncompleteReason, SiteSeen
from registry.codes.lesion import Organ
from registry.indicators.detection import ADENOMA_FOUND, early_share, known_depth, with_high_grade
from registry.indicators.endoscopy import (
    COLONOSCOPY,
    OGD,
    UNHARMED,
    caecum_reached,
    segments_well_prepared,
    serious,
)
from registry.indicators.indicator import (
    Counts,
    Direction,
    Indicator,
    IndicatorSet,
    Mark,
    NotCounted,
    Source,
    Words,
)
from registry.indicators.left_out import OPERATED
from registry.indicators.resection import COMPLETE, EARLY, ESD, WAITING
from registry.indicators.sources import NHC, NHC_EDITION
from registry.label import Label
from registry.models.examination import UPPER_SITES

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination

WORKLOAD = Indicator(
    key="CDEI-01",
    label=Label("消化内镜医师年均工作量", "Procedures per endoscopist and year"),
    edition=NHC_EDITION,
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
    edition=NHC_EDITION,
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
    edition=NHC_EDITION,
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
    met=segments_well_prepared(),
)
CAECUM = Indicator(
    key="CDEI-06",
    label=Label("盲肠插镜成功率", "Caecal intubation"),
    edition=NHC_EDITION,
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
    met=and_(caecum_reached(), Examination.caecum_photo),
    marks=OPERATED,
)
WITHDRAWAL = Indicator(
    key="CDEI-07",
    label=Label("结肠镜退镜时间 ≥6 分钟率", "Withdrawal of at least 6 minutes"),
    edition=NHC_EDITION,
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
    edition=NHC_EDITION,
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
    met=case((UNHARMED, false()), else_=null()),
    marks=(Mark(Source.EVENT, where=true(), met=serious()),),
    per=1000,
    direction=Direction.DOWN,
)
OESOPHAGUS = early_share("12", Organ.OESOPHAGUS)
STOMACH = early_share("13", Organ.STOMACH)
COLORECTUM = early_share("15", Organ.COLON)
ADENOMA = Indicator(
    key="CDEI-14",
    label=Label("结直肠腺瘤检出率（ADR）", "Adenoma detection rate (ADR)"),
    edition=NHC_EDITION,
    source=NHC,
    clause="CDEI-14",
    counts=Counts.PERSONS,
    base=Source.EXAMINATION,
    words=Words(
        Label("至少检出 1 个腺瘤的受检者（病理证实）", "Persons with at least one adenoma on histology"),
        Label(
            "同期接受结肠镜检查的人，不限年龄和适应证",
            "Persons who had a colonoscopy, of any age and indication",
        ),
        Label(
            "未取组织者计为未检出；锯齿状病变不计", "No tissue counts as none found; serrated do not count"
        ),
    ),
    eligible=COLONOSCOPY,
    marks=(ADENOMA_FOUND,),
    specimens=COLONOSCOPY,
)
COMPLETE_ESD = Indicator(
    key="CDEI-16",
    label=Label("消化道早癌 ESD 完整切除率", "Complete resection of early cancer by ESD"),
    edition=NHC_EDITION,
    source=NHC,
    clause="CDEI-16",
    counts=Counts.SPECIMENS,
    base=Source.RESECTION,
    words=Words(
        Label(
            "整块切除且水平、垂直切缘均阴性（HM0、VM0）；切缘无法判定（X）不算阴性",
            "En bloc with clear horizontal and vertical margins (HM0, VM0); one that cannot be assessed (X) "
            "is not clear",
        ),
        Label(
            "病理为早期癌或高级别上皮内瘤变的 ESD 标本，含深度未知者",
            "ESD specimens with early cancer or high-grade neoplasia, depth unknown included",
        ),
        Label(
            "病理证实超出早期定义者；报告未回的 ESD 计为待病理",
            "Proved deeper than early; unreported: awaited",
        ),
    ),
    eligible=EARLY,
    met=COMPLETE,
    awaited=WAITING,
    specimens=ESD,
)

VARIANTS = (
    known_depth(OESOPHAGUS),
    known_depth(STOMACH),
    known_depth(COLORECTUM),
    with_high_grade(OESOPHAGUS, Organ.OESOPHAGUS),
    with_high_grade(STOMACH, Organ.STOMACH),
)
SET = IndicatorSet(
    "NHC-2022",
    Label("国家质控指标 2022", "National indicators 2022"),
    (
        WORKLOAD,
        COMPLETE_OGD,
        PREPARATION,
        CAECUM,
        WITHDRAWAL,
        SERIOUS_EVENTS,
        OESOPHAGUS,
        STOMACH,
        ADENOMA,
        COLORECTUM,
        COMPLETE_ESD,
    ),
    (
        NotCounted(
            "CDEI-02, 03",
            Label("四级、三级技术占比", "Share of level-4 and level-3 procedures"),
            Label(
                "登记库不记录手术分级目录的级别",
                "The record does not hold the level of a procedure in the national catalogue",
            ),
        ),
        NotCounted(
            "CDEI-08, 09, 10, 17, 18",
            Label("ERCP、超声内镜、胶囊内镜指标", "ERCP, endosonography and capsule endoscopy"),
            Label("不在早癌筛查登记范围内", "Outside what a registry of early-cancer screening records"),
        ),
    ),
    on=True,
)
