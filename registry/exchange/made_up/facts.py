"""What follows from a person's records, settled by the rules and services that settle real ones."""

from collections import defaultdict
from typing import Any, cast

from registry.codes.person import Vital
from registry.exchange.made_up.growth import Growth
from registry.exchange.made_up.story import Row, Story
from registry.models import (
    Covering,
    Examination,
    FollowUp,
    Lesion,
    Person,
    Report,
    Result,
    Sighting,
    Specimen,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.rules.summary import ResultFacts, summarise
from registry.services.course import tumours
from registry.services.course.sightings import Neoplasm, Piece, Proof, Spot
from registry.services.unit import Unit

SAID = "finding", "vienna", "who_type", "morphology", "depth", "depth_um"


class _Plain:
    """Stands in for a unit of work: what is settled here is no record yet."""

    @staticmethod
    def settle(row: Any) -> Any:
        return row


def settle(story: Story, growths: list[Growth]) -> None:
    """Settle specimens, lesions, vital status and tumours of one story."""
    _settle_lesions(story)
    _settle_life(story)
    examinations = {row["id"]: row for row in story.rows[Examination]}
    counted = []
    for growth in growths:
        neoplasm = _neoplasm(story, growth, examinations)
        if neoplasm.counts:
            first = min(proof.facts.taken_on for proof in neoplasm.proofs if _proves(proof))  # type: ignore[type-var]
            counted.append((first, growth.lesions[0]["id"], growth, neoplasm))
    for sequence, (_, _, growth, neoplasm) in enumerate(sorted(counted, key=lambda one: one[:2]), 1):
        _settle_tumour(story, growth, neoplasm, sequence)


def _proves(proof: Proof) -> bool:
    return bool(proof.facts.carcinoma) or proof.facts.high_grade


def _settle_lesions(story: Story) -> None:
    reported = {row["specimen_id"]: row["id"] for row in story.rows[Report]}
    for specimen in story.rows[Specimen]:
        specimen["reported"] = specimen["id"] in reported
    specimens = {row["id"]: row for row in story.rows[Specimen]}
    specimen_of = {report: specimens[specimen] for specimen, report in reported.items()}
    story.taken, story.said = defaultdict(list), defaultdict(list)
    for covering in story.rows[Covering]:
        story.taken[covering["lesion_id"]].append(specimens[covering["specimen_id"]])
    for result in story.rows[Result]:
        if result["lesion_id"] is not None:
            specimen = specimen_of[result["report_id"]]
            told = {name: result[name] for name in SAID}
            facts = ResultFacts(**told, method=specimen["method"], taken_on=specimen["taken_on"])
            story.said[result["lesion_id"]].append(facts)
    for lesion in story.rows[Lesion]:
        taken = story.taken[lesion["id"]]
        found = summarise(story.said[lesion["id"]], lesion["site"].organ)
        lesion["sampled"] = bool(taken)
        lesion["awaited"] = any(not one["reported"] and one["retrieved"] is not False for one in taken)
        lesion["worst"], lesion["deepest"], lesion["cancer"] = found.worst, found.deepest, found.cancer
        lesion["adenoma"], lesion["serrated"] = found.adenoma, found.serrated


def _settle_life(story: Story) -> None:
    """The person's vital columns, from the one source of a death and from every proof of life."""
    alive = [row["performed_on"] for row in story.rows[Examination]]
    alive += [row["started_on"] for row in story.rows[Treatment] if row["started_on"] and not row["refused"]]
    alive += [row["contacted_on"] for row in story.rows[FollowUp] if row["outcome"].proves_alive]
    told = story.rows[VitalStatus]
    alive += [row["as_of"] for row in told if row["vital"] is Vital.ALIVE]
    deaths = [row for row in told if row["vital"] is Vital.DEAD]
    story.person["linked_until"] = max(
        (row["complete_until"] for row in told if row["complete_until"]), default=None
    )
    story.person["vital"] = Vital.DEAD if deaths else Vital.ALIVE
    story.person["last_alive_on"] = max(alive)
    for death in deaths:
        story.person["died_on"], story.person["died_precision"] = death["as_of"], death["as_of_precision"]


def _neoplasm(story: Story, growth: Growth, examinations: dict[int, Row]) -> Neoplasm:
    spots = []
    for lesion in growth.lesions:
        examination = examinations[lesion["examination_id"]]
        spot = Spot(
            lesion["id"],
            lesion["centre_id"],
            lesion["examination_id"],
            examination["performed_on"],
            examination["type"],
            examination["indication"],
            examination["operator_id"],
            lesion["site"],
            lesion["impression"],
            lesion["same_as_id"],
            lesion["sampled"],
        )
        spot.proofs = [Proof(facts, lesion["centre_id"]) for facts in story.said[lesion["id"]]]
        spot.pieces = [
            Piece(
                one["method"],
                one["taken_on"],
                one["centre_id"],
                not one["reported"] and one["retrieved"] is not False,
            )
            for one in story.taken[lesion["id"]]
        ]
        spots.append(spot)
    return Neoplasm(sorted(spots, key=lambda spot: spot.order))


def _settle_tumour(story: Story, growth: Growth, neoplasm: Neoplasm, sequence: int) -> None:
    """The tumour's row: recorded where it was proved, staged by hand, its facts settled by the service."""
    proof = next(proof for proof in neoplasm.proofs if _proves(proof))
    row = story.add(
        Tumour, person_id=story.person["id"], centre_id=proof.centre_id, sequence=sequence, organ=growth.organ
    )
    for treatment in growth.treatments:
        treatment["tumour_id"] = row["id"]
    for contact in growth.contacts:
        contact["tumour_id"] = row["id"]
    for lesion in growth.lesions:
        story.add(
            Sighting,
            person_id=story.person["id"],
            centre_id=lesion["centre_id"],
            tumour_id=row["id"],
            lesion_id=lesion["id"],
        )
    indication = neoplasm.detected().indication
    row["detection"] = tumours.DETECTION.get(indication) if indication else None
    row.update(growth.staged)
    tumour, unit = Tumour(**row), cast(Unit, _Plain)
    treatments = [Treatment(**one) for one in growth.treatments]
    tumours.settle_tissue(unit, tumour, neoplasm, treatments)
    tumours.settle_follow_up(unit, tumour, Person(**story.person))
    row.update({name: getattr(tumour, name) for name in row})
    growth.tumour = row
