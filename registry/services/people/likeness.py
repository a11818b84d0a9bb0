"""Likely doubles: found when somebody is enrolled or brought in, asked about, and judged.

Pairs are found across the alliance under keyed digests and compared in memory; a centre is told only
about its own, and of the other house no more than in what the two agree. Nothing here merges unasked.
"""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from registry.access import Forbidden, Permission, demand, unscoped
from registry.codes.desk import PairState
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, MatchKey, Merge, PossiblePair
from registry.queries.record import likeness as queries
from registry.queries.record import matching
from registry.rules.likeness.compare import Likeness, compare
from registry.rules.problem import Invalid, refusal
from registry.services.here import centre_here
from registry.services.people import merging
from registry.services.unit import Unit, batch, change

USE = "likeness"
CHUNK = 500
ONE_PERSON = Label("一人一档", "One person, one record")


@dataclass(frozen=True)
class Judged:
    """What became of a pair: merged, or waiting for what the other house says."""

    pair: PossiblePair
    merge: Merge | None = None
    waits: bool = False


def keys_of(enrolment: Enrolment) -> set[str]:
    """The match keys that an enrolment should have."""
    person = enrolment.person
    return matching.match_digests(
        name=enrolment.name,
        sex=person.sex,
        born_on=person.born_on,
        born_precision=person.born_precision,
        phone=enrolment.phone,
    )


def index(unit: Unit, enrolment: Enrolment) -> None:
    """Write anew the keys under which an enrolment may meet another, and ask about those it meets."""
    unit.session.flush()
    wanted = keys_of(enrolment)
    have = {key.digest: key for key in db.session.query(MatchKey).filter_by(enrolment_id=enrolment.id)}
    owned = {"enrolment_id": enrolment.id, "centre_id": enrolment.centre_id, "person_id": enrolment.person_id}
    unit.index(
        add=[MatchKey(digest=digest, **owned) for digest in sorted(wanted - have.keys())],
        drop=[key for digest, key in have.items() if digest not in wanted],
    )
    unit.session.flush()
    with unscoped(USE):
        found = _asked(unit.session, [enrolment.id])
    for row in found:
        unit.settle(unit.add(PossiblePair(**row)))


def seek(enrolment_ids: Iterable[int], *, progress: Callable[[int], object] = lambda done: None) -> int:
    """Look for doubles of many enrolments of the own centre, in short batches; how many were found.

    An import calls this for those it brought; memory and the write lock are held for CHUNK at a time.
    """
    demand(Permission.WRITE)
    total = 0
    waiting = iter(enrolment_ids)
    while chunk := list(islice(waiting, CHUNK)):
        with unscoped(USE):
            rows = _asked(db.session(), chunk)
        db.session().rollback()
        if rows:
            with batch("pair.find", USE) as session:
                rows = _unasked(session, rows)  # under the lock: somebody may have asked meanwhile
                if rows:
                    session.execute(insert(PossiblePair), rows)
                    entry = {"subject": "possible_pair", "centre_id": centre_here()}
                    session.info["entries"].append(entry | {"changes": {"pairs": [None, len(rows)]}})
        total += len(rows)
        progress(len(chunk))
    return total


def brought(run_id: int) -> Iterable[int]:
    """The enrolments that an import brought, one after another, read in pieces."""
    last = 0
    while chunk := queries.enrolments_after(
        db.session(), centre_here(), after=last, most=CHUNK, run_id=run_id
    ):
        last = chunk[-1]
        db.session().rollback()
        yield from chunk


def backfill(*, progress: Callable[[int], object] = lambda done: None) -> int:
    """Give every enrolment of the own centre its match keys that has none; how many had none."""
    demand(Permission.WRITE)
    centre_id, last, total = centre_here(), 0, 0
    while chunk := queries.without_keys(db.session(), centre_id, after=last, most=CHUNK):
        rows = [
            {"enrolment_id": one.id, "centre_id": centre_id, "person_id": one.person_id, "digest": digest}
            for one in chunk
            for digest in sorted(keys_of(one))
        ]
        last = chunk[-1].id
        db.session().rollback()
        db.session().expunge_all()
        with batch("match.index", USE) as session:
            if rows:
                session.execute(insert(MatchKey), rows)
            entry = {"subject": "match_key", "centre_id": centre_id}
            session.info["entries"].append(entry | {"changes": {"enrolments": [None, len(chunk)]}})
        total += len(chunk)
        progress(len(chunk))
    return total


