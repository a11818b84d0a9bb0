"""Missed cancer: its window by the calendar, deaths, and the linkage without which nothing is said."""

from datetime import date, timedelta

import pytest

from registry.indicators import INDICATORS, State
from registry.models import Enrolment, Examination, Tumour, VitalStatus
from registry.reports.rates.quality import Status, rates
from registry.services.unit import change
from tests.counted import case, wrong_states

MET, NOT, OUT = State.MET, State.NOT_MET, None
YEARS = timedelta(3 * 366)
LINKED = {"linked_until": YEARS}


def after(days, *, kind="colonoscopy", facts=LINKED, **tumour):
    """Somebody with a cancer of the bowel so many days after the colonoscopy, seen through by the list."""
    found = {"organ": "colon", "invasive": True, "invasive_on": timedelta(days), **tumour}
    if days:
        found.setdefault("detecting_examination_id", None)
    return {"kind": kind, "facts": facts, "tumours": [found]}


def upper(days, **more):
    return after(days, **{"kind": "ogd", "organ": "stomach", **more})


def dead(days, cause="C18.7", **more):
    told = {"vital": "dead", "as_of": timedelta(days), "cause": cause, "source": "death_list"}
    return {"kind": "colonoscopy", "facts": LINKED, "beside": [(VitalStatus, told)], **more}


# Cases lie on the 15th of January 2001, February 2001 and so on; six months are 181 to 184 days.
CASES = {
    "PCCRC-3Y": [
        (after(0), NOT),
        (after(181), NOT),  # 15 February to 15 August
        (after(184), NOT),  # 15 March to 15 September
        (after(184), MET),  # 15 April to 16 October
        (after(1095), MET),
        (after(1096), MET),  # 15 June 2001 to 15 June 2004
        (after(1097), OUT),
        (after(200, facts={}), OUT),
        (after(200, facts={"linked_until": timedelta(700)}), OUT),
        (after(0, facts={}), OUT),
        (after(200, organ="stomach"), OUT),
        (after(200, invasive=False, worst="4.1"), OUT),
        (after(200, morphology="9680/3"), OUT),
        (after(200, invasive_on=None, incidence_on=timedelta(200)), MET),
        (after(200, kind="ogd"), OUT),
        (after(-30), OUT),
        (dead(400), MET),
        (dead(400, cause="C61"), OUT),
        (dead(100), OUT),
        (dead(400, facts={}), OUT),
        (dead(400, tumours=[{"organ": "rectum", "invasive": True, "invasive_on": timedelta(0)}]), NOT),
    ],
    "PEUGIC": [
        (upper(0), NOT),
        (upper(400), MET),
        (upper(400, organ="oesophagus"), MET),
        (upper(400, organ="duodenum"), OUT),
        (upper(1200), OUT),
        (upper(400, facts={}), OUT),
    ],
    "PEUGIC.0": [(upper(0), NOT), (upper(40), MET), (upper(400), MET), (upper(400, facts={}), OUT)],
    "UK-OGD-MISSED": [(upper(0), NOT), (upper(400), MET), (upper(400, facts={}), OUT)],
    "INTERVAL-CRC": [
        ({**after(0), "indication": "check_up"}, NOT),
        ({**after(40), "indication": "check_up"}, MET),
        ({**after(700), "indication": "screening_organised"}, MET),
        ({**after(740), "indication": "check_up"}, OUT),
        ({**after(40), "indication": "symptoms"}, OUT),
        ({**after(40, facts={}), "indication": "check_up"}, OUT),
    ],
}


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []


@pytest.mark.parametrize("key", CASES)
def test_without_a_list_it_is_not_computable_rather_than_low(key, acting, alliance):
    """Twelve cancers found on the day and none heard of later: no rate, neither 0 % nor anything else."""
    assert INDICATORS[key].needs is not None
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            for _ in range(12):
                case(unit, alliance.city.id, **after(0, facts={}), indication="check_up")
                case(unit, alliance.city.id, **upper(0, facts={}))
        (row,) = rates([key])
    assert (row.status, row.estimate, row.lower, row.eligible) == (Status.NOT_COMPUTABLE, None, None, 0)


def test_a_cancer_is_detected_here_and_was_missed_there(acting, alliance):
    """By centre each answers for its own endoscopy; in the whole the person counts once, as missed."""
    linked = {"linked_until": date(2009, 1, 1)}
    with acting("endoscopist", "county_a"), change("test.cases") as unit:
        first = case(unit, alliance.county_a.id, kind="colonoscopy", facts=linked)
        person_id = first.person_id
    with acting("endoscopist", "city"), change("test.cases") as unit:
        where = {"person_id": person_id, "centre_id": alliance.city.id}
        unit.add(Enrolment(enrolled_on=date(2002, 1, 1), **where))
        found = unit.add(Examination(type="colonoscopy", performed_on=date(2002, 1, 1), **where))
        unit.session.flush()
        unit.add(
            Tumour(
                sequence=1, organ="colon", invasive=True, invasive_on=found.performed_on,
                detecting_examination_id=found.id, **where,
            )
        )  # fmt: skip
    with acting("quality_reviewer", None):
        by_centre = {row.group.code: (row.met, row.not_met) for row in rates(["PCCRC-3Y"], by="centre")}
        (whole,) = rates(["PCCRC-3Y"])
    assert by_centre == {alliance.county_a.code: (1, 0), alliance.city.code: (0, 1)}
    assert (whole.met, whole.not_met) == (1, 0)
