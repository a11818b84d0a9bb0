"""Who works at the centre that is acted for, as examinations name them."""

from sqlalchemy import or_, select

from registry.access import scope
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
