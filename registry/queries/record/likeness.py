"""Which records meet under a match key, what they tell, and the queue of those that may be one person.

What names somebody is opened here for one purpose: to be compared in memory, also across centres.
Nothing that names anyone leaves this module except as a `Told`, which never prints itself and which
services.people.likeness compares and drops.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from registry import keyring
from registry.access import unscoped
from registry.codes.desk import PairState
from registry.codes.person import DocumentOwner
from registry.extensions import db
from registry.models import (
    Enrolment,
    IdentityDocument,
    MatchKey,
    Merge,
    Person,
    PersonKey,
    PossiblePair,
)
from registry.queries.centre import here
from registry.rules.identity import clean
from registry.rules.likeness.compare import Told

USE = "likeness"
CROWDED = 60


@dataclass(frozen=True, repr=False)
class Record:
    """One enrolment: whose, where, and what it tells. It names a person and never prints itself."""

    enrolment_id: int
    person_id: int
    centre_id: int
    told: Told


def meetings(session: Session, digests: dict[str, set[int]]) -> dict[int, set[int]]:
    """For each asker the enrolments that share one of its keys; keys shared by too many are no help.

    `digests` maps a key's digest to its askers. A key under which more than CROWDED records lie (a
    switchboard's number, a common name without a birth date) brings nobody together.
    """
    counted = select(MatchKey.digest).where(MatchKey.digest.in_(digests)).group_by(MatchKey.digest)
    helpful = list(session.scalars(counted.having(func.count() <= CROWDED)))
    found: dict[int, set[int]] = defaultdict(set)
    keys = select(MatchKey.digest, MatchKey.enrolment_id).where(MatchKey.digest.in_(helpful))
    for digest, enrolment_id in session.execute(keys):
        for asker in digests[digest]:
            found[asker].add(enrolment_id)
    return found


def sealed_for(person_id: int, centre_id: int) -> Select[Any]:
    """A centre's own record of a person, also of one who was merged into another since."""
    own = union_all(  # each by its index: as one condition, SQLite would read the whole centre
        select(Enrolment.id).where(Enrolment.sealed_for_id == person_id),
        select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.sealed_for_id.is_(None)),
    )
    return select(Enrolment).where(Enrolment.id.in_(own), Enrolment.centre_id == centre_id)


def keys_of(session: Session, enrolment_ids: Collection[int]) -> dict[str, set[int]]:
    """The match keys of these enrolments: digest → enrolments."""
    found: dict[str, set[int]] = defaultdict(set)
    keys = select(MatchKey.digest, MatchKey.enrolment_id).where(MatchKey.enrolment_id.in_(enrolment_ids))
    for digest, enrolment_id in session.execute(keys):
        found[digest].add(enrolment_id)
    return found


