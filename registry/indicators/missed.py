"""Cancers that an endoscopy did not find: PCCRC-3y and post-endoscopy upper GI cancer, window a parameter.

A cancer found elsewhere reaches the registry only by a list. So nobody counts whose death list does not
reach the end of the window, in numerator and denominator alike, and where nobody is left the rate is not
computable: what was never looked for must not pass for what was never missed.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, exists, func, or_
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.lesion import COLORECTUM, Organ
from registry.codes.person import Vital
from registry.indicators.early import cancer
from registry.indicators.endoscopy import COLONOSCOPY, OGD, POSITIVE_TEST, SCREENING
from registry.indicators.indicator import (
    Counts,
    Direction,
    Evidence,
    Indicator,
    IndicatorSet,
    Mark,
    Source,
    Words,
)
from registry.indicators.linked import WATCHED
from registry.label import Label
from registry.models.arrived import arrived
from registry.models.portable import months_on

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
Tumour: Any = models.Tumour
VitalStatus: Any = models.VitalStatus

UPPER = frozenset({Organ.OESOPHAGUS, Organ.STOMACH})
LOWER = COLORECTUM
_CAUSES = {UPPER: ("C15", "C16"), LOWER: ("C18", "C19", "C20")}
_NAMES = {
    UPPER: Label("食管癌或胃癌", "oesophageal or gastric cancer"),
    LOWER: Label("结直肠癌", "colorectal cancer"),
}
_SCOPES = {UPPER: Label("胃镜", "gastroscopy"), LOWER: Label("结肠镜", "colonoscopy")}
DIAGNOSED = func.coalesce(Tumour.invasive_on, Tumour.incidence_on, Tumour.detected_on)


def missed(
    organs: Collection[Organ],
    *,
    since: int = 6,
    until: int = 36,
    among: Any = None,
    scope: Label | None = None,
    **said: Any,
) -> Indicator:
    """Cancers more than `since` and at most `until` months after an endoscopy, among all up to `until`.

    Parameters
    ----------
    organs : UPPER or LOWER
        Which cancers, and so which endoscopy.
    since, until : int
        The window in months by the day of the month. With `since` 0 a cancer counts as missed by every
        earlier endoscopy that is not the one that detected it.
    among : SQL expression or None
        Which endoscopies, where not all; `scope` is then what they are called.
    """
    organs = frozenset(organs)
    examined = OGD if organs == UPPER else COLONOSCOPY
    examined = examined if among is None else and_(examined, among)
    seen_through = months_on(WATCHED.linked_until) >= months_on(Examination.performed_on) + until * 31
    later = months_on(DIAGNOSED) - months_on(Examination.performed_on)
    died = months_on(VitalStatus.as_of) - months_on(Examination.performed_on)
    known: Any = aliased(models.Tumour)
    on_record = exists().where(
        known.person_id == Examination.person_id,
        arrived(known),
        known.organ.in_(sorted(organs, key=str)),
        cancer(known),
    )
    by_death = [VitalStatus.cause.startswith(code) for code in _CAUSES[organs]]
    elsewhere = Tumour.detecting_examination_id.is_distinct_from(Examination.id)
    named = {"cancer": _NAMES[organs], "scope": scope or _SCOPES[organs], "since": since, "until": until}
    return Indicator(
        counts=Counts.PERSONS,
        base=Source.LATER_TUMOUR,
        words=Words(
            Label(
                "%(scope)s后超过 %(since)s 个月、至多 %(until)s 个月诊断%(cancer)s的人",
                "Persons with %(cancer)s more than %(since)s and at most %(until)s months after %(scope)s",
            )
            % named,
            Label(
                "%(scope)s后 0–%(until)s 个月诊断%(cancer)s的人，按%(scope)s的日期和中心计",
                "Persons with %(cancer)s within %(until)s months of %(scope)s, by its day and centre",
            )
            % named,
            Label(
                "死因名单未比对满 %(until)s 个月者；仅由死因得知的癌按死亡日期计；不以检查例数为分母",
                "Those whose death list does not reach %(until)s months; a cancer known by death alone "
                "counts by the day of death; never divided by endoscopies",
            )
            % named,
        ),
        eligible=and_(
            examined,
            Tumour.organ.in_(sorted(organs, key=str)),
            cancer(Tumour),
            later.between(0, until * 31),
            seen_through,
        ),
        met=and_(later > since * 31, elsewhere) if since == 0 else later > since * 31,
        marks=(
            Mark(
                Source.LATER_DEATH,
                where=and_(
                    examined,
                    VitalStatus.vital == Vital.DEAD,
                    or_(*by_death),
                    died > since * 31,
                    died <= until * 31,
                    seen_through,
                    ~on_record,
                ),
                met=VitalStatus.vital == Vital.DEAD,
            ),
        ),
        needs=Label(
            "需先与死因名单比对满 %(until)s 个月：未比对时，别处发现的癌无从得知，比率会虚低",
            "Needs a death list linked for %(until)s months: without it cancers found elsewhere are unheard "
            "of, and the rate would be too low",
        )
        % named,
        direction=Direction.DOWN,
        **said,
    )


COLORECTAL = missed(
    LOWER,
    key="PCCRC-3Y",
    label=Label("结肠镜后结直肠癌（PCCRC-3y）", "Post-colonoscopy colorectal cancer (PCCRC-3y)"),
    edition="WEO 2018",
    source=Label("世界内镜组织共识（2018）", "World Endoscopy Organization consensus, 2018"),
    clause="PCCRC-3yr",
    evidence=Evidence.REMEMBERED,
    remark=Label("窗口已核对原文，算法未重读", "The window was compared with the text, the algebra was not"),
)
UPPER_GI = missed(
    UPPER,
    key="PEUGIC",
    label=Label("内镜后上消化道癌（PEUGIC）", "Post-endoscopy upper GI cancer (PEUGIC)"),
    edition="6–36",
    source=Label("英格兰 PEUGIC 研究", "PEUGIC in England, 6 to 36 months"),
    clause="PEUGIC-3y",
)
UPPER_GI_FROM_0 = missed(
    UPPER,
    since=0,
    key="PEUGIC.0",
    label=Label("内镜后上消化道癌（0–36 个月）", "Post-endoscopy upper GI cancer (0 to 36 months)"),
    edition="0–36",
    source=Label("格拉斯哥 PEUGIC 研究", "PEUGIC in Glasgow, 0 to 36 months"),
    clause="PEUGIC-3y",
    variant_of="PEUGIC",
)
INTERVAL = missed(
    LOWER,
    since=0,
    until=24,
    among=or_(SCREENING, POSITIVE_TEST),
    scope=Label(
        "筛查结肠镜（含初筛阳性、体检）", "colonoscopy for screening, after a positive test or at a check-up"
    ),
    key="INTERVAL-CRC",
    label=Label("筛查间期结直肠癌（2 年）", "Interval colorectal cancer after screening (2 years)"),
    edition="2026, after a positive test too",
    source=Label(
        "欧盟 2010 间期癌的定义，窗口为本联盟拟定",
        "Interval cancer as in EU 2010; the window is the alliance's",
    ),
    clause="Interval cancer / (interval + screen-detected)",
    evidence=Evidence.PROPOSED,
)
VARIANTS = (UPPER_GI_FROM_0,)
SET = IndicatorSet(
    "MISSED", Label("漏诊与间期癌", "Missed and interval cancer"), (COLORECTAL, UPPER_GI, INTERVAL), on=True
)
