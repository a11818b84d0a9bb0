"""One record from the first gastroscopy to the rate, the curve and the trail, by keyboard alone.

A county takes a biopsy of a lesion, the city removes it, the county's rate moves: one tumour, three sign-ins
at one shared computer, and no hand on a mouse.
"""

from datetime import timedelta
from itertools import groupby

import pytest

from registry.forms.fields import today
from registry.rules.identity import check_character
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIRST_17 = "99000019600101" + "001"  # no place has this code: nobody's number
NUMBER = FIRST_17 + check_character(FIRST_17)


@pytest.fixture
def desk(reader, alliance):
    """A computer that several doctors use one after the other; only its keyboard is touched."""
    return Desk(reader())


class Desk:
    """What is done at the desk, in the words of those who do it."""

    def __init__(self, someone):
        self.someone, self.page, self.keys = someone, someone.page, someone.keys

    def sign_in(self, username):
        self.someone.goes_to("/")
        self.keys.type(username)
        self.keys.press("Tab")
        self.keys.type(PASSWORD)
        self.keys.turn("Enter")

    def sign_out(self):
        self.follow(".who button", "退出")

    def section(self, name):
        names = [text.split()[0] for text in self.page.locator(".sections a").all_inner_texts()]
        self.keys.turn(f"Alt+{names.index(name) + 1}")

    def follow(self, selector, words):
        """Go to a link or button by the Tab key and press it."""
        self.keys.to(self.page.locator(selector).filter(has_text=words).first)
        self.keys.turn("Enter")

    def find(self, number):
        """The first thing done with a person: their number."""
        self.section("录入")
        self.keys.type(number, given=True)
        self.keys.turn("Alt+s")

    def enrol(self, name):
        self.keys.type(name, given=True)
        self.keys.turn("Alt+s")

    def day(self, box, day):
        """Put another day into a box that has one, and go on."""
        self.keys.fill(box, "", back=True)
        self.keys.press("Control+a")
        self.keys.type(day.isoformat())
        self.keys.press("Enter")

    def saves(self):
        self.keys.turn("Alt+s")
        refused = self.page.locator("#errors, #warnings").all_inner_texts()
        assert not refused, refused
        return self.someone.reads(".note.done")

    def counted(self, key):
        """The count beside an indicator on the page of rates: so many of so many."""
        self.section("质量")
        row = self.page.locator("tr", has=self.page.locator("th", has_text=key)).first
        return row.locator("td").nth(2).inner_text()

    def followed(self):
        """How many tumours the curves stand on, and how many deaths."""
        self.section("生存")
        rows = self.page.locator("section[aria-labelledby=table] tbody tr").all()
        return tuple(sum(int(row.locator("td").nth(place).inner_text()) for row in rows) for place in (0, 1))

    @property
    def tumours(self):
        return self.page.locator(".aside h2 a", has_text="肿瘤")


def test_a_lesion_becomes_a_rate_and_a_curve(desk, app):
    seen, removed = today() - timedelta(days=60), today() - timedelta(days=30)
    keys = desk.keys
    keys.start()

    desk.sign_in("endoscopist.county_a")
    assert desk.counted("CDEI-13") == "0/0"
    assert desk.followed() == (0, 0)
    gastroscopy_with_biopsy(desk, seen)
    biopsy_report(desk, seen + timedelta(days=5))
    high_grade_but_no_cancer(desk)
    desk.sign_out()

    desk.sign_in("endoscopist.city")
    enrol_from_elsewhere(desk)
    resection(desk, removed)
    resection_report(desk, removed + timedelta(days=6))
    one_early_tumour_cured(desk)
    assert desk.counted("CDEI-13") == "0/0"  # the county found it
    desk.sign_out()

    desk.sign_in("endoscopist.county_a")
    stage_and_follow_up(desk)
    assert desk.counted("CDEI-13") == "1/1"
    assert desk.followed() == (1, 0)
    desk.sign_out()

    desk.sign_in("auditor")
    every_step_is_in_the_trail(desk)
    verified = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 0, verified.output
    print(
        f"\nthe first case: {keys.pressed} keys, {keys.given} of them the person's data, {keys.seconds:.0f} s"
    )


def gastroscopy_with_biopsy(desk, day):
    keys, page = desk.keys, desk.page
    desk.find(NUMBER)
    assert "没有找到档案" in page.inner_text("main")
    assert page.input_value("#born_on") == "1960-01-01"
    assert page.is_checked("#sex")  # a man, as the number says
    desk.enrol("张三丰")
    keys.press("1", "6")  # gastroscopy, symptoms
    desk.day("#examination-performed_on", day)
    keys.press("1", "a")  # no sedation; all eleven sites seen and photographed
    keys.type("7")
    keys.press("Enter")
    keys.type("42")
    keys.press("Enter", "1", "3")  # good view, C-2
    keys.press("Alt+l")
    keys.type("weidou")
    keys.press("Enter")
    keys.type("12")
    keys.press("Enter", "6", "Enter", "2")  # 0-IIc, neoplasia
    assert page.input_value("#lesions-0-site") == "C16.3"
    assert page.is_checked("input[name=lesions-0-paris][value='0-IIc']")
    keys.press("Alt+b")
    keys.type("hj")
    keys.press("Enter", "2", "Enter")
    keys.type("B26-0815")
    keys.press("Enter", "2")  # no adverse event
    assert "进入「待办」" in desk.saves()


