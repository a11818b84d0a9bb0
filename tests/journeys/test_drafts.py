"""What is typed is never lost: when the screen locks, when two write at once, and without scripts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.forms.fields import today
from registry.models import Examination, UserSession
from registry.services.unit import keep
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def person(acting, book):
    with acting("endoscopist", "county_a"):
        return book.enrol(5, name="赵示例").person_id


@pytest.fixture
def goes_for_tea(app):
    """Nobody has touched a key for longer than the screen stays open."""

    def leave():
        with app.app_context(), keep() as session:
            for row in session.scalars(select(UserSession)):
                row.seen_at -= timedelta(minutes=app.config["LOCK_MINUTES"] + 1)

    return leave


def cases(acting):
    with acting("endoscopist", "county_a"):
        found = db.session.scalars(select(Examination).order_by(Examination.id)).all()
        return [(case.type.code, case.photos, case.number) for case in found]


def begin_a_case(someone, person):
    someone.goes_to(f"/people/{person}/cases/new")
    someone.keys.press("1", "6")
    someone.keys.fill("#examination-photos", "46")
    someone.keys.fill("#examination-number", "G26-77", back=True)


def test_the_locked_screen_opens_on_the_draft(reader, person, goes_for_tea, acting):
    someone = reader("endoscopist", "county_a")
    page = someone.page
    page.clock.install()
    begin_a_case(someone, person)
    page.clock.run_for(6_000)
    page.locator(".told.draft", has_text="草稿已存").wait_for()
    goes_for_tea()
    with someone.keys.turning():
        page.clock.fast_forward("16:00")
    assert someone.heading == "屏幕已锁定"
    assert "G26-77" not in page.content()
    someone.keys.type(PASSWORD)
    someone.keys.turn("Enter")
    assert page.url.endswith(f"/people/{person}/cases/new")
    assert page.locator(".restored").is_visible()
    assert page.is_checked("input[name=examination-type][value=ogd]")
    assert page.input_value("#examination-photos") == "46"
    assert page.input_value("#examination-number") == "G26-77"
    assert cases(acting) == []


def test_saving_on_a_locked_screen_goes_on_after_the_password(reader, person, goes_for_tea, acting):
    someone = reader("endoscopist", "county_a")
    someone.refusals = {423}
    begin_a_case(someone, person)
    goes_for_tea()
    someone.keys.turn("Alt+s")
    assert someone.heading == "屏幕已锁定"
    assert cases(acting) == []
    someone.keys.type(PASSWORD)
    someone.keys.turn("Enter")
    assert cases(acting) == []
    someone.keys.turn("Enter")  # go on saving
    assert "已存" in someone.reads(".note.done")
    assert cases(acting) == [("ogd", 46, "G26-77")]


def test_the_second_of_two_editors_sees_both_versions(reader, person, acting, book):
    with acting("endoscopist", "county_a"):
        case = book.examine(person, f"{today()}", photos=40, number="G26-1").id
    first, second = reader("endoscopist", "county_a"), reader("recorder", "county_a")
    second.refusals = {409}
    for someone in (first, second):
        someone.goes_to(f"/cases/{case}")
    retype(first, "#examination-photos", "41")
    first.keys.turn("Alt+s")
    retype(second, "#examination-photos", "52")
    retype(second, "#examination-number", "G26-2")
    second.keys.turn("Alt+s")
    assert "有人改过这份记录" in second.reads("[role=alert]")
    rows = [
        [cell.inner_text() for cell in row.locator("td").all()]
        for row in second.page.locator("[role=alert] tbody tr").all()
    ]
    assert ["41", "52"] in [[cell.split()[0] for cell in row] for row in rows]
    assert ["G26-1", "G26-2"] in rows
    assert second.page.input_value("#examination-number") == "G26-2"  # what was typed is still there
    assert cases(acting) == [("ogd", 41, "G26-1")]
    second.keys.to("[role=alert] button[value=mine]")
    second.keys.turn("Enter")
    assert cases(acting) == [("ogd", 52, "G26-2")]
    second.goes_to(f"/history/examination/{case}")
    told = second.reads("ol.timeline")
    assert "40 张 → 41 张" in told and "41 张 → 52 张" in told


def retype(someone, box, text):
    someone.keys.to(box)
    someone.keys.press("Control+a")
    someone.keys.type(text)


def test_a_case_is_recorded_without_scripts(reader, person, acting):
    page = reader("endoscopist", "county_a", scripts=False).page
    page.goto(f"/people/{person}/cases/new")
    page.check("input[name=examination-type][value=ogd]", force=True)
    page.click("button[value=kind]")
    page.fill("#examination-photos", "46")
    page.click("button[value=add-lesions]")
    page.select_option("#lesions-0-site", "C16.3")
    page.check("input[name=lesions-0-paris][value='0-IIc']", force=True)
    page.click("button[value=add-specimens]")
    page.check("input[name=specimens-0-lesions]", force=True)
    page.select_option("#specimens-0-method", "forceps")
    page.fill("#specimens-0-pathology_number", "B26-5")
    page.click("button[value=save]")
    assert "已存" in page.inner_text(".note.done")
    with acting("endoscopist", "county_a"):
        case = db.session.scalars(select(Examination)).one()
        (lesion,), (specimen,) = case.lesions, case.specimens
        assert (lesion.site.code, lesion.paris.code, case.photos) == ("C16.3", "0-IIc", 46)
        assert (specimen.pathology_number, [one.number for one in specimen.lesions]) == ("B26-5", [1])
