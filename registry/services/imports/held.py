"""What a run will change of people who were known before it: held back until the run is finished.

A file that brings a new examination of somebody known moves more than that examination: the day they
were last alive, how long their tumours were followed, what is due. While the run is under way all of
this stays as it was (`put_back`). At the end it is worked out as if the run were finished, and written
in the one transaction that finishes it. Whose record somebody changes meanwhile is worked out again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, func, insert, or_, select, union, update
from sqlalchemy.orm import Session

from registry.access import unscoped
from registry.codes.person import Vital
from registry.extensions import db
from registry.models import AuditEntry, Base, Examination, FollowUp, Person, Sighting, Tumour, VitalStatus
from registry.services import chain
from registry.services.course import outcome, tumours
from registry.services.imports.rehearsed import Rehearsed
from registry.services.unit import Unit, change, person_of

STEP = 20
MANY = 500
FACTS = (Person, Tumour, FollowUp, Sighting, VitalStatus, Examination)
More = Callable[[Unit, int], object]


class Moved(Exception):
    """Somebody changed records of these persons since it was worked out what the run makes of them."""

    def __init__(self, person_ids: Iterable[int]) -> None:
        self.person_ids = sorted(person_ids)
        super().__init__(f"{len(self.person_ids)} persons changed meanwhile")


@dataclass(frozen=True)
class Change:
    """A record's columns that a run changes, as they are and as they will be."""

    model: type[Base]
    id: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class Held:
    """By person: the trail's last number when it was worked out, changes, and new vital statuses.

    `rest` are those in whom records come or go; they are settled once the run is finished.
    """

    seen: dict[int, int] = field(default_factory=dict)
    changes: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[int, dict[str, Any]] = field(default_factory=dict)
    rest: set[int] = field(default_factory=set)

    def work_out(
        self, person_ids: Sequence[int], run_id: int, more: More = lambda unit, person_id: None
    ) -> None:
        """Work out what the run makes of these persons, twenty at a time; nothing is written.

        `more` is told of each, inside the change, and may add what else the run says of them.
        """
        for begin in range(0, len(person_ids), STEP):
            step = person_ids[begin : begin + STEP]
            try:
                with change("import.rehearsal") as unit:
                    unit.run_id = run_id
                    with unscoped("audit chain"):
                        tip, _ = chain.head(db.session())
                    for person_id in step:
                        self._forget(person_id)
                        self.seen[person_id] = tip
                        more(unit, person_id)
                        _as_if_finished(unit, person_id, run_id)
                    unit.session.flush()
                    self._take(unit)
                    raise Rehearsed
            except Rehearsed:
                pass

    def take(self, person_ids: Iterable[int], tip: int, changes: Iterable[tuple[int, Change]]) -> None:
        """Take in what was worked out of these persons when the trail ended at `tip`."""
        for person_id in person_ids:
            self._forget(person_id)
            self.seen[person_id] = tip
        for person_id, each in changes:
            self.changes[person_id].append(each)

    def write(self, session: Session) -> dict[str, Any]:
        """Write everything, inside a batch; how many persons, and a digest over what was changed.

        Raises
        ------
        Moved
            Writing nothing, when somebody changed one of them since.
        """
        if moved := set(self._in_trail(session)):
            raise Moved(moved)
        digest = hashlib.sha256()
        groups: dict[tuple[type[Base], tuple[str, ...]], list[Change]] = defaultdict(list)
        for each in self._all():
            groups[each.model, tuple(each.after)].append(each)
        writing = session.begin_nested()
        for (model, names), changes in groups.items():
            values = [
                {f"new_{name}": one.after[name] for name in names}
                | {f"old_{name}": one.before[name] for name in names}
                | {"key": one.id}
                for one in changes
            ]
            written = cast(CursorResult[Any], session.execute(_statement(model, names), values))
            if written.rowcount != len(values):  # somebody's records are otherwise: tell whose
                writing.rollback()
                raise Moved(self._otherwise(session))
            digest.update(repr((model.__tablename__, names, values)).encode())
        if self.notes:
            session.execute(insert(cast(Table, VitalStatus.__table__)), list(self.notes.values()))
            digest.update(repr(list(self.notes.values())).encode())
        return {"persons": len(self.seen), "digest": digest.hexdigest()} if self.seen else {}

    def _forget(self, person_id: int) -> None:
        self.changes.pop(person_id, None)
        self.notes.pop(person_id, None)
        self.rest.discard(person_id)

    def _all(self) -> Iterator[Change]:
        return (change for changes in self.changes.values() for change in changes)

    def _take(self, unit: Unit) -> None:
        for row in unit.added:
            person_id = person_of(row) or 0
            if isinstance(row, VitalStatus):
                columns = (column.key for column in row.__table__.columns if column.key != "id")
                self.notes[person_id] = {name: getattr(row, name) for name in columns}
            else:
                self.rest.add(person_id)
        gone = [row for row, _ in unit.removed]
        self.rest.update(person_of(row) or 0 for row in gone)
        for row, before in unit.before.values():
            after = {name: now for name, old in before.items() if (now := getattr(row, name)) != old}
            if after and row not in gone:
                old = {name: before[name] for name in after}
                self.changes[person_of(row) or 0].append(
                    Change(type(row), row.id, old, after)  # type: ignore[attr-defined]
                )

    def _in_trail(self, session: Session) -> Iterator[int]:
        """Whose records the trail says were changed since, or another import that has ended brought."""
        since = AuditEntry.seq > min(self.seen.values(), default=0)
        last = (
            select(AuditEntry.person_id, func.max(AuditEntry.seq))
            .where(since, AuditEntry.person_id.is_not(None), AuditEntry.kind != "look")
            .group_by(AuditEntry.person_id)
        )
        for person_id, seq in session.execute(last):
            if person_id and seq > self.seen.get(person_id, seq):
                yield person_id
        ended = select(AuditEntry.subject_id).where(since, AuditEntry.action == "import.finish")
        for run_id in session.scalars(ended).all():
            for model in (Examination, Tumour, VitalStatus):
                brought = session.scalars(select(model.person_id).where(model.import_id == run_id))
                yield from (person_id for person_id in brought if person_id in self.seen)

    def _otherwise(self, session: Session) -> Iterator[int]:
        """Whose records are otherwise than when it was worked out: another import may have done that."""
        of: dict[type[Base], dict[int, tuple[int, Change]]] = defaultdict(dict)
        for person_id, changes in self.changes.items():
            for each in changes:
                of[each.model][each.id] = person_id, each
        for model, found in of.items():
            table, ids = cast(Table, model.__table__), list(found)
            names = sorted({name for _, each in found.values() for name in each.before})
            columns = [table.c.id, *(table.c[name] for name in names)]
            for begin in range(0, len(ids), MANY):
                part = ids[begin : begin + MANY]
                stored = {
                    row.id: row for row in session.execute(select(*columns).where(table.c.id.in_(part)))
                }
                for number in part:
                    person_id, each = found[number]
                    row = stored.get(number)
                    if row is None or any(getattr(row, name) != old for name, old in each.before.items()):
                        yield person_id


