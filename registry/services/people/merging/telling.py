"""What a merge, or its undoing, leaves in the trail and in the queue of every centre."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, select

from registry.access import unscoped
from registry.codes.desk import PairState
from registry.extensions import db
from registry.label import Label
from registry.models import (
    PossiblePair,
)
from registry.queries.record import likeness as queries
from registry.services.here import centre_here
from registry.services.people.merging.pictures import (
    Picture,
)
from registry.services.unit import Unit

USE = "merging"
BY_HAND = ("person_id", "sealed_for_id", "sequence", "age")
ONCE = Label("一个人，一份档案", "One person, one record")


def notes(unit: Unit, before: Picture, after: Picture, person_id: int) -> list[dict[str, Any]]:
    """An entry of the trail for every row that was moved; what was settled the unit tells itself."""
    entries = []
    for table, rows in before.items():
        for id_, old in rows.items():
            new = after[table].get(id_, old)
            changes = {name: [old[name], new[name]] for name in BY_HAND if old.get(name) != new.get(name)}
            whose = {"person_id": person_id, "centre_id": old.get("centre_id") or centre_here()}
            told = {"action": unit.action, "kind": "update", "reason": unit.reason, "changes": changes}
            if changes:
                entries.append({**told, **whose, "subject": table, "subject_id": id_})
    return entries


def settle_pairs(unit: Unit, kept_id: int, state: PairState, merged_id: int | None = None) -> None:
    """Every centre's question about these two is answered."""
    ids = queries.family(kept_id) | ({merged_id} if merged_id else set())
    both = and_(PossiblePair.person_id.in_(ids), PossiblePair.other_id.in_(ids))
    with unscoped(USE):
        rows = db.session.scalars(select(PossiblePair).where(both)).all()
    for row in rows:
        if row.state is not state:
            unit.settle(row).state = state
            row.judged_at = datetime.now(UTC)
