"""A doctor works through the day's list of five without a mouse, and pastes a report; in both languages."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Examination, Listed
from registry.queries.lists import day_list
from registry.services.values import today
from tests.book import enrol, examine, number
from tests.journeys.test_every_page import WINDOWS, in_window, wrong_in_windows

pytestmark = pytest.mark.browser
PASTED = Path(__file__).parents[1] / "data" / "pasted"
FIVE = "\n".join(
    (
        f"1 赵一 男 {number(1)} 无痛胃镜 G1 体检",
        f"2 钱二 女 {number(2)} 普通胃镜 G2 体检",
        f"3 孙三 男 {number(3)} 无痛肠镜 C3 复查",
        f"4 李四 女 {number(4)} 无痛胃镜 G4 体检",
        f"5 周五 男 {number(5)} 无痛胃镜 G5 体检",
    )
)
WORDS = {
    "zh": {"next": "录入名单下一位", "left": "还有 4 位", "done": "5 位，0 位待录入",
           "earlier": "前几天还有 1 位"},
    "en": {"next": "Enter the next on the list", "left": "4 more", "done": "5 lines, 0 to be entered",
           "earlier": "1 still open from earlier days"},
}  # fmt: skip


@pytest.fixture
def listed(acting):
    """A line that yesterday left open."""
    from registry.exchange.pasting.day_list import day_list as read
    from registry.services.lists import day_list as services

    with acting("endoscopist", "county_a"):
        yesterday = today() - timedelta(1)
        for case in read(f"吴六 男 {number(7)} 胃镜", day=yesterday, today=today()):
            services.put_on(
                listed=case.listed, person=case.person, enrolment=case.enrolment, document=case.document
            )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_doctor_works_through_the_list_of_the_day(reader, listed, acting, language):
    words = WORDS[language]
    someone = reader("endoscopist", "county_a", language=language)
    keys = someone.keys
    someone.goes_to("/day/paste")
    keys.to("#text")
    someone.page.keyboard.insert_text(FIVE)
    keys.turn("Alt+s")
    assert someone.page.locator("tbody tr").count() == 5
    keys.turn("Alt+s")
    someone.goes_to("/")
    assert words["next"] in someone.reads(".title")
    assert words["earlier"] in someone.reads("#main")
    keys.start()
    keys.turn("Alt+s")
    assert words["left"] in someone.reads(".title")
    assert someone.page.is_checked("[name=examination-type][value=ogd]")
    keys.press("a")  # all eleven sites; what the list says stands already
    keys.type("7")  # minutes
    keys.press("Enter")
    keys.type("40")
    keys.press("Enter", "1", "1", "2")
    keys.turn("Alt+n")
    assert keys.pressed <= 12
    keys.turn("Alt+n")  # the second is saved as far as the list tells
    assert someone.page.is_checked("[name=examination-type][value=colonoscopy]")
    keys.press("Enter", "1")  # past the photographs, to the caecum: reached
    keys.turn("Alt+n")
    someone.goes_to("/day")
    keys.press("Alt+t")  # the fourth did not come
    keys.turn("x")
    keys.turn("Alt+s")
    keys.turn("Alt+s")
    someone.goes_to("/day")
    assert words["done"] in someone.reads(".title")
    with acting("endoscopist", "county_a"):
        states = [line.state.code for line in day_list.on_list(today())]
        assert states == ["done", "done", "done", "cancelled", "done"]
        cases = db.session.scalars(select(Examination).order_by(Examination.id)).all()
        assert [case.number for case in cases] == ["G1", "G2", "C3", "G5"]
        assert (cases[0].upper_minutes, cases[0].photos, cases[0].seen_d2.code) == (7, 40, "photographed")
        assert cases[2].caecum_reached is True
        assert db.session.scalars(select(Listed.examination_id).order_by(Listed.place)).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_is_pasted_checked_and_saved(reader, acting, book, language):
    with acting("endoscopist", "county_a"):
        person = book.enrol(5, name="赵示例").person_id
    someone = reader("endoscopist", "county_a", language=language)
    keys = someone.keys
    someone.goes_to(f"/people/{person}/cases/new")
    keys.press("Alt+v")
    keys.to("#pasted")
    someone.page.keyboard.insert_text((PASTED / "gastroscopy-colons.txt").read_text("utf-8"))
    keys.turn("Alt+r")
    assert someone.page.locator(".told.due[id$=-proposed]").count() > 8
    assert someone.page.input_value("#lesions-0-size_mm") == "12"
    keys.turn("Alt+s")
    with acting("endoscopist", "county_a"):
        case = db.session.scalar(select(Examination))
        assert (case.number, case.lesions[0].paris.code) == ("G20240017", "0-IIc")
        assert case.diagnosis.startswith("1. 胃角病变")


@pytest.mark.slow
def test_what_was_pasted_is_shown_for_everybody(reader, acting, alliance):
    with acting("endoscopist", "county_a"):
        enrol(None, name="钱二", sex="female", record_number="R-77")
        person = enrol(9, name="赵示例").person_id
        specimen = {"method": "forceps", "lesions": [1], "pathology_number": "H26-1"}
        waits = (
            examine(person, "2024-02-03", lesions=[{"site": "C16.5"}], specimens=[specimen]).specimens[0].id
        )
    windows = WINDOWS[::-1]
    sight = {"language": "en", "width": windows[0][0], "scheme": windows[0][1]}
    doctor = reader("endoscopist", "county_a", **sight)
    doctor.refusals = {422}
    wrong = []

    def look(someone, what):
        found = wrong_in_windows(someone.page, windows, axe_in=windows[:1], language="zh", names=())
        wrong.extend(f"{what}: {one}" for one in found if "another language" not in one)
        in_window(someone.page, *windows[0])

    def paste(address, box, text, button, what):
        doctor.goes_to(address)
        doctor.page.evaluate("document.querySelector('details.paste')?.setAttribute('open', '')")
        doctor.page.fill(box, text)
        with doctor.keys.turning():
            doctor.page.click(button)
        look(doctor, what)

    doubtful = (
        FIVE.replace(f"2 钱二 女 {number(2)}", "2 钱二 女 63岁") + f"\n王八 女 {number(5)} 胃镜 看不懂的字"
    )
    paste("/day/paste", "#text", doubtful, "button[value=look]", "a list looked over")
    with doctor.keys.turning():
        doctor.page.click("button[value=take]")
    look(doctor, "lines refused")
    for address in ("/day", "/"):
        doctor.goes_to(address)
        look(doctor, address)
    report = (PASTED / "gastroscopy-colons.txt").read_text("utf-8")
    paste(f"/people/{person}/cases/new", "#pasted", report, "button[value=paste]", "a case filled in")
    tissue = (PASTED / "pathology-colons.txt").read_text("utf-8")
    paste(f"/specimens/{waits}/report", "#pasted", tissue, "button[value=paste]", "a report filled in")
    listed = "H26-1 （胃角）管状腺瘤 2024-02-09\nH26-9 慢性胃炎 2024-02-09"
    paste("/to-do/specimens/paste", "#text", listed, "button[value=look]", "pathology looked over")
    boss = reader("alliance_admin", **sight)
    boss.goes_to("/admin/bulk")
    rows = "用户名,姓名,角色,机构代码\nzhang,张医师,内镜医师,370002\nli,李医师,院长,370002"
    boss.page.set_input_files("#file", {"name": "u.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    for button in ("look", "apply"):
        with boss.keys.turning():
            boss.page.click(f"button[value={button}]")
        look(boss, f"staff: {button}")
    assert not wrong, "\n".join(wrong)
