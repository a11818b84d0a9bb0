"""Tumours: made and settled from lesions wherever they were seen, staged and treated by hand.

A tumour is counted from high-grade neoplasia in oesophagus, stomach and duodenum, and from carcinoma
elsewhere. What one lesion is the same as belongs to the same tumour; anything else is the next one.
A tumour whose proof is withdrawn by a revised report stays, and its facts say that nothing is proved
any more: no rate counts it, and what was staged and treated is not lost.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from registry.access import Forbidden
from registry.codes.endoscopy import Indication
from registry.codes.outcome import TreatmentType
from registry.codes.pathology import Method, Morphology, WhoType
from registry.codes.person import Precision
from registry.codes.tumour import Basis, DetectionMode
from registry.extensions import db
from registry.models import FollowUp, Person, Sighting, Treatment, Tumour
from registry.queries.unfinished import counted
from registry.rules import outcome as outcome_rules
from registry.rules import tumour as rules
from registry.rules.problem import Problem, flags
from registry.rules.problem import demand as stop_at
from registry.rules.survival import follow, start
from registry.services.course import vital
from registry.services.course.sightings import Neoplasm, neoplasms
from registry.services.here import centre_here, dates_of, person_here
from registry.services.unit import Unit, change
from registry.services.values import image, lacking, put, read, today

BY_HAND = ("t", "n", "m", "stage_group", "summary_stage", "dcn")
FROM_LESIONS = (
    "worst", "deepest", "invasive", "invasive_on", "noninvasive_on", "clinical_early", "detected_on",
    "detecting_examination_id", "detecting_centre_id", "detecting_operator_id", "diagnosing_centre_id",
    "incidence_on", "incidence_precision", "basis",
)  # fmt: skip
RESECTIONS = {
    Method.ESD: TreatmentType.ESD,
    Method.EFTR: TreatmentType.EFTR,
    Method.SURGERY: TreatmentType.SURGERY,
}
DETECTION = {
    Indication.SCREENING_ORGANISED: DetectionMode.SCREEN,
    Indication.SCREENING_OPPORTUNISTIC: DetectionMode.SCREEN,
    Indication.CHECK_UP: DetectionMode.SCREEN,
    Indication.POSITIVE_TEST: DetectionMode.SCREEN,
    Indication.SURVEILLANCE: DetectionMode.SURVEILLANCE,
    Indication.SYMPTOMS: DetectionMode.SYMPTOMS,
}
MORPHOLOGY = {
    WhoType.ADENOCARCINOMA: Morphology.ADENOCARCINOMA,
    WhoType.SQUAMOUS_CARCINOMA: Morphology.SQUAMOUS,
    WhoType.SIGNET_RING: Morphology.SIGNET_RING,
    WhoType.MUCINOUS: Morphology.MUCINOUS,
    WhoType.ADENOSQUAMOUS: Morphology.ADENOSQUAMOUS,
    WhoType.UNDIFFERENTIATED_CARCINOMA: Morphology.UNDIFFERENTIATED,
    WhoType.NEUROENDOCRINE_CARCINOMA: Morphology.NEUROENDOCRINE_CARCINOMA,
}


def settle(unit: Unit, person_id: int) -> None:
    """Settle every tumour of a person, and the vital facts they are followed by, inside a change.

    Tumours that another centre recorded get settled facts only. What an import under way has brought
    settles nothing, unless the change is part of that import.
    """
    person = db.session.get_one(Person, person_id)
    hidden = vital.hidden(unit, person)
    vital.settle(unit, person, hidden)
    known = select(Tumour).where(Tumour.person_id == person_id, *counted(Tumour, hidden))
    tumours = list(db.session.scalars(known.order_by(Tumour.sequence)))
    sighted = {
        row.lesion_id: row
        for row in db.session.scalars(select(Sighting).where(Sighting.person_id == person_id))
    }
    treatments = list(
        db.session.scalars(select(Treatment).where(Treatment.person_id == person_id).order_by(Treatment.id))
    )
    taken: set[int] = set()
    for neoplasm in neoplasms(person_id, hidden):
        tumour = _tumour_of(neoplasm, tumours, sighted, taken)
        if tumour is None:
            if not neoplasm.counts:
                _forget(unit, neoplasm, sighted)
                continue
            tumour = _new(unit, person_id, neoplasm, tumours)
        taken.add(tumour.id)
        _sight(unit, tumour, neoplasm, sighted)
        settle_tissue(unit, tumour, neoplasm, treatments)
    for tumour in tumours:
        if tumour.id not in taken and _emptied(unit, tumour, treatments):
            continue
        settle_follow_up(unit, tumour, person)
    _settle_contacts(unit, person_id, tumours)
    unit.session.flush()


def stage(tumour: Tumour, *, seen: int | None, reason: str | None = None, **fields: Any) -> Tumour:
    """Stage a tumour, or say how it was detected and counted.

    Place, morphology, incidence and basis may be given where no tissue in the registry tells them;
    where it does, tissue has the last word. What is unlikely is stored; `doubts` says so from then on.

    Raises
    ------
    Invalid
        When the dates contradict the person's.
    """
    values, problems = read(Tumour, fields)
    with change("tumour.stage", seen=seen, root=tumour, reason=reason) as unit:
        if tumour.centre_id != centre_here():
            raise Forbidden("the tumour belongs to the centre that recorded it")
        merged = image(tumour) | values
        stop_at([*problems, *rules.check(**merged, **dates_of(tumour.person), today=today())])
        put(unit.edit(tumour), values)
        settle(unit, tumour.person_id)
    return tumour


def doubts(tumour: Tumour) -> list[Problem]:
    """What is unlikely, or against a definition, about a tumour as it stands, its stage and treatments."""
    who = dates_of(tumour.person)
    found = rules.check(**image(tumour), **who, today=today())
    for treatment in tumour.treatments:
        found += outcome_rules.check_treatment(**image(treatment), **who, today=today())
    return flags(found)


def treat(
    subject: Tumour | Person,
    *,
    existing: Treatment | None = None,
    seen: int | None = None,
    reason: str | None = None,
    **fields: Any,
) -> Treatment:
    """Record a treatment of a tumour, or of a person where no tumour is named; given or refused.

    With `existing` that treatment is changed; `seen` is then its version.
    """
    values, problems = read(Treatment, fields, without={"person_id", "tumour_id"})
    person_id = subject.person_id if isinstance(subject, Tumour) else subject.id
    with change("treatment.record", seen=seen, root=existing, reason=reason) as unit:
        person = person_here(person_id)
        merged = (image(existing) if existing else {}) | values
        stop_at([*problems, *outcome_rules.check_treatment(**merged, **dates_of(person), today=today())])
        if existing is None:
            tumour_id = subject.id if isinstance(subject, Tumour) else None
            treatment = unit.add(
                Treatment(person_id=person_id, tumour_id=tumour_id, centre_id=centre_here(), **values)
            )
        else:
            treatment = unit.edit(existing)
            put(treatment, values)
        settle(unit, person_id)
    return treatment


def record_tumour(
    person_id: int, *, reason: str | None = None, organ: Any, invasive: bool | None = None, **fields: Any
) -> Tumour:
    """Record a tumour that a register knows without lesions: organ, dates, basis and stage as given."""
    values, problems = read(Tumour, fields | {"organ": organ, "invasive": invasive})
    with change("tumour.record", reason=reason) as unit:
        person = person_here(person_id)
        problems += [
            *rules.check(**values, **dates_of(person), today=today()),
            *lacking(Tumour, values, "organ"),
        ]
        stop_at(problems)
        sequence = next_sequence(person_id)
        tumour = unit.add(Tumour(person_id=person_id, centre_id=centre_here(), sequence=sequence, **values))
        settle(unit, person_id)
    return tumour


def next_sequence(person_id: int) -> int:
    """The number of a person's next tumour, after every one that is stored, counted yet or not."""
    known = select(func.max(Tumour.sequence)).where(Tumour.person_id == person_id)
    return (db.session.scalar(known) or 0) + 1


