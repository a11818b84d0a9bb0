"""The list of releases: what has left, asked for by whom; and counting a year anew."""

import json
import re

import pytest

from registry.services.unit import change
from tests.counted import case

PERIOD = "from=2001&to=2001-12"


@pytest.fixture
def asked_for(acting, alliance, sign_in):
    """Sixty colonoscopies, and a researcher who has read them by centre."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(60):
            case(unit, alliance.city.id, place % 12, kind="colonoscopy", withdrawal_min=8 if place % 4 else 4)
    browser = sign_in("researcher", None)
    assert browser.get(f"/quality?indicator=CDEI-07&by=centre&{PERIOD}").status_code == 200
    return browser


def test_the_quality_centre_sees_what_has_left_and_counts_anew(asked_for, sign_in, alliance):
    reviewer = sign_in("quality_reviewer", None)
    listed = reviewer.get("/quality/releases/").text
    assert "2001 年 · 第 1 次" in listed
    parts = reviewer.get("/quality/releases/parts").text
    assert "CDEI-07" in parts
    assert "各中心，按年" in parts
    answer = reviewer.post("/quality/releases/", data={"year": "2001"}, follow_redirects=True)
    assert "2001 年第 2 次发布已计数" in answer.text
    assert "2001 年 · 第 2 次" in answer.text
    assert reviewer.post("/quality/releases/", data={"year": "1899"}).status_code == 400
    administrator = sign_in("alliance_admin", None)
    assert administrator.get("/quality/releases/").status_code == 200
    assert administrator.post("/quality/releases/", data={"year": "2001"}).status_code == 403
    assert reviewer.get("/quality/releases/parts?release=999").status_code == 404
    assert asked_for.get("/quality/releases/").status_code == 403


def test_a_researcher_is_told_the_period_and_offered_what_is_released(asked_for, alliance):
    page = asked_for.get("/quality?indicator=CDEI-07&from=2001-03-02&to=2001-09-30").text
    assert "2001-01-01" in page
    assert "2001-12-31" in page
    own = asked_for.get(f"/quality?indicator=CDEI-07&centre={alliance.city.code}&{PERIOD}").text
    assert not re.search(r'<option value="(month|sex|age|age5)"', own)
    assert (
        asked_for.get(f"/quality?indicator=CDEI-07&centre={alliance.city.code}&by=sex&{PERIOD}").status_code
        == 200
    )
    rows = json.loads(asked_for.get(f"/quality/rates.json?indicator=CDEI-07&by=quarter&{PERIOD}").text)
    assert [row["group"] for row in rows] == [f"2001-Q{place}" for place in range(1, 5)]


def test_survival_is_counted_anew_beside_the_years(sign_in, alliance):
    assert sign_in("researcher", None).get("/survival").status_code == 200
    reviewer = sign_in("quality_reviewer", None)
    assert "生存（浸润癌） · 第 1 次" in reviewer.get("/quality/releases/").text
    assert "全部部位，任何死因" in reviewer.get("/quality/releases/parts").text
    answer = reviewer.post("/quality/releases/", data={"year": "survival invasive"}, follow_redirects=True)
    assert "生存（浸润癌）第 2 次发布已计数" in answer.text


def test_nothing_has_left_yet(sign_in):
    assert "还没有公开过任何汇总" in sign_in("quality_reviewer", None).get("/quality/releases/").text
    assert sign_in("quality_reviewer", None).get("/quality/releases/parts").status_code == 302