def put_back(unit: Unit, run_id: int) -> None:
    """Leave as it was, inside a change of the run, what was there before it; its own records stay."""
    unit.session.flush()
    gone = [row for row, _ in unit.removed]
    for row, before in unit.before.values():
        if isinstance(row, FACTS) and getattr(row, "import_id", None) != run_id and row not in gone:
            for name, old in before.items():
                if getattr(row, name) != old:
                    setattr(row, name, old)


def touched(run_id: int) -> list[int]:
    """Of whom the run brought something although they were known before it, or once more since it brought
    them."""
    again = (
        select(Person.id)
        .join(Examination, Examination.person_id == Person.id)
        .where(Person.import_id == run_id, Examination.import_id == run_id)
        .where(or_(Person.last_alive_on.is_(None), Person.last_alive_on < Examination.performed_on))
    )
    found = union(
        again,
        *(
            select(model.person_id)
            .join(Person, Person.id == model.person_id)
            .where(model.import_id == run_id)
            .where(Person.import_id.is_distinct_from(run_id))
            for model in (Examination, Tumour, VitalStatus)
        ),
    )
    with unscoped("import"):
        ids = sorted(db.session().scalars(found))
    db.session().rollback()
    return ids


def settle(person_ids: Iterable[int], *, reason: str) -> None:
    """Settle the facts of people, twenty to a change."""
    ids = sorted(person_ids)
    for begin in range(0, len(ids), STEP):
        with change("import.tumours", reason=reason) as unit:
            for person_id in ids[begin : begin + STEP]:
                tumours.settle(unit, person_id)


def _as_if_finished(unit: Unit, person_id: int, run_id: int) -> None:
    """Settle what follows from all that the run brought of a person."""
    own = select(Examination).where(Examination.person_id == person_id, Examination.import_id == run_id)
    for examination in db.session.scalars(own.order_by(Examination.id)).all():
        outcome.answered(unit, examination)
    died = select(VitalStatus.id).where(
        VitalStatus.person_id == person_id, VitalStatus.import_id == run_id, VitalStatus.vital == Vital.DEAD
    )
    if db.session.scalar(died.limit(1)) is not None:
        outcome.nothing_due(unit, person_id)
    tumours.settle(unit, person_id)


def _statement(model: type[Base], names: tuple[str, ...]) -> Any:
    """Change columns of a record, if they are what they were when it was worked out."""
    table = cast(Table, model.__table__)
    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    same = [
        table.c[name].is_not_distinct_from(bindparam(f"old_{name}", type_=table.c[name].type))
        for name in names
    ]
    return update(table).where(table.c.id == bindparam("key"), *same).values(**values)
