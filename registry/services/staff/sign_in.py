"""Signing in: the password, the count of failures, and the session that lives in the database.

The browser's cookie holds a random value and nothing else; a row knows its digest. Ending the row ends the
session, whatever cookie is replayed. An idle session is locked, not ended: it opens again on the password.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import MAY, Scope, open_ring
from registry.codes.alliance import Role
from registry.extensions import db
from registry.keyring import Closed
from registry.label import Label
from registry.models import Centre, SignIn, User, UserSession
from registry.services.unit import keep, note

COOKIE = "session"
ALLIANCE = Label("联盟", "Alliance")
TOUCH = timedelta(minutes=1)
# OWASP's choice for Argon2id: 19 MiB, two passes, one lane.
argon = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Refused(Exception):
    """Not signed in: a wrong name, a wrong password, or a name that is locked; which of these is not said."""


@dataclass(frozen=True)
class Place:
    """Where somebody may act: a centre, or the alliance (`centre_id` is None), and as what."""

    centre_id: int | None
    label: Label
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Seat:
    """A browser in which somebody is signed in, as one request finds it."""

    token: str
    user_id: int
    username: str
    name: str
    language: str
    provisional: bool
    locked: bool
    place: Place | None
    places: tuple[Place, ...]
    seen_at: datetime
    scope: Scope | None


def now() -> datetime:
    return datetime.now(UTC)


def digest(cookie: str) -> str:
    """What the database knows of a cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


# ---- the password ------------------------------------------------------------------------------------


def attempt(username: str, password: str) -> int:
    """The id of the user that this name and password belong to.

    A failure is counted before the password is tried, so parallel guesses cannot outrun the count; a name
    that nobody has is counted and takes as long as any other.

    Raises
    ------
    Refused
        When the name or the password is wrong or the name is locked.
    """
    name = username.strip().casefold()[:200]
    admitted = _count(name)
    found = db.session.execute(
        select(User.id, User.password_hash, User.active).where(User.username == name)
    ).first()
    db.session.rollback()  # nothing stays open while the password is hashed
    known = found is not None and found.active and found.password_hash is not None
    right = _verify(found.password_hash if known and found else _nobody(), password)
    if not (admitted and known and right) or found is None:
        if found is not None:
            note(
                {
                    "action": "sign_in.refuse",
                    "kind": "refuse",
                    "subject": "user_account",
                    "subject_id": found.id,
                }
            )
        raise Refused
    forgive(name)
    return int(found.id)


def _verify(stored: str, password: str) -> bool:
    try:
        return argon.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return argon.hash(secrets.token_urlsafe(24))


def _name_digest(name: str) -> str:
    return open_ring().digest("sign in", name)


def _count(name: str) -> bool:
    """Count one attempt; whether it may be tried at all."""
    allowed = int(current_app.config["FAILURES_ALLOWED"])
    with keep() as session:
        row = session.get(SignIn, _name_digest(name))
        if row is None:
            row = SignIn(username=_name_digest(name), failed=0)
            session.add(row)
        if row.locked_until and row.locked_until <= now():
            row.failed, row.locked_until = 0, None
        admitted = row.locked_until is None
        if admitted:
            row.failed += 1
            if row.failed >= allowed:
                row.locked_until = now() + timedelta(minutes=int(current_app.config["LOCKOUT_MINUTES"]))
    return admitted


def forgive(username: str) -> None:
    """Forget the failures of a name, and open it if they locked it."""
    with keep() as session:
        if (row := session.get(SignIn, _name_digest(username.strip().casefold()))) is not None:
            session.delete(row)


# ---- the session -------------------------------------------------------------------------------------


def begin(user_id: int, centre_id: int | None = None) -> str:
    """Start a session at a place; the value for the browser's cookie, never stored here."""
    cookie, at = secrets.token_urlsafe(32), now()
    with keep() as session:
        session.add(
            UserSession(
                token=digest(cookie), user_id=user_id, centre_id=centre_id,
                began_at=at, seen_at=at, proved_at=at,
            )
        )  # fmt: skip
    return cookie


def find(cookie: str | None) -> Seat | None:
    """Who sits behind a cookie; None when the session ended, outlived its hours, or the account is closed."""
    if not cookie:
        return None
    row = db.session.get(UserSession, digest(cookie))
    if row is None or row.ended_at is not None or not row.user.active:
        return None
    if now() - row.began_at > timedelta(hours=int(current_app.config["SESSION_HOURS"])):
        return None
    idle = now() - row.seen_at > timedelta(minutes=int(current_app.config["LOCK_MINUTES"]))
    user = row.user
    here = tuple(places(user))
    place = next((place for place in here if place.centre_id == row.centre_id), None)
    scope = Scope.of(user, place.centre_id, place.label.zh) if place else None
    return Seat(
        row.token, user.id, user.username, user.name, user.language, user.provisional,
        row.locked or idle, place, here, row.seen_at, scope,
    )  # fmt: skip


