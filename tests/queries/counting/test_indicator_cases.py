"""The cases behind a rate are those that were counted: as many units in each state as the tally has."""

from collections import Counter

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.indicators import INDICATORS, Counts, State
from registry.models import Enrolment, Examination, KnownSyndrome
from registry.queries.counting.indicator_cases import behind, can_be_listed
from registry.queries.counting.tallies import STATES, tally
from registry.queries.lists.caselist import CaseList
from registry.services.unit import change
from tests.counted import case
from tests.indicators.test_catalogue import TABLES

# A unit of these is one examination, or one person with one examination in the tables below.
LISTED = [one for one in INDICATORS.values() if can_be_listed(one)]
AT = 13  # cases of each table, so that the whole stays small


@pytest.fixture
def counted(acting, alliance):
    """Cases of every table, each a person of one examination, seen by the quality reviewer."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        place = 0
        for key, table in TABLES.items():
            for given, _ in table[:AT] if can_be_listed(INDICATORS[key]) else ():
                case(unit, alliance.city.id, place, **given)
                place += 1
    with acting("quality_reviewer", None):
        yield


def listed(indicator, state):
    """How many units the listed examinations belong to."""
    unit = Examination.person_id if indicator.persons else Examination.id
    return len(set(db.session.scalars(select(unit).where(behind(indicator, state)))))


def test_as_many_cases_as_were_counted(counted):
    tallies = {one.indicator.key: one for one in tally(LISTED)}
    wrong = {}
    for indicator in LISTED:
        one = tallies[indicator.key]
        expected = {state: one.counts[state] for state in STATES}
        found = {state: listed(indicator, state) for state in STATES}
        if indicator.counts is Counts.SPECIMENS:  # of several specimens of a case each has its own state
            expected, found = ({s: bool(n) for s, n in each.items()} for each in (expected, found))
        if found != expected:
            wrong[indicator.key] = (expected, found)
    assert wrong == {}


def test_a_person_is_listed_by_the_examinations_that_show_the_state(acting, alliance):
    adenoma = {"lesions": [{"sampled": True, "adenoma": True}]}
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            found = case(unit, alliance.city.id, kind="colonoscopy", **adenoma)
            again = case(unit, alliance.city.id, 1, kind="colonoscopy", person=found.person)
            clear = case(unit, alliance.city.id, kind="colonoscopy")
            waits = case(unit, alliance.city.id, kind="colonoscopy", lesions=[{"awaited": True}])
            case(unit, alliance.city.id)
            ids = {"found": found.id, "again": again.id, "clear": clear.id, "waits": waits.id}

        def cases(state):
            rows = CaseList((behind(INDICATORS["CDEI-14"], state),)).rows()
            return {name for name, number in ids.items() if number in {row.examination_id for row in rows}}

        assert cases(State.MET) == {"found"}
        assert cases(State.NOT_MET) == {"clear"}
        assert cases(State.AWAITED) == {"waits"}
        assert cases(State.UNKNOWN) == set()
        assert cases(None) == set(ids)


def test_who_is_left_out_is_not_listed(acting, alliance):
    ill = [(KnownSyndrome, {"syndrome": "lynch"})]
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            case(unit, alliance.city.id, kind="colonoscopy", age=60, beside=ill)
        assert CaseList((behind(INDICATORS["ASGE-ADR"]),)).count() == 0
        assert CaseList((behind(INDICATORS["CDEI-14"]),)).count() == 1


def test_a_centre_finds_its_own_cases_and_an_invitation_has_none(acting, alliance):
    for key in ("city", "county_a"):
        with acting("endoscopist", key), change("test.cases") as unit:
            case(unit, alliance.place(key).id, kind="colonoscopy", withdrawal_min=3)
    with acting("endoscopist", "city"):
        assert CaseList((behind(INDICATORS["CDEI-07"], State.NOT_MET),)).count() == 1
    with acting("quality_reviewer", None):
        short = INDICATORS["CDEI-07"], State.NOT_MET
        assert CaseList((behind(*short),)).count() == 2
        assert CaseList((behind(*short, centre_ids=[alliance.county_a.id]),)).count() == 1
    with pytest.raises(ValueError, match="not counted at examinations"):
        behind(INDICATORS["PARTICIPATION"])


def test_the_states_of_a_list_are_those_of_a_rate():
    assert Counter(STATES) == Counter(state for state in State if state is not State.EXCLUDED)


def test_what_another_house_found_does_not_change_the_own_list(acting, alliance):
    """The person is met there and not met here; each house judges by what it may read."""
    with acting("endoscopist", "county_a"), change("test.cases") as unit:
        adenoma = [{"sampled": True, "adenoma": True}]
        first = case(unit, alliance.county_a.id, kind="colonoscopy", lesions=adenoma)
        person_id, day = first.person_id, first.performed_on
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            where = {"person_id": person_id, "centre_id": alliance.city.id}
            unit.add(Enrolment(enrolled_on=day, **where))
            unit.add(Examination(type="colonoscopy", performed_on=day, **where))
        rows = CaseList((behind(INDICATORS["CDEI-14"], State.NOT_MET),)).rows()
        assert [row.centre.en for row in rows] == ["Example City Hospital"]
        assert CaseList((behind(INDICATORS["CDEI-14"], State.MET),)).count() == 0
    with acting("quality_reviewer", None):
        assert CaseList((behind(INDICATORS["CDEI-14"], State.MET),)).count() == 1
        assert CaseList((behind(INDICATORS["CDEI-14"], State.NOT_MET),)).count() == 0
