"""The alliance's centres and the people who work there: opening, changing and closing accounts."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from registry.access import Forbidden, Permission, Scope, act_as, act_as_nobody, demand, governs, scope
from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.extensions import db
from registry.label import LANGUAGES
from registry.label import language as reader_language
from registry.models import Appointment, Centre, SetupCode, User, UserSession
from registry.rules import passwords
from registry.rules.problem import Invalid, Problem, refusal
from registry.rules.problem import demand as insist
from registry.services.staff import sign_in
from registry.services.unit import Unit, change, keep

# No letter or digit that is mistaken for another when it is read out.
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """The Argon2id hash of a password; takes about 50 ms, so never inside a write transaction."""
    return sign_in.argon.hash(password)


def one_time() -> str:
    """A password to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(4))


# ---- the first administrator -------------------------------------------------------------------------


def none_yet() -> bool:
    """Whether the registry has no accounts at all."""
    return db.session.scalar(select(func.count()).select_from(User)) == 0


def setup_code() -> str | None:
    """A fresh code that makes the first administrator, voiding earlier ones; None if there are accounts."""
    if not none_yet():
        return None
    db.session.rollback()
    code = one_time()
    with keep() as session:
        for old in session.scalars(select(SetupCode)):
            session.delete(old)
        session.flush()
        session.add(SetupCode(digest=_code_digest(code), made_at=datetime.now(UTC)))
    return code


def _code_digest(code: str) -> str:
    return hashlib.sha256(code.strip().casefold().encode()).hexdigest()


def first_administrator(code: str, *, username: str, name: str, password: str) -> int:
    """Make the alliance's administrator with the set-up code, which works once; returns the user's id.

    Raises
    ------
    Invalid
        When the code is not the one that was printed, or an account exists already.
    """
    insist(_named(username, name) + _chosen(password, username))
    secret = hashed(password)
    act_as(Scope(None, "setup", may=frozenset({Permission.ALLIANCE}), place="registry"))
    try:
        with change("setup.administrator") as unit:
            stored = db.session.get(SetupCode, _code_digest(code))
            if stored is None or stored.used_at is not None or not none_yet():
                raise Invalid(
                    [refusal("code", "设置码不对，或已用过", "This is not the code, or it was used", "setup")]
                )
            unit.edit(stored).used_at = datetime.now(UTC)
            named = {"username": _plain(username), "name": name.strip(), "language": reader_language.get()}
            user = unit.add(User(password_hash=secret, **named))
            unit.add(Appointment(user=user, role=Role.ALLIANCE_ADMIN))
        return int(user.id)
    finally:
        act_as_nobody()


# ---- centres -----------------------------------------------------------------------------------------


def add_centre(
    *, code: str, name_zh: str, name_en: str | None = None, kind: CentreKind, place: CentrePlace,
    region: str | None = None,
) -> Centre:  # fmt: skip
    """Admit a member hospital to the alliance."""
    demand(Permission.ALLIANCE)
    problems = _called(name_zh, name_en)
    if not 0 < len(code.strip()) <= 20:
        problems.append(
            refusal(
                "code", "请填机构代码，最多 20 字", "Give the centre's code, at most 20 signs", "required"
            )
        )
    if db.session.scalar(select(Centre.id).where(Centre.code == code.strip())):
        problems.append(refusal("code", "这个代码已有机构使用", "Another centre has this code", "unique"))
    insist(problems)
    with change("centre.add") as unit:
        return unit.add(
            Centre(
                code=code.strip(), name_zh=name_zh.strip(), name_en=(name_en or "").strip() or None,
                kind=kind, place=place, region=region or None,
            )
        )  # fmt: skip


def change_centre(centre: Centre, *, seen: int | None, reason: str | None = None, **fields: Any) -> Centre:
    """Change what is known of a centre, or close it (`active=False`): nobody signs in there any more."""
    demand(Permission.ALLIANCE)
    allowed = {"name_zh", "name_en", "kind", "place", "region", "active"}
    if unknown := set(fields) - allowed:
        raise TypeError(f"a centre has no {', '.join(sorted(unknown))} to change")
    insist(_called(fields.get("name_zh", centre.name_zh), fields.get("name_en")))
    with change("centre.change", seen=seen, root=centre, reason=reason) as unit:
        unit.edit(centre)
        for name, value in fields.items():
            setattr(centre, name, value)
    return centre


def _called(name_zh: str, name_en: str | None) -> list[Problem]:
    problems = []
    if not 0 < len(name_zh.strip()) <= 80:
        said = "请填中文名称，最多 80 字", "Give the Chinese name, of at most 80 signs"
        problems.append(refusal("name_zh", *said, "required"))
    if len(name_en or "") > 80:
        problems.append(
            refusal("name_en", "英文名称最多 80 字", "The English name has at most 80 signs", "length")
        )
    return problems


# ---- users -------------------------------------------------------------------------------------------


