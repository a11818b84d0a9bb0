"""The alliance's own: ESD in one piece and harmless, pathology that came back in time."""

from datetime import timedelta

from registry.indicators import INDICATORS, State
from registry.queries.counting.tallies import tally
from registry.reports.rates.quality import this_day
from registry.services.unit import change
from tests.counted import case, wrong_states
from tests.indicators.test_states import CASES as FIRST_CASES

MET, NOT, UNKNOWN, OUT = State.MET, State.NOT_MET, State.UNKNOWN, None
FINE = {"any_adverse_event": False, "contact_30d": True}


def esd(**more):
    return {"kind": "therapeutic_upper", "specimens": [{"method": "esd", **more.pop("specimen", {})}], **more}


def harmed(kind, **more):
    return esd(any_adverse_event=True, contact_30d=True, events=[{"kind": kind}], **more)


def harm(kind, other):
    return [
        (esd(**FINE), NOT),
        (harmed(kind), MET),
        (harmed(other), NOT),
        (esd(), UNKNOWN),
        (esd(any_adverse_event=True, contact_30d=True), UNKNOWN),
        ({**FINE, "specimens": [{"method": "emr"}]}, OUT),
    ]


def tissue(reported=None, **facts):
    came = {"results": [], "reported_on": reported} if reported else {}
    return {"specimens": [{**facts, **came}]}


CASES = {
    "ESD-EN-BLOC": [
        (esd(specimen={"en_bloc": True}), MET),
        (esd(specimen={"en_bloc": False}), NOT),
        (esd(specimen={"pieces": 3}), NOT),
        (esd(), UNKNOWN),
        ({"specimens": [{"method": "emr", "en_bloc": True}]}, OUT),
    ],
    "ESD-R0": FIRST_CASES["CDEI-16"],
    "ESD-PERFORATION": harm("perforation", "bleeding"),
    "ESD-BLEEDING": harm("bleeding", "perforation"),
    "ESD-STRICTURE": harm("stricture", "bleeding"),
    "PATHOLOGY-RETURN": [
        (tissue(timedelta(14)), MET),
        (tissue(timedelta(15)), NOT),
        (tissue(), NOT),
        ({"specimens": [{"results": [], "reported_on": None}]}, UNKNOWN),
        (tissue(retrieved=False), OUT),
        (tissue(retrieved=True), NOT),
        ({}, OUT),
    ],
}


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []


def test_tissue_of_the_last_days_is_not_late(acting, alliance):
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            for past in (3, 30):
                case(unit, alliance.city.id, specimens=[{"taken_on": this_day() - timedelta(past)}])
        (one,) = tally([INDICATORS["PATHOLOGY-RETURN"]])
    assert (one.not_met, one.eligible) == (1, 1)
