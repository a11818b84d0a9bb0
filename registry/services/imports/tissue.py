"""What pathology in a run proves: of each lesion at once, of persons' tumours before rates see the run."""

from typing import Any

from sqlalchemy import Select, or_, select

from registry.access import unscoped
from registry.codes.pathology import Vienna
from registry.extensions import db
from registry.models import Examination, Lesion, Sighting, Tumour
from registry.rules.summary import ResultFacts, summarise
from registry.services.cases.parts import Part
from registry.services.course import tumours
from registry.services.imports.case import Records
from registry.services.imports.held import put_back
from registry.services.imports.judging import Sound
from registry.services.unit import change

GRAVE = [category for category in Vienna if category.high_grade or category.carcinoma]
STEP = 20
FACTS = ("finding", "vienna", "who_type", "morphology", "depth", "depth_um")


def settled(sound: Sound) -> dict[int, Records]:
    """What the reports of a case prove of its lesions, by number; as services.cases.pathology settles it."""
    reports = {reported.place: reported for reported in sound.reports}
    taken: dict[int, list[tuple[Part, bool]]] = {part.given["number"]: [] for part in sound.whole.lesions}
    proved: dict[int, list[ResultFacts]] = {number: [] for number in taken}
    for place, part in enumerate(sound.whole.specimens):
        for number in dict.fromkeys(part.lesions or ()):
            taken[number].append((part, place in reports))
        if (reported := reports.get(place)) is None:
            continue
        for said, about in zip(reported.results, reported.lesions, strict=True):
            if about is not None:
                words: Records = {name: said.get(name) for name in FACTS}
                proved[about].append(
                    ResultFacts(**words, method=part.given["method"], taken_on=part.given["taken_on"])
                )
    return {
        part.given["number"]: _facts(part, taken[part.given["number"]], proved[part.given["number"]])
        for part in sound.whole.lesions
    }


def _facts(lesion: Part, taken: list[tuple[Part, bool]], proved: list[ResultFacts]) -> Records:
    site = lesion.given.get("site")
    found = summarise(proved, site.organ if site else None) if proved else None
    awaited = any(not reported and part.given.get("retrieved") is not False for part, reported in taken)
    return {
        "sampled": bool(taken),
        "awaited": awaited,
        **{
            name: getattr(found, name, None) for name in ("worst", "deepest", "adenoma", "serrated", "cancer")
        },
    }


def settle(run_id: int, *, reason: str) -> None:
    """Settle the tumours of everybody in whom a lesion of this run is grave and counted as none yet.

    Twenty persons to a change, so that nobody waits long; a run that was killed meanwhile finds the
    rest again.
    """
    with unscoped("import"):
        waiting = list(db.session().scalars(_waiting(run_id)))
    db.session().rollback()
    for begin in range(0, len(waiting), STEP):
        with change("import.tumours", reason=reason) as unit:
            unit.run_id = run_id
            for person_id in waiting[begin : begin + STEP]:
                tumours.settle(unit, person_id)
                for row in unit.added:
                    if isinstance(row, Tumour):
                        row.import_id = run_id
            put_back(unit, run_id)


def _waiting(run_id: int) -> Select[Any]:
    counted = select(Sighting.id).where(Sighting.lesion_id == Lesion.id).exists()
    return (
        select(Examination.person_id)
        .join(Lesion, Lesion.examination_id == Examination.id)
        .where(Examination.import_id == run_id, ~counted)
        .where(or_(Lesion.cancer.is_(True), Lesion.worst.in_(GRAVE)))
        .distinct()
        .order_by(Examination.person_id)
    )
