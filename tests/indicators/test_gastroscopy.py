"""Met, not met, unknown, left out: the indicators of gastroscopy by ESGE 2016 and 2025, and the UK."""

from datetime import time

from registry.indicators import State
from registry.indicators.uk import STATIONS
from registry.models.examination import UPPER_SITES
from tests.counted import wrong_states

MET, NOT, UNKNOWN, OUT = State.MET, State.NOT_MET, State.UNKNOWN, None
COLON = {"kind": "colonoscopy"}
ALL_SEEN = dict.fromkeys(UPPER_SITES, "photographed")
EIGHT = dict.fromkeys(STATIONS, "photographed")


def mucosa(**facts):
    return {"background": facts}


CASES = {
    "ESGE-DURATION": [
        ({"upper_minutes": 6}, MET),
        ({"started_at": time(9), "ended_at": time(9, 8)}, MET),
        ({"started_at": time(9)}, NOT),
        ({}, NOT),
        ({**COLON, "upper_minutes": 6}, OUT),
    ],
    "ESGE-PHOTOS": [
        ({"photos": 10}, MET),
        ({"photos": 9}, NOT),
        ({}, UNKNOWN),
        ({**COLON, "photos": 20}, OUT),
    ],
    "ESGE-SEATTLE": [
        (mucosa(prague_m=1, seattle_done=True), MET),
        (mucosa(prague_m=3, seattle_done=False), NOT),
        (mucosa(prague_m=3), UNKNOWN),
        (mucosa(prague_m=0.5, seattle_done=True), OUT),
        (mucosa(seattle_done=True), OUT),
        ({}, OUT),
    ],
    "ESGE-MAPS": [
        (mucosa(kimura="C-1", sydney_sites=2), MET),
        (mucosa(eggim=3, sydney_sites=5), MET),
        (mucosa(kimura="O-2", sydney_sites=1), NOT),
        (mucosa(kimura="O-2"), UNKNOWN),
        (mucosa(kimura="C-0", sydney_sites=2), OUT),
        ({**COLON, **mucosa(kimura="O-2", sydney_sites=2)}, OUT),
    ],
    "ESGE-EVENTS": [
        ({"any_adverse_event": False}, MET),
        ({"any_adverse_event": True}, MET),
        ({}, NOT),
        ({**COLON, "any_adverse_event": True}, OUT),
    ],
    "ESGE-7MIN": [
        ({"upper_minutes": 7}, MET),
        ({"upper_minutes": 6.9}, NOT),
        ({}, UNKNOWN),
        ({**COLON, "upper_minutes": 9}, OUT),
    ],
    "ESGE-VISIBILITY": [({"visibility": "poor"}, MET), ({}, NOT), ({**COLON, "visibility": "good"}, OUT)],
    "ESGE-BARRETT": [
        ({**mucosa(prague_m=2, seattle_done=True), "imaging_nbi": True}, MET),
        ({**mucosa(prague_m=2, seattle_done=True), "imaging_acetic": True, "imaging_nbi": False}, MET),
        ({**mucosa(prague_m=2, seattle_done=False), "imaging_nbi": True}, NOT),
        ({**mucosa(prague_m=2, seattle_done=True), "imaging_nbi": False, "imaging_acetic": False}, NOT),
        (mucosa(prague_m=2, seattle_done=True), UNKNOWN),
        ({**mucosa(prague_m=0, seattle_done=True), "imaging_nbi": True}, OUT),
    ],
    "UK-OGD-PHOTOS": [
        (EIGHT, MET),
        ({**ALL_SEEN, "seen_pylorus": "not_seen"}, MET),
        ({**EIGHT, "seen_d2": "seen"}, NOT),
        ({**EIGHT, "seen_d2": None}, UNKNOWN),
        ({**COLON, **EIGHT}, OUT),
    ],
}


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []
