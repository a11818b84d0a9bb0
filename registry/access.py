"""Who may see and change what: roles, permissions, the scope, and the guard that applies it.

A request or command acts under one `Scope`, kept in ``db.session.info``. Every read of an owned
class is narrowed to it and every write is checked against it by session events; without a scope
nothing owned is visible. What cannot be narrowed (Core tables, text, bulk statements) is refused,
except inside `unscoped`, whose few users are named here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Column, Table, event, false, or_, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors

from registry import keyring
from registry.codes.alliance import Role
from registry.extensions import Unguarded, db
from registry.label import Label
from registry.models import (
    Alert,
    Appointment,
    AuditEntry,
    Base,
    Centre,
    CentreOwned,
    ClosedMonth,
    Contact,
    Draft,
    Enrolment,
    IdentityDocument,
    ImportFile,
    Inquiry,
    InquiryStep,
    IntegritySignal,
    LifeTable,
    MatchKey,
    MortalityRate,
    Person,
    PersonKey,
    PersonOwned,
    QualityNote,
    ReabstractedField,
    Reabstraction,
    ReabstractionSample,
    ReportedFigure,
    SearchToken,
    SourceCode,
    User,
)


class Permission(Enum):
    """What a route or command may demand."""

    READ = "read"  # cases in scope
    WRITE = "write"  # record and change cases of the own centre
    IDENTIFY = "identify"  # open names, documents, phones of the own centre
    RATES = "rates"  # rates and curves within scope, true counts
    BENCHMARK = "benchmark"  # counts across all centres
    AGGREGATE = "aggregate"  # counts across all centres, under disclosure control
    CENTRE_USERS = "centre users"  # accounts of the own centre
    ALLIANCE = "alliance"  # centres and accounts everywhere
    AUDIT = "audit"  # the trail
    REVIEW = "review"  # raise and end alerts, close months
    IMPORT = "import"  # bring files into the own centre


_CASES = {
    Permission.READ, Permission.WRITE, Permission.IDENTIFY, Permission.RATES, Permission.IMPORT,
}  # fmt: skip
MAY: dict[Role, frozenset[Permission]] = {
    Role.RECORDER: frozenset(_CASES),
    Role.ENDOSCOPIST: frozenset(_CASES),
    Role.CENTRE_MANAGER: frozenset(_CASES | {Permission.CENTRE_USERS}),
    Role.QUALITY_REVIEWER: frozenset(
        {Permission.READ, Permission.RATES, Permission.BENCHMARK, Permission.REVIEW}
    ),
    Role.RESEARCHER: frozenset({Permission.AGGREGATE}),
    Role.ALLIANCE_ADMIN: frozenset({Permission.ALLIANCE, Permission.CENTRE_USERS}),
    Role.AUDITOR: frozenset({Permission.AUDIT}),
}
ALLIANCE_ROLES = frozenset({Role.QUALITY_REVIEWER, Role.RESEARCHER, Role.ALLIANCE_ADMIN, Role.AUDITOR})
NAMING_CLASSES = (Enrolment, IdentityDocument, Contact, SearchToken, MatchKey, Draft, ImportFile, PersonKey)
KEPT_BY_REVIEW = (
    *(Alert, ClosedMonth, ReportedFigure, IntegritySignal),
    *(ReabstractionSample, Reabstraction, ReabstractedField),
    *(QualityNote, Inquiry, InquiryStep),
)
GUARDED_TABLES = {
    mapper.local_table
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, CentreOwned | PersonOwned | Person | PersonKey | AuditEntry)
}


class Forbidden(PermissionError):
    """The scope does not allow this; nothing was written."""


@dataclass(frozen=True)
class Scope:
    """Who acts, from where, on which centres, with which permissions.

    `centres` are the centres whose records may be written and read; `everywhere` widens reading
    (never writing) to all centres.
    """

    actor_id: int | None
    actor: str
    centres: frozenset[int] = frozenset()
    may: frozenset[Permission] = frozenset()
    everywhere: bool = False
    place: str | None = None
    roles: frozenset[Role] = field(default=frozenset())

    @property
    def centre_id(self) -> int | None:
        """The one centre that is acted for; None at the alliance."""
        return min(self.centres) if len(self.centres) == 1 else None

    @classmethod
    def of(cls, user: User, centre_id: int | None, place: str | None = None) -> "Scope":
        """The scope of a user at one centre, or at the alliance where `centre_id` is None."""
        roles = frozenset(held.role for held in user.appointments if held.centre_id == centre_id)
        may = frozenset().union(*(MAY[role] for role in roles)) if roles else frozenset()
        centres = frozenset() if centre_id is None else frozenset({centre_id})
        return cls(user.id, user.username, centres, may, Permission.BENCHMARK in may, place, roles)


def scope() -> Scope | None:
    """The scope of the current request or command."""
    found: Scope | None = db.session().info.get("scope")
    return found


def act_as(chosen: Scope | None) -> None:
    """What follows in this session is done under `chosen`; nothing loaded before remains.

    The key ring opens with the scope, to identifiers only where it may see them, and closes with None.
    """
    session = db.session()
    if session.info.get("scope") is not None and session.info["scope"] != chosen:
        session.expunge_all()
    session.info["scope"] = chosen
    if chosen is None:
        keyring.use(None)
    else:
        ring = open_ring()
        keyring.use(ring if Permission.IDENTIFY in chosen.may else ring.without_identifiers())


def act_as_nobody() -> None:
    """What follows is done by nobody in particular: nothing owned is visible; the trail can be written."""
    act_as(None)
    keyring.use(open_ring().without_identifiers())


def open_ring() -> keyring.KeyRing:
    """The key file's ring; read anew when the file was replaced, as `flask keys rotate` does under way."""
    path: Path = current_app.config["KEYS"]
    written = path.stat().st_mtime_ns
    if current_app.extensions.get("registry.keyring.written") != written:
        current_app.extensions["registry.keyring"] = keyring.KeyRing.load(path)
        current_app.extensions["registry.keyring.written"] = written
    ring: keyring.KeyRing = current_app.extensions["registry.keyring"]
    return ring


