"""Met, not met, awaited, unknown, not eligible: the table of cases of every indicator, NHC 2022."""

from datetime import date

from registry.indicators import State
from registry.models.examination import UPPER_SITES
from tests.counted import wrong_states

MET, NOT, AWAITED, UNKNOWN, OUT = State.MET, State.NOT_MET, State.AWAITED, State.UNKNOWN, None
COLON = {"kind": "colonoscopy"}
ALL_SEEN = dict.fromkeys(UPPER_SITES, "photographed")
BBPS = ("bbps_right", "bbps_transverse", "bbps_left")
MONTHS_BEFORE, MONTHS_AFTER = date(2000, 1, 1), date(2030, 1, 1)


def bbps(*scores, **more):
    return {**COLON, **dict(zip(BBPS, scores, strict=True)), **more}


def gastric(**facts):
    return {"tumours": [{"organ": "stomach", "invasive": True, "worst": "5.2", **facts}]}


def oesophageal(**facts):
    return {"tumours": [{"organ": "oesophagus", "invasive": True, "worst": "5.2", **facts}]}


def colonic(**facts):
    return {**COLON, "tumours": [{"organ": "colon", "worst": "5.2", "invasive": True, **facts}]}


def polyp(**facts):
    return {**COLON, "lesions": [{"site": "C18.7", "sampled": True, **facts}]}


def event(kind, **facts):
    """An event with the person reached within 30 days, harmless unless said otherwise."""
    mild = {"intervention": "conservative", "outcome": "recovered"}
    return {"any_adverse_event": True, "contact_30d": True, "events": [{"kind": kind, **mild, **facts}]}


def esd(*results, site="C16.3", reported=True, **facts):
    specimen = {"method": "esd", "en_bloc": True, **facts}
    if reported:
        specimen["results"] = list(results)
    return {"kind": "therapeutic_upper", "lesions": [{"site": site}], "specimens": [specimen]}


CLEAR = {"horizontal_margin": "0", "vertical_margin": "0"}
EARLY = {"vienna": "4.4", "depth": "M", **CLEAR}
CASES = {
    "CDEI-04": [
        (ALL_SEEN, MET),
        ({**ALL_SEEN, "seen_d2": "seen"}, NOT),
        ({**ALL_SEEN, "seen_d2": "not_seen"}, NOT),
        ({**ALL_SEEN, "seen_d2": None}, UNKNOWN),
        ({**ALL_SEEN, "seen_d2": None, "seen_cardia": "seen"}, NOT),
        ({}, UNKNOWN),
        ({"kind": "therapeutic_upper", **ALL_SEEN}, OUT),
        ({**COLON, **ALL_SEEN}, OUT),
    ],
    "CDEI-05": [
        (bbps(2, 2, 2), MET),
        (bbps(1, 3, 3), NOT),
        (bbps(None, 3, 3), UNKNOWN),
        (bbps(None, 1, 3), NOT),
        (bbps(None, 3, 3, bbps_right_missing="not_applicable"), MET),
        (bbps(None, 3, 1, bbps_right_missing="not_applicable"), NOT),
        (bbps(None, 3, 3, bbps_right_missing="not_measured"), UNKNOWN),
        (bbps(None, None, None, bbps_total=9), MET),
        (bbps(None, None, None, bbps_total=8), MET),
        (bbps(None, None, None, bbps_total=7), UNKNOWN),
        (bbps(None, None, None, bbps_total=6), UNKNOWN),
        (bbps(None, None, None, bbps_total=5), NOT),
        (bbps(2, 2, 2, bbps_total=6), MET),
        (bbps(None, None, None, bbps_total=4, bbps_right_missing="not_applicable"), UNKNOWN),
        (bbps(None, None, None), UNKNOWN),
        (dict.fromkeys(BBPS, 3), OUT),
    ],
    "CDEI-06": [
        ({**COLON, "caecum_reached": True, "caecum_photo": True}, MET),
        ({**COLON, "caecum_reached": True, "caecum_photo": False}, NOT),
        ({**COLON, "caecum_reached": True}, UNKNOWN),
        ({**COLON, "caecum_reached": False}, NOT),
        ({**COLON, "extent": "sigmoid"}, NOT),
        ({**COLON, "extent": "terminal_ileum", "caecum_photo": True}, MET),
        ({**COLON, "extent": "caecum"}, UNKNOWN),
        ({**COLON, "extent": "anastomosis"}, UNKNOWN),
        ({**COLON}, UNKNOWN),
        ({**COLON, "caecum_reached": False, "incomplete_reason": "poor_preparation"}, NOT),
        ({**COLON, "caecum_reached": False, "incomplete_reason": "anatomical_variant"}, OUT),
        (
            {
                **COLON,
                "caecum_reached": False,
                "operations": [{"kind": "sigmoid_colectomy", "operated_on": MONTHS_BEFORE}],
            },
            OUT,
        ),
        ({**COLON, "caecum_reached": True, "operations": [{"kind": "rectal_resection"}]}, OUT),
        (
            {
                **COLON,
                "caecum_reached": False,
                "operations": [{"kind": "right_colectomy", "operated_on": MONTHS_AFTER}],
            },
            NOT,
        ),
        ({**COLON, "caecum_reached": False, "operations": [{"kind": "distal_gastrectomy"}]}, NOT),
        (
            {
                **COLON,
                "caecum_reached": False,
                "tumours": [{"organ": "colon"}],
                "treatments": [{"type": "surgery", "started_on": MONTHS_BEFORE}],
            },
            OUT,
        ),
        (
            {
                **COLON,
                "caecum_reached": False,
                "tumours": [{"organ": "colon"}],
                "treatments": [{"type": "surgery", "started_on": MONTHS_BEFORE, "refused": True}],
            },
            NOT,
        ),
    ],
    "CDEI-07": [
        ({**COLON, "withdrawal_min": 6}, MET),
        ({**COLON, "withdrawal_min": 5.9}, NOT),
        ({**COLON}, UNKNOWN),
        ({"withdrawal_min": 8}, OUT),
    ],
    "CDEI-11": [
        ({"any_adverse_event": False, "contact_30d": True}, NOT),
        ({"any_adverse_event": False, "contact_30d": False}, UNKNOWN),
        ({"any_adverse_event": False}, UNKNOWN),
        ({"contact_30d": True}, UNKNOWN),
        ({"any_adverse_event": True, "contact_30d": True}, UNKNOWN),
        ({}, UNKNOWN),
        (event("bleeding", haemoglobin_drop=30), MET),
        (event("bleeding", haemoglobin_drop=29, transfusion=False), NOT),
        (event("bleeding", haemoglobin_drop=29), UNKNOWN),
        (event("bleeding", transfusion=True), MET),
        (event("bleeding", intervention="interventional_radiology"), MET),
        (event("pancreatitis", severe_pancreatitis=True), MET),
        (event("pancreatitis", severe_pancreatitis=False), NOT),
        (event("infection", sirs_criteria=2), MET),
        (event("infection", sirs_criteria=1), NOT),
        (event("perforation", intervention="surgery"), MET),
        (event("perforation", intervention="endoscopic"), NOT),
        (event("cardiopulmonary", outcome="died"), MET),
        (event("other", outcome="disabled"), MET),
        (event("other", outcome="unknown"), UNKNOWN),
        ({**event("other"), "contact_30d": None}, UNKNOWN),
        ({**event("bleeding", haemoglobin_drop=45), "contact_30d": None}, MET),
    ],
    "CDEI-12": [
        (oesophageal(deepest="LPM"), MET),
        (oesophageal(deepest="MM"), MET),
        (oesophageal(deepest="SM1"), NOT),
        (oesophageal(), UNKNOWN),
        (oesophageal(awaited=True), AWAITED),
        (gastric(deepest="M"), OUT),
    ],
    "CDEI-13": [
        (gastric(deepest="M"), MET),
        (gastric(deepest="SM2"), MET),
        (gastric(deepest="MP"), NOT),
        (gastric(), UNKNOWN),
        (gastric(awaited=True), AWAITED),
        (gastric(awaited=True, deepest="M"), MET),
        (gastric(worst="4.4", invasive=None, deepest="M"), MET),
        (gastric(worst="4.2", invasive=False), OUT),
        (gastric(worst=None, invasive=None), OUT),
        (gastric(morphology="9699/3"), OUT),
        (gastric(morphology="8490/3", deepest="SE"), NOT),
        ({**gastric(deepest="M"), "kind": "therapeutic_upper"}, OUT),
        ({}, OUT),
    ],
    "CDEI-13.known": [
        (gastric(deepest="SM2"), MET),
        (gastric(deepest="SS/A"), NOT),
        (gastric(), UNKNOWN),
    ],
    "CDEI-13.hgin": [
        (gastric(worst="4.2", invasive=False), MET),
        (gastric(deepest="MP"), NOT),
        (gastric(deepest="SM1"), MET),
        (gastric(worst="3", invasive=False), OUT),
    ],
    "CDEI-15": [
        (colonic(deepest="SM1"), MET),
        (colonic(worst="4.4", invasive=False, deepest="M"), MET),
        (colonic(deepest="MP"), NOT),
        (colonic(), UNKNOWN),
        (colonic(awaited=True), AWAITED),
        ({**colonic(deepest="M"), "kind": "ogd"}, OUT),
    ],
    "CDEI-14": [
        (polyp(adenoma=True), MET),
        (polyp(adenoma=False), NOT),
        (polyp(awaited=True), AWAITED),
        (polyp(adenoma=False, awaited=True), AWAITED),
        (polyp(adenoma=True, awaited=True), MET),
        (polyp(), UNKNOWN),
        (polyp(sampled=False), NOT),
        ({**COLON}, NOT),
        ({**COLON, "lesions": [{"sampled": True, "awaited": True}, {"sampled": True, "adenoma": True}]}, MET),
        ({**COLON, "lesions": [{"sampled": True, "awaited": True}, {"sampled": True}]}, AWAITED),
        ({**COLON, "lesions": [{"sampled": True, "adenoma": False}, {"sampled": True}]}, UNKNOWN),
        ({"lesions": [{"sampled": True, "adenoma": True}]}, OUT),
    ],
    "CDEI-16": [
        (esd(EARLY), MET),
        (esd({**EARLY, "vienna": "4.2", "depth": None}), MET),
        (esd({**EARLY, "horizontal_margin": "1"}), NOT),
        (esd({**EARLY, "vertical_margin": "X"}), NOT),
        (esd({**EARLY, "horizontal_margin": None}), UNKNOWN),
        (esd({**EARLY, "horizontal_margin": None}, en_bloc=False), NOT),
        (esd(EARLY, en_bloc=None), UNKNOWN),
        (esd(EARLY, en_bloc=None, pieces=3), NOT),
        (esd(EARLY, {**EARLY, "vertical_margin": "1"}), NOT),
        (esd(EARLY, {"finding": "no_residual"}), MET),
        (esd({**EARLY, "vienna": "5.2", "depth": "MP"}), OUT),
        (esd({**EARLY, "vienna": "5.2", "depth": "SM1"}), MET),
        (esd({**EARLY, "vienna": "5.2", "depth": "SM1"}, site="C15.4"), OUT),
        (esd({**EARLY, "vienna": "5.2", "depth": None}), MET),
        (esd({**EARLY, "vienna": "3", "depth": None}), OUT),
        (esd({**CLEAR, "who_type": "adenocarcinoma", "depth": "M"}), MET),
        (esd(reported=False), AWAITED),
        (esd(reported=False, retrieved=False), OUT),
        (esd({"vienna": "4.4", "depth": "M", "r0": True}), MET),
        (esd({"vienna": "4.4", "depth": "M", "r0": False}), NOT),
        (esd({**EARLY, "vertical_margin": None, "r0": True}), MET),
        (esd({**EARLY, "vertical_margin": "X", "r0": True}), NOT),
        (esd(EARLY, method="emr"), OUT),
    ],
    "EARLY-STOMACH": [
        (gastric(deepest="SM1"), MET),
        (gastric(deepest="MP"), NOT),
        (gastric(), UNKNOWN),
        ({"lesions": [{"site": "C16.3", "sampled": True, "awaited": True}]}, AWAITED),
        ({**gastric(), "lesions": [{"site": "C16.3", "sampled": True, "awaited": True}]}, AWAITED),
        ({"lesions": [{"site": "C15.4", "sampled": True, "awaited": True}]}, NOT),
        ({"lesions": [{"sampled": True, "awaited": True}]}, AWAITED),
        ({"lesions": [{"site": "C16.3", "sampled": True}]}, UNKNOWN),
        ({"lesions": [{"site": "C16.3", "sampled": True, "cancer": False}]}, NOT),
        ({"lesions": [{"site": "C16.3", "sampled": False}]}, NOT),
        (gastric(worst="4.2", invasive=False), NOT),
        ({}, NOT),
        ({**COLON}, OUT),
    ],
    "EARLY-OESOPHAGUS": [(oesophageal(deepest="LPM"), MET), (oesophageal(deepest="SM1"), NOT)],
    "EARLY-COLORECTUM": [(colonic(deepest="SM2"), MET), ({**COLON}, NOT), ({}, OUT)],
}


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []
