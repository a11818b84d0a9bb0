"""The pages of alerts and closed months, and `flask review`: the same rows, to each reader the own part."""

import csv
import io
import json
import re

import pytest

from registry.codes.review import AlertOutcome
from registry.label import reading
from registry.queries.review import ledger as queries
from registry.services.review import alerts as raising
from registry.services.unit import change
from tests.counted import case

MONTH = "2001-01"


@pytest.fixture
def review(app, alliance):
    def run(*args):
        return app.test_cli_runner().invoke(args=["review", *args])

    return run


@pytest.fixture
def worse(acting, alliance):
    """A year in which county A lies far below the city."""
    for key, met in (("city", 22), ("county_a", 14)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(12):
                for number in range(24):
                    minutes = 8 if number < met else 4
                    case(unit, alliance.place(key).id, place, kind="colonoscopy", withdrawal_min=minutes)


@pytest.fixture
def alert(review, worse, acting, alliance):
    """The alert about county A's withdrawal times, raised from the command line: its id."""
    told = review("alerts", "--month", "2001-12")
    assert told.exit_code == 0
    with acting("quality_reviewer", None):
        return next(one.id for one in queries.alerts() if one.indicator == "CDEI-07")


def version(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def test_an_alert_goes_its_way_from_page_to_page(sign_in, alert, alliance):
    manager, reviewer = sign_in("centre_manager", "county_a"), sign_in("quality_reviewer", None)
    address, owner = f"/quality/alerts/{alert}", alliance.user("endoscopist", "county_a")
    assert f'href="{address}"' in manager.get("/quality/alerts/").text
    assert f'href="{address}"' not in sign_in("centre_manager", "city").get("/quality/alerts/").text
    page = manager.get(address).text
    assert "在差的一侧" in page
    assert "结束预警" not in page
    given = {"version": version(page), "owner_id": owner, "plan": "退镜计时", "due_on": ""}
    refused = manager.post(f"{address}/tend", data=given)
    assert (refused.status_code, "请写明计划何时完成" in refused.text) == (422, True)
    given |= {"due_on": "", "plan": "", "note": "已谈"}
    page = reviewer.get(address).text
    assert reviewer.post(f"{address}/tend", data=given | {"version": version(page)}).status_code == 303
    overtaken = manager.post(f"{address}/tend", data=given | {"version": "1", "note": "别的"})
    assert (overtaken.status_code, "有人改过这份记录" in overtaken.text) == (409, True)
    mine = manager.post(f"{address}/tend", data=given | {"version": "1", "note": "别的", "do": "mine"})
    assert mine.status_code == 303
    assert sign_in("recorder", "county_a").post(f"{address}/tend", data=given).status_code == 403
    ended = {"outcome": AlertOutcome.CHANCE.code, "conclusion": "查无原因"}
    late = reviewer.post(f"{address}/end", data=ended | {"version": "1"})
    assert (late.status_code, "请看过现在的计划" in late.text) == (409, True)
    assert reviewer.post(f"{address}/end", data=ended | {"version": version(late.text)}).status_code == 303
    assert "查无原因" in manager.get(address).text
    assert f'href="{address}"' in manager.get("/quality/alerts/?state=ended").text
    assert f'href="{address}"' not in manager.get("/quality/alerts/").text


def links(page):
    return [found.replace("&amp;", "&") for found in re.findall(r'href="(/(?:quality|cases)[^"]*)"', page)]


def test_its_chart_and_its_cases_open(sign_in, alert):
    for role, centre in (("quality_reviewer", None), ("centre_manager", "county_a")):
        browser = sign_in(role, centre)
        opened = links(browser.get(f"/quality/alerts/{alert}").text)
        (chart,) = (one for one in opened if one.startswith("/quality/funnel?"))
        (cases,) = (one for one in opened if one.startswith("/cases?"))
        assert browser.get(chart).status_code == 200
        assert "120 例" in browser.get(cases).text  # 10 of 24 a month were not met


def test_the_chart_of_an_endoscopist_has_the_line_the_alert_was_raised_against(
    sign_in, acting, alliance, worse, review
):
    who = alliance.user("endoscopist", "county_b")
    with acting("endoscopist", "county_b"), change("test.cases") as unit:
        for place in range(12):
            for number in range(4):
                facts = {"withdrawal_min": 8 if number < 1 else 4, "operator_id": who}
                case(unit, alliance.county_b.id, place, kind="colonoscopy", **facts)
    assert review("alerts", "--month", "2001-12").exit_code == 0
    with acting("quality_reviewer", None):
        (found,) = (one.id for one in queries.alerts() if one.operator_id == who)
    browser = sign_in("quality_reviewer", None)
    opened = links(browser.get(f"/quality/alerts/{found}").text)
    chart = browser.get(next(one for one in opened if one.startswith("/quality/funnel?"))).text
    for role, told in (("endoscopist", 200), ("centre_manager", 200), ("recorder", 404)):
        reader = sign_in(role, "county_b")
        assert reader.get(f"/quality/alerts/{found}").status_code == told
        assert (f"/alerts/{found}" in reader.get("/quality/alerts/").text) is (told == 200)
    assert "低于 99.8 % 界" in chart
    assert "给定值 71.2 %" in chart  # 444 of 624 in all


def test_who_improved_is_told_to_the_quality_centre(sign_in, worse, monkeypatch):
    monkeypatch.setattr("registry.views.review.alerts.last_full", lambda *_: "2001-12")
    page = sign_in("quality_reviewer", None).get("/quality/alerts/better").text
    assert page.count("<tbody>") == 1
    assert "在好的一侧" in page
    assert "县" not in re.findall(r"<tbody>.*</tbody>", page, re.S)[0]
    assert sign_in("centre_manager", "city").get("/quality/alerts/better").status_code == 403


def test_the_month_begins_with_what_waits(sign_in, alert, acting, alliance):
    reviewer = sign_in("quality_reviewer", None)
    page = reviewer.get("/quality").text
    with acting("quality_reviewer", None):
        n = queries.counts()[0]
    assert f"{n} 条未结束</span>，{n} 条待指定负责人" in page
    assert "尚未封存" in page
    assert "没有待您结束的" in page
    assert "本月质控" not in sign_in("centre_manager", "county_a").get("/quality").text


def test_who_has_to_know_of_an_alert_finds_it_on_the_day_s_first_page(sign_in, alert, acting, alliance):
    owner = alliance.user("endoscopist", "county_a")
    assert "本中心 " in sign_in("centre_manager", "county_a").get("/").text
    assert "由您负责" not in sign_in("endoscopist", "county_a").get("/").text
    with acting("quality_reviewer", None):
        raising.tend(queries.alert(alert), owner_id=owner, note=None, plan=None, due_on=None)
    said = "；负责人 钱内镜医师"
    for page in (
        "/quality?indicator=CDEI-07",
        "/quality/funnel?indicator=CDEI-07",
        "/quality/chart?indicator=CDEI-07",
    ):
        for role, centre, told in (("quality_reviewer", None, True), ("centre_manager", "city", False)):
            text = sign_in(role, centre).get(page).text
            assert (f'href="/quality/alerts/{alert}"' in text, said in text) == (told, told)
    assert "1 条未结束的预警由您负责" in sign_in("endoscopist", "county_a").get("/").text
    for role, centre in (("recorder", "county_a"), ("centre_manager", "city")):
        assert "预警</h2>" not in sign_in(role, centre).get("/").text


def test_alerts_are_raised_once_from_the_command_line_and_the_page(review, alert, sign_in):
    with reading("zh"):
        again = review("alerts", "--month", "2001-12").output
    assert "（新）" not in again
    browser = sign_in("quality_reviewer", None)
    looked = browser.post("/quality/alerts/raise")
    assert looked.status_code == 303
    assert "新提出 0 条" in browser.get(looked.location).text
    assert review("alerts", "--month", "2001").exit_code == 2


def test_a_month_is_closed_and_page_file_and_command_line_show_the_same(
    review, worse, sign_in, acting, alliance
):
    browser = sign_in("quality_reviewer", None)
    assert "还没有封存的月份" in browser.get("/quality/months/").text
    assert browser.post("/quality/months/", data={"month": "2001-13"}).status_code == 422
    assert browser.post("/quality/months/", data={"month": MONTH}).status_code == 303
    again = review("close-month", MONTH)
    assert (again.exit_code, "已经封存" in again.output) == (1, True)
    with acting("endoscopist", "city"), change("test.cases") as unit:
        case(unit, alliance.city.id, 0, kind="colonoscopy", withdrawal_min=9)
    shown = json.loads(browser.get(f"/quality/months/rows.json?month={MONTH}").text)
    assert shown == json.loads(review("month", MONTH, "--json").output)
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/quality/months/rows.csv?month={MONTH}").text[1:])))
    assert [row["met_today"] for row in rows] == [str(row["met_today"]) for row in shown]
    (row,) = (one for one in shown if (one["indicator"], one["centre"]) == ("CDEI-07", alliance.city.code))
    assert (row["met_reported"], row["met_today"], row["changed"]) == (22, 23, True)
    page = browser.get(f"/quality/months/?month={MONTH}&only=changed").text
    assert "<b>22</b>/24" in page
    assert "<b>23</b>/25" in page
    assert "上报数未被改动" in page
    assert "23/25" in review("month", MONTH, "--changed").output
    house = sign_in("endoscopist", "county_a").get(f"/quality/months/?month={MONTH}").text
    assert alliance.county_a.name in house
    assert alliance.city.name not in house
    assert review("month", "2001-02").exit_code == 2


def test_a_month_is_closed_from_the_command_line(review, worse):
    closed = review("close-month", "2001-02")
    assert (closed.exit_code, "3 个中心" in closed.output) == (0, True)
    assert review("month", "2001-02").exit_code == 0
