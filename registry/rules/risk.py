"""Risk scores: points, tiers, and when a score does not apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from registry.codes.person import Sex
from registry.codes.risk import Instrument, Smoking, Tier
from registry.label import Label
from registry.rules.definition import Definition
from registry.rules.life import FUTURE
from registry.rules.problem import Open, Problem, refusal, warning

LI = Definition(
    Instrument.LI_CN.code,
    Instrument.LI_CN.label,
    Label(
        "年龄 40–49:0、50–59:5、60–69:6、>69:10；男 4；Hp 抗体阳性 1；PGR <3.89:3；G-17 1.50–5.70:3、"
        ">5.70:5；低 0–11、中 12–16、高 17–23",
        "Age 40–49:0, 50–59:5, 60–69:6, >69:10; male 4; Hp antibody 1; PGR <3.89:3; G-17 1.50–5.70:3, "
        ">5.70:5; low 0–11, medium 12–16, high 17–23",
    ),
    "2017",
    "中国早期胃癌筛查流程专家共识意见（草案，2017 年，上海）",
    "新型胃癌筛查评分系统",
)
APCS = Definition(
    Instrument.APCS.code,
    Instrument.APCS.label,
    Label(
        "年龄 <50:0、50–69:2、≥70:3；男 1；一级亲属结直肠癌 2；吸烟（含已戒）1；一般 0–1、中度 2–3、高 4–7",
        "Age <50:0, 50–69:2, >=70:3; male 1; first-degree CRC 2; smoking, ever 1; average 0–1, "
        "moderate 2–3, high 4–7",
    ),
    "2011",
    "Yeoh KG et al., Gut 2011;60:1236",
    "APCS",
)
APCS_UPDATED = Definition(
    Instrument.APCS_UPDATED.code,
    Instrument.APCS_UPDATED.label,
    Label(
        "年龄 40–49:0、50–59:1、≥60:2；男、家族史、吸烟、BMI ≥23 各 1；一般 0、中度 1–2、高 3–6",
        "Age 40–49:0, 50–59:1, >=60:2; male, family, smoking, BMI >=23: 1 each; average 0, moderate "
        "1–2, high 3–6",
    ),
    "2018",
    "Sung JJY et al. 2018, J Gastroenterol Hepatol 33",
    "Modified APCS",
)
ABC = Definition(
    Instrument.ABC.code,
    Instrument.ABC.label,
    Label(
        "PG 阳性为 PG I ≤70 µg/L 且 PGR 不超过界值；A Hp− PG−，B Hp+ PG−，C Hp+ PG+，D Hp− PG+",
        "PG positive: PG I up to 70 µg/L and PGR up to the cut-off; A Hp- PG-, B Hp+ PG-, C Hp+ PG+, D "
        "Hp- PG+",
    ),
    "Japan: PGR 3; China 2014: PGR 7",
    "Miki K, Gastric Cancer 2006;9:245; 中国早期胃癌筛查及内镜诊治共识意见 2014",
    "ABC",
)
DEFINITIONS = (LI, APCS, APCS_UPDATED, ABC)
PGR_CUTOFFS = {"japan": 3.0, "china2014": 7.0}

_LABELS = {
    "age": Label("年龄", "Age"),
    "sex": Label("性别", "Sex"),
    "hp_result": Label("幽门螺杆菌结果", "H. pylori result"),
    "pepsinogen_1": Label("胃蛋白酶原 I", "Pepsinogen I"),
    "pepsinogen_ratio": Label("PGR", "Pepsinogen ratio"),
    "gastrin_17": Label("胃泌素-17", "Gastrin-17"),
    "relative_colorectum": Label("一级亲属结直肠癌", "First-degree relative, colorectum"),
    "smoking": Label("吸烟", "Smoking"),
    "bmi": Label("体质指数", "BMI"),
    "on_ppi": Label("是否正服 PPI", "Whether on a PPI"),
    "gastrectomy": Label("是否胃切除术后", "Whether after gastrectomy"),
    "hp_eradicated": Label("是否根除过幽门螺杆菌", "Whether H. pylori was eradicated"),
}


@dataclass(frozen=True)
class Score:
    """The answer of an instrument.

    `tier` is None where inputs are `missing`, and `Tier.NOT_APPLICABLE` with a `reason` where the
    instrument does not hold for this person.
    """

    definition: Definition
    total: int | None = None
    tier: Tier | None = None
    missing: tuple[Open, ...] = ()
    reason: Label | None = None


def li(
    *,
    age: int | None,
    sex: Sex | None,
    hp_positive: bool | None,
    pepsinogen_ratio: float | None,
    gastrin_17: float | None,
    gastrectomy: bool | None,
    on_ppi: bool | None,
) -> Score:
    """Li score of gastric cancer risk, Chinese edition, 0 to 23.

    Does not hold under 40, after gastrectomy or on a proton-pump inhibitor. `hp_positive` is the
    antibody. The edition of Gut 2019 adds food and goes to 25; it is not computed here.
    """
    if reason := _does_not_hold(age, 40, {"gastrectomy": gastrectomy, "on_ppi": on_ppi}):
        return Score(LI, tier=Tier.NOT_APPLICABLE, reason=reason)
    inputs = {
        "age": age,
        "sex": _stated(sex),
        "hp_result": hp_positive,
        "pepsinogen_ratio": pepsinogen_ratio,
        "gastrin_17": gastrin_17,
        "gastrectomy": gastrectomy,
        "on_ppi": on_ppi,
    }
    if missing := _missing(inputs):
        return Score(LI, missing=missing)
    assert age is not None and pepsinogen_ratio is not None and gastrin_17 is not None  # noqa: S101
    total = (
        _points(age, ((70, 10), (60, 6), (50, 5)))
        + 4 * (sex is Sex.MALE)
        + bool(hp_positive)
        + 3 * (pepsinogen_ratio < 3.89)
        + (5 if gastrin_17 > 5.70 else 3 if gastrin_17 >= 1.50 else 0)
    )
    return Score(LI, total, Tier.HIGH if total >= 17 else Tier.MEDIUM if total >= 12 else Tier.LOW)


def apcs(
    *, age: int | None, sex: Sex | None, relative_colorectum: bool | None, smoking: Smoking | None
) -> Score:
    """Asia-Pacific Colorectal Screening score, 0 to 7."""
    inputs = {"age": age, "sex": _stated(sex), "relative_colorectum": relative_colorectum, "smoking": smoking}
    if missing := _missing(inputs):
        return Score(APCS, missing=missing)
    assert age is not None  # noqa: S101
    total = (
        _points(age, ((70, 3), (50, 2)))
        + (sex is Sex.MALE)
        + 2 * bool(relative_colorectum)
        + (smoking is not Smoking.NEVER)
    )
    return Score(APCS, total, Tier.HIGH if total >= 4 else Tier.MODERATE if total >= 2 else Tier.AVERAGE)


def apcs_updated(
    *,
    age: int | None,
    sex: Sex | None,
    relative_colorectum: bool | None,
    smoking: Smoking | None,
    bmi: float | None,
) -> Score:
    """Updated Asia-Pacific Colorectal Screening score, 0 to 6, from the age of 40, with tiers of its own."""
    if reason := _does_not_hold(age, 40, {}):
        return Score(APCS_UPDATED, tier=Tier.NOT_APPLICABLE, reason=reason)
    inputs = {
        "age": age,
        "sex": _stated(sex),
        "relative_colorectum": relative_colorectum,
        "smoking": smoking,
        "bmi": bmi,
    }
    if missing := _missing(inputs):
        return Score(APCS_UPDATED, missing=missing)
    assert age is not None and bmi is not None  # noqa: S101
    total = (
        _points(age, ((60, 2), (50, 1)))
        + (sex is Sex.MALE)
        + bool(relative_colorectum)
        + (smoking is not Smoking.NEVER)
        + (bmi >= 23)
    )
    return Score(
        APCS_UPDATED, total, Tier.HIGH if total >= 3 else Tier.MODERATE if total >= 1 else Tier.AVERAGE
    )


def abc(
    *,
    hp_positive: bool | None,
    pepsinogen_1: float | None,
    pepsinogen_ratio: float | None,
    hp_eradicated: bool | None,
    gastrectomy: bool | None,
    on_ppi: bool | None,
    cutoffs: str = "china2014",
) -> Score:
    """Hp and pepsinogen group A to D; no group after eradication, gastrectomy or on a PPI.

    `cutoffs` is "japan" (PGR up to 3) or "china2014" (up to 7); PG I is up to 70 µg/L in both.
    """
    states = {"hp_eradicated": hp_eradicated, "gastrectomy": gastrectomy, "on_ppi": on_ppi}
    if reason := _does_not_hold(None, 0, states):
        return Score(ABC, tier=Tier.NOT_APPLICABLE, reason=reason)
    inputs = {
        "hp_result": hp_positive,
        "pepsinogen_1": pepsinogen_1,
        "pepsinogen_ratio": pepsinogen_ratio,
        **states,
    }
    if missing := _missing(inputs):
        return Score(ABC, missing=missing)
    assert pepsinogen_1 is not None and pepsinogen_ratio is not None  # noqa: S101
    atrophic = pepsinogen_1 <= 70 and pepsinogen_ratio <= PGR_CUTOFFS[cutoffs]
    group = {(False, False): Tier.A, (True, False): Tier.B, (True, True): Tier.C, (False, True): Tier.D}
    return Score(ABC, tier=group[bool(hp_positive), atrophic])


def check(
    *,
    assessed_on: date | None = None,
    pepsinogen_ratio: float | None = None,
    today: date | None = None,
    **_: object,
) -> list[Problem]:
    """What is impossible or unlikely in a risk assessment."""
    problems = []
    if assessed_on and today and assessed_on > today:
        problems.append(refusal("assessed_on", "评估日期在今天之后", "Assessed in the future", FUTURE))
    if pepsinogen_ratio is not None and pepsinogen_ratio > 30:
        problems.append(
            warning(
                "pepsinogen_ratio",
                "PGR 大于 30，请核对",
                "PGR above 30, please check",
                Label("PGR 不超过 30", "PGR up to 30"),
            )
        )
    return problems


def _points(value: float, bands: tuple[tuple[float, int], ...]) -> int:
    """Points of the highest band reached; bands run downwards."""
    return next((points for least, points in bands if value >= least), 0)


def _stated(sex: Sex | None) -> Sex | None:
    return sex if sex in {Sex.MALE, Sex.FEMALE} else None


def _missing(inputs: Mapping[str, object]) -> tuple[Open, ...]:
    return tuple(Open(field, _LABELS[field]) for field, value in inputs.items() if value is None)


def _does_not_hold(age: int | None, from_age: int, states: Mapping[str, bool | None]) -> Label | None:
    if age is not None and age < from_age:
        return Label("不满 %(age)s 岁，不适用", "Under %(age)s years: not applicable") % {"age": from_age}
    reasons = {
        "gastrectomy": Label("胃切除术后，不适用", "After gastrectomy: not applicable"),
        "on_ppi": Label("正服 PPI，不适用", "On a PPI: not applicable"),
        "hp_eradicated": Label("已根除幽门螺杆菌，不适用", "After eradication: not applicable"),
    }
    return next((reasons[name] for name, present in states.items() if present), None)
