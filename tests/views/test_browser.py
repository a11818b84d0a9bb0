"""What only a real browser can show: keys, the sketch, the draft, and that nothing is in anybody's way."""

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Examination

pytestmark = pytest.mark.browser


def begin(page, enrolled):
    """Open a new case and choose gastroscopy, as soon as the page listens."""
    page.goto(f"/people/{enrolled}/cases/new")
    page.wait_for_function("document.activeElement.name === 'examination-type'")
    page.keyboard.press("1")


def here(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def test_enter_in_a_box_never_saves_a_case(reader, enrolled):
    page = reader("endoscopist.county_a")
    begin(page, enrolled)
    page.focus("#examination-number")
    page.keyboard.type("G26-1")
    page.keyboard.press("Enter")
    assert page.url.endswith("/cases/new")
    assert here(page) != "examination-number"


def test_the_sketch_and_the_list_say_the_same_with_one_tab_stop(reader, enrolled):
    page = reader("endoscopist.county_a")
    begin(page, enrolled)
    page.keyboard.press("Alt+l")
    assert here(page) == "lesions-0-site"
    page.keyboard.type("163")  # or by initials
    assert page.input_value("#lesions-0-site") == "C16.3"
    chosen = page.locator(".only.upper .site[aria-checked=true]")
    assert chosen.get_attribute("data-code") == "C16.3"
    assert page.locator(".only.upper .site[tabindex='0']").count() == 1
    chosen.focus()
    page.keyboard.press("ArrowRight")
    code = page.input_value("#lesions-0-site")
    assert code != "C16.3"
    assert page.locator(".only.upper .site[aria-checked=true]").get_attribute("data-code") == code
    page.keyboard.press("Alt+l")
    page.locator(".only.upper .site[data-code='C15.4']").click()
    assert (page.input_value("#lesions-0-site"), page.input_value("#lesions-1-site")) == (code, "C15.4")
    assert page.locator(".only.upper .spot").count() == 2


def test_a_specimen_offers_the_lesions_there_are(reader, enrolled):
    page = reader("endoscopist.county_a")
    begin(page, enrolled)
    page.keyboard.press("Alt+l")
    page.keyboard.press("Alt+b")
    assert page.is_checked("#specimens-0-lesions-1")
    page.keyboard.press("Alt+l")
    assert page.locator("[name=specimens-0-lesions]").count() == 2
    page.click("[data-row=lesions][data-number='1'] .drop")
    assert page.locator("[name=specimens-0-lesions]").count() == 1
    assert not page.is_checked("#specimens-0-lesions-2")


def test_a_combined_shape_keeps_the_order_pressed(reader, enrolled, acting):
    page = reader("endoscopist.county_a")
    begin(page, enrolled)
    page.keyboard.press("Alt+l")
    page.focus("#lesions-0-paris")
    page.keyboard.press("6")
    page.keyboard.press("4")
    page.keyboard.press("Alt+s")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdigit())
    with acting("endoscopist", "county_a"):
        assert db.session.scalar(select(Examination)).lesions[0].paris.code == "0-IIc+IIa"


def test_the_draft_is_there_when_the_page_is_opened_again(reader, enrolled):
    page = reader("endoscopist.county_a")
    begin(page, enrolled)
    page.fill("#examination-photos", "46")
    page.locator(".told.draft", has_text="草稿已存").wait_for()
    page.goto("/")
    page.goto(f"/people/{enrolled}/cases/new")
    assert page.input_value("#examination-photos") == "46"
    assert page.is_visible(".restored")


def test_errors_are_read_first_and_lead_to_their_fields(reader, enrolled):
    page = reader("endoscopist.county_a")
    begin(page, enrolled)
    page.fill("#examination-photos", "9999")
    page.keyboard.press("Alt+s")
    page.wait_for_selector("#errors")
    assert here(page) == "errors"
    page.click("#errors a")
    assert here(page) == "examination-photos"
