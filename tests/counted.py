"""Small records written straight into the tables, for tests of what is counted."""

from datetime import date
from itertools import count
from typing import Any

from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Organ
from registry.codes.pathology import Method
from registry.extensions import db
from registry.indicators import Indicator, State, indicator_called
from registry.models import (
    AdverseEvent,
    Covering,
    Enrolment,
    Examination,
    Lesion,
    Person,
    PriorSurgery,
    Reading,
    Report,
    Result,
    Specimen,
    Treatment,
    Tumour,
)
from registry.queries.tallies import tally
from registry.services.unit import change

_serial = count(1)


def month(place: int) -> str:
    """The month in which the case of this place lies."""
    return f"{2001 + place // 12}-{place % 12 + 1:02d}"


def case(
    unit: Any,
    centre_id: int,
    place: int = 0,
    *,
    kind: str = "ogd",
    person: Person | None = None,
    lesions: Any = (),
    tumours: Any = (),
    events: Any = (),
    operations: Any = (),
    treatments: Any = (),
    specimens: Any = (),
    readings: Any = (),
    **columns: Any,
) -> Examination:
    """One examination in the month of its place with everything that hangs on it, as bare facts."""
    where = {"centre_id": centre_id}
    day = date.fromisoformat(f"{month(place)}-15")
    if person is None:
        person = unit.add(Person(pseudonym=f"p{next(_serial)}"))
        unit.add(Enrolment(person=person, enrolled_on=day, **where))
    examination = unit.add(
        Examination(person=person, type=ExaminationType(kind), **{"performed_on": day, **where, **columns})
    )
    unit.session.flush()
    owned = {"person_id": person.id, **where}
    seen = [
        unit.add(Lesion(examination=examination, number=number, **where, **facts))
        for number, facts in enumerate(lesions, start=1)
    ]
    for facts in events:
        unit.add(AdverseEvent(examination=examination, **where, **facts))
    for facts in operations:
        unit.add(PriorSurgery(**owned, **facts))
    for number, facts in enumerate(tumours, start=1):
        facts = {"organ": Organ.STOMACH, "detecting_examination_id": examination.id, **facts}
        tumour = unit.add(Tumour(sequence=number, **owned, **facts))
        for given in treatments:
            unit.session.flush()
            unit.add(Treatment(tumour_id=tumour.id, **owned, **given))
    for letter, facts in zip("ABCDEF", specimens, strict=False):
        facts = {"method": Method.FORCEPS, "taken_on": day, **facts}
        results = facts.pop("results", None)
        specimen = unit.add(
            Specimen(examination=examination, letter=letter, reported=results is not None, **where, **facts)
        )
        for lesion in seen:
            unit.add(Covering(specimen=specimen, lesion=lesion, **where))
        if results is not None:
            report = unit.add(Report(specimen=specimen, reported_on=day, **where))
            for said in results:
                unit.add(Result(report=report, lesion=seen[0] if seen else None, **where, **said))
    unit.session.flush()
    for part, facts in enumerate(readings, start=1):
        facts = {"source": "wording", "part": part, **dict.fromkeys(("text_digest", "alike"), "0"), **facts}
        number = facts.pop("lesion", None)
        lesion_id = seen[number - 1].id if number else None
        unit.add(Reading(examination=examination, lesion_id=lesion_id, **where, **facts))
    return examination


def states(key: str | Indicator, cases: list[dict[str, Any]], centre_id: int) -> list[State | None]:
    """The state that an indicator gives each of these cases; None for one that is not eligible."""
    indicator = indicator_called(key) if isinstance(key, str) else key
    with change("test.cases") as unit:
        for place, given in enumerate(cases):
            case(unit, centre_id, place, **given)
    db.session.rollback()
    found: dict[str, State | None] = {}
    for one in tally([indicator], by="month"):
        assert one.eligible <= 1, "one case a month"
        found[one.group.code] = next((state for state, number in one.counts.items() if number), None)
    return [found.get(month(place)) for place in range(len(cases))]
