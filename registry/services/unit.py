"""The only place that commits. Four verbs: `change`, `look`, `batch`, and `keep` for what is no record.

A change takes a whole case at a time: before-images, flush, differences, audit entries, one
transaction. Writers queue – on SQLite by BEGIN IMMEDIATE, on PostgreSQL by an advisory lock taken
first – so what is read inside a change is true until it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import event, inspect, text
from sqlalchemy.orm import Session

from registry.access import Forbidden, scope, unscoped
from registry.extensions import db, writing
from registry.models import (
    Base,
    CentreOwned,
    Draft,
    ImportFile,
    ImportRun,
    SetupCode,
    SignIn,
    UserSession,
    Versioned,
)
from registry.services import chain

AUDIT_LOCK = 7_346_101
KEPT = (SignIn, UserSession, SetupCode, Draft, ImportRun, ImportFile)
_PARENTS = ("examination", "specimen", "report", "enrolment", "reading", "inquiry")
Row = TypeVar("Row", bound=Base)


class Overtaken(Exception):
    """Somebody else changed the case since it was read; nothing was written.

    `record` is the case's root, `seen` the version its reader had, `now` the version stored.
    """

    def __init__(self, record: Base, seen: int, now: int) -> None:
        super().__init__(f"{record!r} was version {seen} when read and is version {now} now")
        self.record, self.seen, self.now = record, seen, now


class Unit:
    """One change under way: what it adds, edits, removes and settles."""

    def __init__(self, session: Session, action: str, reason: str | None) -> None:
        self.session, self.action, self.reason = session, action, reason
        self.added: list[Base] = []
        self.removed: list[tuple[Base, dict[str, Any]]] = []
        self.before: dict[int, tuple[Base, dict[str, Any]]] = {}
        self.seen: list[tuple[Base | None, int]] = []
        self.notes: list[dict[str, Any]] = []
        self.indexed: list[Base] = []
        self.still = False  # a merge moves records and changes none: versions stay
        self.run_id: int | None = None  # the import it is part of: only its changes see what it has brought

    def add(self, *rows: Row) -> Row:
        """Store new records; a child takes the centre of the parent that contains it. Returns the first."""
        for row in rows:
            if isinstance(row, CentreOwned) and row.centre_id is None:
                row.centre_id = next(
                    p.centre_id for name in _PARENTS if (p := getattr(row, name, None)) is not None
                )
            self.session.add(row)
            self.added.append(row)
        return rows[0] if rows else None  # type: ignore[return-value]

    def edit(self, row: Row) -> Row:
        """Take the before-image of a record that is about to change."""
        if id(row) not in self.before and row not in self.added:
            self.before[id(row)] = (row, _image(row))
        return row

    def settle(self, row: Row) -> Row:
        """Like `edit`, for facts derived from records of several centres: a foreign row is allowed."""
        self.session.info["settled"][id(row)] = row
        return self.edit(row)

    def remove(self, row: Base) -> None:
        """Delete a record; its last state goes to the trail."""
        if row in self.added:
            raise ValueError("what was just added cannot be removed in the same change")
        self.removed.append((row, _image(row)))
        self.session.delete(row)

    def index(self, add: Iterable[Base] = (), drop: Iterable[Base] = ()) -> None:
        """Rows that only help to find a record again, such as search words: no entry of their own."""
        for row in add:
            self.session.add(row)
            self.indexed.append(row)
        for row in drop:
            self.session.delete(row)
            self.indexed.append(row)

    def note(self, kind: str, subject: str, subject_id: int | None, changes: dict[str, Any]) -> None:
        """An entry of its own beside the records', for what no column shows."""
        self.notes.append({"kind": kind, "subject": subject, "subject_id": subject_id, "changes": changes})

    def registered(self) -> set[int]:
        rows = [*self.added, *(row for row, _ in self.removed), *(row for row, _ in self.before.values())]
        rows += self.indexed
        return {id(row) for row in rows} | {id(root) for row in rows if (root := root_of(row)) is not None}

    def entries(self) -> list[dict[str, Any]]:
        """Flush, and say what changed: one entry per changed record."""
        edited = [
            (row, changes) for row, old in self.before.values() if (changes := _differences(old, _image(row)))
        ]
        touched = [*self.added, *(row for row, _ in self.removed), *(row for row, _ in edited)]
        self._compare_versions()
        for root in {id(root): root for row in touched if (root := root_of(row)) is not None}.values():
            fresh = root in self.added or not inspect(root).persistent
            if not fresh and not self.still and root not in self.session.deleted:
                root.version += 1
        self.session.flush()
        written = [self._entry("create", row, _differences({}, _image(row))) for row in self.added]
        written += [self._entry("update", row, changes) for row, changes in edited]
        written += [self._entry("delete", row, _differences(old, {})) for row, old in self.removed]
        return written + [{"action": self.action, "reason": self.reason, **note} for note in self.notes]

    def _compare_versions(self) -> None:
        roots = {id(root): root for row, _ in self.before.values() if (root := root_of(row)) is not None}
        roots |= {
            id(root): root
            for row in self.added
            if (root := root_of(row)) is not None and inspect(root).persistent
        }
        for named, seen in self.seen:
            case: Any = named if named is not None else next(iter(roots.values()), None)
            if case is not None and _stored(case) and case.version != seen:
                raise Overtaken(case, seen, case.version)

    def _entry(self, kind: str, row: Base, changes: dict[str, Any]) -> dict[str, Any]:
        identity = inspect(row).identity or (None,)
        subject_id = identity[0] if isinstance(identity[0], int) else None
        return {
            "action": self.action,
            "kind": kind,
            "subject": row.__tablename__,
            "subject_id": subject_id,
            "person_id": person_of(row),
            "centre_id": getattr(row, "centre_id", None) or _acting_centre(),
            "changes": changes,
            "reason": self.reason,
        }