# ---- from lesions to tumours -------------------------------------------------------------------------


def _tumour_of(
    neoplasm: Neoplasm, tumours: list[Tumour], sighted: Mapping[int, Sighting], taken: set[int]
) -> Tumour | None:
    """The tumour these lesions were counted as so far; the earliest where a link has joined two."""
    ids = {sighted[spot.lesion_id].tumour_id for spot in neoplasm.spots if spot.lesion_id in sighted} - taken
    return next((tumour for tumour in tumours if tumour.id in ids), None)


def _new(unit: Unit, person_id: int, neoplasm: Neoplasm, tumours: list[Tumour]) -> Tumour:
    sequence = next_sequence(person_id)
    tumour = Tumour(person_id=person_id, centre_id=centre_here(), sequence=sequence, organ=neoplasm.organ)
    indication = neoplasm.detected().indication
    tumour.detection = DETECTION.get(indication) if indication else None
    unit.add(tumour)
    unit.session.flush()
    tumours.append(tumour)
    return tumour


def _sight(unit: Unit, tumour: Tumour, neoplasm: Neoplasm, sighted: dict[int, Sighting]) -> None:
    """Say of every lesion that it was this tumour; each sighting belongs to the centre that saw it."""
    for spot in neoplasm.spots:
        known = sighted.get(spot.lesion_id)
        if known is None:
            known = Sighting(
                person_id=tumour.person_id,
                centre_id=spot.centre_id,
                tumour_id=tumour.id,
                lesion_id=spot.lesion_id,
            )
            sighted[spot.lesion_id] = unit.settle(unit.add(known))
        elif known.tumour_id != tumour.id:
            unit.settle(known).tumour_id = tumour.id


