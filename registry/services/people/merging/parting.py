"""One person made two again."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from registry.access import Forbidden, unscoped
from registry.codes.desk import PairState
from registry.extensions import db
from registry.models import (
    Enrolment,
    IdentityDocument,
    MatchKey,
    Merge,
    Person,
)
from registry.queries.record import likeness as queries
from registry.rules.problem import Invalid, refusal
from registry.services.chain import plain
from registry.services.course import tumours
from registry.services.people.merging.asking import part
from registry.services.people.merging.pictures import (
    MOVED,
    Since,
    columns_of,
    later,
    picture,
    table_of,
    typed,
)
from registry.services.people.merging.telling import ONCE, notes, settle_pairs
from registry.services.unit import change

USE = "merging"


def unmerge(merge_id: int, *, reason: str | None) -> Merge:
    """Make two persons of one again; both are as they were, byte for byte, if nothing was recorded since.

    What was recorded since stays with the person who was kept, unless the centre that recorded it
    enrols only the other; then facts are settled anew for both.

    Raises
    ------
    Invalid
        Without a reason; when it was undone already; when a later merge of either stands.
    """
    found = queries.merge(merge_id)
    if found is None:
        raise Forbidden("the merge is not this centre's to undo")
    if not (reason and reason.strip()):
        raise Invalid([refusal("reason", "请写明撤销理由", "Say why it is undone", ONCE)])
    with change("person.unmerge", reason=reason.strip()) as unit:
        unit.still = True
        _demand_last(found)
        kept_id, merged_id = found.person_id, found.merged_id
        told = json.loads(found.moved)
        with unscoped(USE):
            before = picture({kept_id, merged_id})
            since = later(told, before)
            _put_back(told, exactly=not since)
            _give(since, kept_id, merged_id)
            _follow_enrolments({kept_id, merged_id})
            unit.session.expire_all()
            part(unit, {kept_id, merged_id})
            if since:
                for person_id in (kept_id, merged_id):
                    tumours.settle(unit, person_id)
            unit.session.flush()
            after = picture({kept_id, merged_id})
        unit.settle(found).undone_at = datetime.now(UTC)
        unit.notes += notes(unit, before, after, kept_id)
        settle_pairs(unit, kept_id, PairState.UNSURE, merged_id)
    return found


def recorded_since(merge_id: int) -> list[Since]:
    """What was made or changed after a merge, at every centre: kinds and ids only."""
    found = queries.merge(merge_id)
    if found is None:
        raise Forbidden("the merge is not this centre's to undo")
    with unscoped(USE):
        return later(json.loads(found.moved), picture({found.person_id, found.merged_id}))


def _demand_last(found: Merge) -> None:
    both = (found.person_id, found.merged_id)
    with unscoped(USE):
        again = db.session.scalar(
            select(Merge.id).where(
                Merge.id > found.id,
                Merge.undone_at.is_(None),
                or_(Merge.person_id.in_(both), Merge.merged_id.in_(both)),
            )
        )
    if found.undone_at is not None or again is not None:
        said = (
            "已撤销，或之后又有合并；请从最后一次合并撤起",
            "Undone already, or merged again since: undo the last first",
        )
        raise Invalid([refusal("merge", *said, ONCE)])


def _put_back(told: dict[str, Any], *, exactly: bool) -> None:
    """Give every row what it had; where something was recorded since, only what still is as it was left."""
    tables = {table.name: table for table in (table_of(Person), *(table_of(model) for model in MOVED))}
    for name, id_ in reversed(told["made"]):
        table = tables[name]
        if exactly:
            db.session.execute(delete(table).where(table.c.id == id_))
    for name, row in told["removed"]:
        db.session.execute(insert(tables[name]).values(**typed(tables[name], row)))
    for name, id_, changes in told["changed"]:
        table = tables[name]
        row = db.session.execute(select(*columns_of(table)).where(table.c.id == id_)).mappings().first()
        if row is None:
            continue
        values = {
            column: old
            for column, (old, new) in changes.items()
            if exactly or column in {"person_id", "merged_into_id"} or plain(row[column]) == new
        }
        if values:
            db.session.execute(update(table).where(table.c.id == id_).values(**typed(table, values)))


def _follow_enrolments(person_ids: set[int]) -> None:
    """A document and a key belong to whom their enrolment belongs to, also those written since."""
    enrolment = table_of(Enrolment)
    for model in (IdentityDocument, MatchKey):
        table = table_of(model)
        whose = select(enrolment.c.person_id).where(enrolment.c.id == table.c.enrolment_id).scalar_subquery()
        db.session.execute(update(table).where(table.c.person_id.in_(person_ids)).values(person_id=whose))


def _give(since: list[Since], kept_id: int, merged_id: int) -> None:
    """What a centre recorded since that enrols only the other person goes with that person."""
    enrolment = table_of(Enrolment)
    rows = db.session.execute(
        select(enrolment.c.centre_id, enrolment.c.person_id).where(
            enrolment.c.person_id.in_((kept_id, merged_id))
        )
    ).all()
    whose: dict[int, set[int]] = {}
    for centre_id, person_id in rows:
        whose.setdefault(centre_id, set()).add(person_id)
    tables = {table_of(model).name: table_of(model) for model in MOVED if model is not Enrolment}
    for one in since:
        if one.made and one.table in tables and whose.get(one.centre_id or 0) == {merged_id}:
            table = tables[one.table]
            values: dict[str, Any] = {"person_id": merged_id}
            if one.table == "tumour":
                taken = select(table.c.sequence).where(table.c.person_id == merged_id)
                values["sequence"] = max(db.session.scalars(taken), default=0) + 1
            db.session.execute(update(table).where(table.c.id == one.id).values(**values))