def add_user(
    *, username: str, name: str, roles: Iterable[tuple[Role, int | None]], language: str = "zh"
) -> tuple[User, str]:
    """Open an account; returns it with its one-time password, which is stored nowhere.

    A manager opens accounts at the own centre only, and none of the alliance's roles.
    """
    roles = list(roles)
    problems = _named(username, name)
    if not roles:
        problems.append(refusal("roles", "请至少选一个角色", "Choose at least one role", "required"))
    insist(problems)
    password = one_time()
    secret = hashed(password)
    with change("user.add") as unit:
        user = User(
            username=_plain(username), name=name.strip(), password_hash=secret, provisional=True,
            language=language if language in LANGUAGES else "zh",
        )  # fmt: skip
        user.appointments = [Appointment(centre_id=centre_id, role=role) for role, centre_id in roles]
        unit.add(user, *user.appointments)
    return user, password


def appoint(user: User, role: Role, centre_id: int | None, *, reason: str | None = None) -> None:
    """Give somebody a role; their open sessions end, so that they sign in with what they now may."""
    with change("user.appoint", reason=reason) as unit:
        unit.add(Appointment(user_id=user.id, centre_id=centre_id, role=role))
        _end_sessions(unit, user)


def dismiss(appointment: Appointment, *, reason: str | None = None) -> None:
    """Take a role away, and end the sessions of who had it."""
    current = scope()
    if current and current.actor_id == appointment.user_id:
        raise Forbidden("nobody takes away an own role")
    with change("user.dismiss", reason=reason) as unit:
        _end_sessions(unit, appointment.user)
        unit.remove(appointment)


def close_account(user: User, *, reason: str | None = None) -> None:
    """Nobody signs in with this account any more; what it did stays in the trail."""
    _demand_over(user)
    with change("user.close", reason=reason) as unit:
        unit.edit(user).active = False
        _end_sessions(unit, user)


def open_account(user: User, *, reason: str | None = None) -> None:
    """Let a closed account sign in again, and forget its failed attempts."""
    _demand_over(user)
    with change("user.open", reason=reason) as unit:
        unit.edit(user).active = True
    sign_in.forgive(user.username)


def reset_password(user: User, *, reason: str | None = None) -> str:
    """A new one-time password for somebody who lost theirs; the old one and every open session end."""
    _demand_over(user)
    password = one_time()
    secret = hashed(password)
    username = user.username
    with change("user.reset", reason=reason) as unit:
        unit.edit(user).password_hash = secret
        user.provisional = True
        unit.note("password", "user_account", user.id, {"password_hash": [None, "one-time"]})
        _end_sessions(unit, user)
    sign_in.forgive(username)
    return password


def choose_password(user_id: int, *, current: str, password: str, keep_session: str | None = None) -> None:
    """Change the own password, which ends every other session of the user.

    Raises
    ------
    Invalid
        When the current password is wrong or the new one is too weak.
    """
    user = db.session.get_one(User, user_id)
    username = user.username
    problems = _chosen(password, username)
    try:
        sign_in.attempt(username, current)
    except sign_in.Refused:
        problems.append(refusal("current", "当前密码不对", "The current password is wrong", "current"))
    if password == current:
        problems.append(refusal("password", "新密码要与旧密码不同", "Choose one unlike the old", "same"))
    insist(problems)
    secret = hashed(password)
    with change("user.password") as unit:
        user = unit.edit(db.session.get_one(User, user_id))
        user.password_hash = secret
        user.provisional = False
        unit.note("password", "user_account", user_id, {"password_hash": [None, "chosen"]})
        _end_sessions(unit, user, but=keep_session)


def speak(user_id: int, language: str) -> None:
    """Remember which language somebody reads."""
    user = db.session.get_one(User, user_id)
    if language in LANGUAGES and user.language != language:
        with change("user.language") as unit:
            unit.edit(user).language = language


def find_user(username: str) -> User | None:
    """The account with this name; None if there is none."""
    return db.session.scalar(select(User).where(User.username == _plain(username)))


def _end_sessions(unit: Unit, user: User, but: str | None = None) -> None:
    open_now = select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    for session in db.session.scalars(open_now):
        if session.token != but:
            unit.edit(session).ended_at = datetime.now(UTC)


def _demand_over(user: User) -> None:
    current = scope()
    if not governs(current, user):
        raise Forbidden("this role changes no such account")
    if current and current.actor_id == user.id:
        raise Forbidden("nobody closes or resets the own account")


def _plain(username: str) -> str:
    return username.strip().casefold()


def _named(username: str, name: str) -> list[Problem]:
    problems = []
    plain = _plain(username)
    if not plain or len(plain) > 40 or any(sign.isspace() for sign in plain):
        problems.append(
            refusal("username", "用户名 1–40 个字符，不含空格", "1 to 40 characters, no spaces", "required")
        )
    elif find_user(plain) is not None:
        problems.append(refusal("username", "这个用户名已有人使用", "Somebody has this name", "unique"))
    if not 0 < len(name.strip()) <= 40:
        problems.append(
            refusal("name", "请填姓名，最多 40 字", "Give the name, of at most 40 signs", "required")
        )
    return problems


def _chosen(password: str, username: str) -> list[Problem]:
    profile = current_app.config["PASSWORD_PROFILE"]
    return passwords.password(password, profile=profile, username=username)
