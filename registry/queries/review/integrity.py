"""Counts of each endoscopist's records at one centre, and the signals that were raised of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from registry.access import scope
from registry.codes.endoscopy import ExaminationType, Indication
from registry.codes.integrity import IntegrityKind
from registry.extensions import db
from registry.indicators.checks.timely import MEMORY_DAYS
from registry.models import AuditEntry, Examination, IntegritySignal, Lesion, Specimen
from registry.models.portable import days_between
from registry.queries.counting.tallies import counting
from registry.queries.unfinished import counted

LONG_TEXT = 40  # characters; what is shorter is a stock phrase anyway
STOCK = 3  # who says the same as two others of the house uses a phrase of the house


@dataclass(frozen=True)
class House:
    """One centre, the days that are looked at, and perhaps one of its endoscopists."""

    centre_id: int
    start: date
    end: date
    operator_id: int | None = None

    def seen(self, *more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
        """Examinations of these days that count and say who did them; of one person if one is named."""
        one = () if self.operator_id is None else (Examination.operator_id == self.operator_id,)
        return (
            *one,
            Examination.centre_id == self.centre_id,
            Examination.performed_on.between(self.start, self.end),
            Examination.operator_id.is_not(None),
            *counted(Examination),
            *more,
        )


@dataclass(frozen=True)
class Longest:
    """The longest run of examinations without lesion or tissue, of so many such among all."""

    run: int
    normal: int
    total: int
    first: date
    last: date


def minutes(house: House) -> dict[int, list[int]]:
    """Colonoscopies by endoscopist withdrawn in 4, 5, 6, 7 and 8 minutes, rounded."""
    time = Examination.withdrawal_min
    cells = [
        func.sum(case((and_(time >= at - 0.5, time < at + 0.5), 1), else_=0)).label(f"at_{at}")
        for at in (4, 5, 6, 7, 8)
    ]
    where = house.seen(Examination.type == ExaminationType.COLONOSCOPY, time >= 3.5, time < 8.5)
    statement = select(Examination.operator_id, *cells).where(*where).group_by(Examination.operator_id)
    with counting("endoscopist"):
        return {row[0]: [int(number) for number in row[1:]] for row in db.session.execute(statement)}


def _empty() -> ColumnElement[bool]:
    lesion = exists().where(Lesion.examination_id == Examination.id)
    tissue = exists().where(Specimen.examination_id == Examination.id)
    return and_(~lesion, ~tissue)


def _ailing(house: House, types: Sequence[ExaminationType]) -> tuple[ColumnElement[bool], ...]:
    """Examinations of these types but check-ups of healthy people, which come in days of their own."""
    why = Examination.indication
    return house.seen(Examination.type.in_(types), or_(why.is_(None), why != Indication.CHECK_UP))


def normal_days(house: House, types: Sequence[ExaminationType]) -> list[tuple[int, int]]:
    """By day of the one endoscopist: examinations without lesion or tissue, and all."""
    statement = (
        select(func.sum(case((_empty(), 1), else_=0)), func.count(Examination.id))
        .where(*_ailing(house, types))
        .group_by(Examination.performed_on)
        .order_by(Examination.performed_on)
    )
    with counting("endoscopist"):
        return [(int(normal), int(total)) for normal, total in db.session.execute(statement)]


def normal_runs(house: House, types: Sequence[ExaminationType]) -> dict[int, Longest]:
    """By endoscopist the longest run of examinations without lesion or tissue, in the order of time."""
    seen = (
        select(
            Examination.operator_id.label("who"),
            Examination.performed_on.label("day"),
            Examination.started_at.label("at"),
            Examination.id.label("id"),
            case((_empty(), 1), else_=0).label("normal"),
        )
        .where(*_ailing(house, types))
        .subquery()
    )
    order = (seen.c.day, seen.c.at.is_(None), seen.c.at, seen.c.id)
    number = func.row_number()
    marked = select(
        seen.c.who,
        seen.c.day,
        seen.c.normal,
        (
            number.over(partition_by=seen.c.who, order_by=order)
            - number.over(partition_by=(seen.c.who, seen.c.normal), order_by=order)
        ).label("island"),
    ).subquery()
    runs = select(
        marked.c.who,
        marked.c.normal,
        func.count().label("length"),
        func.min(marked.c.day).label("first"),
        func.max(marked.c.day).label("last"),
    ).group_by(marked.c.who, marked.c.normal, marked.c.island)
    by_who: dict[int, list[Any]] = defaultdict(list)
    with counting("endoscopist"):
        for row in db.session.execute(runs):
            by_who[row.who].append(row)
    found = {}
    for who, rows in by_who.items():
        empty = [row for row in rows if row.normal]
        best = max(empty, key=lambda row: (row.length, row.last), default=None)
        found[who] = Longest(
            best.length if best else 0,
            sum(row.length for row in empty),
            sum(row.length for row in rows),
            best.first if best else house.start,
            best.last if best else house.end,
        )
    return found


def same_words(house: House) -> dict[int, tuple[int, int]]:
    """By endoscopist: findings to the letter like another of the own, and all longer findings.

    Only of examinations with a lesion or tissue: a normal one is rightly told in the same words. What three
    or more of the house write is a phrase of the house and not counted at all.
    """
    told = house.seen(func.length(Examination.findings) > LONG_TEXT, ~_empty())
    stock = (
        select(Examination.findings)
        .where(*told)
        .group_by(Examination.findings)
        .having(func.count(Examination.operator_id.distinct()) >= STOCK)
        .correlate(None)
    )
    texts = (
        select(Examination.operator_id.label("who"), func.count().label("times"))
        .where(*told, Examination.findings.not_in(stock))
        .group_by(Examination.operator_id, Examination.findings)
        .subquery()
    )
    again = func.sum(case((texts.c.times > 1, texts.c.times), else_=0))
    statement = select(texts.c.who, again, func.sum(texts.c.times)).group_by(texts.c.who)
    with counting("endoscopist"):
        return {who: (int(alike), int(all_)) for who, alike, all_ in db.session.execute(statement)}


def late_entries(house: House) -> dict[int, tuple[int, int]]:
    """By endoscopist: examinations entered more than `MEMORY_DAYS` later, and all that a person entered.

    The day of entry is the trail's, in UTC, so an early morning here counts as the day before.
    """
    late = days_between(Examination.performed_on, AuditEntry.at) > MEMORY_DAYS
    made = and_(
        AuditEntry.subject == "examination",
        AuditEntry.subject_id == Examination.id,
        AuditEntry.kind == "create",
    )
    statement = (
        select(Examination.operator_id, func.sum(case((late, 1), else_=0)), func.count(Examination.id))
        .join(AuditEntry, made)
        .where(*house.seen(Examination.import_id.is_(None)))
        .group_by(Examination.operator_id)
    )
    with counting("endoscopist"):
        return {who: (int(number), int(all_)) for who, number, all_ in db.session.execute(statement)}


def earlier(kind: IntegrityKind, centre_id: int, operator_id: int) -> list[date]:
    """The last days that earlier signals of this kind about this person were about."""
    return list(
        db.session.scalars(
            select(IntegritySignal.last_on).where(
                IntegritySignal.kind == kind,
                IntegritySignal.centre_id == centre_id,
                IntegritySignal.operator_id == operator_id,
            )
        )
    )


def own(*, limit: int = 50) -> Sequence[IntegritySignal]:
    """What was raised about the reader, the latest first."""
    current = scope()
    if current is None or current.actor_id is None:
        return []
    wanted = select(IntegritySignal).where(IntegritySignal.operator_id == current.actor_id)
    newest = IntegritySignal.raised_at.desc(), IntegritySignal.id.desc()
    return db.session.scalars(wanted.order_by(*newest).limit(limit)).all()


def own_one(signal_id: int) -> IntegritySignal | None:
    """One signal, if it is about the reader."""
    current = scope()
    if current is None or current.actor_id is None:
        return None
    return db.session.scalar(
        select(IntegritySignal).where(
            IntegritySignal.id == signal_id, IntegritySignal.operator_id == current.actor_id
        )
    )


def _open(raised_before: datetime) -> ColumnElement[bool]:
    """Whether others than the person may know: after the person's answer, or when the time has passed."""
    return or_(IntegritySignal.commented_at.is_not(None), IntegritySignal.raised_at <= raised_before)


def of_the_house(raised_before: datetime, *, limit: int, offset: int = 0) -> Sequence[IntegritySignal]:
    """What the own centre's manager may know by now, the latest first."""
    wanted = select(IntegritySignal).where(_open(raised_before))
    newest = IntegritySignal.raised_at.desc(), IntegritySignal.id.desc()
    return db.session.scalars(wanted.order_by(*newest).limit(limit).offset(offset)).all()


@dataclass(frozen=True)
class Number:
    """How many signals of one kind a centre had, and how many of the persons have answered."""

    centre_id: int
    kind: IntegrityKind
    raised: int
    answered: int


def numbers(raised_before: datetime, *, since: date) -> list[Number]:
    """Counts by centre and kind of what others may know by now; no person is in them."""
    statement = (
        select(
            IntegritySignal.centre_id,
            IntegritySignal.kind,
            func.count(IntegritySignal.id),
            func.count(IntegritySignal.commented_at),
        )
        .where(_open(raised_before), IntegritySignal.last_on >= since)
        .group_by(IntegritySignal.centre_id, IntegritySignal.kind)
        .order_by(IntegritySignal.centre_id, IntegritySignal.kind)
    )
    return [Number(*row) for row in db.session.execute(statement)]
