"""The switch of the quality pages: what is read from words, beside what is confirmed, never in its place."""

import json

import pytest

from registry.access import Forbidden
from registry.reports.rates.quality import rates
from registry.services.unit import change
from tests.counted import case

PERIOD = "from=2001&to=2001-12"
SAID = "含来自文本、未确认者"


@pytest.fixture
def cases(acting, alliance):
    """Twelve colonoscopies at the city hospital: three adenomas confirmed, two more in words only."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(12):
            polyp = [{"site": "C18.7", "sampled": True, "adenoma": True}] if place < 3 else []
            said = [{"adenoma": True, "organ": "colon"}] if place in (2, 3, 4) else []
            case(unit, alliance.city.id, place, kind="colonoscopy", lesions=polyp, readings=said)


def counted(rows):
    return {row["indicator"]: (row["met"], row["eligible"]) for row in rows if row["group"] == "all"}


def asked(browser, more=""):
    return counted(json.loads(browser.get(f"/quality/rates.json?{PERIOD}{more}").text))


def test_rates_count_what_is_confirmed_unless_asked(sign_in, cases):
    browser = sign_in("endoscopist", "city")
    alone = asked(browser)
    assert alone["CDEI-14"] == (3, 12)
    assert not any(key.endswith(".read") for key in alone)
    both = asked(browser, "&unconfirmed=1")
    assert (both["CDEI-14"], both["CDEI-14.read"]) == ((3, 12), (5, 12))
    assert {key: counts for key, counts in both.items() if not key.endswith(".read")} == alone


def test_the_pages_show_both_and_say_which_is_which(sign_in, cases):
    browser = sign_in("endoscopist", "city")
    assert SAID not in browser.get(f"/quality?{PERIOD}").text
    page = browser.get(f"/quality?{PERIOD}&unconfirmed=1").text
    assert SAID in page
    assert "indicator=CDEI-14.read" not in page  # one page shows both
    plain = browser.get(f"/quality?{PERIOD}&indicator=CDEI-14").text
    assert (SAID in plain, "25.0 %" in plain) == (False, True)
    both = browser.get(f"/quality?{PERIOD}&indicator=CDEI-14&by=month&unconfirmed=1").text
    assert (SAID in both, "25.0 %" in both, "41.7 %" in both) == (True, True, True)
    assert "unconfirmed=1" in both.partition("<tfoot>")[0]  # the filter travels with its links


def test_an_indicator_that_no_words_change_stands_alone(sign_in, cases):
    page = sign_in("endoscopist", "city").get(f"/quality?{PERIOD}&indicator=CDEI-07&unconfirmed=1")
    assert page.status_code == 200
    assert SAID not in page.text


def test_readers_of_aggregates_are_not_given_a_difference(sign_in, cases, acting):
    browser = sign_in("researcher", None)
    assert asked(browser, "&unconfirmed=1") == asked(browser)
    assert 'name="unconfirmed"' not in browser.get(f"/quality?{PERIOD}").text
    with acting("researcher", None), pytest.raises(Forbidden):
        rates(["CDEI-14"], unconfirmed=True)


def test_on_the_command_line(app, cases):
    ask = ["rates", "--indicator", "CDEI-14", "--format", "json"]
    alone = app.test_cli_runner().invoke(args=ask)
    both = app.test_cli_runner().invoke(args=[*ask, "--unconfirmed"])
    assert counted(json.loads(alone.stdout)) == {"CDEI-14": (3, 12)}
    assert counted(json.loads(both.stdout)) == {"CDEI-14": (3, 12), "CDEI-14.read": (5, 12)}