@contextmanager
def change(
    action: str, *, seen: int | None = None, root: Base | None = None, reason: str | None = None
) -> Iterator[Unit]:
    """Everything inside is one transaction with its audit entries, or nothing.

    `seen` is the version of the case that its reader had; Overtaken is raised, and nothing written,
    when it has moved (compared on `root`, or on the case of the first record edited). A change
    inside a change joins the outer one.
    """
    session = db.session()
    outer: Unit | None = session.info.get("unit")
    if outer is not None:
        if seen is not None:
            outer.seen.append((root, seen))
        yield outer
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("records were touched before the change began")
    session.commit()
    token = writing.set(True)
    unit = Unit(session, action, reason)
    session.info.update(unit=unit, settled={})
    if seen is not None:
        unit.seen.append((root, seen))
    try:
        _take_turn(session)
        yield unit
        entries = unit.entries()
        with unscoped("audit chain"):
            chain.append(session, scope(), entries)
            tip = chain.head(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit", None)
        session.info.pop("settled", None)
        writing.reset(token)
    _note_head_daily(tip)


def look(
    subject: str, subject_id: int | None = None, *, person_id: int | None = None, reason: str | None = None
) -> None:
    """Write to the trail that somebody read this, in a short transaction of its own."""
    entry = {"action": f"{subject}.look", "kind": "look", "subject": subject, "subject_id": subject_id}
    note(entry | {"person_id": person_id, "reason": reason})


def note(entry: dict[str, Any]) -> None:
    """Write one entry that is no change of a record: a look, a sign-in, an export, a backup."""
    current = scope()
    with _apart() as session:
        chain.append(session, current, [entry])
        tip = chain.head(session)
    _note_head_daily(tip)


@contextmanager
def keep() -> Iterator[Session]:
    """A short transaction for small state that is no record: counters, sessions, drafts, a heartbeat."""
    with _apart() as session:

        @event.listens_for(session, "before_flush")
        def _only_small_state(flushing: Session, *_: Any) -> None:
            for row in [*flushing.new, *flushing.dirty, *flushing.deleted]:
                if not isinstance(row, KEPT):
                    raise Forbidden(f"{type(row).__name__} is a record: change it in change()")

        yield session


@contextmanager
def batch(action: str, use: str) -> Iterator[Session]:
    """A bulk write under a named bypass, in one transaction; the caller puts one entry per batch into
    ``session.info["entries"]``. Identity map and events are left out: this is for Core statements."""
    if db.session().info.get("unit"):
        raise RuntimeError("a batch cannot begin inside a change")
    with unscoped(use), _apart() as session:
        session.info["entries"] = []
        yield session
        chain.append(
            session,
            scope(),
            [{"action": action, "kind": "batch", **entry} for entry in session.info["entries"]],
        )


@contextmanager
def _apart() -> Iterator[Session]:
    """A write transaction on a connection of its own, so that open reads are not disturbed."""
    token = writing.set(True)
    session = Session(db.engine, expire_on_commit=False)
    try:
        _take_turn(session)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        writing.reset(token)


def _take_turn(session: Session) -> None:
    if db.engine.dialect.name == "postgresql":
        with unscoped("audit chain"):
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AUDIT_LOCK})
    elif isinstance(session, Session) and session.get_bind().dialect.name == "sqlite":
        with unscoped("audit chain"):
            session.connection()


