"""New cases written many at a time: sealed and digested first, then one short transaction a batch."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from registry import keyring
from registry.codes.person import Sex, Vital
from registry.models import Base, Enrolment, ImportedCase, Person, PersonKey, SearchToken, Tumour, VitalStatus
from registry.queries import matching
from registry.services.chain import canonical
from registry.services.imports.case import Case
from registry.services.imports.judging import followed

SEALED = ("record_number", "name", "phone", "address")


@dataclass
class Prepared:
    """A case with everything that takes a key worked out, so that the write lock is held briefly."""

    case: Case
    key_digest: str
    content_digest: str
    wrapped: bytes
    enrolment: dict[str, Any]
    tokens: list[str]


def content_digest(case: Case) -> str:
    """What a case says, as a keyed digest: equal when nothing has changed."""
    return keyring.current().digest("import content", canonical(case.records))


def key_digest(source: str, case: Case) -> str:
    """By which a later reading of the same source finds the case again."""
    return keyring.current().digest(f"import key {source}", case.key)


def prepare(case: Case, *, source: str, centre_id: int) -> Prepared:
    """Make the person's data key; seal and digest what names the person."""
    ring = keyring.current()
    wrapped = ring.new_data_key()
    told = dict(case.enrolment)
    enrolment: dict[str, Any] = {}
    for name in SEALED:
        value = told.pop(name, None)
        enrolment[f"{name}_sealed"] = (
            None if value is None else ring.seal(wrapped, str(value), f"Enrolment.{name}")
        )
    number = case.enrolment.get("record_number")
    enrolment["record_number_digest"] = (
        None if number is None else matching.record_number_digest(centre_id, number)
    )
    words = matching.words(
        name=case.enrolment.get("name"), record_number=number, phone=case.enrolment.get("phone")
    )
    tokens = [matching.word_digest(centre_id, word) for word in sorted(words)]
    return Prepared(
        case,
        key_digest(source, case),
        content_digest(case),
        wrapped,
        told | enrolment,
        tokens,
    )


def store(
    session: Session, batch: list[Prepared], *, run_id: int, centre_id: int, source: str
) -> dict[str, Any]:
    """Write a batch of new cases; return what its audit entry says of them."""
    written: list[tuple[str, int, dict[str, Any]]] = []

    def add(model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
        return _add(session, model, rows, written)

    came = {"centre_id": centre_id, "import_id": run_id}
    people = add(Person, [_person(prepared.case) | {"import_id": run_id} for prepared in batch])
    pairs = list(zip(people, batch, strict=True))
    keys = [{"person_id": person_id, "wrapped": prepared.wrapped} for person_id, prepared in pairs]
    session.execute(insert(PersonKey), keys)
    enrolments = add(
        Enrolment, [came | prepared.enrolment | {"person_id": person_id} for person_id, prepared in pairs]
    )
    found = [
        {"centre_id": centre_id, "enrolment_id": enrolment_id, "digest": digest}
        for enrolment_id, prepared in zip(enrolments, batch, strict=True)
        for digest in prepared.tokens
    ]
    add(SearchToken, found)
    add(
        Tumour,
        [
            came | prepared.case.tumour | followed(prepared.case) | {"person_id": person_id, "sequence": 1}
            for person_id, prepared in pairs
            if prepared.case.tumour
        ],
    )
    add(
        VitalStatus,
        [
            came | prepared.case.vital_status | {"person_id": person_id}
            for person_id, prepared in pairs
            if prepared.case.vital_status
        ],
    )
    memories = [
        came
        | {
            "source": source,
            "person_id": person_id,
            "key_digest": prepared.key_digest,
            "content_digest": prepared.content_digest,
        }
        for person_id, prepared in pairs
    ]
    add(ImportedCase, memories)
    return _entry(written, len(batch))


def known(session: Session, digests: list[str], *, source: str, centre_id: int) -> dict[str, Any]:
    """What earlier readings of the source left, by key digest: id, content_digest, person_id, import_id."""
    memory = ImportedCase
    columns = memory.id, memory.key_digest, memory.content_digest, memory.person_id, memory.import_id
    found = session.execute(
        select(*columns).where(
            memory.centre_id == centre_id, memory.source == source, memory.key_digest.in_(digests)
        )
    )
    return {row.key_digest: row for row in found}


def numbers_in_use(session: Session, digests: list[str], *, centre_id: int) -> set[str]:
    """Record numbers, digested, that belong to somebody enrolled here already."""
    found = select(Enrolment.record_number_digest).where(
        Enrolment.centre_id == centre_id, Enrolment.record_number_digest.in_(digests)
    )
    return {digest for digest in session.scalars(found) if digest is not None}


def _person(case: Case) -> dict[str, Any]:
    known_of_life = dict.fromkeys(("died_on", "died_precision", "last_alive_on")) | {"vital": Vital.UNKNOWN}
    told = case.person | {"sex": case.person.get("sex") or Sex.UNKNOWN}
    return {"pseudonym": secrets.token_hex(12)} | told | known_of_life | case.life


def _add(
    session: Session,
    model: type[Base],
    rows: list[dict[str, Any]],
    written: list[tuple[str, int, dict[str, Any]]],
) -> list[int]:
    if not rows:
        return []
    table = cast(Table, model.__table__)
    ids = list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))
    written += [(table.name, id_, row) for id_, row in zip(ids, rows, strict=True)]
    return ids


def _entry(written: list[tuple[str, int, dict[str, Any]]], cases: int) -> dict[str, Any]:
    """The batch's audit entry: how many records of each kind, and a digest over every one of them."""
    digest = hashlib.sha256()
    counts: dict[str, int] = {}
    for subject, id_, row in written:
        digest.update(canonical([subject, id_, row]).encode())
        counts[subject] = counts.get(subject, 0) + 1
    told = {"cases": cases, **counts, "digest": digest.hexdigest()}
    return {"changes": {name: [None, value] for name, value in told.items()}}
