"""Samples that are entered again: who is in them, what waits, who may not, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from registry.access import scope, unscoped
from registry.extensions import db
from registry.models import (
    AuditEntry,
    Examination,
    ReabstractedField,
    Reabstraction,
    ReabstractionSample,
)
from registry.queries.unfinished import counted

AT_ONCE = 200


@dataclass(frozen=True)
class Progress:
    """A sample and how far it has come."""

    sample: ReabstractionSample
    done: int


@dataclass(frozen=True)
class Pair:
    """How often one field was first kept as this and then entered as that."""

    field: str
    first: str | None
    second: str | None
    times: int


def population(centre_id: int, start: date, end: date) -> list[int]:
    """Ids of every examination of a centre's days that counts."""
    return list(
        db.session.scalars(
            select(Examination.id).where(
                Examination.centre_id == centre_id,
                Examination.performed_on.between(start, end),
                *counted(Examination),
            )
        )
    )


def cases(ids: Sequence[int]) -> dict[int, Examination]:
    """Examinations by id, with lesions and specimens, in a few queries."""
    found: dict[int, Examination] = {}
    for at in range(0, len(ids), AT_ONCE):
        wanted = (
            select(Examination)
            .where(Examination.id.in_(ids[at : at + AT_ONCE]))
            .options(selectinload(Examination.lesions), selectinload(Examination.specimens))
        )
        found |= {one.id: one for one in db.session.scalars(wanted)}
    return found


def drawn_months() -> set[str]:
    """The months of which a sample was drawn."""
    return set(db.session.scalars(select(ReabstractionSample.month).distinct()))


def samples(*, limit: int | None = None, offset: int = 0) -> list[Progress]:
    """The samples in scope with how many are done, the latest month first."""
    done = (
        select(func.count(Reabstraction.id))
        .where(
            Reabstraction.reabstraction_sample_id == ReabstractionSample.id,
            Reabstraction.entered_at.is_not(None),
        )
        .correlate(ReabstractionSample)
        .scalar_subquery()
    )
    order = ReabstractionSample.month.desc(), ReabstractionSample.centre_id
    rows = db.session.execute(
        select(ReabstractionSample, done).order_by(*order).limit(limit).offset(offset)
    ).all()
    return [Progress(sample, number) for sample, number in rows]


def how_many_samples() -> int:
    """How many samples there are in scope."""
    return db.session.scalar(select(func.count(ReabstractionSample.id))) or 0


def one(reabstraction_id: int) -> Reabstraction | None:
    """One case to be entered again, with its fields and its examination."""
    return db.session.scalar(
        select(Reabstraction)
        .where(Reabstraction.id == reabstraction_id)
        .options(joinedload(Reabstraction.examination), selectinload(Reabstraction.fields))
        .execution_options(populate_existing=True)
    )


def waiting() -> tuple[int | None, int]:
    """The first case in scope that the reader may enter again, and how many there are for the reader."""
    rows = db.session.execute(
        select(Reabstraction.id, Reabstraction.examination_id)
        .where(Reabstraction.entered_at.is_(None))
        .join(ReabstractionSample, ReabstractionSample.id == Reabstraction.reabstraction_sample_id)
        .order_by(ReabstractionSample.month, Reabstraction.centre_id, Reabstraction.place)
    ).all()
    kept_out = knows([row.examination_id for row in rows])
    free = [row.id for row in rows if row.examination_id not in kept_out]
    return (free[0] if free else None), len(free)


