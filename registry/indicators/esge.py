"""ESGE performance measures: lower tract 2017, upper tract 2016 and 2025."""

from typing import Any

from sqlalchemy import and_, case, or_, true

from registry import models
from registry.codes.endoscopy import Kimura
from registry.indicators import colonoscopy
from registry.indicators.endoscopy import COLONOSCOPY, KNOWN_DISEASE, OGD
from registry.indicators.indicator import (
    Counts,
    Evidence,
    Indicator,
    IndicatorSet,
    NotCounted,
    Source,
    Words,
)
from registry.indicators.left_out import BOWEL_DISEASE
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
Background: Any = models.Background

LOWER: dict[str, Any] = {
    "source": Label(
        "ESGE 下消化道内镜质量指标（2017）", "ESGE, Performance measures for lower GI endoscopy, 2017"
    ),
    "edition": "ESGE lower 2017",
}
UPPER: dict[str, Any] = {
    "source": Label(
        "ESGE 上消化道内镜质量指标（2016）", "ESGE, Performance measures for upper GI endoscopy, 2016"
    ),
    "edition": "ESGE upper 2016",
    "evidence": Evidence.REMEMBERED,
}
UPPER_2025: dict[str, Any] = {
    "source": Label(
        "ESGE 上消化道内镜质量指标（2025）", "ESGE, Performance measures for upper GI endoscopy, 2025"
    ),
    "edition": "ESGE upper 2025",
}
ALL_OGD = Label("同期全部胃镜检查", "All gastroscopies of the period")
BARRETT = Label(
    "布拉格 M ≥1 cm 的胃镜检查", "Gastroscopies with Barrett's oesophagus, Prague M of 1 cm or more"
)
AGED_50 = and_(COLONOSCOPY, Examination.age >= 50, ~KNOWN_DISEASE)


def _ogd(met: Any, numerator: Label, **said: Any) -> Indicator:
    return Indicator(
        counts=Counts.EXAMINATIONS,
        base=Source.EXAMINATION,
        words=Words(numerator, ALL_OGD),
        eligible=OGD,
        met=met,
        **said,
    )


def _background(where: Any, met: Any, words: Words, **said: Any) -> Indicator:
    return Indicator(
        counts=Counts.EXAMINATIONS,
        base=Source.BACKGROUND,
        words=words,
        eligible=and_(OGD, where),
        met=met,
        **said,
    )


def _recorded(*columns: Any) -> Any:
    """Whether all of these stand in the record; that they do not is known, too."""
    return and_(true(), *(column.is_not(None) for column in columns))