def settle_tissue(unit: Unit, tumour: Tumour, neoplasm: Neoplasm, treatments: list[Treatment]) -> None:
    """Settle what the lesions of a tumour and their tissue say."""
    found, detected, proof = neoplasm.summary, neoplasm.detected(), neoplasm.proving()
    proved_on = found.invasive_on if found.invasive else found.noninvasive_on
    facts: dict[str, Any] = {
        "worst": found.worst,
        "deepest": found.deepest,
        "invasive": found.invasive,
        "invasive_on": found.invasive_on,
        "noninvasive_on": found.noninvasive_on,
        "clinical_early": neoplasm.clinically_early(),
        "awaited": any(piece.awaited and piece.method.resects for piece in neoplasm.pieces),
        "detected_on": detected.performed_on,
        "detecting_examination_id": detected.examination_id,
        "detecting_centre_id": detected.centre_id,
        "detecting_operator_id": detected.operator_id,
        "diagnosing_centre_id": proof.centre_id if proof else None,
    }
    facts |= {"incidence_on": proved_on, "incidence_precision": Precision.DAY if proved_on else None}
    facts["basis"] = _basis(neoplasm) if proof else None
    if proof is not None:
        facts |= {
            "organ": neoplasm.organ,
            "topography": neoplasm.site or tumour.topography,
            "morphology": _morphology(neoplasm) or tumour.morphology,
        }
    facts |= _treated(tumour, neoplasm, treatments)
    put(unit.settle(tumour), facts)


def _forget(unit: Unit, neoplasm: Neoplasm, sighted: dict[int, Sighting]) -> None:
    """Lesions taken out of a tumour that do not count by themselves are sightings of none."""
    for spot in neoplasm.spots:
        if (known := sighted.pop(spot.lesion_id, None)) is not None:
            unit.remove(unit.settle(known))


def _emptied(unit: Unit, tumour: Tumour, treatments: list[Treatment]) -> bool:
    """Settle a tumour that no lesion is counted as; whether it was removed.

    A register's tumour keeps what was given. One whose lesions all went to another was the same
    tumour: it goes too, unless somebody staged or treated it; then it stays and proves nothing.
    """
    unit.settle(tumour)
    put(tumour, _treated(tumour, None, treatments))
    if tumour.detecting_examination_id is None:
        return False
    put(tumour, dict.fromkeys(FROM_LESIONS) | {"awaited": False})
    follow_ups = select(FollowUp.id).where(FollowUp.tumour_id == tumour.id)
    by_hand = any(getattr(tumour, name) is not None for name in BY_HAND)
    treated = any(treatment.tumour_id == tumour.id for treatment in treatments)
    if by_hand or treated or db.session.scalar(follow_ups) is not None:
        return False
    unit.session.flush()
    unit.remove(tumour)
    return True


