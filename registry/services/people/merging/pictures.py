"""Every row of two persons as plain values, before and after: what a merge changed, and what came later."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select

from registry.extensions import db
from registry.models import (
    Base,
    Enrolment,
    Examination,
    FollowUp,
    IdentityDocument,
    ImportedCase,
    KnownSyndrome,
    Listed,
    MatchKey,
    Person,
    PriorSurgery,
    RiskAssessment,
    ScreeningRound,
    Sighting,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.services.chain import plain

# Rows that go with the person, parents before children; the rest of what names a person stays.
MOVED: tuple[type[Base], ...] = (
    Enrolment, IdentityDocument, MatchKey, Examination, ScreeningRound, RiskAssessment, Listed, Tumour,
    Sighting, Treatment, FollowUp, VitalStatus, PriorSurgery, KnownSyndrome, ImportedCase,
)  # fmt: skip
STAY = frozenset({"person_key", "possible_pair", "merge", "draft", "question", "audit_entry"})
Picture = dict[str, dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class Since:
    """A record that was made or changed after a merge, as one is told before undoing it."""

    table: str
    id: int
    made: bool
    centre_id: int | None


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    return cast(Table, model.__table__)


def columns_of(table: Table) -> list[Any]:
    """What is pictured: not what names anybody, for none of it is ever changed here."""
    return [column for column in table.columns if not column.info.get("identifier")]


def picture(person_ids: set[int]) -> Picture:
    """Every row of these persons, by table and id, as plain values."""
    found: Picture = {}
    models: tuple[type[Base], ...] = (Person, *MOVED)
    for model in models:
        table = table_of(model)
        whose = table.c.id if model is Person else table.c.person_id
        rows = db.session.execute(select(*columns_of(table)).where(whose.in_(person_ids))).mappings()
        found[table.name] = {row["id"]: {name: plain(value) for name, value in row.items()} for row in rows}
    shells = select(*columns_of(table_of(Person))).where(table_of(Person).c.merged_into_id.in_(person_ids))
    for row in db.session.execute(shells).mappings():
        found["person"][row["id"]] = {name: plain(value) for name, value in row.items()}
    return found


def _digest(row: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]


def differences(before: Picture, after: Picture) -> dict[str, Any]:
    """What changed between two pictures, and how each row looked afterwards (as a digest)."""
    changed = [
        [table, id_, {name: [old[name], new[name]] for name in old if old[name] != new[name]}]
        for table, rows in before.items()
        for id_, old in rows.items()
        if (new := after[table].get(id_)) is not None and new != old
    ]
    removed = [
        [table, row] for table, rows in before.items() for id_, row in rows.items() if id_ not in after[table]
    ]
    made = [[table, id_] for table, rows in after.items() for id_ in rows if id_ not in before[table]]
    digests = {table: {str(id_): _digest(row) for id_, row in rows.items()} for table, rows in after.items()}
    return {"changed": changed, "removed": removed, "made": made, "after": digests}


def later(told: dict[str, Any], now: Picture) -> list[Since]:
    """Rows that were not there after the merge, or look otherwise since; settled facts of persons apart."""
    found = []
    for table, rows in now.items():
        known = told["after"].get(table, {})
        for id_, row in rows.items():
            if known.get(str(id_)) != _digest(row):
                found.append(Since(table, id_, str(id_) not in known, row.get("centre_id")))
        found += [Since(table, int(id_), False, None) for id_ in known if int(id_) not in rows]
    return found


def typed(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Plain values as the columns take them."""
    found = {}
    for name, value in values.items():
        kind = table.c[name].type.python_type if not table.c[name].info.get("codes") else str
        reads = getattr(kind, "fromisoformat", None)
        found[name] = reads(value) if reads and isinstance(value, str) else value
    return found
