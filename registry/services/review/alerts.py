"""Alerts: raised once, owned, with a note and an action plan, and ended with an outcome."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from registry.access import Forbidden, Permission, demand, may, scope
from registry.codes.review import AlertOutcome
from registry.label import Label
from registry.models import Alert
from registry.queries.review import ledger as queries
from registry.rules.alarm import Alarm, Earlier, worth_raising
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.unit import change
from registry.services.values import today

ENDED = Label("已结束的预警不再改动", "An alert that has ended is not changed")
OWNED = Label("负责人是该中心或质控中心的人", "An owner works at the centre or at the quality-control centre")
DUE = Label("计划有完成日", "A plan has a day on which it is due")
TOLD = Label("结束预警须写明结果和结论", "An alert ends with an outcome and a conclusion")


def raise_alerts(alarms: Sequence[Alarm]) -> list[Alert]:
    """Store those of the alarms that are new; asked again, it stores nothing.

    Returns
    -------
    list of Alert
        The alerts that were raised now.

    Raises
    ------
    access.Forbidden
        For whoever does not keep the review's record.
    """
    demand(Permission.REVIEW)
    raised: list[Alert] = []
    with change("alert.raise") as unit:
        for alarm in alarms:
            before = [Earlier(one.last_on, _day(one)) for one in queries.earlier(alarm)]
            if not worth_raising(alarm, before):
                continue
            raised.append(
                unit.add(
                    Alert(
                        indicator=alarm.indicator,
                        edition=alarm.edition,
                        centre_id=alarm.centre_id,
                        operator_id=alarm.operator_id,
                        chart=alarm.chart,
                        rule=alarm.rule,
                        first_on=alarm.first,
                        last_on=alarm.last,
                        said_zh=alarm.said.zh,
                        said_en=alarm.said.en,
                        mark=alarm.mark,
                        raised_at=datetime.now(UTC),
                    )
                )
            )
            unit.session.flush()
    return raised


def tended_by_reader(alert: Alert) -> bool:
    """Whether who acts may answer for it: the quality-control centre, the house's manager, its owner."""
    current = scope()
    if current is None or may(Permission.REVIEW):
        return current is not None
    here = alert.centre_id in current.centres and Permission.WRITE in current.may
    mine = alert.owner_id is not None and alert.owner_id == current.actor_id
    return here and (mine or may(Permission.CENTRE_USERS))


def tend(
    alert: Alert,
    *,
    owner_id: int | None,
    note: str | None,
    plan: str | None,
    due_on: date | None,
    seen: int | None = None,
) -> None:
    """Give an alert its owner, note and action plan.

    Raises
    ------
    Invalid
        When it has ended, the owner is nobody of the house, or a plan has no day or a past one.
    Overtaken
        When somebody else changed it since `seen`.
    access.Forbidden
        When it is not for who acts to answer.
    """
    _demand(alert)
    with change("alert.tend", seen=seen, root=alert) as unit:
        problems = _open(alert)
        offered = {alert.owner_id, *dict(queries.owners(alert.centre_id))}
        if owner_id is not None and owner_id not in offered:
            problems.append(refusal("owner_id", "请在所列中选择", "Please choose one of those listed", OWNED))
        if plan and due_on is None:
            problems.append(refusal("due_on", "请写明计划何时完成", "Say when the plan is due", DUE))
        if due_on is not None and due_on != alert.due_on and due_on < today():
            problems.append(refusal("due_on", "完成日不能早于今天", "The day cannot lie before today", DUE))
        if problems:
            raise Invalid(problems)
        unit.edit(alert)
        alert.owner_id, alert.note, alert.plan, alert.due_on = owner_id, note, plan, due_on


def end(
    alert: Alert, *, outcome: AlertOutcome | None, conclusion: str | None, seen: int | None = None
) -> None:
    """End an alert; only the quality-control centre does.

    Raises
    ------
    Invalid
        When it has ended already, or without outcome or conclusion, or nobody answered for it.
    Overtaken
        When somebody else changed it since `seen`.
    """
    demand(Permission.REVIEW)
    with change("alert.end", seen=seen, root=alert) as unit:
        problems = _open(alert)
        if outcome is None:
            problems.append(refusal("outcome", "请选择结果", "Please choose the outcome", TOLD))
        if not conclusion:
            problems.append(refusal("conclusion", "请写明结论", "Please state the conclusion", TOLD))
        if alert.owner_id is None:
            zh, en = "请先指定负责人", "Name its owner first"
            problems.append(refusal("outcome", zh, en, OWNED))
        if problems:
            raise Invalid(problems)
        unit.edit(alert)
        alert.outcome, alert.conclusion, alert.ended_at = outcome, conclusion, datetime.now(UTC)


def _demand(alert: Alert) -> None:
    if not tended_by_reader(alert):
        raise Forbidden("this alert is answered by its owner, its centre's manager or the quality centre")


def _open(alert: Alert) -> list[Problem]:
    if alert.ended_at is None:
        return []
    return [refusal("alert", "这条预警已经结束", "This alert has ended", ENDED)]


def _day(alert: Alert) -> date | None:
    return None if alert.ended_at is None else alert.ended_at.astimezone().date()