def records(session: Session, enrolment_ids: Collection[int], *, numbers: bool = False) -> dict[int, Record]:
    """What these enrolments tell, opened under their keys; a destroyed key tells sex and birth only.

    Record numbers are opened only if `numbers` is true: between two enrolments they never agree.
    """
    statement = (
        select(
            Enrolment.id, Enrolment.person_id, Person.merged_into_id, Enrolment.centre_id,
            PersonKey.wrapped, Enrolment.name_sealed, Enrolment.phone_sealed,
            Enrolment.record_number_sealed, Person.sex, Person.born_on, Person.born_precision,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(PersonKey, PersonKey.person_id == func.coalesce(Enrolment.sealed_for_id, Enrolment.person_id))
        .where(Enrolment.id.in_(enrolment_ids))
    )  # fmt: skip
    rows = session.execute(statement).all()
    papers: dict[int, list[Any]] = defaultdict(list)
    own = select(
        IdentityDocument.enrolment_id,
        IdentityDocument.type,
        IdentityDocument.value_sealed,
        IdentityDocument.doubtful,
    ).where(IdentityDocument.enrolment_id.in_(enrolment_ids), IdentityDocument.owner == DocumentOwner.OWN)
    for paper in session.execute(own):
        papers[paper.enrolment_id].append(paper)
    found = {}
    for row in rows:
        told = Told(
            name=_open(row.wrapped, row.name_sealed, "Enrolment.name"),
            sex=row.sex,
            born_on=row.born_on,
            born_precision=row.born_precision,
            phone=_open(row.wrapped, row.phone_sealed, "Enrolment.phone"),
            papers=tuple(
                (paper.type, clean(number), bool(paper.doubtful))
                for paper in papers[row.id]
                if (number := _open(row.wrapped, paper.value_sealed, "IdentityDocument.value"))
            ),
            record_number=_open(row.wrapped, row.record_number_sealed, "Enrolment.record_number")
            if numbers
            else None,
        )
        found[row.id] = Record(row.id, row.merged_into_id or row.person_id, row.centre_id, told)
    return found


def _open(wrapped: bytes | None, secret: bytes | None, place: str) -> str | None:
    return None if wrapped is None or secret is None else keyring.current().open(wrapped, secret, place)


def enrolments_of(
    session: Session, centre_id: int, *, among: set[int], persons: set[int], record_number: str | None
) -> set[int]:
    """Enrolments of one centre that are among these, of these persons, or under this number's digest."""
    asked = or_(
        Enrolment.id.in_(among),
        Enrolment.person_id.in_(persons),
        Enrolment.record_number_digest == record_number if record_number else false(),
    )
    # Asked for the centre as well, SQLite would take that for the narrower condition and read all of it.
    rows = session.execute(select(Enrolment.id, Enrolment.centre_id).where(asked))
    return {row.id for row in rows if row.centre_id == centre_id}


def families(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """The ids under which records of these persons lie: their own and of those merged into them, each
    with whose it is.

    Records are then sought by id. To ask each record for "whom it was merged into, or itself" would
    read every record there is.
    """
    unmerged = and_(Person.id.in_(person_ids), Person.merged_into_id.is_(None))
    rows = session.execute(
        select(Person.id, Person.merged_into_id).where(or_(Person.merged_into_id.in_(person_ids), unmerged))
    )
    return {row.id: row.merged_into_id or row.id for row in rows}


def centres_of(session: Session, person_ids: Collection[int]) -> dict[int, set[int]]:
    """At which centres persons are enrolled, those merged into them counted as theirs."""
    members = families(session, person_ids)
    found: dict[int, set[int]] = defaultdict(set)
    rows = select(Enrolment.person_id, Enrolment.centre_id).where(Enrolment.person_id.in_(members))
    for person_id, centre_id in session.execute(rows):
        found[members[person_id]].add(centre_id)
    return found


def known_pairs(session: Session, person_ids: Collection[int]) -> set[tuple[int, int, int]]:
    """Pairs on record that these persons are in: centre, the own person, the other."""
    pair = PossiblePair
    rows = session.execute(
        select(pair.centre_id, pair.person_id, pair.other_id).where(
            or_(pair.person_id.in_(person_ids), pair.other_id.in_(person_ids))
        )
    )
    return {(row[0], row[1], row[2]) for row in rows}


def without_keys(session: Session, centre_id: int, *, after: int, most: int) -> list[Enrolment]:
    """Enrolments of a centre that have no match key yet, by id."""
    statement = (
        select(Enrolment)
        .where(Enrolment.centre_id == centre_id, Enrolment.id > after)
        .where(~exists().where(MatchKey.enrolment_id == Enrolment.id))
        .order_by(Enrolment.id)
        .limit(most)
    )
    return list(session.scalars(statement))


def enrolments_after(
    session: Session, centre_id: int, *, after: int, most: int, run_id: int | None = None
) -> list[int]:
    """Ids of a centre's enrolments, by id: all, or those that one import brought."""
    statement = select(Enrolment.id).where(Enrolment.centre_id == centre_id, Enrolment.id > after)
    if run_id is not None:
        statement = statement.where(Enrolment.import_id == run_id)
    return list(session.scalars(statement.order_by(Enrolment.id).limit(most)))


# ---- the queue ---------------------------------------------------------------------------------------


def living(person_id: int) -> int:
    """The id under which somebody's records are: that of the person they were merged into, if any."""
    with unscoped("merging"):
        found = db.session.scalar(select(Person.merged_into_id).where(Person.id == person_id))
    return found or person_id


def family(person_id: int) -> set[int]:
    """A person's id, and those of everybody merged into them."""
    with unscoped("merging"):
        shells = db.session.scalars(select(Person.id).where(Person.merged_into_id == person_id))
        return {person_id, *shells}


def queue(state: PairState = PairState.OPEN) -> Select[Any]:
    """The pairs of the own centre in one state, the likeliest first."""
    return (
        select(PossiblePair)
        .where(here(PossiblePair), PossiblePair.state == state)
        .order_by(PossiblePair.score.desc(), PossiblePair.id)
    )


def page(state: PairState, *, limit: int, offset: int = 0) -> list[PossiblePair]:
    """The pairs of the own centre in one state from `offset` on, at most `limit`."""
    return list(db.session.scalars(queue(state).limit(limit).offset(offset)))


def counts() -> dict[PairState, int]:
    """How many pairs of the own centre are in each state."""
    rows = db.session.execute(
        select(PossiblePair.state, func.count()).where(here(PossiblePair)).group_by(PossiblePair.state)
    )
    return dict.fromkeys(PairState, 0) | {row[0]: row[1] for row in rows}


def open_count() -> int:
    """How many pairs of the own centre nobody has judged."""
    waiting = select(func.count(PossiblePair.id)).where(
        here(PossiblePair), PossiblePair.state == PairState.OPEN
    )
    return db.session.scalar(waiting) or 0


def pair(pair_id: int) -> PossiblePair | None:
    """A pair of the own centre; None otherwise."""
    return db.session.scalar(select(PossiblePair).where(PossiblePair.id == pair_id, here(PossiblePair)))


def first_open() -> PossiblePair | None:
    """The likeliest pair of the own centre that nobody has judged."""
    found: PossiblePair | None = db.session.scalar(queue().limit(1))
    return found


def said_elsewhere(one: set[int], other: set[int], centre_id: int) -> set[PairState]:
    """What other centres said of a pair; `one` and `other` are families of ids."""
    them = PossiblePair
    crossed = or_(
        and_(them.person_id.in_(one), them.other_id.in_(other)),
        and_(them.person_id.in_(other), them.other_id.in_(one)),
    )
    with unscoped("merging"):
        return set(db.session.scalars(select(them.state).where(crossed, them.centre_id != centre_id)))


def merges(person_id: int) -> list[Merge]:
    """What was merged into a person and not undone, the last first."""
    statement = select(Merge).where(Merge.person_id == person_id, Merge.undone_at.is_(None))
    return list(db.session.scalars(statement.order_by(Merge.id.desc())))


def merge(merge_id: int) -> Merge | None:
    """A merge within scope; None otherwise."""
    return db.session.scalar(select(Merge).where(Merge.id == merge_id))
