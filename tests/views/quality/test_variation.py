"""The pages of funnel and chart: each point has its row, its sentence, its cases; the same rows as file."""

import csv
import io
import json
import re
from html import unescape

import pytest

from registry.reports.rates.quality import last_full_year, this_day
from registry.services.unit import change
from tests.counted import case

PERIOD = "from=2001&to=2001-12"
FUNNEL, CHART = f"/quality/funnel?indicator=CDEI-07&{PERIOD}", f"/quality/chart?indicator=CDEI-07&{PERIOD}"


@pytest.fixture
def cases(acting, alliance):
    """Two months of colonoscopies: city 44 of 48 in time, by one endoscopist, county A 24 of 48."""
    who = alliance.user("endoscopist", "city")
    for key, met in (("city", 22), ("county_a", 12)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(2):
                for number in range(24):
                    facts = {"withdrawal_min": 8 if number < met else 4}
                    if key == "city":
                        facts["operator_id"] = who
                    case(unit, alliance.place(key).id, place, kind="colonoscopy", **facts)
    return who


def links(page, part):
    return [unescape(found) for found in re.findall(rf'(?:href|src)="([^"]*{part}[^"]*)"', page.text)]


def test_the_funnel_page_has_a_row_a_sentence_and_cases_for_each_point(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(FUNNEL)
    assert page.status_code == 200
    assert ">44</a>/48" in page.text
    assert ">24</a>/48" in page.text
    assert "在差的一侧" in page.text
    (figure,) = links(page, r"funnel/figure\.svg[^\"]*by=centre(?!&amp;save|[^\"]*save)")[:1]
    drawn = browser.get(figure)
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    of_a = [one for one in links(page, "/cases") if alliance.county_a.code in one]
    everyone, met = (browser.get(one).text for one in of_a)
    assert "48 例" in everyone
    assert "24 例" in met
    english = browser.get(FUNNEL, headers={"Accept-Language": "en"})
    assert english.status_code == 200


def test_no_page_waits_for_a_figure(sign_in, cases, monkeypatch):
    browser = sign_in("quality_reviewer", None)
    for name in ("funnel_figure", "chart_figure", "cusum_figure"):
        monkeypatch.setattr(
            f"registry.stats.figures.{name}", lambda *_, **__: pytest.fail("drawn for the page")
        )
    assert "figure.svg" in browser.get(FUNNEL).text
    assert browser.get(CHART).text.count("<img") == 2


def test_page_and_files_show_the_same_rows(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    for page, files in ((FUNNEL, "/quality/funnel/rows"), (CHART, "/quality/chart/rows")):
        query = page.partition("?")[2]
        whole = json.loads(browser.get(f"{files}.json?{query}").text)
        rows = list(csv.DictReader(io.StringIO(browser.get(f"{files}.csv?{query}").text[1:])))
        assert [row["meaning"] for row in rows] == [row["meaning"] for row in whole["rows"]]
        text = browser.get(page).text
        assert whole["sentence"] in text
        for row in whole["rows"]:
            assert row["meaning"].rpartition("：")[2] in text


def test_rows_are_in_the_order_of_names_or_sizes(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)

    def order(query):
        body = browser.get(f"{FUNNEL}&{query}").text.split("<tbody>")[1]
        return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', body)

    assert order("") == order("order=rate") == [alliance.county_a.name, alliance.city.name]
    assert set(order("order=size")) == set(order(""))


def test_a_target_from_the_address_in_the_unit_of_the_indicator(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    assert "给定值 90.0 %" in browser.get(f"{FUNNEL}&target=90").text
    for nonsense in ("much", "0", "100", "-3", "nan", "1e999"):
        assert "的平均" in browser.get(f"{FUNNEL}&target={nonsense}").text


def test_rates_adjusted_for_case_mix_stand_beside_the_raw_ones(sign_in, cases):
    page = sign_in("quality_reviewer", None).get(f"{FUNNEL}&adjusted=1&target=90").text
    assert "调整后" in page
    assert "按年龄、性别和指征调整" in page
    assert "调整后" not in sign_in("researcher", None).get(f"{FUNNEL}&adjusted=1").text


def test_the_chart_page_opens_its_months_and_one_endoscopist(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(f"{CHART}&centre={alliance.city.code}&endoscopist={cases}")
    assert "2001-01" in page.text
    assert ">22</a>/24" in page.text
    opened = browser.get(next(one for one in links(page, "/cases") if "from=2001-02" in one))
    assert "24 例" in opened.text
    for figure in links(page, r"chart/figure\.svg"):
        assert browser.get(figure).mimetype == "image/svg+xml"
    assert "累积和" in page.text


def test_a_centre_compares_its_endoscopists_and_sees_no_other(sign_in, cases, alliance):
    browser = sign_in("endoscopist", "county_a")
    page = browser.get(FUNNEL)
    assert page.status_code == 200
    assert alliance.city.name not in page.text
    assert ">44<" not in page.text
    rows = json.loads(browser.get(f"/quality/funnel/rows.json?indicator=CDEI-07&by=centre&{PERIOD}").text)[
        "rows"
    ]
    assert sum(row["eligible"] for row in rows) == 48
    elsewhere = browser.get(f"{CHART}&endoscopist={cases}&centre={alliance.city.code}")
    assert ">22</a>/24" not in elsewhere.text
    assert (
        "48 例" in browser.get(f"/cases?endoscopist={cases}&{PERIOD}").text
    )  # somebody unknown here filters nothing


def test_a_reader_of_aggregates_meets_no_endoscopist_no_day_and_no_small_count(sign_in, cases, alliance):
    browser = sign_in("researcher", None)
    page = browser.get(f"{FUNNEL}&by=endoscopist")
    assert page.status_code == 200
    assert alliance.city.name in page.text
    assert "/cases" not in page.text
    for page in (f"{CHART}&centre={alliance.city.code}", f"{CHART}&endoscopist={cases}"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "累积和" not in answer.text
    quarters = json.loads(
        browser.get(f"/quality/chart/rows.json?indicator=CDEI-07&centre={alliance.city.code}&{PERIOD}").text
    )
    found = {(row["group"], row["eligible"], row["not_met"]) for row in quarters["rows"]}
    empty = {(f"2001-Q{place}", 0, 0) for place in (2, 3, 4)}
    assert found == {("2001-Q1", 48, None), *empty}  # four were not in time: hidden; nobody came: said


def test_where_nothing_can_be_drawn_the_page_says_why(sign_in):
    browser = sign_in("endoscopist", "city")
    for page, figure in (
        ("/quality/funnel", "/quality/funnel/figure.png"),
        ("/quality/chart", "/quality/chart/figure.png"),
    ):
        assert "没有可计的检查" in browser.get(page).text
        answer = browser.get(f"{figure}?indicator=CDEI-07")
        assert (answer.status_code, answer.location) == (302, f"{page}?indicator=CDEI-07")
    assert browser.get("/quality/funnel?indicator=CDEI-01&by=shoes&centre=1").status_code == 200
    assert (
        browser.get("/quality/chart?indicator=none&rules=mine&baseline=0&endoscopist=99999999999").status_code
        == 200
    )


def test_an_indicator_leads_from_rates_to_funnel_and_chart(sign_in, cases):
    page = sign_in("quality_reviewer", None).get(f"/quality?indicator=CDEI-07&{PERIOD}")
    assert links(page, "/quality/funnel")
    assert links(page, "/quality/chart")


def test_colleagues_see_a_spread_without_names_and_their_manager_the_names(sign_in, acting, alliance):
    who = {role: alliance.user(role, "city") for role in ("endoscopist", "recorder")}
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for role, met in (("endoscopist", 9), ("recorder", 5)):
            for number in range(12):
                facts = {"withdrawal_min": 8 if number < met else 4, "operator_id": who[role]}
                case(unit, alliance.city.id, number, kind="colonoscopy", **facts)
    days = "indicator=CDEI-07&from=2001-01-01&to=2001-12-31"
    funnel, chart = f"/quality/funnel?by=endoscopist&{days}", f"/quality/chart?{days}&endoscopist="
    mine, theirs = "赵内镜医师", "赵录入员"
    doctor, manager = sign_in("endoscopist", "city"), sign_in("centre_manager", "city")
    page = doctor.get(funnel).text
    assert (mine in page, theirs in page, "同事" in page) == (True, False, True)
    assert f"endoscopist={who['endoscopist']}" in page
    assert f"endoscopist={who['recorder']}" not in page
    assert "5/12" in re.sub(r"<[^>]*>", "", page)
    assert theirs in manager.get(funnel).text
    rows = doctor.get(funnel.replace("funnel?", "funnel/rows.json?")).json["rows"]
    assert {row["group"] for row in rows} == {str(who["endoscopist"]), "peer-1"}
    for reader, code, told in ((doctor, "endoscopist", True), (doctor, "recorder", False)):
        assert ("看所有人" in reader.get(f"{chart}{who[code]}").text) is told
    assert "看所有人" in manager.get(f"{chart}{who['recorder']}").text


def test_groups_are_held_against_each_other_on_months_that_are_over(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    first, last = last_full_year(this_day())
    assert last < this_day().replace(day=1)
    for page in ("funnel", "compared"):
        assert f"{first} 至 {last}" in browser.get(f"/quality/{page}?indicator=CDEI-14").text
        assert "2001-01-01 至 2001-12-31" in browser.get(f"/quality/{page}?indicator=CDEI-14&{PERIOD}").text