def _settle_contacts(unit: Unit, person_id: int, tumours: list[Tumour]) -> None:
    """Of a follow-up whose examination found a tumour: whether it is metachronous to one before it.

    Colon and rectum are one organ here. Not known where the examination found nothing, or the first.
    """
    found = {tumour.detecting_examination_id: tumour for tumour in reversed(tumours)}
    for row in db.session.scalars(
        select(FollowUp).where(FollowUp.person_id == person_id, FollowUp.examination_id.is_not(None))
    ):
        new = found.get(row.examination_id)
        index = _index_of(new, tumours) if new else None
        later = None
        if new is not None and index is not None:
            later = outcome_rules.metachronous(index, new.detected_on or index)
        unit.settle(row).metachronous = later


def _index_of(new: Tumour, tumours: list[Tumour]) -> date | None:
    """The day the first tumour of the same organ was detected, if it was before this one."""

    def group(tumour: Tumour) -> Any:
        return "colorectum" if tumour.organ.colorectal else tumour.organ

    days = [
        tumour.detected_on
        for tumour in tumours
        if tumour is not new and tumour.detected_on and group(tumour) == group(new)
    ]
    first = min(days, default=None)
    return first if first and new.detected_on and first <= new.detected_on else None


def _basis(neoplasm: Neoplasm) -> Basis:
    """The most valid ground: histology, unless brushings alone prove it."""
    proving = [proof.facts for proof in neoplasm.proofs if proof.facts.carcinoma or proof.facts.high_grade]
    cells = all(said.method is Method.BRUSH for said in proving)
    return Basis.CYTOLOGY if cells else Basis.HISTOLOGY_PRIMARY


def _morphology(neoplasm: Neoplasm) -> Morphology | None:
    """The morphology of the gravest result that names one; a carcinoma's type stands for its code."""
    named = []
    for proof in neoplasm.proofs:
        said = proof.facts
        code = said.morphology or (MORPHOLOGY.get(said.who_type) if said.who_type else None)
        if code is not None and not said.superseded:
            resected = said.method is not None and said.method.resects
            named.append(((code.behaviour, resected), code))
    return max(named, key=lambda each: each[0])[1] if named else None


def _treated(tumour: Tumour, neoplasm: Neoplasm | None, treatments: list[Treatment]) -> dict[str, Any]:
    """What was done first, and the centre that resected the tumour or else treated it first."""
    resected = [
        (piece.taken_on, RESECTIONS.get(piece.method, TreatmentType.EMR), piece.centre_id)
        for piece in (neoplasm.pieces if neoplasm else ())
        if piece.method.resects
    ]
    own = [treatment for treatment in treatments if treatment.tumour_id == tumour.id]
    given = [
        (treatment.started_on or date.max, treatment.type, treatment.centre_id)
        for treatment in own
        if not treatment.refused and treatment.type not in {None, TreatmentType.NONE}
    ]
    first = min([*resected, *given], key=lambda each: each[0], default=None)
    by = min(resected or given, key=lambda each: each[0], default=None)
    nothing = all(treatment.refused or treatment.type is TreatmentType.NONE for treatment in own)
    declined = TreatmentType.NONE if own and nothing and not first else None
    return {"first_treatment": first[1] if first else declined, "treating_centre_id": by[2] if by else None}


def settle_follow_up(unit: Unit, tumour: Tumour, person: Person) -> None:
    """Whole days followed and whether death ended them, from the tumour's own start."""
    put(unit.settle(tumour), followed(tumour, person))


def followed(tumour: Any, person: Any) -> dict[str, Any]:
    """Whole days a tumour was followed and whether death ended them; takes rows as well as records."""
    began = start(
        invasive_on=tumour.invasive_on or (None if tumour.invasive else tumour.noninvasive_on),
        incidence_on=tumour.incidence_on,
        incidence_precision=tumour.incidence_precision,
    )
    found = follow(
        began,
        vital=person.vital,
        died_on=person.died_on,
        died_precision=person.died_precision,
        last_alive_on=person.last_alive_on,
        linked_until=person.linked_until,
        basis=tumour.basis,
    )
    return {"followed_days": found.days, "dead": found.dead}
