"""Met, not met, awaited, unknown, left out: the indicators of colonoscopy by ASGE, ESGE, AGA and the UK."""

from datetime import timedelta

import pytest

from registry.indicators import INDICATORS, State
from registry.models import KnownSyndrome
from registry.queries.counting.tallies import tally
from registry.services.unit import change
from tests.counted import case, wrong_states

MET, NOT, AWAITED, UNKNOWN, OUT = State.MET, State.NOT_MET, State.AWAITED, State.UNKNOWN, None


def colon(*lesions, **more):
    seen = [{"site": "C18.7", "sampled": True, **one} for one in lesions]
    return {"kind": "colonoscopy", "age": 60, "indication": "symptoms", "lesions": seen, **more}


def prepared(*scores):
    names = ("bbps_right", "bbps_transverse", "bbps_left")
    return {"kind": "colonoscopy", **dict(zip(names, scores, strict=True))}


def with_results(*results, **lesion):
    return {**colon(lesion), "specimens": [{"method": "cold_snare", "results": list(results)}]}


def snared(**more):
    return {**colon({}), "specimens": [{"method": "hot_snare", "results": []}], **more}


def event(kind, **more):
    return {"any_adverse_event": True, "contact_30d": True, "events": [{"kind": kind}], **more}


FINE = {"any_adverse_event": False, "contact_30d": True}
ADENOMA = {"adenoma": True}
IBD = [(KnownSyndrome, {"syndrome": "ibd_uc"})]
OPERATED = [{"kind": "sigmoid_colectomy"}]
PREPARATION = [
    (prepared(2, 2, 2), MET),
    (prepared(1, 3, 3), NOT),
    (prepared(None, 3, 3), UNKNOWN),
    ({"bbps_total": 9}, OUT),
]
CAECUM = [
    (colon(caecum_reached=True), MET),
    (colon(caecum_reached=False), NOT),
    (colon(extent="anastomosis"), UNKNOWN),
    (colon(caecum_reached=False, indication="therapy"), OUT),
    (colon(caecum_reached=False, indication=None), NOT),
    (colon(caecum_reached=True, operations=OPERATED), OUT),
]
RETRIEVAL = [
    ({**colon({}), "specimens": [{"method": "hot_snare", "retrieved": True}]}, MET),
    ({**colon({}), "specimens": [{"method": "cold_snare", "results": []}]}, MET),
    ({**colon({}), "specimens": [{"method": "emr", "retrieved": False}]}, NOT),
    ({**colon({}), "specimens": [{"method": "cold_snare"}]}, UNKNOWN),
    ({**colon({}), "specimens": [{"method": "forceps"}]}, OUT),
]
PERFORATION = [
    (colon(**FINE), NOT),
    (colon(**event("perforation")), MET),
    (colon(**event("perforation", contact_30d=None)), MET),
    (colon(**event("bleeding")), NOT),
    (colon(**event("bleeding", contact_30d=None)), UNKNOWN),
    (colon(any_adverse_event=False), UNKNOWN),
    ({**colon(**FINE), "kind": "therapeutic_lower"}, NOT),
    ({**FINE}, OUT),
]
BLEEDING = [
    (snared(**FINE), NOT),
    (snared(**event("bleeding")), MET),
    (snared(**event("perforation")), NOT),
    (snared(**event("perforation", contact_30d=False)), UNKNOWN),
    (snared(any_adverse_event=True, contact_30d=True), UNKNOWN),
    (snared(), UNKNOWN),
    (colon(**event("bleeding")), OUT),
    ({**snared(**FINE), "kind": "ogd"}, OUT),
]
ADENOMAS = [
    (colon(ADENOMA), MET),
    (colon({"adenoma": False}), NOT),
    (colon({"awaited": True}), AWAITED),
    (colon({}), UNKNOWN),
]
CASES = {
    "ASGE-PREP": PREPARATION,
    "ESGE-PREP": PREPARATION,
    "AGA-PREP": PREPARATION,
    "UK-PREP": PREPARATION,
    "ASGE-CIR": CAECUM,
    "ESGE-CIR": CAECUM,
    "AGA-CIR": CAECUM,
    "UK-CIR": CAECUM,
    "BCSP-CIR": CAECUM,
    "UK-RETRIEVAL": RETRIEVAL,
    "BCSP-RETRIEVAL": RETRIEVAL,
    "ASGE-PERFORATION": PERFORATION,
    "BCSP-PERFORATION": PERFORATION,
    "ASGE-BLEEDING": BLEEDING,
    "BCSP-BLEEDING": BLEEDING,
    "ASGE-ADR": [
        *ADENOMAS,
        (colon(ADENOMA, age=44), OUT),
        (colon(ADENOMA, age=None), OUT),
        (colon(ADENOMA, age=45), MET),
        (colon(ADENOMA, indication="positive_test"), OUT),
        (colon(ADENOMA, indication="work_up"), OUT),
        (colon(ADENOMA, indication=None), MET),
        (colon(ADENOMA, beside=IBD), OUT),
        (colon(beside=IBD), OUT),
        (colon(beside=[(KnownSyndrome, {"syndrome": "hdgc"})]), NOT),
    ],
    "ASGE-ADR.2015": [
        (colon(ADENOMA), OUT),
        (colon(ADENOMA, indication="check_up"), MET),
        (colon(indication="check_up"), NOT),
        (colon({"awaited": True}, indication="screening_organised"), AWAITED),
        (colon({}, indication="screening_organised"), UNKNOWN),
        (colon(ADENOMA, indication="check_up", age=49), OUT),
    ],
    "ASGE-ADR-FIT": [
        (colon(ADENOMA, indication="positive_test", age=30), MET),
        (colon(indication="positive_test"), NOT),
        (colon({"awaited": True}, indication="positive_test"), AWAITED),
        (colon({}, indication="positive_test"), UNKNOWN),
        (colon(ADENOMA, indication="positive_test", beside=IBD), OUT),
        (colon(ADENOMA), OUT),
    ],
    "ESGE-ADR": [
        *ADENOMAS,
        (colon(ADENOMA, age=49), OUT),
        (colon(ADENOMA, indication="positive_test"), MET),
        (colon(ADENOMA, indication="therapy"), OUT),
    ],
    "AGA-ADR": [
        (colon(ADENOMA), OUT),
        (colon(ADENOMA, indication="screening_opportunistic"), MET),
        (colon(indication="screening_opportunistic"), NOT),
        (colon({"awaited": True}, indication="check_up"), AWAITED),
        (colon({}, indication="check_up"), UNKNOWN),
        (colon(ADENOMA, indication="check_up", beside=IBD), OUT),
    ],
    "UK-ADR": [
        *ADENOMAS,
        (colon(ADENOMA, indication="screening_organised"), OUT),
        (colon(ADENOMA, indication=None), MET),
    ],
    "BCSP-ADR": [
        (colon(ADENOMA, indication="positive_test"), MET),
        (colon(indication="positive_test"), NOT),
        (colon({"awaited": True}, indication="positive_test"), AWAITED),
        (colon({}, indication="positive_test"), UNKNOWN),
        (colon(ADENOMA), OUT),
    ],
    "ASGE-SSLDR": [
        (with_results({"who_type": "ssl"}, serrated=True), MET),
        (with_results({"who_type": "ssl_dysplasia"}, serrated=True), MET),
        (with_results({"who_type": "hyperplastic_polyp"}, serrated=True), NOT),
        (with_results({"who_type": "tubular_adenoma"}, serrated=False), NOT),
        (with_results({"morphology": "8213/0"}, serrated=True), UNKNOWN),
        (with_results({"morphology": "8213/0", "who_type": "tsa"}, serrated=True), NOT),
        (colon({"awaited": True}), AWAITED),
        (colon({}), UNKNOWN),
        (colon(), NOT),
        ({**with_results({"who_type": "ssl"}, serrated=True), "age": 30}, OUT),
        ({**with_results({"who_type": "ssl"}, serrated=True), "beside": IBD}, OUT),
    ],
}
TIMED = {
    "AGA-WITHDRAWAL": [6, 8],
    "UK-WITHDRAWAL": [6, 8],
    "ASGE-WITHDRAWAL": [8],  # who was 44 is left out
}


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []


