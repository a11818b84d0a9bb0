"""A programme from the invitation to the treatment: every state of its indicators."""

from datetime import date, timedelta

from registry.indicators import State
from registry.models import Examination, RiskAssessment, ScreeningRound, Tumour
from registry.reports.rates.quality import this_day
from tests.counted import wrong_states

MET, NOT, AWAITED, UNKNOWN, OUT = State.MET, State.NOT_MET, State.AWAITED, State.UNKNOWN, None
ELSEWHEN = {"kind": "other", "performed_on": date(1999, 1, 1)}


def days(number):
    return timedelta(number)


def invited(**facts):
    return {**ELSEWHEN, "beside": [(ScreeningRound, {"invited_on": days(0), **facts})]}


def fit(*beside, **facts):
    own = {"assessed_on": days(0), "instrument": "apcs", **facts}
    return {**ELSEWHEN, "beside": [(RiskAssessment, own), *beside]}


def positive(*beside):
    return fit(*beside, fit_result="positive")


def colonoscopy(day):
    return Examination, {"type": "colonoscopy", "performed_on": days(day)}


def referred(*beside, day=5):
    """A positive test, and a referral so many days after it."""
    return positive((ScreeningRound, {"referred_on": days(day)}), *beside)


def gastroscopy(day):
    return Examination, {"type": "ogd", "performed_on": days(day)}


def at_risk(*beside, tier="high", instrument="li_cn"):
    """A score on the day of the case, and what came of it."""
    own = {"assessed_on": days(0), "instrument": instrument, "tier": tier}
    return {**ELSEWHEN, "beside": [(RiskAssessment, own), *beside]}


def not_yet(instrument):
    """A score of last month, whose days are not over."""
    own = {"assessed_on": this_day() - timedelta(30), "instrument": instrument, "tier": "high"}
    return {**ELSEWHEN, "beside": [(RiskAssessment, own)]}


def found(day, **facts):
    return Tumour, {"sequence": 1, "organ": "colon", "invasive": True, "detected_on": days(day), **facts}


def tumour(*treatments, lesions=(), specimens=(), **facts):
    own = {"organ": "stomach", "invasive": True, "invasive_on": days(0), **facts}
    return {"tumours": [own], "treatments": treatments, "lesions": lesions, "specimens": specimens}


def started(day, **facts):
    return {"type": "surgery", "started_on": days(day), **facts}


def screened(**more):
    return {"indication": "check_up", **more}


def seen_after(lesion, *results):
    """A positive test nine days before a colonoscopy with one lesion, and what a report says of that."""
    test = {"assessed_on": days(-9), "instrument": "apcs", "fit_result": "positive"}
    specimens = [{"results": list(results)}] if results else []
    return {
        "kind": "colonoscopy",
        "beside": [(RiskAssessment, test)],
        "lesions": [lesion],
        "specimens": specimens,
    }


