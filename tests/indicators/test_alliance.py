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


UNDATED, LOST = "undated", "lost"


def tissues(*days):
    """One specimen for each: first reported so many days after it was taken, or what became of it."""
    kinds = {None: {}, LOST: {"retrieved": False}, UNDATED: {"results": [], "reported_on": None}}
    return {
        "specimens": [
            {"results": [], "reported_on": timedelta(one)} if isinstance(one, int) else dict(kinds[one])
            for one in days
        ]
    }


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
        (tissues(14), MET),
        (tissues(15), NOT),
        (tissues(None), NOT),
        (tissues(3, 14, 0), MET),
        (tissues(3, 15), NOT),
        (tissues(3, None), NOT),
        (tissues(3, UNDATED), UNKNOWN),
        (tissues(15, UNDATED), NOT),
        (tissues(UNDATED), UNKNOWN),
        (tissues(3, LOST), MET),
        (tissues(LOST), OUT),
        (tissue(retrieved=True), NOT),
        ({}, OUT),
    ],
    "PATHOLOGY-RETURN.specimens": [
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


def test_the_editions_by_examination_and_by_specimen_count_what_they_say(acting, alliance):
    """Three specimens of one examination, two of them in time: one examination late, two specimens not."""
    keys = ("PATHOLOGY-RETURN", "PATHOLOGY-RETURN.specimens")
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            case(unit, alliance.city.id, **tissues(3, 5, 20))
        found = tally([INDICATORS[key] for key in keys])
    assert [(one.met, one.not_met) for one in found] == [(0, 1), (2, 1)]
