"""Who is due, outcomes by one key, contacts in full, and the pages of the worklists when empty."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import FollowUp, Person, VitalStatus
from registry.services.values import today


@pytest.fixture
def due(acting, book, enrolled):
    """A person overdue by ten days: the id of the open follow-up."""
    plan = {"next_due_on": today() - timedelta(days=10), "next_due_what": "colonoscopy"}
    with acting("endoscopist", "county_a"):
        book.examine(enrolled, "2024-02-03", kind="colonoscopy", next_due=plan | {"next_due_reason": "36 月"})
        return db.session.scalar(select(FollowUp.id).where(FollowUp.settled.is_(False)))


@pytest.fixture
def browser(sign_in):
    return sign_in("recorder", "county_a")


def rows(acting):
    with acting("recorder", "county_a"):
        return [
            (row.outcome.code, row.settled, row.next_due_on is not None)
            for row in db.session.scalars(select(FollowUp).order_by(FollowUp.id))
        ]


def test_who_is_due_stands_on_the_first_page(browser, due):
    home = browser.get("/").text
    assert "已过 10 天" in home
    assert f'action="/due/{due}"' in home
    assert home.count('name="outcome"') == 6


@pytest.mark.parametrize("outcome", ["booked", "no_answer", "wrong_number"])
def test_who_was_not_examined_yet_stays_due(browser, due, filled, acting, outcome):
    sent = filled(browser.get("/"), f"/due/{due}", outcome=outcome)
    assert browser.post(f"/due/{due}", data=sent).location == "/"
    assert rows(acting) == [("attended", True, True), (outcome, False, True)]
    assert "仍在待办" in browser.get("/").text


@pytest.mark.parametrize("outcome", ["declined", "done_elsewhere"])
def test_who_declines_is_settled(browser, due, filled, acting, outcome):
    browser.post(f"/due/{due}", data=filled(browser.get("/"), f"/due/{due}", outcome=outcome))
    assert rows(acting) == [("attended", True, True), (outcome, True, False)]
    assert "没有定下次日期" in browser.get("/").text


def test_a_second_press_adds_nothing(browser, due, filled, acting):
    sent = filled(browser.get("/"), f"/due/{due}", outcome="no_answer")
    browser.post(f"/due/{due}", data=sent)
    assert browser.post(f"/due/{due}", data=sent).location == "/"
    assert "没有重复记录" in browser.get("/").text
    assert len(rows(acting)) == 2


def test_a_death_asks_for_its_date_and_a_month_will_do(browser, due, filled, acting, enrolled):
    asked = browser.post(f"/due/{due}", data=filled(browser.get("/"), f"/due/{due}", outcome="died"))
    assert asked.location == f"/people/{enrolled}/contact?outcome=died"
    address = f"/people/{enrolled}/contact"
    page = browser.get(asked.location)
    without = browser.post(address, data=filled(page, address))
    assert without.status_code == 422
    assert 'href="#died_on"' in without.text
    assert browser.post(address, data=filled(without, address, died_on="2024-05")).status_code == 303
    with acting("recorder", "county_a"):
        told = db.session.scalar(select(VitalStatus))
        assert (told.as_of.month, told.as_of_precision.code) == (5, "month")
        assert db.session.get(Person, enrolled).vital.code == "dead"
    assert "该随访" in browser.get("/").text
    assert f'action="/due/{due}"' not in browser.get("/").text


def test_a_contact_in_full_sets_the_next_date(browser, due, filled, acting, enrolled):
    address = f"/people/{enrolled}/contact"
    fields = filled(browser.get(address), address)
    assert fields["mode"] == "phone"
    assert fields["next_due_what"] == "colonoscopy"
    fields["outcome"], fields["next_due_on"] = "alive", (today() + timedelta(days=60)).isoformat()
    assert browser.post(address, data=fields).status_code == 303
    assert rows(acting) == [("attended", True, True), ("alive", False, True)]


def test_a_contact_without_outcome_is_asked_for_one(browser, filled, enrolled):
    address = f"/people/{enrolled}/contact"
    answer = browser.post(address, data=filled(browser.get(address), address))
    assert answer.status_code == 422
    assert 'href="#outcome"' in answer.text


def test_another_centres_due_is_not_there(sign_in, due):
    assert sign_in("recorder", "county_b").post(f"/due/{due}", data={"outcome": "booked"}).status_code == 404


@pytest.mark.parametrize("path", ["/", "/to-do/specimens", "/to-do/due", "/to-do/incomplete"])
def test_an_empty_list_says_what_will_be_there(browser, path):
    page = browser.get(path)
    assert page.status_code == 200
    assert 'class="empty-page"' in page.text


def test_what_is_still_open_is_listed_with_what_it_lacks(browser, book, acting, enrolled):
    with acting("endoscopist", "county_a"):
        case_id = book.examine(enrolled, today().isoformat()).id
    listed = browser.get("/to-do/incomplete?page=1").text
    assert f'href="/cases/{case_id}"' in listed
    assert "适应证" in listed


@pytest.mark.parametrize("role", ["quality_reviewer", "researcher", "auditor"])
def test_the_worklists_are_for_who_records(sign_in, role):
    assert sign_in(role).get("/to-do/due").status_code == 403
