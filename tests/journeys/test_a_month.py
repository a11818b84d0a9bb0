"""A month's work of the reviewer and of an endoscopist, with the numbers they read.

In the last six months the city hospital withdrew in time in 55 of 60 colonoscopies, county A in 25 of 60.
"""

import json
import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from registry.forms.fields import today
from registry.reports.papers.periods import days_of, last_full, moved
from registry.services.unit import change
from registry.stats.comparison import difference
from tests.counted import case
from tests.pdf import Pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MONTHS, EACH = 6, 10
IN_TIME = {"city": 55, "county_a": 25}
SIGHTS = [("zh", 1366), ("en", 390)]


def month():
    return last_full("monthly", today())


@pytest.fixture
def cases(acting, alliance):
    """Ten colonoscopies a month at each of two centres, evenly in time or not, by one endoscopist each."""
    for key, met in IN_TIME.items():
        with acting("endoscopist", key), change("test.cases") as unit:
            for number in range(MONTHS * EACH):
                first = days_of("monthly", moved("monthly", month(), -(number // EACH)))[0]
                in_time = (number * met) // (MONTHS * EACH) != ((number + 1) * met) // (MONTHS * EACH)
                case(
                    unit,
                    alliance.place(key).id,
                    kind="colonoscopy",
                    performed_on=first + timedelta(number % EACH),
                    operator_id=alliance.user("endoscopist", key),
                    withdrawal_min=8 if in_time else 4,
                    caecum_reached=True,
                    caecum_photo=True,
                )


def download(someone, selector):
    """What a link of the page saves."""
    with someone.page.expect_download() as waited:
        someone.page.click(selector)
    return waited.value.path().read_bytes()


def row(someone, words):
    """The cells of the first row about this, in one line each."""
    found = someone.page.locator("tbody tr", has=someone.page.locator("th", has_text=words)).first
    return [re.sub(r"\s+", " ", text).strip() for text in found.locator("th, td").all_inner_texts()]


REVIEWER = {
    "zh": {
        "examined": "内镜检查 20 例次", "raised": "新提出", "saved": "已保存", "closed": "已封存",
        "below": "低于 99.8 % 界", "cases": "60 例", "met": "25 例", "quarter": "质量报告：季度报告",
        "county": "甲县人民医院", "city": "示例市人民医院",
    },
    "en": {
        "examined": "Endoscopies: 20", "raised": "raised anew", "saved": "Saved", "closed": "is closed",
        "below": "below 99.8", "cases": "60, the newest first", "met": "25, the newest first",
        "quarter": "Quality report: Quarterly report",
        "county": "County A Hospital", "city": "Example City Hospital",
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "width"), SIGHTS)
def test_the_reviewer_finds_who_needs_help_and_reports_it(reader, cases, alliance, language, width):
    words = REVIEWER[language]
    someone = reader("quality_reviewer", None, language=language, width=width)
    page, keys = someone.page, someone.keys
    someone.goes_to("/quality/reports")
    assert words["examined"] in someone.reads(".paper")

    someone.goes_to("/quality/alerts/")
    keys.turn("Alt+s")  # look through every chart
    assert words["raised"] in someone.reads(".note.done")
    alerts = page.locator("tbody tr", has_text=words["county"]).filter(has_text="CDEI-07")
    assert alerts.count() == 2  # the house, and the one who worked there
    alerts = alerts.filter(has_not_text="钱内镜医师")
    assert page.locator("tbody tr", has_text=words["city"]).filter(has_text="CDEI-07").count() == 0
    keys.to(alerts.locator("a").first)
    keys.turn("Enter")
    assert "25/60" in someone.reads("#main")
    page.select_option("[name=owner_id]", index=1)
    keys.fill("[name=due_on]", f"{today() + timedelta(60)}")
    keys.press("Tab")
    keys.fill("[name=plan]", "两位医师一起退镜计时")
    keys.fill("[name=note]", "已与甲县通话")
    keys.turn("Alt+s")
    assert words["saved"] in someone.reads(".note.done")
    assert page.input_value("[name=note]") == "已与甲县通话"

    with keys.turning():
        page.click("#main .choices a[href*=funnel]")
    assert "CDEI-07" in page.url
    seen = row(someone, words["county"])
    assert "25/60" in seen
    assert any("41.7" in cell for cell in seen)
    assert words["below"] in " ".join(seen)
    points = page.url
    with keys.turning():
        page.click(f"tbody th:has-text('{words['county']}') a")
    assert words["cases"] in someone.reads(".title")
    someone.goes_to(points)
    with keys.turning():
        page.click("tbody td a:text-is('25')")
    assert words["met"] in someone.reads(".title")

    someone.goes_to("/quality/compared?indicator=CDEI-07")
    page.select_option("#one", alliance.county_a.code)
    page.select_option("#other", alliance.city.code)
    with keys.turning():
        page.click("#filters button[type=submit]")
    apart = difference(25, 60, 55, 60)
    said = someone.reads(".lead-in")
    for number in (apart.estimate, apart.lower, apart.upper):
        assert f"{abs(100 * number):.1f}" in said, said

    someone.goes_to("/quality/months/")
    with keys.turning():
        keys.press("Alt+s")
    assert words["closed"] in someone.reads(".note.done")
    late = page.locator("details.more", has=page.locator("summary", has_text="CDEI-07"))
    keys.to(late.locator("summary"))
    keys.press("Enter")  # unfolds it
    assert "4/10" in late.inner_text() or "5/10" in late.inner_text()
    assert "9/10" in late.inner_text() or "10/10" in late.inner_text()

    someone.goes_to("/quality/reports?kind=quarterly")
    file = Pdf(download(someone, ".downloads a:text-is('PDF')"))
    told = "".join(file.pages())
    assert words["quarter"] in told
    assert "CDEI-07" in told
    (late,) = (one for one in json.loads(page.evaluate(RATES, of_quarter())) if one["indicator"] == "CDEI-07")
    assert f"{late['met']}/{late['met'] + late['not_met']}" in told
    book = openpyxl.load_workbook(BytesIO(download(someone, ".downloads a:text-is('Excel')")))
    head, *lines = book[book.sheetnames[1]].values
    line = next(
        dict(zip(head, one, strict=True)) for one in lines if one[head.index("indicator")] == "CDEI-07"
    )
    assert {name: line[name] for name in ("eligible", "met", "estimate", "lower", "upper")} == {
        name: late[name] for name in ("eligible", "met", "estimate", "lower", "upper")
    }


# The same quarter as the page of rates has it.
RATES = "async (path) => await (await fetch(path)).text()"


def of_quarter():
    first, last = days_of("quarterly", last_full("quarterly", today()))
    return f"/quality/rates.json?from={first}&to={last}"


@pytest.fixture
def own(acting, alliance, cases, book):
    """One of county A's colonoscopies did not reach the caecum, as it was written down."""
    day = days_of("monthly", month())[0] + timedelta(20)
    with acting("endoscopist", "county_a"):
        return book.examine(
            book.enrol(7, name="张三丰").person_id,
            f"{day}",
            kind="colonoscopy",
            number="C-77",
            operator_id=alliance.user("endoscopist", "county_a"),
            caecum_reached=False,
            withdrawal_min=12,
        ).id


ENDOSCOPIST = {
    "zh": {
        "before": "本月 90.9 % (62.3–98.4) · 10/11", "after": "本月 100.0 % (74.1–100.0) · 11/11",
        "reached": "盲肠插镜成功率", "why": "退镜 12 分钟，没有病变也没有标本", "saved": "已",
    },
    "en": {
        "before": "90.9 % (62.3–98.4) · 10/11", "after": "100.0 % (74.1–100.0) · 11/11",
        "reached": "Caecal intubation", "why": "12 minutes of withdrawal", "saved": "aved",
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "width"), SIGHTS)
def test_an_endoscopist_reads_the_own_card_and_corrects_a_case(reader, own, language, width):
    words = ENDOSCOPIST[language]
    someone = reader("endoscopist", "county_a", language=language, width=width)
    page, keys = someone.page, someone.keys
    someone.goes_to("/quality/card")
    assert words["before"] in someone.reads("#main .facts")
    listed = page.locator("section[aria-labelledby=cases] li")
    assert listed.count() <= 2
    assert words["why"] in listed.first.inner_text()
    keys.to(listed.first.locator("a"))
    keys.turn("Enter")
    assert page.url.endswith(f"/{own}")
    for name in ("caecum_reached", "caecum_photo"):
        keys.to(page.locator("fieldset.codes:visible", has=page.locator(f"[name=examination-{name}]")))
        keys.press("1")
    keys.fill("[name=reason]", "报告上已到盲肠")
    keys.turn("Alt+s")
    assert words["saved"] in someone.reads(".note.done")
    someone.goes_to("/quality/card")
    said = someone.reads("#main .facts")
    assert words["before"] not in said
    assert words["after"] in said