def knows(examination_ids: Sequence[int]) -> set[int]:
    """Which of these examinations the reader did, entered, changed or has opened since the draw."""
    current = scope()
    if current is None:
        return set(examination_ids)
    me = current.actor_id
    if me is None:
        return set()  # the operator of this machine is nobody of a centre
    found: set[int] = set()
    entered = AuditEntry.kind.in_(("create", "update"))
    opened = and_(AuditEntry.kind == "look", AuditEntry.at >= ReabstractionSample.drawn_at)
    traces = (
        select(AuditEntry.seq)
        .where(
            AuditEntry.subject == "examination",
            AuditEntry.subject_id == Examination.id,
            AuditEntry.actor_id == me,
            or_(entered, opened),
        )
        .correlate(Examination, ReabstractionSample)
        .exists()
    )
    own = or_(*(column == me for column in (Examination.operator_id, Examination.recorder_id)))
    with unscoped("second entry"):
        for at in range(0, len(examination_ids), AT_ONCE):
            wanted = (
                select(Examination.id)
                .join(Reabstraction, Reabstraction.examination_id == Examination.id)
                .join(ReabstractionSample, ReabstractionSample.id == Reabstraction.reabstraction_sample_id)
                .where(Examination.id.in_(examination_ids[at : at + AT_ONCE]), or_(own, traces))
            )
            found |= set(db.session.scalars(wanted))
    return found


def pairs(
    *, first_month: str | None = None, last_month: str | None = None, centre_ids: Iterable[int] | None = None
) -> list[Pair]:
    """How often each field was first this and then that, of what has been entered again from papers."""
    statement = (
        select(
            ReabstractedField.field,
            ReabstractedField.first,
            ReabstractedField.second,
            func.count(ReabstractedField.id),
        )
        .join(Reabstraction, Reabstraction.id == ReabstractedField.reabstraction_id)
        .join(ReabstractionSample, ReabstractionSample.id == Reabstraction.reabstraction_sample_id)
        .where(Reabstraction.entered_at.is_not(None), Reabstraction.papers_missing.is_(False))
        .group_by(ReabstractedField.field, ReabstractedField.first, ReabstractedField.second)
    )
    if first_month:
        statement = statement.where(ReabstractionSample.month >= first_month)
    if last_month:
        statement = statement.where(ReabstractionSample.month <= last_month)
    if centre_ids is not None:
        statement = statement.where(Reabstraction.centre_id.in_(list(centre_ids)))
    return [Pair(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Extent:
    """How many cases were drawn, how many of them are done, and how many of those had no papers."""

    drawn: int
    done: int
    without_papers: int


def extent(
    *, first_month: str | None = None, last_month: str | None = None, centre_ids: Iterable[int] | None = None
) -> Extent:
    """How far the samples of these months and centres have come."""
    statement = (
        select(
            func.count(Reabstraction.id),
            func.count(Reabstraction.entered_at),
            func.count(Reabstraction.id).filter(Reabstraction.papers_missing.is_(True)),
        )
        .select_from(Reabstraction)
        .join(ReabstractionSample, ReabstractionSample.id == Reabstraction.reabstraction_sample_id)
    )
    if first_month:
        statement = statement.where(ReabstractionSample.month >= first_month)
    if last_month:
        statement = statement.where(ReabstractionSample.month <= last_month)
    if centre_ids is not None:
        statement = statement.where(Reabstraction.centre_id.in_(list(centre_ids)))
    return Extent(*db.session.execute(statement).one())


def different(*, limit: int, offset: int = 0) -> list[Reabstraction]:
    """What was entered again and differs in the text of some field, the latest first, with its fields."""
    apart = (
        select(ReabstractedField.id)
        .where(
            ReabstractedField.reabstraction_id == Reabstraction.id,
            func.coalesce(ReabstractedField.first, "") != func.coalesce(ReabstractedField.second, ""),
        )
        .correlate(Reabstraction)
        .exists()
    )
    return list(
        db.session.scalars(
            select(Reabstraction)
            .where(Reabstraction.entered_at.is_not(None), Reabstraction.papers_missing.is_(False), apart)
            .options(joinedload(Reabstraction.examination), selectinload(Reabstraction.fields))
            .order_by(Reabstraction.entered_at.desc(), Reabstraction.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )
