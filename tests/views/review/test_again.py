"""The pages of second entries and `flask review sample`: drawn, entered one after the other, compared."""

import csv
import io
import json
import re

import pytest

from registry.label import reading
from tests.sampled import MONTH

FORM = {"caecum_reached": "no", "bbps_total": "6", "withdrawal_min": "7", "sampled": "no"}


@pytest.fixture
def review(app, alliance):
    def run(*args):
        return app.test_cli_runner().invoke(args=["review", "sample", *args])

    return run


def test_a_sample_is_drawn_on_the_page_once(sign_in, closed):
    reviewer = sign_in("quality_reviewer", None)
    page = reviewer.get("/quality/again/").text
    assert f'value="{MONTH}"' in page
    given = {"month": MONTH, "share": "5", "least": "10", "seed": ""}
    refused = reviewer.post("/quality/again/", data=given | {"share": "x"})
    assert (refused.status_code, "比例应大于 0" in refused.text) == (422, True)
    assert reviewer.post("/quality/again/", data=given).status_code == 303
    again = reviewer.post("/quality/again/", data=given)
    assert (again.status_code, "已经抽过" in again.text) == (422, True)
    assert "<b>0</b>/10" in reviewer.get("/quality/again/").text
    assert sign_in("centre_manager").post("/quality/again/", data=given).status_code == 403


def test_one_after_the_other_blind_and_then_beside_the_record(sign_in, samples):
    manager = sign_in("centre_manager")
    first = manager.get("/quality/again/next").location
    page = manager.get(first).text
    number = re.search(r"C-\d+", page)[0]
    assert "2001-01-15" in page
    assert re.findall(r'name="withdrawal_min"[^>]*value="([^"]*)"', page) == [""]
    assert " checked" not in page
    form = FORM | {"version": re.search(r'name="version" value="(\d+)"', page)[1]}
    wrong = manager.post(first, data=form | {"withdrawal_min": "999"})
    assert (wrong.status_code, 'value="999"' in wrong.text) == (422, True)
    empty = manager.post(first, data={"version": form["version"]})
    assert (empty.status_code, "请至少填一项" in empty.text) == (422, True)
    saved = manager.post(first, data=form)
    assert (saved.status_code, saved.location) == (303, "/quality/again/next")
    assert manager.get("/quality/again/next").location != first
    late = sign_in("quality_reviewer", None).post(first, data=form)
    assert (late.status_code, "这份已经录入" in late.text) == (422, True)
    both = manager.get(first).text
    assert "不一致" in both
    assert "核对、更正原记录" in both
    page = manager.get("/quality/again/").text
    assert number in page
    assert "到达盲肠：是 → 否" in page


def test_who_knows_the_case_leaves_it_to_others(sign_in, samples):
    address = sign_in("centre_manager").get("/quality/again/next").location
    assert sign_in("recorder").get("/quality/again/next").location == "/quality/again/"
    page = sign_in("recorder").get(address).text
    assert "留给别人录入" in page
    assert 'name="caecum_reached"' not in page
    refused = sign_in("recorder").post(address, data=FORM | {"version": "1"})
    assert (refused.status_code, "请由别人录入" in refused.text) == (422, True)
    assert sign_in("centre_manager", "county_a").get(address).status_code == 404


def test_page_file_and_command_line_show_the_same(sign_in, review, closed, acting):
    drawn = review("draw", MONTH, "--share", "100", "--seed", "all")
    assert (drawn.exit_code, "24" in drawn.output) == (0, True)
    assert review("draw", MONTH).exit_code == 1
    browser = sign_in("quality_reviewer", None)
    for number in range(22):
        address = browser.get("/quality/again/next").location
        given = FORM | {"version": "1", "caecum_reached": "yes" if number < 20 else "no"}
        assert browser.post(address, data=given).status_code == 303
    shown = json.loads(browser.get("/quality/again/agreement.json").text)
    with reading("zh"):
        assert shown == json.loads(review("agreement", "--json").output)
    rows = list(csv.DictReader(io.StringIO(browser.get("/quality/again/agreement.csv").text[1:])))
    assert [row["agreed"] for row in rows] == [str(row["agreed"]) for row in shown]
    (caecum,) = (row for row in shown if row["field"] == "caecum_reached")
    assert (caecum["pairs"], caecum["agreed"], caecum["status"]) == (22, 20, "enough")
    assert "<b>90.9</b>" in browser.get("/quality/again/").text
    assert "20/22" in review("agreement").output
    assert "20/22" not in review("agreement", "--from", "2001-02").output
    assert review("agreement", "--from", "2001").exit_code == 2
