"""What the quality-control centre keeps, as far as the scope may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select

from registry.access import scope, tells_doctors_apart
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import Alert, Appointment, ClosedMonth, ReportedFigure, User
from registry.rules.alarm import Alarm

RESPONSIBLE = (Role.ENDOSCOPIST, Role.CENTRE_MANAGER)


def _told(wanted: Any) -> Any:
    """An alert about an endoscopist is for that one, its owner, the centre's manager, the quality centre."""
    current = scope()
    if current is None or tells_doctors_apart():
        return wanted
    me = current.actor_id
    return wanted.where(or_(Alert.operator_id.is_(None), Alert.operator_id == me, Alert.owner_id == me))


def alerts(*, ended: bool = False, limit: int | None = None, offset: int = 0) -> Sequence[Alert]:
    """Open alerts, those raised first before others; or ended ones, the latest first."""
    wanted = select(Alert).where(Alert.ended_at.is_not(None) if ended else Alert.ended_at.is_(None))
    order = Alert.ended_at.desc() if ended else Alert.raised_at
    return db.session.scalars(_told(wanted).order_by(order, Alert.id).limit(limit).offset(offset)).all()


def about(indicator: str, *, limit: int) -> Sequence[Alert]:
    """The open alerts about one indicator, those raised first before others."""
    wanted = select(Alert).where(Alert.ended_at.is_(None), Alert.indicator == indicator)
    return db.session.scalars(_told(wanted).order_by(Alert.raised_at, Alert.id).limit(limit)).all()


def counts() -> tuple[int, int]:
    """How many alerts are open, and how many have ended."""
    total, ended = db.session.execute(_told(select(func.count(Alert.id), func.count(Alert.ended_at)))).one()
    return int(total - ended), int(ended)


@dataclass(frozen=True)
class Open:
    """How many alerts are open: in all, without an owner, and with a plan that should be done by now."""

    total: int
    unowned: int
    overdue: int


def open_alerts(today: date, *, whose: int | None = None) -> Open:
    """The open alerts in scope; with `whose` only those that this user answers for or whom they are about."""
    counted = select(
        func.count(Alert.id),
        func.count(case((Alert.owner_id.is_(None), 1))),
        func.count(case((Alert.due_on < today, 1))),
    ).where(Alert.ended_at.is_(None))
    if whose is not None:
        counted = counted.where(or_(Alert.owner_id == whose, Alert.operator_id == whose))
    return Open(*(int(number) for number in db.session.execute(counted).one()))


def alert(alert_id: int) -> Alert | None:
    """One alert."""
    return db.session.scalar(_told(select(Alert).where(Alert.id == alert_id)))


def earlier(alarm: Alarm) -> Sequence[Alert]:
    """The alerts there were about the same indicator and group."""
    whom = (
        Alert.operator_id.is_(None) if alarm.operator_id is None else Alert.operator_id == alarm.operator_id
    )
    about = (Alert.indicator == alarm.indicator, Alert.centre_id == alarm.centre_id, whom)
    return db.session.scalars(select(Alert).where(*about)).all()


def owners(centre_id: int) -> list[tuple[int, str]]:
    """Id and name of who may answer for an alert: doctors and managers of the house, and the reviewers."""
    at_home = (Appointment.centre_id == centre_id) & Appointment.role.in_(RESPONSIBLE)
    held = (
        select(Appointment.id)
        .where(Appointment.user_id == User.id, or_(at_home, Appointment.role == Role.QUALITY_REVIEWER))
        .exists()
    )
    found = select(User.id, User.name).where(User.active, held).order_by(User.name, User.id)
    return [(row.id, row.name) for row in db.session.execute(found)]


def closed_months() -> list[str]:
    """The months that were closed, the latest first."""
    return list(db.session.scalars(select(ClosedMonth.month).distinct().order_by(ClosedMonth.month.desc())))


def closed(month: str) -> Sequence[ClosedMonth]:
    """One closed month of every centre in scope, in the order of their codes."""
    return db.session.scalars(
        select(ClosedMonth).where(ClosedMonth.month == month).order_by(ClosedMonth.centre_id)
    ).all()


def figures(month: str) -> Sequence[ReportedFigure]:
    """What was reported of a month by every centre in scope, in the order in which it was kept."""
    return db.session.scalars(
        select(ReportedFigure)
        .join(ClosedMonth, ReportedFigure.closed_month_id == ClosedMonth.id)
        .where(ClosedMonth.month == month)
        .order_by(ReportedFigure.id)
    ).all()