LOWER_SET = IndicatorSet(
    "ESGE-LOWER-2017",
    Label("ESGE 下消化道 2017", "ESGE lower GI 2017"),
    (
        colonoscopy.preparation(
            key="ESGE-PREP",
            label=Label("肠道准备合格率（ESGE）", "Adequate preparation (ESGE)"),
            clause="Rate of adequate bowel preparation",
            target=0.9,
            desirable=0.95,
            **LOWER,
        ),
        colonoscopy.caecum(
            key="ESGE-CIR",
            label=Label("盲肠插镜率（ESGE）", "Caecal intubation (ESGE)"),
            clause="Cecal intubation rate",
            target=0.9,
            desirable=0.95,
            **LOWER,
        ),
        colonoscopy.adenomas(
            AGED_50,
            Label("≥50 岁接受结肠镜检查的人", "Persons aged 50 or more who had a colonoscopy"),
            BOWEL_DISEASE,
            left_out=Label(
                "为已知病变治疗或进一步检查者，炎症性肠病，遗传综合征",
                "Therapy or work-up of what is known, inflammatory bowel disease, hereditary syndromes",
            ),
            key="ESGE-ADR",
            label=Label("腺瘤检出率（ESGE）", "Adenoma detection rate (ESGE)"),
            clause="Adenoma detection rate",
            target=0.25,
            remark=Label("年龄界限未重读原文", "The limit of age is from memory"),
            **LOWER,
        ),
    ),
    (
        NotCounted(
            "Polypectomy technique",
            Label("恰当的息肉切除方法", "Appropriate polypectomy technique"),
            Label(
                "登记库不能分辨钳取是活检还是切除",
                "The record does not tell whether forceps took a biopsy or the polyp",
            ),
        ),
        NotCounted(
            "Complication rate",
            Label("并发症发生率", "Complication rate"),
            Label(
                "指南未设目标；穿孔和出血见 ASGE 和英国各集",
                "No target is set; perforation and bleeding are counted in the sets of ASGE and the UK",
            ),
        ),
        NotCounted(
            "Patient experience",
            Label("患者体验", "Patient experience"),
            Label("登记库没有患者体验的字段", "The record holds no patient's experience"),
        ),
        NotCounted(
            "Post-polypectomy surveillance",
            Label("息肉切除后监测的恰当性", "Appropriate surveillance after polypectomy"),
            Label(
                "间隔规则尚待临床核定，登记库不能判断推荐是否恰当",
                "The rules of intervals await clinical sign-off, so a recommendation cannot be judged",
            ),
        ),
    ),
)
UPPER_SET = IndicatorSet(
    "ESGE-UPPER-2016",
    Label("ESGE 上消化道 2016", "ESGE upper GI 2016"),
    (
        _ogd(
            or_(
                _recorded(Examination.upper_minutes), _recorded(Examination.started_at, Examination.ended_at)
            ),
            Label("记录了检查时长的胃镜检查", "Gastroscopies whose duration stands in the record"),
            key="ESGE-DURATION",
            label=Label("胃镜时长记录率", "Duration of gastroscopy recorded"),
            clause="Documentation of procedure duration",
            target=0.9,
            **UPPER,
        ),
        _ogd(
            Examination.photos >= 10,
            Label("至少 10 张照片的胃镜检查", "Gastroscopies with at least 10 photographs"),
            key="ESGE-PHOTOS",
            label=Label("胃镜留图 ≥10 张率", "At least 10 photographs"),
            clause="Accurate photodocumentation",
            target=0.9,
            **UPPER,
        ),
        _background(
            Background.prague_m >= 1,
            Background.seattle_done,
            Words(Label("按西雅图方案活检者", "Those biopsied by the Seattle protocol"), BARRETT),
            key="ESGE-SEATTLE",
            label=Label("西雅图活检执行率", "Seattle protocol in Barrett's oesophagus"),
            clause="Application of the Seattle protocol",
            target=0.9,
            **UPPER,
        ),
        _background(
            or_(Background.kimura.in_([k for k in Kimura if k is not Kimura.C0]), Background.eggim > 0),
            Background.sydney_sites >= 2,
            Words(
                Label(
                    "至少在两个部位（窦、体）活检者", "Those biopsied at two sites or more (antrum, corpus)"
                ),
                Label(
                    "内镜见萎缩或肠化（Kimura C-1 及以上，EGGIM ≥1）的胃镜检查",
                    "Gastroscopies with atrophy or metaplasia (Kimura C-1 or more, EGGIM 1 or more)",
                ),
            ),
            key="ESGE-MAPS",
            label=Label("癌前状态规范活检率（MAPS）", "Biopsies of precancerous conditions (MAPS)"),
            clause="Application of MAPS guidelines",
            target=0.9,
            **UPPER,
        ),
        Indicator(
            key="ESGE-EVENTS",
            label=Label("不良事件记录率", "Adverse events recorded"),
            clause="Registration of complications",
            counts=Counts.EXAMINATIONS,
            base=Source.EXAMINATION,
            words=Words(
                Label("记录了有无不良事件的胃镜检查", "Gastroscopies that say whether there was an event"),
                ALL_OGD,
            ),
            eligible=OGD,
            met=_recorded(Examination.any_adverse_event),
            target=0.95,
            **UPPER,
        ),
    ),
    (
        NotCounted(
            "Fasting instructions; standardised terminology",
            Label("禁食告知、规范术语", "Fasting instructions, standardised terminology"),
            Label(
                "登记库不记录是否告知禁食；所有编码字段本身即为规范术语",
                "The record does not hold whether fasting was explained; coded fields are the terminology",
            ),
        ),
    ),
)
UPPER_2025_SET = IndicatorSet(
    "ESGE-UPPER-2025",
    Label("ESGE 上消化道 2025", "ESGE upper GI 2025"),
    (
        _ogd(
            Examination.upper_minutes >= 7,
            Label(
                "观察时间 ≥7 分钟的胃镜检查",
                "Gastroscopies of 7 minutes or more from intubation to extubation",
            ),
            key="ESGE-7MIN",
            label=Label("胃镜 ≥7 分钟率", "Gastroscopy of at least 7 minutes"),
            clause="Inspection time",
            **UPPER_2025,
        ),
        _ogd(
            _recorded(Examination.visibility),
            Label("记录了黏膜视野评分的胃镜检查", "Gastroscopies whose mucosal visibility was scored"),
            key="ESGE-VISIBILITY",
            label=Label("黏膜视野评分率", "Mucosal visibility scored"),
            clause="Mucosal visibility score",
            **UPPER_2025,
        ),
        _background(
            Background.prague_m >= 1,
            and_(
                Background.seattle_done,
                case(
                    (
                        or_(
                            Examination.imaging_nbi,
                            Examination.imaging_bli,
                            Examination.imaging_lci,
                            Examination.imaging_acetic,
                        ),
                        true(),
                    ),
                    else_=and_(Examination.imaging_nbi, Examination.imaging_acetic),
                ),
            ),
            Words(
                Label(
                    "用染色（电子或醋酸）并按西雅图方案活检者",
                    "Those inspected with chromoendoscopy, virtual or acetic, and biopsied as in Seattle",
                ),
                BARRETT,
            ),
            key="ESGE-BARRETT",
            label=Label(
                "Barrett 食管染色加西雅图活检", "Chromoendoscopy and Seattle in Barrett's oesophagus"
            ),
            clause="Barrett inspection",
            **UPPER_2025,
        ),
    ),
    (
        NotCounted(
            "Slot of 20 minutes; 1 minute per cm of Barrett's oesophagus",
            Label(
                "预约时段 ≥20 分钟，Barrett 每厘米 ≥1 分钟",
                "Slots of 20 minutes, 1 minute a cm",
            ),
            Label("登记库不记录预约时段和分段观察时间", "The record holds neither slots nor time by segment"),
        ),
    ),
)
