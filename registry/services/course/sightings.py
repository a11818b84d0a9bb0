"""What all centres saw and proved of one person's lesions, and which lesions are one tumour.

Read as plain rows across the alliance: no record of another centre enters the session, and nothing
here names anyone.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from registry.access import unscoped
from registry.codes.endoscopy import ExaminationType, Indication
from registry.codes.lesion import Impression, Organ, Site
from registry.codes.pathology import Method
from registry.extensions import db
from registry.models import Covering, Examination, Lesion, Result, Specimen
from registry.queries.record.tissue import current_results
from registry.queries.unfinished import counted
from registry.rules.summary import ResultFacts, Summary, invades, summarise

SUSPECT = frozenset({Impression.EARLY, Impression.ADVANCED})


@dataclass(frozen=True)
class Proof:
    """What one current result says, and whose tissue it was."""

    facts: ResultFacts
    centre_id: int


@dataclass(frozen=True)
class Piece:
    """One specimen of a lesion."""

    method: Method
    taken_on: date
    centre_id: int
    awaited: bool


@dataclass
class Spot:
    """One lesion as one centre saw it at one examination."""

    lesion_id: int
    centre_id: int
    examination_id: int
    performed_on: date
    type: ExaminationType
    indication: Indication | None
    operator_id: int | None
    site: Site | None
    impression: Impression | None
    same_as_id: int | None
    sampled: bool
    proofs: list[Proof] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def order(self) -> tuple[date, int, int]:
        return self.performed_on, self.examination_id, self.lesion_id


@dataclass
class Neoplasm:
    """Lesions that are one: the first seen first."""

    spots: list[Spot]

    @property
    def first(self) -> Spot:
        return self.spots[0]

    @cached_property
    def organ(self) -> Organ:
        """The organ of what was proved worst; where nobody named a site, other."""
        proved = [spot for spot in self.spots if spot.site and spot.proofs]
        worst = max(proved, key=_gravity, default=None)
        named = worst or next((spot for spot in self.spots if spot.site), None)
        return named.site.organ if named and named.site else Organ.OTHER

    @cached_property
    def site(self) -> Site | None:
        """The site of what was proved worst; the earliest named among equals."""
        named = [spot for spot in self.spots if spot.site]
        worst = max(named, key=_gravity, default=None)
        return worst.site if worst else None

    @cached_property
    def proofs(self) -> list[Proof]:
        return sorted(
            (proof for spot in self.spots for proof in spot.proofs),
            key=lambda proof: proof.facts.taken_on or date.max,
        )

    @cached_property
    def pieces(self) -> list[Piece]:
        return sorted(
            (piece for spot in self.spots for piece in spot.pieces), key=lambda piece: piece.taken_on
        )

    @cached_property
    def summary(self) -> Summary:
        return summarise((proof.facts for proof in self.proofs), self.organ)

    @cached_property
    def counts(self) -> bool:
        """Whether a cancer registry counts it: from high-grade neoplasia in the upper tract, from
        carcinoma elsewhere."""
        found = self.summary
        high_grade = found.noninvasive_on is not None and (self.organ.upper or self._upper_scope)
        return bool(found.cancer) or high_grade

    @property
    def _upper_scope(self) -> bool:
        return self.organ is Organ.OTHER and self.first.type.upper

    def proving(self) -> Proof | None:
        """The result that first proved invasion, or else high-grade neoplasia."""
        found = self.summary
        proofs = self.proofs
        for proof in proofs:
            if found.invasive and invades(proof.facts, self.organ, found.deepest):
                return proof
        if found.invasive:
            return None
        return next((proof for proof in proofs if proof.facts.carcinoma or proof.facts.high_grade), None)

    def detected(self) -> Spot:
        """Where it was first sampled or called suspect."""
        return next((spot for spot in self.spots if spot.sampled or spot.impression in SUSPECT), self.first)

    def clinically_early(self) -> bool | None:
        """The endoscopists' word: advanced if one says so, early if one says so, or not known."""
        said = {spot.impression for spot in self.spots}
        return False if Impression.ADVANCED in said else True if Impression.EARLY in said else None


def _gravity(spot: Spot) -> int:
    found = summarise(proof.facts for proof in spot.proofs)
    if found.worst is not None:
        return found.worst.rank
    return 100 if found.cancer else -1


def neoplasms(person_id: int, hidden: Collection[int] = ()) -> list[Neoplasm]:
    """Every lesion of a person, grouped by "the same as", in the order first seen. Three queries.

    Nothing that the imports `hidden` brought is among them.
    """
    with unscoped("settled facts"):
        spots = _spots(person_id, hidden)
        _add_pieces(person_id, spots)
        _add_proofs(person_id, spots)
    groups: dict[int, list[Spot]] = defaultdict(list)
    for spot in sorted(spots.values(), key=lambda spot: spot.order):
        groups[_origin(spot, spots)].append(spot)
    return [Neoplasm(group) for group in groups.values()]


def _origin(spot: Spot, spots: dict[int, Spot]) -> int:
    """The lesion at the start of the chain; a chain that runs in a circle starts at its lowest id."""
    walked = [spot.lesion_id]
    while (before := spots[walked[-1]].same_as_id) is not None and before in spots:
        if before in walked:
            return min(walked[walked.index(before) :])
        walked.append(before)
    return walked[-1]


def _spots(person_id: int, hidden: Collection[int]) -> dict[int, Spot]:
    rows = db.session.execute(
        select(
            Lesion.id,
            Lesion.centre_id,
            Lesion.examination_id,
            Examination.performed_on,
            Examination.type,
            Examination.indication,
            Examination.operator_id,
            Lesion.site,
            Lesion.impression,
            Lesion.same_as_id,
            Lesion.sampled,
        )
        .join(Examination, Examination.id == Lesion.examination_id)
        .where(Examination.person_id == person_id, *counted(Examination, hidden))
    )
    return {row.id: Spot(*row) for row in rows}


def _add_pieces(person_id: int, spots: dict[int, Spot]) -> None:
    rows = db.session.execute(
        select(
            Covering.lesion_id,
            Specimen.method,
            Specimen.taken_on,
            Specimen.centre_id,
            Specimen.reported,
            Specimen.retrieved,
        )
        .join(Specimen, Specimen.id == Covering.specimen_id)
        .join(Examination, Examination.id == Specimen.examination_id)
        .where(Examination.person_id == person_id)
        .order_by(Specimen.id)
    )
    for row in rows:
        if row.lesion_id not in spots:
            continue
        awaited = not row.reported and row.retrieved is not False
        spots[row.lesion_id].pieces.append(Piece(row.method, row.taken_on, row.centre_id, awaited))


def _add_proofs(person_id: int, spots: dict[int, Spot]) -> None:
    rows = db.session.execute(
        current_results(Result.lesion_id, Result.centre_id)
        .join(Examination, Examination.id == Specimen.examination_id)
        .where(Examination.person_id == person_id)
        .order_by(Result.id)
    )
    for row in rows:
        values: list[Any] = list(row)
        lesion_id, centre_id, *said = values
        if lesion_id in spots:
            spots[lesion_id].proofs.append(Proof(ResultFacts(*said), centre_id))
