"""The alliance's centres and accounts, as far as the scope may see them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select, true

from registry.access import ALLIANCE_ROLES, Permission, demand, governs, scope
from registry.extensions import db
from registry.models import Appointment, Centre, User


def centres(*, active_only: bool = False) -> Sequence[Centre]:
    """Every centre, in the order of their codes."""
    chosen = select(Centre).order_by(Centre.code)
    return db.session.scalars(chosen.where(Centre.active) if active_only else chosen).all()


def centre(centre_id: int) -> Centre | None:
    """One centre."""
    return db.session.get(Centre, centre_id)


def centre_coded(code: str) -> Centre | None:
    """The centre with this code, or with this Chinese or English name."""
    return db.session.scalar(
        select(Centre).where(or_(Centre.code == code, Centre.name_zh == code, Centre.name_en == code))
    )


def staff_counts() -> dict[int, int]:
    """How many people have a role at each centre."""
    counted = select(Centre.id, func.count(Appointment.user_id.distinct()))
    joined = counted.join(Appointment, Appointment.centre_id == Centre.id).group_by(Centre.id)
    return dict(db.session.execute(joined).all())


def users() -> Sequence[User]:
    """The accounts that the scope may see: all of them, or those with a role at the own centre."""
    return db.session.scalars(select(User).where(_visible()).order_by(User.username)).all()


def user(user_id: int) -> User | None:
    """One account, if the scope may see it."""
    return db.session.scalar(select(User).where(User.id == user_id, _visible()))


def governed(account: User) -> bool:
    """Whether the scope may change this account."""
    current = scope()
    return governs(current, account) and not (current and current.actor_id == account.id)


def appointment(appointment_id: int) -> Appointment | None:
    """One appointment that the scope may end."""
    found = db.session.get(Appointment, appointment_id)
    current = scope()
    if found is None or current is None:
        return None
    if Permission.ALLIANCE in current.may:
        return found
    return found if found.centre_id in current.centres and found.role not in ALLIANCE_ROLES else None


def _visible() -> ColumnElement[bool]:
    current = scope()
    if current is not None and Permission.ALLIANCE in current.may:
        return true()
    current = demand(Permission.CENTRE_USERS)
    held_here = select(Appointment.user_id).where(Appointment.centre_id.in_(sorted(current.centres)))
    return User.id.in_(held_here)


def own_centres() -> frozenset[int]:
    """Ids of the centres that are acted for."""
    current = scope()
    return current.centres if current else frozenset()
