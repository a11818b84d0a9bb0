"""What words say counts beside what is confirmed: once with its lesion, and only where asked for."""

import pytest

from registry.indicators import FIRST, INDICATORS, UNCONFIRMED, Counts, State
from registry.queries.counting.tallies import tally
from tests.counted import case, change, month, states
from tests.indicators.test_states import CASES

MET, NOT, AWAITED, UNKNOWN, OUT = State.MET, State.NOT_MET, State.AWAITED, State.UNKNOWN, None


def colon(*readings, lesions=(), **more):
    """A colonoscopy; its readings are of the large bowel unless they say otherwise."""
    return {
        "kind": "colonoscopy",
        "lesions": [{"site": "C18.7", "sampled": True, **lesion} for lesion in lesions],
        "readings": [{"organ": "colon", **one} for one in readings],
        **more,
    }


def stomach(*readings, lesions=(), **more):
    return {
        "lesions": [{"site": "C16.3", "sampled": True, **lesion} for lesion in lesions],
        "readings": [{"organ": "stomach", "cancer": True, "worst": "4.4", **one} for one in readings],
        **more,
    }


ADENOMA, NO_ADENOMA = {"adenoma": True}, {"adenoma": False}
# The case, what the confirmed edition says, and what the one with readings says.
ADENOMAS = [
    (colon(), NOT, NOT),
    (colon(ADENOMA), NOT, MET),
    (colon(NO_ADENOMA), NOT, NOT),
    (colon(lesions=[{}]), UNKNOWN, UNKNOWN),
    (colon({**ADENOMA, "lesion": 1}, lesions=[{}]), UNKNOWN, MET),
    (colon({**NO_ADENOMA, "lesion": 1}, lesions=[{}]), UNKNOWN, NOT),
    (colon({**NO_ADENOMA, "lesion": 1}, lesions=[{}, {}]), UNKNOWN, UNKNOWN),
    (colon({**NO_ADENOMA, "lesion": 1}, {**NO_ADENOMA, "lesion": 2}, lesions=[{}, {}]), UNKNOWN, NOT),
    (colon({"adenoma": None, "lesion": 1}, lesions=[{}]), UNKNOWN, UNKNOWN),
    (colon({**ADENOMA, "lesion": 1}, lesions=[{"adenoma": True}]), MET, MET),
    (colon({**NO_ADENOMA, "lesion": 1}, lesions=[{"adenoma": True}]), MET, MET),
    (colon({**NO_ADENOMA, "lesion": 1}, lesions=[{"awaited": True}]), AWAITED, AWAITED),
    (colon({**ADENOMA, "lesion": 1}, lesions=[{"awaited": True}]), AWAITED, MET),
    (colon({**ADENOMA, "state": "rejected"}), NOT, NOT),
    (colon({**ADENOMA, "state": "stale"}), NOT, NOT),
    (colon({**ADENOMA, "state": "confirmed"}), NOT, NOT),  # its lesion says so, if anything does
    (colon({**ADENOMA, "source": "findings"}), NOT, NOT),
    (colon({**ADENOMA, "organ": "stomach"}), NOT, NOT),
    (colon({**ADENOMA, "organ": "rectum"}), NOT, MET),
    (colon({**ADENOMA, "organ": None}), NOT, MET),
    (stomach({**ADENOMA, "cancer": None}), OUT, OUT),
]
KNOWN = [{"organ": "stomach", "invasive": True, "worst": "5.2", "deepest": "MP"}]
UNDEEP = [{"organ": "stomach", "invasive": True, "worst": "5.2"}]
# The case; share confirmed and with readings; detection confirmed and with readings.
CANCERS = [
    (stomach(), OUT, OUT, NOT, NOT),
    (stomach({"deepest": "M"}), OUT, MET, NOT, MET),
    (stomach({"deepest": "SM2"}), OUT, MET, NOT, MET),
    (stomach({"deepest": "MP"}), OUT, NOT, NOT, NOT),
    (stomach({}), OUT, UNKNOWN, NOT, UNKNOWN),
    (stomach({"cancer": False}), OUT, OUT, NOT, NOT),
    (stomach({"organ": "oesophagus", "deepest": "M"}), OUT, OUT, NOT, NOT),
    (stomach({"organ": None, "deepest": "M"}), OUT, OUT, NOT, NOT),
    (stomach({"lesion": 1, "cancer": False}, lesions=[{}]), OUT, OUT, UNKNOWN, NOT),
    (stomach({"lesion": 1, "deepest": "M"}, lesions=[{}]), OUT, MET, UNKNOWN, MET),
    # a biopsy says cancer, the resection how deep: the depth decides, whichever way
    (stomach({"lesion": 1}, {"lesion": 1, "deepest": "MP"}, lesions=[{}]), OUT, NOT, UNKNOWN, NOT),
    (stomach({"lesion": 1}, {"lesion": 1, "deepest": "M"}, lesions=[{}]), OUT, MET, UNKNOWN, MET),
    # who is known to have the cancer is counted by it alone
    (stomach({"deepest": "M"}, tumours=KNOWN), NOT, NOT, NOT, NOT),
    (stomach({}, tumours=KNOWN), NOT, NOT, NOT, NOT),
    (stomach({"deepest": "M"}, tumours=UNDEEP), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    (stomach({"deepest": "M", "state": "rejected"}), OUT, OUT, NOT, NOT),
    (colon({"cancer": True, "deepest": "M"}), OUT, OUT, OUT, OUT),
]


@pytest.fixture
def here(acting, alliance):
    with acting("endoscopist", "city"):
        yield alliance.city.id


def test_adenomas_read_from_words(here):
    cases = [given for given, _, _ in ADENOMAS]
    assert states("CDEI-14", cases, here) == [confirmed for _, confirmed, _ in ADENOMAS]


def test_adenomas_read_from_words_counted_as_if_confirmed(here):
    cases = [given for given, _, _ in ADENOMAS]
    assert states(UNCONFIRMED["CDEI-14"], cases, here) == [read for _, _, read in ADENOMAS]


@pytest.mark.parametrize(
    ("indicator", "column"),
    [
        (INDICATORS["CDEI-13"], 1),
        (UNCONFIRMED["CDEI-13"], 2),
        (INDICATORS["EARLY-STOMACH"], 3),
        (UNCONFIRMED["EARLY-STOMACH"], 4),
    ],
    ids=["share", "share read", "detection", "detection read"],
)
def test_cancers_read_from_words(here, indicator, column):
    assert states(indicator, [row[0] for row in CANCERS], here) == [row[column] for row in CANCERS]


def test_the_oesophagus_stops_at_the_mucosa_in_words_too(here):
    cases = [stomach({"organ": "oesophagus", "deepest": depth}) for depth in ("LPM", "MM", "SM1")]
    assert states(UNCONFIRMED["CDEI-12"], cases, here) == [MET, MET, NOT]


@pytest.mark.parametrize("key", UNCONFIRMED)
def test_without_readings_both_editions_say_the_same(here, key):
    """The cases of every indicator have none."""
    table = CASES.get(key) or CASES["CDEI-13"]
    cases = [given for given, *_ in table]
    assert states(UNCONFIRMED[key], cases, here) == _confirmed(key, cases)


def _confirmed(key, cases):
    """The confirmed edition over the records that stand there already."""
    found = {}
    for one in tally([INDICATORS[key]], by="month"):
        found[one.group.code] = next((state for state, number in one.counts.items() if number), None)
    return [found.get(month(place)) for place in range(len(cases))]


def test_both_editions_are_counted_in_the_same_passes(here, statements):
    confirmed = [one for one in FIRST if one.counts is not Counts.PROCEDURES_A_YEAR]
    with statements() as alone:
        tally(confirmed, by="month")
    with statements() as both:
        tally([*confirmed, *UNCONFIRMED.values()], by="month")
    assert len(both) == len(alone)


def test_a_person_is_met_once_by_lesion_and_reading_together(here):
    with change("test.cases") as unit:
        first = case(unit, here, **colon(lesions=[{"adenoma": True}]))
        case(unit, here, person=first.person, **colon(ADENOMA, ADENOMA))
    (one,) = tally([UNCONFIRMED["CDEI-14"]])
    assert (one.met, one.eligible) == (1, 1)