def biopsy_report(desk, day):
    keys, page = desk.keys, desk.page
    desk.section("待办")
    desk.follow("table a", "B26-0815")
    desk.day("#reported_on", day)
    keys.press("1", "5")  # neoplasia, Vienna 4.2
    assert page.is_checked("input[name=results-0-vienna][value='4.2']")
    assert "已存" in desk.saves()


def high_grade_but_no_cancer(desk):
    page = desk.page
    assert "非浸润癌（原位癌）" in page.inner_text(".lesion summary")
    desk.follow(".person a", "张三丰")
    assert desk.tumours.count() == 1
    desk.follow(".aside h2 a", "肿瘤 1")
    assert "原位癌" in desk.someone.reads(".facts")
    assert "浸润癌 否" in desk.someone.reads(".facts")
    assert desk.counted("CDEI-13") == "0/0"


def enrol_from_elsewhere(desk):
    page = desk.page
    desk.find(NUMBER)
    assert "联盟内其他中心有此人的记录" in page.inner_text("main")
    assert "甲县" not in page.inner_text("main")
    assert "张三丰" not in page.content()
    desk.enrol("张三丰")
    assert "非浸润癌（原位癌）" in desk.someone.reads(".person .elsewhere")  # one line, and no more


def resection(desk, day):
    keys, page = desk.keys, desk.page
    keys.press("5", "8")  # therapeutic upper endoscopy, for therapy
    desk.day("#examination-performed_on", day)
    keys.press("3")  # general anaesthesia
    keys.press("Alt+l")
    keys.type("c163")
    keys.press("Enter")
    keys.type("14")
    keys.press("Enter", "6", "Enter", "3")
    keys.to(".lesion .more > summary", back=True)
    keys.press("Enter")
    keys.to("#lesions-0-same_as_id")
    keys.press("ArrowDown")
    assert "甲县" in page.locator("#lesions-0-same_as_id option:checked").inner_text()
    keys.press("Alt+b")
    keys.type("esd")
    keys.press("Enter", "1", "Enter")
    keys.type("B26-0937")
    keys.choose("整块", "1")
    assert page.input_value("#specimens-0-method") == "esd"
    assert "进入「待办」" in desk.saves()


def resection_report(desk, day):
    keys = desk.keys
    desk.section("待办")
    desk.follow("table a", "B26-0937")
    desk.day("#reported_on", day)
    keys.press("1", "7")  # neoplasia, Vienna 4.4
    keys.type("xianai")
    keys.choose("分化", "1")
    keys.fill("#results-0-size_mm", "14")
    keys.to("#results-0-depth")
    keys.type("M")
    for legend in ("水平切缘", "垂直切缘", "淋巴管", "静脉", "溃疡"):
        keys.choose(legend, "0")
    assert "已存" in desk.saves()


def one_early_tumour_cured(desk):
    page = desk.page
    desk.follow(".person a", "张三丰")
    assert desk.tumours.count() == 1
    desk.follow(".aside h2 a", "肿瘤 1")
    assert page.locator(".verdict strong").all_inner_texts()[:2] == ["是", "eCura A（治愈性切除）"]
    facts = desk.someone.reads(".facts")
    assert "最深浸润 黏膜层（M）" in facts
    assert "甲县人民医院 诊断 示例市人民医院 治疗 示例市人民医院" in facts
    assert page.locator("#t").is_disabled()  # the county recorded it, and stages it


def stage_and_follow_up(desk):
    keys, page = desk.keys, desk.page
    keys.press("Control+k")
    keys.type("zsf")
    keys.turn("Enter")
    assert desk.tumours.count() == 1
    desk.follow(".aside h2 a", "肿瘤 1")
    keys.choose("分期版本", "2")
    keys.choose("分期前缀", "2")
    for box, chosen in (("t", "t1a"), ("n", "n0")):
        keys.to(f"#{box}")
        keys.type(chosen)
    keys.press("Tab", "1")  # M0
    keys.to("#stage_group")
    keys.type("ia")
    assert "分期已保存" in desk.saves()
    assert page.input_value("#stage_group") == "IA"
    desk.follow(".person a", "张三丰")
    keys.turn("Alt+c")
    keys.press("8")  # alive and well
    assert "在世" in desk.saves()


def every_step_is_in_the_trail(desk):
    keys, page = desk.keys, desk.page
    keys.fill("#person_id", "1")
    keys.turn("Alt+s")
    told = []
    while True:
        rows = page.locator("tbody tr").all()
        told += [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]
        if not page.locator("a.button", has_text="更早的").count():
            break
        desk.follow("a.button", "更早的")
    told.reverse()
    written = [(who.splitlines()[0], what.splitlines()[-1]) for _, _, who, _, what, _ in told]
    county, city = "钱内镜医师", "赵内镜医师"
    assert [step for step, _ in groupby(written) if not step[1].endswith(".look")] == [
        *((county, "person.enrol"), (county, "case.record"), (county, "report.record")),
        *((city, "person.enrol"), (city, "case.record"), (city, "report.record")),
        *((county, "tumour.stage"), (county, "follow_up.record")),
    ]
    assert any(step == (city, "tumour.look") for step in written)  # who read it stands there, too
    assert NUMBER not in page.content() and "张三丰" not in page.content()