def _note_head_daily(tip: tuple[int, str]) -> None:
    path = Path(current_app.config["AUDIT_HEADS"])
    today = datetime.now(UTC).date()
    noted = current_app.extensions.setdefault("registry.heads", {})
    if noted.get("day") != today:
        if not path.exists() or not path.read_text("ascii").rstrip().rpartition("\n")[2].startswith(
            str(today)
        ):
            chain.note_head(path, *tip, today=today)
        noted["day"] = today


def _stored(row: Base) -> bool:
    """Whether a record was there before this change; one that a flush has just removed was."""
    state = inspect(row)
    return bool(state.persistent or state.deleted)


def root_of(row: Any) -> Any:
    """The record whose version stands for the whole case that `row` belongs to; None if there is none."""
    while not isinstance(row, Versioned):
        row = next((parent for name in _PARENTS if (parent := getattr(row, name, None)) is not None), None)
        if row is None:
            return None
    return row


def person_of(row: Any) -> int | None:
    """The person a record is about, if any."""
    if type(row).__name__ == "Person":
        return int(row.id)
    while row is not None:
        if (found := getattr(row, "person_id", None)) is not None:
            return int(found)
        row = next((parent for name in _PARENTS if (parent := getattr(row, name, None)) is not None), None)
    return None


def _acting_centre() -> int | None:
    """Where a change is done, for a record that no centre owns, such as a person."""
    current = scope()
    return current.centre_id if current else None


def _image(row: Base) -> dict[str, Any]:
    mapper = inspect(type(row))
    return {
        name: getattr(row, name)
        for name in [attribute.key for attribute in mapper.column_attrs]
        if name != "version" and not mapper.columns[name].info.get("secret")
    }


def _differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: [chain.plain(old.get(name)), chain.plain(new.get(name))] for name in names}


@event.listens_for(db.session, "before_flush")
def _only_inside_a_change(session: Session, *_: Any) -> None:
    unit: Unit | None = session.info.get("unit")
    allowed = unit.registered() if unit else set()
    for row in [*session.new, *session.dirty, *session.deleted]:
        if id(row) in allowed or _untouched(session, row):
            continue
        raise RuntimeError(f"{row!r} was changed outside services.unit.change()")


def _untouched(session: Session, row: Base) -> bool:
    """Whether a stored row keeps its own columns; that others now point to it changes those others."""
    return row in session.dirty and not session.is_modified(row, include_collections=False)
