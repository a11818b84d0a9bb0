"""Small records written straight into the tables, for tests of what is counted."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Organ
from registry.codes.pathology import Method
from registry.extensions import db
from registry.indicators import Indicator, State, indicator_called
from registry.models import (
    AdverseEvent,
    Background,
    Covering,
    Enrolment,
    Examination,
    Lesion,
    Person,
    PriorSurgery,
    Reading,
    Report,
    Result,
    Sighting,
    Specimen,
    Treatment,
    Tumour,
)
from registry.queries.counting.tallies import tally
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
    background: Any = None,
    beside: Any = (),
    facts: Any = None,
    **columns: Any,
) -> Examination:
    """One examination in the month of its place with everything that hangs on it, as bare facts.

    A length of time stands for the day so long after the examination. `facts` are those of the person;
    `beside` are pairs of a model and the facts of a record of this person at this centre.
    """
    where = {"centre_id": centre_id}
    day = date.fromisoformat(f"{month(place)}-15")

    def dated(given: Any) -> dict[str, Any]:
        return {name: day + value if isinstance(value, timedelta) else value for name, value in given.items()}

    if person is None:
        person = unit.add(Person(pseudonym=f"p{next(_serial)}", **dated(facts or {})))
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
    if background is not None:
        unit.add(Background(examination=examination, **where, **background))
    for model, facts in beside:
        unit.add(model(**owned, **dated(facts)))
    for number, facts in enumerate(tumours, start=1):
        facts = {"organ": Organ.STOMACH, "detecting_examination_id": examination.id, **dated(facts)}
        tumour = unit.add(Tumour(sequence=number, **owned, **facts))
        unit.session.flush()
        for lesion in seen[:1] if number == 1 else []:
            unit.add(Sighting(tumour_id=tumour.id, lesion_id=lesion.id, **owned))
        for given in treatments:
            unit.add(Treatment(tumour_id=tumour.id, **owned, **dated(given)))
    for letter, facts in zip("ABCDEF", specimens, strict=False):
        facts = {"method": Method.FORCEPS, "taken_on": day, **dated(facts)}
        results, reported_on = facts.pop("results", None), facts.pop("reported_on", day)
        specimen = unit.add(
            Specimen(examination=examination, letter=letter, reported=results is not None, **where, **facts)
        )
        for lesion in seen:
            unit.add(Covering(specimen=specimen, lesion=lesion, **where))
        if results is not None:
            report = unit.add(Report(specimen=specimen, reported_on=reported_on, **where))
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


def wrong_states(tables: dict[str, list[tuple[dict[str, Any], State | None]]], centre_id: int) -> list[Any]:
    """The cases of these tables whose state is not the expected one; all are counted in one tally.

    Each case lies in a month of its own, so several tables need one database and one pass.
    """
    lines = [(key, given, expected) for key, cases in tables.items() for given, expected in cases]
    with change("test.cases") as unit:
        for place, (_, given, _) in enumerate(lines):
            case(unit, centre_id, place, **given)
    db.session.rollback()
    counted = tally([indicator_called(key) for key in tables], by="month")
    found = {(one.indicator.key, one.group.code): one for one in counted}
    wrong = []
    for place, (key, given, expected) in enumerate(lines):
        one = found.get((key, month(place)))
        states = {} if one is None else {state: number for state, number in one.counts.items() if number}
        if states != ({} if expected is None else {expected: 1}):
            wrong.append((key, given, expected, states))
    return wrong