def test_the_mean_withdrawal_of_normal_colonoscopies(acting, alliance):
    """Mean, those not timed apart; whoever had a lesion or a specimen, or no colonoscopy, is left out."""
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            for more in (
                {"withdrawal_min": 6, "age": 44},
                {"withdrawal_min": 8},
                {},
                {"withdrawal_min": 20, "lesions": [{}]},
                {"withdrawal_min": 20, "specimens": [{}]},
                {"withdrawal_min": 20, "kind": "ogd"},
            ):
                case(unit, alliance.city.id, **{"kind": "colonoscopy", "age": 60, **more})
        found = {one.indicator.key: one for one in tally([INDICATORS[key] for key in TIMED])}
    for key, minutes in TIMED.items():
        one = found[key]
        assert (one.met, one.unknown, one.not_met, one.minutes) == (len(minutes), 1, 0, sum(minutes)), key


@pytest.mark.parametrize(("key", "kind"), [("UK-VOLUME", "colonoscopy"), ("UK-OGD-VOLUME", "ogd")])
def test_a_yearly_number_counts_its_own_examinations(key, kind, acting, alliance):
    with acting("endoscopist", "county_b"):
        with change("test.cases") as unit:
            for each in ("colonoscopy", "ogd", "ogd", "eus"):
                case(unit, alliance.county_b.id, kind=each)
        (one,) = tally([INDICATORS[key]])
    assert (one.met, one.endoscopists) == ({"colonoscopy": 1, "ogd": 2}[kind], 1)


def test_a_person_leaves_once_the_disease_is_known(acting, alliance):
    """Two colonoscopies of one person count once, and not at all with a disease of the bowel."""
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            first = case(unit, alliance.city.id, **colon(ADENOMA))
            case(unit, alliance.city.id, person=first.person, **colon())
            ill = case(unit, alliance.city.id, **colon(ADENOMA, beside=IBD))
            case(
                unit,
                alliance.city.id,
                person=ill.person,
                **colon(performed_on=ill.performed_on + timedelta(9)),
            )
        (one,) = tally([INDICATORS["ASGE-ADR"]])
    assert (one.met, one.eligible) == (1, 1)