def may(permission: Permission) -> bool:
    current = scope()
    return current is not None and permission in current.may


def tells_doctors_apart() -> bool:
    """Whether who acts sees endoscopists' figures by name: a centre's manager and the quality centre do."""
    return may(Permission.BENCHMARK) or may(Permission.CENTRE_USERS)


def demand(permission: Permission) -> Scope:
    """The scope, if it holds the permission; `Forbidden` otherwise."""
    current = scope()
    if current is None or permission not in current.may:
        raise Forbidden(f"this needs the permission “{permission.value}”")
    return current


BYPASSES = {
    "likeness": "records that may be one person's, compared in memory: levels of agreement, never the words",
    "merging": "two persons made one, or two again: whose records they are, at every centre",
    "document match": "one person by a keyed document digest, whichever centre enrolled them; an id only",
    "history elsewhere": "that a person has a history at other centres: dates, kinds and results in a line",
    "settled facts": "what pathology, treatment and follow-up of all centres say of one tumour or person",
    "audit chain": "the trail's last link, and its verification",
    "import": "bulk writing of an import's batches, and what an earlier reading of the same source left",
    "tallies": "counts for rates and curves; returns counts, never rows",
    "unfinished imports": "the ids of imports that no rate may count yet",
    "entry days": "the day on which a case was entered, for a reviewer's list of late ones: a date only",
    "second entry": "whether who would enter a case again has entered, changed or opened it: yes or no",
    "keys": "re-wrapping data keys",
    "source codes": "what sources write for doctors and devices, for the alliance's administrator",
    "made-up alliance": "the seed's bulk writing",
}


@contextmanager
def unscoped(use: str) -> Iterator[None]:
    """Statements inside are not narrowed. Only the uses named in BYPASSES may."""
    if use not in BYPASSES:
        raise ValueError(f"{use!r} is not a known use; name it in access.BYPASSES with its reason")
    info = db.session().info
    before = info.get("bypass")
    info["bypass"] = use
    try:
        yield
    finally:
        info["bypass"] = before


