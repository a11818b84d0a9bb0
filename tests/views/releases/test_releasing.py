"""Tables that nobody has asked for before: a page that says so, and the tables once they are there."""

import re
import threading

import pytest

from registry.services.releases import beside, making
from registry.services.unit import change
from registry.views.releases import making as released_first
from tests.counted import case

PAGE = "/quality?indicator=CDEI-07&from=2001&to=2001-12"


@pytest.fixture
def held(app, acting, alliance, monkeypatch):
    """Sixty colonoscopies; releases wait for a sign before they begin, and pages wait for no release."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(60):
            case(unit, alliance.city.id, place % 12, kind="colonoscopy", withdrawal_min=8 if place % 4 else 4)
    sign = threading.Event()
    monkeypatch.setattr(released_first, "release", lambda *wanted: sign.wait(30) and making.release(*wanted))
    monkeypatch.setitem(app.config, "RELEASE_PATIENCE_SECONDS", 0)
    yield sign
    sign.set()
    waited(app)


def waited(app):
    with app.app_context():
        beside.releasing().wait()


def test_who_asks_first_is_told_and_the_next_look_has_it(app, held, sign_in):
    browser = sign_in("researcher", None)
    for _ in range(2):  # the second finds the thread of the first
        told = browser.get(PAGE)
        assert told.status_code == 202
        assert "data-look-again" in told.text
    held.set()
    for _ in range(20):  # a page may ask for one part after the other
        waited(app)
        if (answer := browser.get(PAGE)).status_code != 202:
            break
    assert answer.status_code == 200
    assert re.search(r"45\s*/\s*60", re.sub(r"<[^>]+>", "", answer.text))


@pytest.mark.parametrize("page", [PAGE, "/survival?site=stomach&by=sex"])
def test_what_is_let_go_in_time_stands_on_the_first_page(page, app, held, sign_in, monkeypatch):
    """The thread writes after the page began to read, and the page shows it all the same."""
    held.set()
    monkeypatch.setitem(app.config, "RELEASE_PATIENCE_SECONDS", 60)
    assert sign_in("researcher", None).get(page).status_code == 200


def test_what_goes_wrong_meanwhile_is_logged_and_told_to_who_asked(app, held, sign_in, monkeypatch, caplog):
    def broken(*_wanted):
        held.wait(30)
        raise LookupError("broken")

    monkeypatch.setattr(released_first, "release", broken)
    browser = sign_in("researcher", None)
    assert browser.get(PAGE).status_code == 202
    held.set()
    waited(app)
    assert "a release stopped" in caplog.text
    with pytest.raises(LookupError, match="broken"):
        browser.get(PAGE)


def test_what_went_wrong_for_one_is_not_raised_to_another(acting):
    def broken():
        sign.wait(30)
        raise LookupError("broken")

    sign = threading.Event()
    with acting("researcher", None):
        assert not beside.releasing().let_go(broken, patience=0)
    sign.set()
    with acting("auditor", None):
        beside.releasing().wait()
        assert beside.releasing().let_go(str, patience=30)
    with acting("researcher", None), pytest.raises(LookupError, match="broken"):
        beside.releasing().let_go(str, patience=30)
    with acting("researcher", None), pytest.raises(KeyError, match="at once"):
        beside.releasing().let_go(lambda: {}["at once"], patience=30)
