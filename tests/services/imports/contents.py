"""What a registry holds, table by table, so that two of them can be held against each other.

Ids, keys, digests, versions and times differ between two registries of the same cases: a row stands
for itself by its values, and points to others by theirs.
"""

import hashlib
import re
from collections import Counter
from typing import Any

from sqlalchemy import LargeBinary, select

from registry import keyring
from registry.access import unscoped
from registry.extensions import db
from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Covering,
    Enrolment,
    Examination,
    FollowUp,
    IdentityDocument,
    Lesion,
    MatchKey,
    Person,
    PersonKey,
    Proposal,
    Reading,
    Report,
    Result,
    SearchToken,
    Sighting,
    Specimen,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.models.fields import Sealed
from registry.queries.record import matching

TABLES: tuple[type[Base], ...] = (
    Person, Enrolment, IdentityDocument, SearchToken, MatchKey, Examination, Background, AdverseEvent,
    Lesion, Specimen, Covering, Report, Result, Reading, Proposal, Tumour, Sighting, Treatment, FollowUp,
    VitalStatus,
)  # fmt: skip
PARENTS = {
    "person_id": "person", "enrolment_id": "enrolment", "examination_id": "examination",
    "lesion_id": "lesion", "specimen_id": "specimen", "report_id": "report", "reading_id": "reading",
    "tumour_id": "tumour", "detecting_examination_id": "examination", "supersedes_id": "report",
    "same_as_id": "lesion", "merged_into_id": "person",
}  # fmt: skip
APART = {"id", "version", "pseudonym", "import_id", "record_number_digest"}
MADE = re.compile(r"\d{8}")  # a record number made from an id: it differs as ids do


def contents(*, apart: frozenset[str] = frozenset()) -> dict[str, Counter[Any]]:
    """How often each row stands in each table, by its values; sealed ones opened."""
    with unscoped("import"):
        session = db.session()
        keys = dict(session.execute(select(PersonKey.person_id, PersonKey.wrapped)).all())
        made = _made_words(session, keys)
        found: dict[str, dict[int, Any]] = {}
        for model in TABLES:
            found[model.__tablename__] = {
                row.id: _plain(row, model, found, keys, apart)
                for row in session.execute(select(*model.__table__.columns)).all()
                if model is not SearchToken or row.digest not in made
            }
        session.rollback()
    return {name: Counter(rows.values()) for name, rows in found.items()}


def _short(row: Any) -> str:
    return hashlib.sha256(repr(row).encode()).hexdigest()[:12]


def _made_words(session: Any, keys: dict[int, bytes]) -> set[str]:
    """Search words of record numbers that were made from ids."""
    columns = Enrolment.person_id, Enrolment.centre_id, Enrolment.record_number_sealed
    found = set()
    for person_id, centre_id, sealed in session.execute(select(*columns)):
        number = keyring.current().open(keys[person_id], sealed, "Enrolment.record_number")
        if MADE.fullmatch(number):
            found |= {matching.word_digest(centre_id, word) for word in matching.words(record_number=number)}
    return found


def _plain(row: Any, model: type[Base], found: Any, keys: dict[int, bytes], apart: frozenset[str]) -> Any:
    places = {each.column: each.place for each in vars(model).values() if isinstance(each, Sealed)}
    values = []
    for column in model.__table__.columns:
        name, value = column.name, row._mapping[column.name]
        if name in APART or name in apart:
            continue
        if value is not None and name in PARENTS:
            value = _short(found[PARENTS[name]][value])
        elif value is not None and isinstance(column.type, LargeBinary):
            value = keyring.current().open(keys[row.person_id], value, places[name])
            value = "made" if name == "record_number_sealed" and MADE.fullmatch(value) else value
        values.append((name, value))
    return tuple(values)


STAYING = {"centre", "user_account", "appointment", "audit_entry", "user_session", "sign_in"}


def emptied() -> None:
    """Take every case out of the registry; the alliance and the trail stay."""
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in STAYING:
                connection.execute(table.delete())