def places(user: User) -> list[Place]:
    """Where a user may act: the alliance first, then active centres in the order of their codes."""
    held: dict[int | None, list[Role]] = {}
    centres: dict[int, Centre] = {}
    for appointment in user.appointments:
        if appointment.centre is not None:
            if not appointment.centre.active:
                continue
            centres[appointment.centre.id] = appointment.centre
        held.setdefault(appointment.centre_id, []).append(appointment.role)
    order = sorted(held, key=lambda centre_id: "" if centre_id is None else centres[centre_id].code)
    return [
        Place(
            centre_id,
            ALLIANCE if centre_id is None else centres[centre_id].label,
            tuple(sorted(held[centre_id], key=lambda role: role.rank)),
        )
        for centre_id in order
    ]


def places_of(user_id: int) -> list[Place]:
    """Where the user with this id may act."""
    return places(db.session.get_one(User, user_id))


def touch(seat: Seat) -> None:
    """Remember that the session is in use, at most once a minute, in a transaction of its own."""
    if now() - seat.seen_at >= TOUCH:
        with keep() as session:
            _row(session, seat).seen_at = now()


def lock(seat: Seat) -> None:
    """Lock the screen now."""
    with keep() as session:
        _row(session, seat).locked = True


def unlock(seat: Seat, password: str) -> None:
    """Open a locked session on its user's password; `Refused` otherwise."""
    attempt(seat.username, password)
    with keep() as session:
        row = _row(session, seat)
        row.locked, row.seen_at, row.proved_at = False, now(), now()
    note(_told(seat.user_id, "sign_in.unlock"))


def move(seat: Seat, centre_id: int | None) -> str:
    """End this session and go on at another place, in a new one that ends when this would have."""
    if centre_id not in {place.centre_id for place in seat.places}:
        raise Refused
    cookie = secrets.token_urlsafe(32)
    with keep() as session:
        old = _row(session, seat)
        old.ended_at = now()
        session.add(
            UserSession(
                token=digest(cookie), user_id=seat.user_id, centre_id=centre_id,
                began_at=old.began_at, seen_at=now(), proved_at=old.proved_at,
            )
        )  # fmt: skip
    return cookie


def end(seat: Seat) -> None:
    """Sign out: this session opens nothing any more."""
    with keep() as session:
        _row(session, seat).ended_at = now()
    note(_told(seat.user_id, "sign_in.leave"))


def enter(user_id: int) -> str:
    """Begin a session, at the first of the user's places, after the right password; noted in the trail."""
    here = places_of(user_id)
    db.session.rollback()
    cookie = begin(user_id, here[0].centre_id if here else None)
    note(_told(user_id, "sign_in.enter"))
    return cookie


def _row(session: Session, seat: Seat) -> UserSession:
    return session.get_one(UserSession, seat.token)


def _told(user_id: int, action: str) -> dict[str, Any]:
    username = db.session.scalar(select(User.username).where(User.id == user_id))
    return {
        "action": action, "kind": "session", "subject": "user_account", "subject_id": user_id,
        "actor_id": user_id, "actor": username,
    }  # fmt: skip


# ---- what was being sent when the screen had locked --------------------------------------------------


def hold(seat: Seat, path: str, fields: list[tuple[str, str]]) -> str:
    """A form that came from a locked screen, sealed for its user until the password is given."""
    ring = open_ring()
    key = ring.new_data_key()
    sealed = ring.seal(key, json.dumps([path, fields]), f"held form {seat.token}")
    return f"{key.hex()}.{sealed.hex()}"


def release(seat: Seat, held: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The path and fields of a held form; None for a text that was not sealed for this session."""
    ring = open_ring()
    try:
        key, _, sealed = held.partition(".")
        path, fields = json.loads(
            ring.open(bytes.fromhex(key), bytes.fromhex(sealed), f"held form {seat.token}")
        )
    except (ValueError, Closed):
        return None
    return str(path), [(str(name), str(value)) for name, value in fields]


def permissions(role: Role) -> list[str]:
    """What a role may do, by name."""
    return sorted(permission.value for permission in MAY[role])
