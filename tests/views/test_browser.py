"""What only a real browser can show: keys, the sketch, the draft, and that nothing is in anybody's way."""

from pathlib import Path

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Examination, FollowUp
from registry.services.values import today

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
RULES = "axe.run(document, {resultTypes: ['violations']})"
FOUND = RULES + ".then((found) => found.violations.map((one) => [one.id, one.nodes[0].html.slice(0, 120)]))"


class Keys:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def go(self, *keys, to):
        """Press keys that lead to another page."""
        self.press(*keys)
        self.page.wait_for_url(to)
        self.page.wait_for_load_state()


def here(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def test_a_normal_gastroscopy_takes_at_most_25_keys(reader, enrolled, sampled, acting):
    page = reader("endoscopist.county_a")
    keys = Keys(page)
    keys.go("Control+k", *"zsl", "Enter", to=f"**/people/{enrolled}")
    keys.go("Alt+s", to="**/cases/new")
    assert here(page) == "examination-type"
    keys.press("1", "2")  # gastroscopy, opportunistic screening; who and how stand from the last case
    keys.press("a")  # all eleven sites seen and photographed
    keys.press("8", "Enter", "4", "6", "Enter")  # minutes, photographs
    keys.press("1", "1", "2")  # good view, C-0, no adverse event
    keys.go("Alt+s", to=lambda url: url.rsplit("/", 1)[1].isdigit())
    assert keys.count <= 25
    with acting("endoscopist", "county_a"):
        case = db.session.scalars(select(Examination).order_by(Examination.id.desc())).first()
        assert case.performed_on == today()
        assert (case.type.code, case.indication.code) == ("ogd", "screening_opportunistic")
        assert (case.sedation.code, case.upper_minutes, case.photos) == ("sedation", 8, 46)
        assert (case.seen_d2.code, case.visibility.code) == ("photographed", "good")
        assert (case.background.kimura.code, case.any_adverse_event) == ("C-0", False)


def test_a_follow_up_takes_at_most_15_keys(reader, enrolled, acting, book):
    with acting("endoscopist", "county_a"):
        book.examine(enrolled, "2024-02-03", next_due={"next_due_on": today(), "next_due_what": "ogd"})
    page = reader("endoscopist.county_a")
    keys = Keys(page)
    keys.press("Alt+f")
    with page.expect_navigation():
        keys.press("4")
    assert keys.count <= 15
    assert "无人接听" in page.inner_text(".note.done")
    keys = Keys(page)
    keys.go("Control+k", *"zsl", "Enter", to=f"**/people/{enrolled}")
    page.goto(f"/people/{enrolled}/contact")
    keys.press("8", "Enter")  # alive and well; nothing else is needed
    page.wait_for_url(lambda url: "contact" not in url)
    assert keys.count <= 15
    with acting("endoscopist", "county_a"):
        outcomes = [row.outcome.code for row in db.session.scalars(select(FollowUp).order_by(FollowUp.id))]
    assert outcomes == ["attended", "no_answer", "alive"]


def test_enter_in_a_box_never_saves_a_case(reader, enrolled):
    page = reader("endoscopist.county_a")
    page.goto(f"/people/{enrolled}/cases/new")
    page.keyboard.press("1")
    page.focus("#examination-number")
    page.keyboard.type("G26-1")
    page.keyboard.press("Enter")
    assert page.url.endswith("/cases/new")
    assert here(page) != "examination-number"


def test_the_sketch_and_the_list_say_the_same_with_one_tab_stop(reader, enrolled):
    page = reader("endoscopist.county_a")
    page.goto(f"/people/{enrolled}/cases/new")
    page.keyboard.press("1")
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
    page.goto(f"/people/{enrolled}/cases/new")
    page.keyboard.press("1")
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
    page.goto(f"/people/{enrolled}/cases/new")
    page.keyboard.press("1")
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
    page.goto(f"/people/{enrolled}/cases/new")
    page.keyboard.press("1")
    page.fill("#examination-photos", "46")
    page.locator(".told.draft", has_text="草稿已存").wait_for()
    page.goto("/")
    page.goto(f"/people/{enrolled}/cases/new")
    assert page.input_value("#examination-photos") == "46"
    assert page.is_visible(".restored")


def test_errors_are_read_first_and_lead_to_their_fields(reader, enrolled):
    page = reader("endoscopist.county_a")
    page.goto(f"/people/{enrolled}/cases/new")
    page.keyboard.press("1")
    page.fill("#examination-photos", "9999")
    page.keyboard.press("Alt+s")
    page.wait_for_selector("#errors")
    assert here(page) == "errors"
    page.click("#errors a")
    assert here(page) == "examination-photos"


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_entry_is_for_everybody(reader, enrolled, sampled, acting, book, width, scheme):
    with acting("endoscopist", "county_a"):
        plan = {"next_due_on": today(), "next_due_what": "ogd"}
        book.resect(enrolled, "2024-03-05", "2024-03-12", vienna="4.4", who_type="adenocarcinoma")
        book.examine(enrolled, "2024-06-05", next_due=plan)
    page = reader("endoscopist.county_a", viewport={"width": width, "height": 900}, color_scheme=scheme)
    case, _, specimen = sampled
    for path in (
        *("/", "/to-do/specimens", "/to-do/due", "/to-do/incomplete", "/people/find", "/tumours/1"),
        *(f"/people/{enrolled}{more}" for more in ("", "/edit", "/contact", "/cases/new", "/elsewhere")),
        *(f"/cases/{case}", f"/specimens/{specimen}/report"),
    ):
        page.goto(path)
        assert page.evaluate(f"{AXE}\n{FOUND}") == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
