"""Follow-up as the alliance proposes to count it: contact, loss, surveillance, managed high risk.

The unit is a plan: a day on which somebody was due. It counts once its days of grace are over; whoever
died before is left out.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, exists, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.outcome import ContactOutcome
from registry.codes.risk import Tier
from registry.indicators.early import yes_or_no
from registry.indicators.indicator import (
    Counts,
    Direction,
    Evidence,
    Indicator,
    IndicatorSet,
    Source,
    Words,
)
from registry.indicators.linked import WATCHED
from registry.label import Label
from registry.models.arrived import arrived
from registry.models.portable import days_between

# Columns as expressions: a type checker takes a nullable one for no condition.
FollowUp: Any = models.FollowUp
RiskAssessment: Any = models.RiskAssessment

GRACE = 90
EARLY_BY = 30  # a contact this many days ahead of the day is one for it
OWN: dict[str, Any] = {
    "source": Label("本联盟自定", "The alliance's own"),
    "edition": "2026",
    "evidence": Evidence.PROPOSED,
}
_REACHED = [outcome for outcome in ContactOutcome if outcome.reached]
_MISSED = [outcome for outcome in ContactOutcome if not outcome.reached]
_contact: Any = aliased(models.FollowUp)
_examined: Any = aliased(models.Examination)
_plan: Any = aliased(models.FollowUp)
_open: Any = aliased(models.FollowUp)
_first: Any = aliased(models.FollowUp)


def _late(day: Any) -> Any:
    """Days from the day that was due to this one."""
    return days_between(FollowUp.next_due_on, day)


PAST = and_(
    FollowUp.next_due_on.is_not(None),
    _late(func.current_date()) > GRACE,
    or_(WATCHED.died_on.is_(None), days_between(FollowUp.next_due_on, WATCHED.died_on) > GRACE),
)
# A call that reached nobody is entered with the day that it was for: the same plan, not another.
_REPEATED = exists().where(
    _first.person_id == FollowUp.person_id,
    arrived(_first),
    _first.centre_id == FollowUp.centre_id,
    _first.next_due_on == FollowUp.next_due_on,
    _first.next_due_what.is_not_distinct_from(FollowUp.next_due_what),
    or_(
        _first.contacted_on < FollowUp.contacted_on,
        and_(_first.contacted_on == FollowUp.contacted_on, _first.id < FollowUp.id),
    ),
)
DUE = and_(PAST, not_(_REPEATED))
_about_then = (
    _contact.person_id == FollowUp.person_id,
    _late(_contact.contacted_on).between(-EARLY_BY, GRACE),
)
REACHED = exists().where(*_about_then, _contact.id != FollowUp.id, _contact.outcome.in_(_REACHED))
CAME = exists().where(
    _examined.person_id == FollowUp.person_id,
    arrived(_examined),
    _examined.performed_on > FollowUp.contacted_on,
    _late(_examined.performed_on) <= GRACE,
)
CAME_FOR_IT = exists().where(
    _examined.person_id == FollowUp.person_id,
    arrived(_examined),
    _examined.performed_on > FollowUp.contacted_on,
    _late(_examined.performed_on) <= GRACE,
    _examined.type == FollowUp.next_due_what,
)
DONE_ELSEWHERE = exists().where(*_about_then, _contact.outcome == ContactOutcome.DONE_ELSEWHERE)
_attempts = (
    select(func.count())
    .select_from(_contact)
    .where(
        _contact.person_id == FollowUp.person_id,
        _contact.contacted_on > FollowUp.contacted_on,
        _late(_contact.contacted_on) <= GRACE,
        _contact.outcome.in_(_MISSED),
    )
    .correlate(FollowUp)
    .scalar_subquery()
)
DUE_WORDS = Label(
    "应随访日期已过 90 天、届时在世者的随访计划；同一日期、同一检查只计一次",
    "Plans whose day is more than 90 days past, of persons alive then; the same day for the same "
    "examination once",
)
ENTRY_WORDS = Label(
    "应随访日期已过 90 天、届时在世者的随访记录；联系未果而沿用原日期的每条都计",
    "Entries whose day is more than 90 days past, of persons alive then; each call that reached nobody and "
    "kept the day counts again",
)
DEAD = Label(
    "宽限期内死亡者；迁出未登记者无法识别", "Those who died before; those who moved away are not recorded"
)


def _plans(met: Any, numerator: Label, eligible: Any = DUE, **said: Any) -> Indicator:
    return Indicator(
        counts=Counts.PLANS,
        base=Source.PLAN,
        words=Words(numerator, DUE_WORDS, DEAD),
        eligible=eligible,
        met=met,
        replaces=f"{said['key']}.entries",
        **said,
        **{**OWN, "edition": "2026.2"},
    )


def _by_entry(indicator: Indicator, eligible: Any = PAST) -> Indicator:
    """The edition before: every entry with a day that was due, repeated calls for it among them."""
    return replace(
        indicator,
        key=f"{indicator.key}.entries",
        label=Label("%(name)s（按每条记录）", "%(name)s, by entry") % {"name": indicator.label},
        words=replace(indicator.words, denominator=ENTRY_WORDS),
        eligible=eligible,
        edition="2026",
        replaces=None,
        variant_of=indicator.key,
    )


CONTACT = _plans(
    yes_or_no(or_(REACHED, CAME), true()),
    Label(
        "应随访日期前 30 天至后 90 天内联系到，或已来检查",
        "Reached from 30 days before to 90 after, or examined",
    ),
    key="FOLLOW-UP",
    label=Label("随访率", "Follow-up"),
    clause=Label("随访率", "Follow-up rate"),
)
LOST = _plans(
    yes_or_no(and_(_attempts >= 2, not_(REACHED), not_(CAME)), true()),
    Label("至少两次联系未果，且未来检查", "Tried twice or more without reaching anybody, and not examined"),
    key="LOST",
    label=Label("失访率", "Lost to follow-up"),
    clause=Label("失访率", "Loss to follow-up"),
    direction=Direction.DOWN,
    remark=Label(
        "拟定的定义是“连续两轮未到且无法联系”。登记库里一轮就是一个应随访日期，无人补登新日期时，错过几轮都只有"
        "这一个日期，轮次数不出来；故以同一日期后两次联系未果、也未来检查代之。迁出未登记，计为失访",
        "The definition proposed is two consecutive missed rounds and unreachable. A round is a day that "
        "was due, and where nobody entered another there is one however many went by, so rounds cannot be "
        "counted; two calls for one day that reached nobody, and no examination, stand for them. Moving "
        "away is not recorded and counts as lost",
    ),
)
SURVEILLANCE = _plans(
    yes_or_no(or_(CAME_FOR_IT, DONE_ELSEWHERE), true()),
    Label(
        "至应查日期后 90 天内做了所定的检查（含外院）",
        "Examined as planned by 90 days after, elsewhere included",
    ),
    eligible=and_(DUE, FollowUp.next_due_what.is_not(None)),
    key="SURVEILLANCE",
    label=Label("监测依从率", "Adherence to surveillance"),
    clause=Label("监测依从率", "Adherence to surveillance"),
)
_PLANNED = exists().where(
    _plan.person_id == RiskAssessment.person_id,
    _plan.next_due_on.is_not(None),
    _plan.next_due_on >= RiskAssessment.assessed_on,
)
_OVERDUE = exists().where(
    _open.person_id == RiskAssessment.person_id,
    _open.settled.is_(False),
    days_between(_open.next_due_on, func.current_date()) > GRACE,
)
MANAGED = Indicator(
    key="MANAGED",
    label=Label("高危人群规范管理率", "High-risk persons managed as planned"),
    clause=Label("规范管理率", "Managed as planned"),
    counts=Counts.PERSONS,
    base=Source.ASSESSMENT,
    words=Words(
        Label(
            "已有随访计划且无逾期 90 天未办者", "Those with a plan and nothing overdue by more than 90 days"
        ),
        Label("评为高危（含 C、D 组）的人", "Persons assessed as high risk, groups C and D included"),
    ),
    eligible=RiskAssessment.tier.in_([Tier.HIGH, Tier.C, Tier.D]),
    met=and_(_PLANNED, not_(_OVERDUE)),
    **OWN,
)
VARIANTS = (
    _by_entry(CONTACT),
    _by_entry(LOST),
    _by_entry(SURVEILLANCE, and_(PAST, FollowUp.next_due_what.is_not(None))),
)
SET = IndicatorSet(
    "FOLLOW-UP", Label("随访指标", "Follow-up"), (CONTACT, LOST, SURVEILLANCE, MANAGED), on=True
)
