"""Readings of texts that wait for a person: one by one, by case, and as a list of what is alike."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from registry.codes.desk import ReadingState
from registry.extensions import db
from registry.models import Examination, Reading, Report
from registry.queries.centre import here
from registry.queries.unfinished import counted

WITH_ALL = (
    joinedload(Reading.examination).joinedload(Examination.background),
    joinedload(Reading.examination).selectinload(Examination.lesions),
    joinedload(Reading.lesion),
    joinedload(Reading.report).joinedload(Report.specimen),
    joinedload(Reading.report).selectinload(Report.results),
    selectinload(Reading.proposals),
)


@dataclass(frozen=True)
class Alike:
    """Readings that say the same codes in the same words: the first, how many, and the last there is."""

    first_id: int
    last_id: int
    count: int
    weight: int


def reading_of(reading_id: int) -> Reading | None:
    """A reading within scope with its case, as stored now; None otherwise."""
    return db.session.scalar(
        select(Reading)
        .where(Reading.id == reading_id)
        .options(*WITH_ALL)
        .execution_options(populate_existing=True)
    )


def of_case(examination_id: int, specimen_id: int | None = None) -> list[Reading]:
    """The open readings of a case, or only those of one specimen's reports, in the order of the texts."""
    conditions = [Reading.examination_id == examination_id]
    if specimen_id is not None:
        own = select(Report.id).where(Report.specimen_id == specimen_id)
        conditions.append(Reading.report_id.in_(own))
    return _loaded(*conditions)


def waiting(*, limit: int, offset: int = 0) -> list[Alike]:
    """What waits at the own centre, alike taken together: what matters most to a person first."""
    weight, count, first = func.max(Reading.weight), func.count(), func.min(Reading.id)
    statement = (
        select(first, func.max(Reading.id), count, weight)
        .where(*_open_here())
        .group_by(Reading.alike)
        .order_by(weight.desc(), count.desc(), first)
        .limit(limit)
        .offset(offset)
    )
    return [Alike(*row) for row in db.session.execute(statement)]


def waiting_count() -> int:
    """How many lines that list has: one query."""
    return db.session.scalar(select(func.count(Reading.alike.distinct())).where(*_open_here())) or 0


def loaded(ids: list[int]) -> dict[int, Reading]:
    """Readings by id, each with its case, in a fixed number of queries."""
    return {one.id: one for one in _loaded(Reading.id.in_(ids))}


def alike_ids(reading: Reading, *, upto: int, limit: int) -> list[int]:
    """The open readings that say the same as this one, as far as the list its reader saw went."""
    statement = (
        select(Reading.id)
        .where(
            *_open_here(),
            Reading.alike == reading.alike,
            Reading.id <= upto,
        )
        .order_by(Reading.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def alike(reading: Reading, *, limit: int) -> list[Reading]:
    """Open readings that say the same as this one, with their cases."""
    ids = alike_ids(reading, upto=2**31 - 1, limit=limit)
    return _loaded(Reading.id.in_(ids))


def _open_here() -> list[Any]:
    """Open readings of the own centre, without those that an import under way has brought."""
    waiting = [here(Reading), Reading.state == ReadingState.UNCONFIRMED]
    if come := counted(Examination):
        case = select(Examination.id).where(Examination.id == Reading.examination_id, *come)
        waiting.append(case.exists())
    return waiting


def _loaded(*conditions: Any) -> list[Reading]:
    statement = (
        select(Reading)
        .join(Examination, Examination.id == Reading.examination_id)
        .where(*conditions, Reading.state == ReadingState.UNCONFIRMED)
        .options(*WITH_ALL)
        .order_by(Reading.id)
    )
    return list(db.session.scalars(statement).unique())
