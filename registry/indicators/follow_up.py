"""Follow-up as the alliance proposes to count it: contact, loss, surveillance, managed high risk.

The unit is a plan: a day on which somebody was due. It counts once its days of grace are over; whoever
died before is left out.
"""

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


def _late(day: Any) -> Any:
    """Days from the day that was due to this one."""
    return days_between(FollowUp.next_due_on, day)


DUE = and_(
    FollowUp.next_due_on.is_not(None),
    _late(func.current_date()) > GRACE,
    or_(WATCHED.died_on.is_(None), days_between(FollowUp.next_due_on, WATCHED.died_on) > GRACE),
)
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
    "应随访日期已过 90 天、届时在世者的随访计划",
    "Plans whose day is more than 90 days past, of persons alive then",
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
        **said,
        **OWN,
    )


CONTACT = _plans(
    yes_or_no(or_(REACHED, CAME), true()),
    Label(
        "应随访日期前 30 天至后 90 天内联系到，或已来检查",
        "Reached from 30 days before to 90 after, or examined",
    ),
    key="FOLLOW-UP",
    label=Label("随访率", "Follow-up"),
    clause="随访率",
)
LOST = _plans(
    yes_or_no(and_(_attempts >= 2, not_(REACHED), not_(CAME)), true()),
    Label("至少两次联系未果，且未来检查", "Tried twice or more without reaching anybody, and not examined"),
    key="LOST",
    label=Label("失访率", "Lost to follow-up"),
    clause="失访率",
    direction=Direction.DOWN,
    remark=Label(
        "“连续两轮失访”在登记库中即同一计划后两次联系未果",
        "“Two consecutive missed rounds” are, in the record, two contacts without success after one plan",
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
    clause="监测依从率",
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
    clause="规范管理率",
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
SET = IndicatorSet(
    "FOLLOW-UP", Label("随访指标", "Follow-up"), (CONTACT, LOST, SURVEILLANCE, MANAGED), on=True
)