def everybody() -> Iterable[int]:
    """The enrolments of the own centre, one after another, read in pieces."""
    last = 0
    while chunk := queries.enrolments_after(db.session(), centre_here(), after=last, most=CHUNK):
        last = chunk[-1]
        db.session().rollback()
        yield from chunk


def judge(
    pair_id: int, state: PairState | str, *, seen: PairState | str | None = None, reason: str | None = None
) -> Judged:
    """Say of a pair that it is one person, two, or that it cannot be told.

    One person at the own centre twice is merged at once. Of somebody whom only another house knows
    under the other record, each sees its own half: both have to say so, the second word merges.

    Raises
    ------
    Invalid
        When somebody judged it since (`seen` is the state that was shown), or it cannot be merged.
    """
    demand(Permission.IDENTIFY)
    wanted = PairState.parse(state)
    with change("pair.judge", reason=reason) as unit:
        pair = queries.pair(pair_id)
        if pair is None:
            raise Forbidden("the pair is not this centre's")
        if seen is not None and pair.state is not PairState.parse(seen):
            raise Invalid([refusal("pair", "刚才已有人判断", "Somebody judged it just now", ONE_PERSON)])
        one, other = queries.living(pair.person_id), queries.living(pair.other_id)
        unit.edit(pair).state = wanted
        pair.judged_at = datetime.now(UTC)
        if wanted is not PairState.SAME or one == other:
            return Judged(pair)
        families = queries.family(one), queries.family(other)
        if not _both_here(one, other):
            said = queries.said_elsewhere(*families, pair.centre_id)
            if PairState.SAME not in said:
                return Judged(pair, waits=True)
        return Judged(pair, merging.merge(unit, one, other, reason=reason))


def _both_here(one: int, other: int) -> bool:
    with unscoped("merging"):
        centres = queries.centres_of(db.session(), {one, other})
    return centre_here() in centres[one] & centres[other]


# ---- finding -----------------------------------------------------------------------------------------


def _asked(session: Session, enrolment_ids: Collection[int]) -> list[dict[str, Any]]:
    """New rows of the queue for these enrolments, one for each centre that enrols one of a pair."""
    likely = _likely(session, enrolment_ids)
    persons = {person_id for pair in likely for person_id in pair}
    if not persons:
        return []
    centres = queries.centres_of(session, persons)
    now = datetime.now(UTC)
    rows = []
    for (low, high), likeness in likely.items():
        for centre_id in sorted(centres[low] | centres[high]):
            one, other = (low, high) if centre_id in centres[low] else (high, low)
            rows.append(
                {
                    "centre_id": centre_id,
                    "person_id": one,
                    "other_id": other,
                    "score": likeness.score,
                    "agreeing": told(likeness),
                    "state": PairState.OPEN,
                    "found_at": now,
                    "judged_at": None,
                }
            )
    return _unasked(session, rows)


def _unasked(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are not in the queue yet, either way round."""
    persons = {row[side] for row in rows for side in ("person_id", "other_id")}
    known = queries.known_pairs(session, persons) if persons else set()
    known |= {(centre_id, other, one) for centre_id, one, other in known}
    return [row for row in rows if (row["centre_id"], row["person_id"], row["other_id"]) not in known]


def _likely(session: Session, enrolment_ids: Collection[int]) -> dict[tuple[int, int], Likeness]:
    """Pairs of persons that are like enough to be asked about, by the likest of their records."""
    met = queries.meetings(session, queries.keys_of(session, enrolment_ids))
    met = {asker: others - {asker} for asker, others in met.items() if others - {asker}}
    records = queries.records(session, {*met, *(other for others in met.values() for other in others)})
    best: dict[tuple[int, int], Likeness] = {}
    for asker, others in met.items():
        for other in others:
            one, two = records.get(asker), records.get(other)
            if one is None or two is None or one.person_id == two.person_id:
                continue
            pair = min(one.person_id, two.person_id), max(one.person_id, two.person_id)
            likeness = compare(one.told, two.told)
            if likeness.asks and (pair not in best or likeness.bits > best[pair].bits):
                best[pair] = likeness
    return best


def told(likeness: Likeness) -> str:
    """The levels of agreement as the queue keeps them: item and level, nothing that names anyone."""
    return json.dumps({item.code: level.code for item, level in likeness.levels.items()})
