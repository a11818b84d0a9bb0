"""The sign-ins of a demonstration: one account per role, with passwords that anybody may know."""

from dataclasses import dataclass

from sqlalchemy import func, select

from registry.access import Permission, Scope, act_as, unscoped
from registry.codes.alliance import Role
from registry.extensions import db
from registry.label import Label
from registry.models import AuditEntry, Centre, Person, User
from registry.services.staff.accounts import hashed
from registry.services.unit import change

# Members of the made-up staff, by what they show.
SHOWN = (
    "yx01.r1",
    "yx01.d1",
    "qh01.d1",
    "yx01.m1",
    "quality.reviewer",
    "researcher",
    "alliance.admin",
    "auditor",
)


@dataclass(frozen=True)
class SignIn:
    """One account of the demonstration."""

    username: str
    name: str
    roles: tuple[Role, ...]
    place: Label


def empty() -> bool:
    """Whether nobody and nothing is in the registry yet."""
    with unscoped("made-up alliance"):
        rows = [
            db.session.scalar(select(func.count()).select_from(model)) for model in (Person, Centre, User)
        ]
    db.session.rollback()
    return not any(rows)


def made_up() -> bool:
    """Whether everything in the registry began with the made-up alliance."""
    with unscoped("made-up alliance"):
        first = db.session.scalar(select(AuditEntry.action).order_by(AuditEntry.seq).limit(1))
    db.session.rollback()
    return first == "seed.alliance"


def sign_ins(passwords: dict[str, str]) -> list[SignIn]:
    """The accounts shown; those that have no password yet get theirs from `passwords`, by user name."""
    act_as(Scope(None, "demo", may=frozenset({Permission.ALLIANCE})))
    found = {user.username: user for user in db.session.scalars(select(User).where(User.username.in_(SHOWN)))}
    fresh = {name: hashed(passwords[name]) for name, user in found.items() if user.password_hash is None}
    if fresh:
        with change("demo.accounts") as unit:
            for name, secret in fresh.items():
                unit.edit(found[name]).password_hash = secret
    return [_shown(found[name]) for name in SHOWN if name in found]


def _shown(user: User) -> SignIn:
    roles = tuple(dict.fromkeys(held.role for held in user.appointments))
    places = [held.centre.label for held in user.appointments if held.centre is not None]
    alliance = Label("联盟", "the alliance")
    place = (
        Label("、".join(one.zh for one in places), ", ".join(one.en for one in places))
        if places
        else alliance
    )
    return SignIn(user.username, user.name, roles, place)