@event.listens_for(db.session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    info = state.session.info
    if info.get("bypass") or state.is_column_load:
        return
    if not state.is_orm_statement or not state.is_select or state.is_from_statement:
        raise Unguarded("only ORM selects are narrowed to the centre scope; use access.unscoped(…)")
    if not state.is_relationship_load and _names_a_table(state.statement):
        raise Unguarded("a table beside models is not narrowed; name its model, or use access.unscoped(…)")
    state.statement = state.statement.options(*_criteria(info.get("scope")))


def _names_a_table(statement: Any) -> bool:
    """Whether a guarded table's column stands beside models without its own: no criterion reaches it."""
    bare, narrowed = set(), set()
    for part in visitors.iterate(statement):
        if isinstance(part, Column | Table):
            entity = part._annotations.get("parententity")
            if entity is not None:
                narrowed.add(entity.mapper.local_table)
            elif isinstance(part, Column) and part.table in GUARDED_TABLES:
                bare.add(part.table)
    return not bare <= narrowed


def _criteria(current: Scope | None) -> list[Any]:
    if current is None:
        return [
            with_loader_criteria(owned, lambda cls: false(), include_aliases=True)
            for owned in (CentreOwned, PersonOwned, Person, PersonKey, AuditEntry)
        ]
    centres = sorted(current.centres)
    narrowed: list[Any] = []
    if not current.everywhere:
        enrolment = Enrolment.__table__.alias("own_enrolment")  # or it would correlate with an outer one
        narrowed = [
            with_loader_criteria(CentreOwned, lambda cls: cls.centre_id.in_(centres), include_aliases=True),
            with_loader_criteria(
                PersonOwned,
                lambda cls: or_(
                    cls.centre_id.in_(centres),
                    select(enrolment.c.id)
                    .where(enrolment.c.person_id == cls.person_id, enrolment.c.centre_id.in_(centres))
                    .exists(),
                ),
                include_aliases=True,
            ),
            with_loader_criteria(  # whoever is enrolled, and whose key seals an enrolment after a merge
                Person,
                lambda cls: or_(
                    select(enrolment.c.id)
                    .where(enrolment.c.person_id == cls.id, enrolment.c.centre_id.in_(centres))
                    .exists(),
                    select(enrolment.c.id)
                    .where(enrolment.c.sealed_for_id == cls.id, enrolment.c.centre_id.in_(centres))
                    .exists(),
                ),
                include_aliases=True,
            ),
            with_loader_criteria(
                PersonKey,
                lambda cls: or_(
                    select(enrolment.c.id)
                    .where(enrolment.c.person_id == cls.person_id, enrolment.c.centre_id.in_(centres))
                    .exists(),
                    select(enrolment.c.id)
                    .where(enrolment.c.sealed_for_id == cls.person_id, enrolment.c.centre_id.in_(centres))
                    .exists(),
                ),
                include_aliases=True,
            ),
        ]
    if Permission.IDENTIFY not in current.may:
        narrowed += [with_loader_criteria(cls, false(), include_aliases=True) for cls in NAMING_CLASSES]
    if Permission.READ not in current.may:
        narrowed += [
            with_loader_criteria(owned, lambda cls: false(), include_aliases=True)
            for owned in (CentreOwned, PersonOwned, Person)
        ]
    if Permission.AUDIT not in current.may:
        narrowed.append(
            with_loader_criteria(AuditEntry, AuditEntry.centre_id.in_(centres), include_aliases=True)
        )
    return narrowed


@event.listens_for(db.session, "before_flush")
def _refuse_foreign_writes(session: Any, _context: Any, _instances: Any) -> None:
    current: Scope | None = session.info.get("scope")
    settled = session.info.get("settled", {})
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in [*session.new, *changed, *session.deleted]:
        if id(row) in settled:
            continue
        _check_write(current, row)


def _check_write(current: Scope | None, row: Base) -> None:
    permissions = current.may if current else frozenset()
    if isinstance(row, SourceCode) and Permission.ALLIANCE in permissions:
        return  # it says who a doctor is, and names no patient
    if isinstance(row, KEPT_BY_REVIEW) and Permission.REVIEW in permissions:
        return  # what the quality-control centre keeps of a house is no case of that house
    if isinstance(row, CentreOwned | PersonOwned):
        if current is None or row.centre_id not in current.centres or not _writes_cases(permissions):
            raise Forbidden(f"{type(row).__name__} belongs to another centre")
    elif isinstance(row, Person | PersonKey):
        if not _writes_cases(permissions):
            raise Forbidden("this role records no persons")
    elif isinstance(row, Centre | LifeTable | MortalityRate):
        if Permission.ALLIANCE not in permissions:
            raise Forbidden("only the alliance's administrator changes centres and life tables")
    elif isinstance(row, Appointment):
        _check_appointment(current, row)
    elif isinstance(row, User):
        own = current is not None and row.id is not None and row.id == current.actor_id
        if not own and not governs(current, row):
            raise Forbidden("this role changes no such account")


def governs(current: Scope | None, user: User) -> bool:
    """Whether this scope may change an account: an administrator any, a manager those of the own house."""
    if current is None:
        return False
    if Permission.ALLIANCE in current.may:
        return True
    if Permission.CENTRE_USERS not in current.may or not user.appointments:
        return False  # an account without a role is of no house
    return all(
        held.centre_id in current.centres and held.role not in ALLIANCE_ROLES for held in user.appointments
    )


def _check_appointment(current: Scope | None, row: Appointment) -> None:
    if current and Permission.ALLIANCE in current.may:
        return
    own = current and Permission.CENTRE_USERS in current.may and row.centre_id in current.centres
    if not own or row.role in ALLIANCE_ROLES:
        raise Forbidden("a centre's manager appoints to the own centre only")


def _writes_cases(permissions: frozenset[Permission]) -> bool:
    return bool(permissions & {Permission.WRITE, Permission.IMPORT})


PERMISSION_WORDS = {
    Permission.READ: Label("查看病例", "Read cases"),
    Permission.WRITE: Label("录入病例", "Record cases"),
    Permission.IDENTIFY: Label("查看姓名和证件", "See names and documents"),
    Permission.RATES: Label("查看指标与生存", "See rates and survival"),
    Permission.BENCHMARK: Label("比较各中心", "Compare centres"),
    Permission.AGGREGATE: Label("查看脱敏汇总", "See disclosure-controlled aggregates"),
    Permission.CENTRE_USERS: Label("管理本中心账号", "Manage the centre's accounts"),
    Permission.ALLIANCE: Label("管理联盟", "Manage the alliance"),
    Permission.AUDIT: Label("查看审计", "Read the trail"),
    Permission.REVIEW: Label("提出预警、月度封存", "Raise alerts and close months"),
    Permission.IMPORT: Label("导入", "Import"),
}


def needs(*permissions: Permission) -> Any:
    """Declare what a view demands: a signed-in user with one of these permissions, if any are named."""

    def declare(view: Any) -> Any:
        view.needs = permissions
        return view

    return declare


def open_to_all(view: Any) -> Any:
    """Declare that a view is for anyone, signed in or not: sign-in, set-up, static files."""
    view.needs = None
    return view
