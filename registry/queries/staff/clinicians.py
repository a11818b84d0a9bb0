"""Who works at the centre that is acted for, as examinations name them."""

from sqlalchemy import or_, select

from registry.access import Permission, may, scope
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import Appointment, User


def clinicians(*also: int | None) -> list[tuple[int, str]]:
    """Id and name of the endoscopists appointed here, by name, and of those in `also`."""
    current = scope()
    centre_id = current.centre_id if current else None
    appointed = (
        select(Appointment.id)
        .where(Appointment.user_id == User.id, Appointment.centre_id == centre_id)
        .where(Appointment.role.in_([Role.ENDOSCOPIST, Role.CENTRE_MANAGER]))
        .exists()
    )
    known = [user_id for user_id in also if user_id is not None]
    wanted = or_(appointed & User.active, User.id.in_(known)) if known else appointed & User.active
    return [
        (row.id, row.name)
        for row in db.session.execute(select(User.id, User.name).where(wanted).order_by(User.name))
    ]


def endoscopist(*, user_id: int | None = None, username: str | None = None) -> tuple[int, str] | None:
    """Id and name of somebody of the own centre, or of any for those who compare centres; else None."""
    current = scope()
    statement = select(User.id, User.name)
    statement = statement.where(User.id == user_id if username is None else User.username == username)
    if not may(Permission.BENCHMARK):
        here = Appointment.centre_id.in_(current.centres if current else ())
        statement = statement.where(
            select(Appointment.id).where(Appointment.user_id == User.id, here).exists()
        )
    row = db.session.execute(statement).first()
    return None if row is None else (row.id, row.name)
