"""A possible double as one centre may see it: its own records in full, the other house's hardly at all."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.access import Forbidden, unscoped
from registry.codes.code_set import CodeSet
from registry.codes.desk import PairState
from registry.codes.person import DocumentOwner
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, Examination, Person, PossiblePair
from registry.queries.centre import here
from registry.queries.record import likeness as queries
from registry.rules.identity import mask
from registry.rules.likeness.births import BirthLikeness
from registry.rules.likeness.names import NameLikeness
from registry.rules.likeness.weights import ASK_BITS, BITS, Item, PaperLikeness, Plain
from registry.services.here import centre_here

USE = "likeness"
LEVELS: dict[Item, type[CodeSet]] = {
    Item.NAME: NameLikeness,
    Item.BIRTH: BirthLikeness,
    Item.SEX: Plain,
    Item.PHONE: Plain,
    Item.DOCUMENT: PaperLikeness,
    Item.RECORD_NUMBER: Plain,
}
STRONG = ASK_BITS + 8
HIDDEN = Label("外院信息不显示", "not shown: another house's")


@dataclass(frozen=True)
class Side:
    """One of the two: in full where this centre enrolled them, else sex and year of birth only."""

    person_id: int
    own: bool
    sex: Any
    born: str
    name: str | None = None
    phone: str | None = None
    papers: tuple[str, ...] = ()
    record_number: str | None = None
    enrolled_on: date | None = None
    examined: tuple[tuple[date, Label], ...] = ()


@dataclass(frozen=True)
class Agreement:
    """One item: what each side tells, in what they agree, and whether that speaks for one person."""

    label: Label
    one: Any
    other: Any
    level: Label | None
    speaks: bool | None


@dataclass(frozen=True)
class Compared:
    """A pair as it is judged: both sides, item by item, and what the other house has said."""

    id: int
    state: PairState
    likely: bool
    one: Side
    other: Side
    items: tuple[Agreement, ...]
    same_elsewhere: bool
    merge_id: int | None


@dataclass(frozen=True)
class Listed:
    """A pair in a line of the queue."""

    id: int
    likely: bool
    one: Side
    other: Side
    agreeing: tuple[Label, ...]
    merge_id: int | None


def compared(pair: PossiblePair) -> Compared:
    """A pair of the own centre with all that may be seen of it."""
    one, other = pair.person_id, pair.other_id
    sides = _side(one), _side(other)
    levels = _levels(pair)
    families = queries.family(queries.living(one)), queries.family(queries.living(other))
    said = queries.said_elsewhere(*families, pair.centre_id)
    crossing = not (sides[0].own and sides[1].own)
    return Compared(
        pair.id,
        pair.state,
        pair.score >= STRONG * 10,
        *sides,
        tuple(_agreement(item, levels.get(item), *sides) for item in Item),
        crossing and PairState.SAME in said,
        _merge_of(pair),
    )


def listed(pairs: list[PossiblePair]) -> list[Listed]:
    """Pairs of the own centre in a line each."""
    found = []
    for pair in pairs:
        agreeing = tuple(
            item.label for item, level in _levels(pair).items() if BITS.get((item, level), 0) > 0
        )
        likely = pair.score >= STRONG * 10
        sides = _side(pair.person_id), _side(pair.other_id)
        found.append(Listed(pair.id, likely, *sides, agreeing, _merge_of(pair)))
    return found


def _levels(pair: PossiblePair) -> dict[Item, Any]:
    told = json.loads(pair.agreeing or "{}")
    return {item: LEVELS[item](told[item.code]) for item in Item if item.code in told}


def _merge_of(pair: PossiblePair) -> int | None:
    """The merge that made these two one, while it stands."""
    if pair.state is not PairState.SAME:
        return None
    return next(
        (
            found.id
            for one, other in ((pair.person_id, pair.other_id), (pair.other_id, pair.person_id))
            for found in queries.merges(queries.living(one))
            if found.merged_id == other
        ),
        None,
    )


def _side(person_id: int) -> Side:
    enrolment = _enrolment(person_id)
    if enrolment is None:
        return _elsewhere(person_id)
    person = enrolment.key_holder
    own = [paper.value for paper in enrolment.documents if paper.owner is DocumentOwner.OWN and paper.value]
    examined = db.session.execute(
        select(Examination.performed_on, Examination.type)
        .where(Examination.person_id == queries.living(person_id), here(Examination))
        .order_by(Examination.performed_on.desc(), Examination.id.desc())
        .limit(5)
    )
    return Side(
        person_id,
        True,
        person.sex.label,
        f"{person.born_on}" if person.born_on else "–",
        enrolment.name,
        enrolment.phone,
        tuple(mask(number) for number in own),
        enrolment.record_number,
        enrolment.enrolled_on,
        tuple((row.performed_on, row.type.label) for row in examined),
    )


def _enrolment(person_id: int) -> Enrolment | None:
    """The own centre's record of this person, also after a merge, when it is sealed for them."""
    return db.session.scalar(queries.sealed_for(person_id, centre_here()))


def _elsewhere(person_id: int) -> Side:
    """Of somebody whom only other houses enrolled: sex and year of birth."""
    with unscoped(USE):
        row = db.session.execute(select(Person.sex, Person.born_on).where(Person.id == person_id)).first()
    if row is None:
        raise Forbidden("there is no such person")
    return Side(person_id, False, row.sex.label, str(row.born_on.year) if row.born_on else "–")


def _agreement(item: Item, level: Any, one: Side, other: Side) -> Agreement:
    shown = {
        Item.NAME: lambda side: side.name,
        Item.BIRTH: lambda side: side.born,
        Item.SEX: lambda side: side.sex,
        Item.PHONE: lambda side: side.phone,
        Item.DOCUMENT: lambda side: "、".join(side.papers),
        Item.RECORD_NUMBER: lambda side: side.record_number,
    }[item]
    hides = item not in {Item.BIRTH, Item.SEX}
    mine, theirs = (HIDDEN if hides and not side.own else shown(side) or "–" for side in (one, other))
    bits = BITS.get((item, level)) if level is not None else None
    return Agreement(
        item.label, mine, theirs, level.label if level else None, None if bits is None else bits > 0
    )