HIGH = {"organ": "stomach", "worst": "4.2", "invasive": False}
CASES = {
    "PARTICIPATION": [
        (invited(test_returned_on=days(9)), MET),
        (invited(response="attended"), MET),
        (invited(response="declined"), NOT),
        (invited(response="none"), NOT),
        (invited(), UNKNOWN),
        (invited(response="moved"), OUT),
        (invited(response="ineligible"), OUT),
        ({}, OUT),
    ],
    "FIT-POSITIVE": [
        (fit(fit_result="positive"), MET),
        (fit(fit_result="negative"), NOT),
        (fit(fit_ug_g=21, fit_cutoff=20), MET),
        (fit(fit_ug_g=20, fit_cutoff=20), MET),
        (fit(fit_ug_g=19, fit_cutoff=20), NOT),
        (fit(fit_ug_g=19), UNKNOWN),
        (fit(fit_result="awaited"), AWAITED),
        (fit(fit_result="inadequate"), OUT),
        (fit(), OUT),
    ],
    "FIT-INADEQUATE": [
        (fit(fit_result="inadequate"), MET),
        (fit(fit_result="negative"), NOT),
        (fit(fit_result="awaited"), OUT),
        (fit(fit_ug_g=3), OUT),
    ],
    "REFERRAL": [
        (positive((ScreeningRound, {"referred_on": days(20)})), MET),
        (positive(colonoscopy(100)), MET),
        (positive((ScreeningRound, {"invited_on": days(-20)})), NOT),
        (positive((ScreeningRound, {"referred_on": days(-20)})), NOT),
        (positive(), UNKNOWN),
        (fit(fit_result="negative"), OUT),
    ],
    "GASTROSCOPY-AFTER-HIGH-RISK": [
        (at_risk(gastroscopy(0)), MET),
        (at_risk(gastroscopy(180)), MET),
        (at_risk(gastroscopy(181)), NOT),
        (at_risk(gastroscopy(-1)), NOT),
        (at_risk(colonoscopy(9)), NOT),
        (at_risk(gastroscopy(9), instrument="li_gut2019"), MET),
        (at_risk(at_risk()["beside"][0], gastroscopy(9)), MET),
        (at_risk(gastroscopy(9), tier="medium"), OUT),
        (at_risk(gastroscopy(9), tier=None), OUT),
        (at_risk(gastroscopy(9), tier="d", instrument="abc"), OUT),
        (at_risk(gastroscopy(9), instrument="apcs"), OUT),
        (not_yet("li_cn"), OUT),
    ],
    "COLONOSCOPY-AFTER-HIGH-RISK": [
        (at_risk(colonoscopy(180), instrument="apcs"), MET),
        (at_risk(colonoscopy(9), instrument="apcs_updated"), MET),
        (at_risk(colonoscopy(181), instrument="apcs"), NOT),
        (at_risk(gastroscopy(9), instrument="apcs"), NOT),
        (at_risk(colonoscopy(9), tier="moderate", instrument="apcs"), OUT),
        (at_risk(colonoscopy(9)), OUT),
        (not_yet("apcs"), OUT),
    ],
    "COLONOSCOPY-AFTER-FIT": [
        (referred(colonoscopy(0)), MET),
        (referred(colonoscopy(180)), MET),
        (referred(colonoscopy(181)), NOT),
        (referred(colonoscopy(-1)), NOT),
        (referred(gastroscopy(9)), NOT),
        (referred(colonoscopy(9), day=180), MET),
        (referred(colonoscopy(9), day=181), OUT),
        (referred(colonoscopy(9), day=-1), OUT),
        (positive(colonoscopy(9)), OUT),
        (positive((ScreeningRound, {"invited_on": days(-20)}), colonoscopy(9)), OUT),
        (fit((ScreeningRound, {"referred_on": days(9)}), colonoscopy(9), fit_result="negative"), OUT),
    ],
    "COLONOSCOPY-AFTER-FIT.all": [
        (positive(colonoscopy(0)), MET),
        (positive(colonoscopy(180)), MET),
        (positive(colonoscopy(181)), NOT),
        (positive(colonoscopy(-1)), NOT),
        (positive(gastroscopy(9)), NOT),
        (referred(), NOT),
        (fit(colonoscopy(9), fit_result="negative"), OUT),
    ],
    "TIME-TO-COLONOSCOPY": [
        (positive(colonoscopy(31)), MET),
        (positive(colonoscopy(32)), NOT),
        (positive(colonoscopy(181)), OUT),
        (positive(), OUT),
    ],
    "PPV-CANCER": [
        (positive(colonoscopy(9), found(12)), MET),
        (positive(colonoscopy(9), found(12, organ="rectum")), MET),
        (positive(colonoscopy(9), found(361)), NOT),
        (positive(colonoscopy(9), found(12, organ="stomach")), NOT),
        (positive(colonoscopy(9)), NOT),
        (positive(found(12)), OUT),
    ],
    "PPV-ADVANCED": [
        (positive(colonoscopy(9), found(12)), MET),
        (seen_after({"adenoma": True, "size_mm": 10}), MET),
        (seen_after({"adenoma": True, "size_mm": 4, "worst": "4.1"}), MET),
        (seen_after({"adenoma": True, "size_mm": 9, "worst": "3"}), NOT),
        (seen_after({"adenoma": False, "size_mm": 30}), NOT),
        (seen_after({"adenoma": True, "size_mm": 6}, {"who_type": "tubulovillous_adenoma"}), MET),
        (seen_after({"adenoma": True, "size_mm": 6}, {"villous_percent": 25}), MET),
        (seen_after({"adenoma": True, "size_mm": 6}, {"villous_percent": 20, "size_mm": 12}), NOT),
        (seen_after({"adenoma": True}, {"size_mm": 12}), MET),
        (seen_after({"adenoma": True}, {"size_mm": 5}), NOT),
        (seen_after({"adenoma": True}), UNKNOWN),
        (seen_after({"sampled": True}), UNKNOWN),
        (seen_after({"sampled": True, "awaited": True}), AWAITED),
        (seen_after({}), NOT),
        (positive(found(12)), OUT),
        (fit(colonoscopy(9), fit_result="negative"), OUT),
    ],
    "DETECTED-INVITED": [
        ({**invited(), "tumours": [{"organ": "stomach", "invasive": True, "detected_on": days(360)}]}, MET),
        ({**invited(), "tumours": [{**HIGH, "detected_on": days(0)}]}, MET),
        ({**invited(), "tumours": [{**HIGH, "detected_on": days(361)}]}, NOT),
        ({**invited(), "tumours": [{**HIGH, "detected_on": days(-1)}]}, NOT),
        ({**invited(), "tumours": [{"organ": "stomach", "worst": "3", "detected_on": days(9)}]}, NOT),
        (invited(response="declined"), NOT),
        (invited(response="moved"), OUT),
        ({}, OUT),
    ],
    "TIME-TO-TREATMENT": [
        (tumour(started(31), first_treatment="surgery"), MET),
        (tumour(started(32), first_treatment="surgery"), NOT),
        (tumour(started(9, refused=True), started(50), first_treatment="surgery"), NOT),
        (tumour(first_treatment="esd"), UNKNOWN),
        (
            tumour(lesions=[{}], specimens=[{"method": "esd", "taken_on": days(20)}], first_treatment="esd"),
            MET,
        ),
        (
            tumour(lesions=[{}], specimens=[{"method": "esd", "taken_on": days(40)}], first_treatment="esd"),
            NOT,
        ),
        (tumour(first_treatment="none"), OUT),
        (tumour(), OUT),
    ],
    "TREATED": [
        (tumour(first_treatment="surgery"), MET),
        (tumour(first_treatment="none"), NOT),
        (tumour(), UNKNOWN),
        ({"tumours": [{**HIGH, "first_treatment": "esd"}]}, MET),
        ({"tumours": [{"organ": "stomach", "worst": "3", "first_treatment": "emr"}]}, OUT),
    ],
    "EARLY-STAGE": [
        ({"tumours": [HIGH]}, MET),
        (tumour(stage_group="IA"), MET),
        (tumour(stage_group="0"), MET),
        (tumour(stage_group="IIA"), NOT),
        (tumour(stage_group="X"), UNKNOWN),
        (tumour(), UNKNOWN),
        ({"tumours": [{"worst": "3", "stage_group": "I"}]}, OUT),
    ],
    "DETECTED-UPPER": [
        (screened(tumours=[HIGH]), MET),
        (screened(**tumour()), MET),
        (screened(), NOT),
        (screened(lesions=[{"sampled": True, "awaited": True}]), AWAITED),
        (screened(lesions=[{"sampled": True}]), UNKNOWN),
        (screened(lesions=[{"sampled": True, "worst": "3"}]), NOT),
        (screened(tumours=[{**HIGH, "organ": "duodenum"}]), NOT),
        ({"tumours": [HIGH], "indication": "symptoms"}, OUT),
        ({"tumours": [HIGH], "indication": "positive_test"}, MET),
        (screened(kind="colonoscopy"), OUT),
    ],
    "DETECTED-LOWER": [
        (screened(kind="colonoscopy", tumours=[{**HIGH, "organ": "rectum"}]), MET),
        (screened(kind="colonoscopy"), NOT),
        ({"kind": "colonoscopy", "indication": "positive_test"}, NOT),
        (screened(kind="colonoscopy", lesions=[{"sampled": True, "awaited": True}]), AWAITED),
        (screened(kind="colonoscopy", lesions=[{"sampled": True}]), UNKNOWN),
        (screened(), OUT),
    ],
}
for key in ("DETECTED-UPPER", "DETECTED-LOWER"):
    CASES[f"{key}.direct"] = [
        (given, OUT if given.get("indication") == "positive_test" else state) for given, state in CASES[key]
    ]


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []
