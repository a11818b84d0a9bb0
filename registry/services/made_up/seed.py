"""Writing a made-up alliance: its hospitals and staff, and persons by the thousand, names sealed.

What is written is as real as anything else in the database: keys per person, sealed identifiers,
digests, search words, match keys, audit entries. Only a registry without persons takes it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from registry import keyring
from registry.access import unscoped
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import (
    AdverseEvent,
    Appointment,
    Background,
    Base,
    Centre,
    Covering,
    Enrolment,
    Examination,
    FollowUp,
    IdentityDocument,
    Lesion,
    MatchKey,
    Person,
    PersonKey,
    Report,
    Result,
    SearchToken,
    Sighting,
    Specimen,
    Treatment,
    Tumour,
    User,
    VitalStatus,
)
from registry.queries.record import matching
from registry.services.unit import batch

Row = dict[str, Any]
ORDER: tuple[type[Base], ...] = (
    Person, PersonKey, Enrolment, IdentityDocument, SearchToken, MatchKey, Examination, Background,
    AdverseEvent, Lesion, Specimen, Covering, Report, Result, Tumour, Sighting, Treatment, FollowUp,
    VitalStatus,
)  # fmt: skip
BATCH = 2000
USE = "made-up alliance"


class Occupied(RuntimeError):
    """There are persons in this registry; made-up ones do not belong among them."""


@dataclass(eq=False)
class Known:
    """An enrolment with what names the person in plain text, to be sealed before it is written."""

    enrolment: Row
    name: str
    phone: str
    record_number: str
    document: Row | None
    document_number: str | None


class Life(Protocol):
    """One person's rows by model, and each enrolment with its names."""

    @property
    def person(self) -> Row: ...

    @property
    def rows(self) -> Mapping[type[Base], list[Row]]: ...

    @property
    def known(self) -> Mapping[int, Known]: ...


@dataclass(frozen=True)
class Member:
    """Somebody on the staff: name, user name, and roles, each at a centre (its code) or at the alliance."""

    username: str
    name: str
    roles: tuple[tuple[Role, str | None], ...]


def demand_empty() -> None:
    """`Occupied` unless there are neither persons nor centres."""
    with unscoped(USE):
        found = sum(
            db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Person, Centre)
        )
    db.session.rollback()
    if found:
        raise Occupied


def settle_alliance(centres: list[Row], staff: Iterable[Member]) -> tuple[dict[str, int], dict[str, int]]:
    """Write hospitals and staff; return ids of centres by code and of users by user name."""
    members = list(staff)
    with batch("seed.alliance", USE) as session:
        codes = _ids(session, Centre, centres)
        centre_of = {row["code"]: id_ for row, id_ in zip(centres, codes, strict=True)}
        users = [{"username": member.username, "name": member.name} for member in members]
        user_of = {
            member.username: id_ for member, id_ in zip(members, _ids(session, User, users), strict=True)
        }
        appointments = [
            {
                "user_id": user_of[member.username],
                "centre_id": centre_of[code] if code else None,
                "role": role,
            }
            for member in members
            for role, code in member.roles
        ]
        session.execute(insert(Appointment), appointments)
        session.info["entries"].append(
            {"changes": {"centres": [None, len(centres)], "users": [None, len(users)]}}
        )
    return centre_of, user_of


def store(lives: Iterable[Life], *, progress: Callable[[int], object] = lambda examinations: None) -> None:
    """Write persons as they come, a few thousand examinations to a transaction; memory stays flat."""
    waiting: defaultdict[type[Base], list[Row]] = defaultdict(list)
    for life in lives:
        _seal(life, waiting)
        for model, rows in life.rows.items():
            waiting[model] += rows
        if len(waiting[Examination]) >= BATCH:
            _write(waiting)
            progress(len(waiting[Examination]))
            waiting.clear()
    if waiting:
        _write(waiting)
        progress(len(waiting[Examination]))


def _seal(life: Life, waiting: Mapping[type[Base], list[Row]]) -> None:
    ring = keyring.current()
    wrapped = ring.new_data_key()
    waiting[PersonKey].append({"person_id": life.person["id"], "wrapped": wrapped})
    for centre_id, known in life.known.items():
        row = known.enrolment
        row["name_sealed"] = ring.seal(wrapped, known.name, "Enrolment.name")
        row["phone_sealed"] = ring.seal(wrapped, known.phone, "Enrolment.phone")
        row["record_number_sealed"] = ring.seal(wrapped, known.record_number, "Enrolment.record_number")
        row["record_number_digest"] = matching.record_number_digest(centre_id, known.record_number)
        words = _words(known.name) | matching.words(phone=known.phone, record_number=known.record_number)
        if known.document is not None and known.document_number is not None:
            number = known.document_number
            words |= matching.words(documents=[number])
            known.document["value_sealed"] = ring.seal(wrapped, number, "IdentityDocument.value")
            known.document["digest"] = matching.document_digest(known.document["type"], number)
        waiting[SearchToken].extend(
            {
                "centre_id": centre_id,
                "enrolment_id": row["id"],
                "digest": matching.word_digest(centre_id, word),
            }
            for word in words
        )
        waiting[MatchKey].extend(
            {
                "centre_id": centre_id,
                "enrolment_id": row["id"],
                "person_id": life.person["id"],
                "digest": digest,
            }
            for digest in sorted(_keys(life.person, known))
        )


def _keys(person: Row, known: Known) -> set[str]:
    """The keys under which an enrolment may meet a double; as services.people.likeness has them."""
    return matching.match_digests(
        name=known.name,
        sex=person["sex"],
        born_on=person.get("born_on"),
        born_precision=person.get("born_precision"),
        phone=known.phone,
    )


@lru_cache(maxsize=200_000)
def _words(name: str) -> frozenset[str]:
    return frozenset(matching.words(name=name))


def _write(waiting: Mapping[type[Base], list[Row]]) -> None:
    with batch("seed.batch", USE) as session:
        digest = hashlib.sha256()
        for model in ORDER:
            if rows := waiting.get(model):
                session.execute(insert(cast(Table, model.__table__)), rows)
                digest.update(f"{model.__tablename__} {rows[0].get('id')} {len(rows)};".encode())
        _count_on(session, ORDER)
        counts = {model.__tablename__: [None, len(rows)] for model, rows in waiting.items() if rows}
        session.info["entries"].append({"changes": counts | {"digest": [None, digest.hexdigest()]}})


def _ids(session: Session, model: type[Base], rows: list[Row]) -> list[int]:
    table = cast(Table, model.__table__)
    return list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))


def _count_on(session: Session, models: Iterable[type[Base]]) -> None:
    """PostgreSQL's sequences know nothing of ids that were given; let them go on from there."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for model in models:
        if "id" in model.__table__.columns:
            name = model.__tablename__
            session.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608 – our own table's name
            )
