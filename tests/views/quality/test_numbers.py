"""The pages of rates and of survival, their figures and files, and the codebook."""

import csv
import io
import json
import re

import pytest

from registry.codes.lesion import Organ
from registry.indicators import INDICATORS
from registry.services.unit import change
from tests.counted import case

PERIOD = "from=2001&to=2001-12"


@pytest.fixture
def cases(acting, alliance):
    """Twelve colonoscopies at the city hospital and four at county A, each with a tumour."""
    for key, number in (("city", 12), ("county_a", 4)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(number):
                tumour = {
                    "organ": Organ.COLON, "invasive": True, "deepest": "M", "followed_days": 400 + place,
                    "dead": place % 2 == 0, "detecting_centre_id": alliance.place(key).id,
                }  # fmt: skip
                minutes = 8 if place < 9 else 4
                case(
                    unit,
                    alliance.place(key).id,
                    place,
                    kind="colonoscopy",
                    withdrawal_min=minutes,
                    tumours=[tumour],
                )


def test_all_indicators_on_one_page(sign_in, cases):
    page = sign_in("endoscopist", "city").get(f"/quality?{PERIOD}")
    assert page.status_code == 200
    assert "75.0 %" in page.text
    assert "46.8–91.1" in page.text
    assert page.text.count("<tr") > 14


@pytest.mark.parametrize(
    ("key", "method", "limits"),
    [
        ("exact", "exact", "42.8–94.5"),  # R: binom.test(9, 12)
        ("mid-p", "mid-p", "45.9–93.2"),
        ("", "wilson", "46.8–91.1"),
        ("bush", "wilson", "46.8–91.1"),
    ],
)
def test_the_reader_chooses_the_interval(sign_in, cases, alliance, key, method, limits):
    browser = sign_in("quality_reviewer", None)
    asked = f"indicator=CDEI-07&by=centre&{PERIOD}&interval={key}"
    page = browser.get(f"/quality?{asked}").text
    assert limits in page
    rows = json.loads(browser.get(f"/quality/rates.json?{asked}").text)
    assert {row["method"] for row in rows} == {method}
    assert ("interval=exact" in page.split("</figure>")[0]) == (key == "exact")  # the figure's address


def test_one_indicator_with_groups_definition_and_files(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(f"/quality?indicator=CDEI-07&{PERIOD}")
    assert alliance.city.name in page.text
    assert alliance.county_a.name in page.text
    assert "待临床核定" in page.text
    assert "退镜时间 ≥6 分钟的结肠镜检查" in page.text
    figure = re.search(r'src="(/quality/figure\.svg[^"]*)"', page.text).group(1).replace("&amp;", "&")
    assert "<svg" not in page.text.split("</figure>")[0].split("<figure")[1]  # drawn apart
    drawn = browser.get(figure)
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    rows = list(
        csv.DictReader(io.StringIO(browser.get(f"/quality/rates.csv?indicator=CDEI-07&{PERIOD}").text[1:]))
    )
    same = json.loads(browser.get(f"/quality/rates.json?indicator=CDEI-07&{PERIOD}").text)
    assert [(row["group"], int(row["met"])) for row in rows] == [(row["group"], row["met"]) for row in same]


def test_a_centre_sees_its_own_numbers_only(sign_in, cases, alliance):
    browser = sign_in("endoscopist", "county_a")
    rows = json.loads(browser.get(f"/quality/rates.json?indicator=CDEI-07&by=centre&{PERIOD}").text)
    assert sum(row["eligible"] for row in rows) == 4
    page = browser.get(f"/quality?indicator=CDEI-07&centre={alliance.city.code}&{PERIOD}")
    assert alliance.city.name not in page.text
    (all_of_it,) = json.loads(browser.get("/survival/table.json?by=none").text)["groups"]
    assert all_of_it["n"] == 4


def test_rows_are_in_the_order_of_names_unless_the_reader_sorts(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)

    def order(query):
        body = browser.get(f"/quality?indicator=CDEI-07&{PERIOD}&{query}").text.split("<tbody>")[1]
        return re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', body)[:2]

    assert order("") == [alliance.county_a.name, alliance.city.name]
    assert order("sort=rate") == [alliance.city.name, alliance.county_a.name]
    assert order("sort=-rate") == [alliance.county_a.name, alliance.city.name]


def test_a_researcher_gets_no_small_count_anywhere(sign_in, cases, alliance):
    browser = sign_in("researcher", None)
    for address in ("/quality", "/quality/rates.json", "/quality/rates.csv"):
        answer = browser.get(f"{address}?indicator=CDEI-07&by=centre&{PERIOD}")
        assert answer.status_code == 200
    rows = json.loads(browser.get(f"/quality/rates.json?indicator=CDEI-07&by=centre&{PERIOD}").text)
    met = {row["group"]: row["met"] for row in rows}
    assert met == {alliance.city.code: None, alliance.county_a.code: None, alliance.county_b.code: 0}
    page = browser.get(f"/quality?indicator=CDEI-07&by=centre&{PERIOD}").text
    assert "≤7" in page
    by_centre = json.loads(browser.get("/survival/table.json?by=centre&site=colorectum").text)["groups"]
    assert {group["n"] for group in by_centre} == {None}  # 12 of 15 would tell of the 3


def test_the_survival_page(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    page = browser.get("/survival?by=early&site=colorectum")
    assert "结直肠癌的总生存，按早期或进展期" in page.text
    assert "任何原因死亡" in page.text
    figure = re.search(r'src="(/survival/figure\.svg[^"]*)"', page.text).group(1).replace("&amp;", "&")
    for suffix, kind in (("svg", "image/svg+xml"), ("png", "image/png"), ("pdf", "application/pdf")):
        assert browser.get(figure.replace("figure.svg", f"figure.{suffix}")).mimetype == kind
    english = browser.get("/survival/table.csv")
    assert english.mimetype == "text/csv"


def test_the_survival_page_by_every_method(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    page = browser.get("/survival?landmark=30&restricted=1&interval=log&strata=sex").text
    assert "界标分析" in page
    assert "第 30 天至 1 年平均" in page  # counted from the landmark, and said so
    assert "的总生存" in page
    assert "随访完整性" in page
    assert "对数秩" not in page  # there is one group only
    assert "（分层）" in browser.get("/survival?by=centre&strata=sex").text
    page = browser.get("/survival?end=cancer").text
    assert ("的癌特异生存" in page, "的总生存" in page) == (True, False)
    page = browser.get("/survival?by=detection").text
    assert "领先时间" in page
    assert "strata=summary_stage" in page
    ends = browser.get("/survival?method=cif&by=none").text
    assert "死于其他原因" in ends
    assert "Howlader" not in ends  # the source stands in the file
    content = json.loads(browser.get("/survival/table.json?method=cif&by=none").text)
    assert "Howlader" in content["source"]
    assert content["groups"][0]["n"] >= sum(content["groups"][0]["events"].values()) > 0
    model = browser.get("/survival?method=cox&with=summary_stage&with=sex")
    assert model.status_code == 200
    assert "同时考虑的因素" in model.text


def test_every_method_counts_within_the_own_scope(sign_in, cases):
    county, city = (sign_in("endoscopist", place) for place in ("county_a", "city"))
    everywhere = sign_in("quality_reviewer", None)
    for query in ("method=cif", "clock=treatment", "end=cancer", "strata=sex&by=organ"):

        def counted(browser, query=query):
            content = json.loads(browser.get(f"/survival/table.json?{query}").text)
            left = content["excluded"].get("not_treated", 0)
            return left + sum(group["n"] for group in content["groups"]), content["quality"]["cases"]

        own, others, whole = (counted(browser) for browser in (county, city, everywhere))
        assert own[0] == 4
        assert own[0] + others[0] == whole[0]
        assert own[1] < whole[1]
    assert county.get("/survival?method=cox&with=sex").status_code == 200


def test_empty_pages_say_what_will_be_here(sign_in):
    browser = sign_in("endoscopist", "city")
    assert "录入检查后" in browser.get("/quality?indicator=CDEI-13").text
    assert "还没有可画的曲线" in browser.get("/survival").text
    assert browser.get("/quality/figure.svg?indicator=CDEI-13").status_code == 404
    assert browser.get("/survival/figure.svg").status_code == 404
    assert browser.get("/quality").status_code == 200


def test_nonsense_in_the_address_is_taken_for_nothing_asked(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    for address in (
        "/quality?indicator=none&by=shoes&from=yesterday&to=2001-99&centre=nowhere&sort=evil",
        "/quality?indicator=CDEI-07&by=shoes&from=9999-12-31",
        "/survival?by=shoes&site=Q99&from=12&to=x&role=boss&centre=1",
        "/survival?method=magic&landmark=-1&restricted=abc&interval=wald&strata=shoes&clock=noon",
        "/survival?method=cox&with=shoes&with=,,&landmark=999999",
    ):
        assert browser.get(address).status_code == 200


def test_who_may_see_numbers(sign_in):
    for role, centre, expected in (
        ("auditor", None, 403),
        ("alliance_admin", None, 403),
        ("recorder", "city", 200),
    ):
        assert sign_in(role, centre).get("/quality").status_code == expected
        assert sign_in(role, centre).get("/survival").status_code == expected


def test_every_indicator_has_its_definition_page(sign_in):
    browser = sign_in("auditor", None)
    for key, indicator in INDICATORS.items():
        page = browser.get(f"/quality/definitions/{key}")
        assert page.status_code == 200
        assert str(indicator.words.numerator.zh) in page.text
    assert browser.get("/quality/definitions/CDEI-99").status_code == 404


def test_the_codebook_shows_fields_codes_and_what_awaits_sign_off(sign_in):
    page = sign_in("researcher", None).get("/codebook").text
    for words in (
        "黏膜下浸润",
        "0–20000 µm",
        "高级别腺瘤／异型增生",
        "Gut 51:130",
        "待临床核定",
        "eCura",
        "CDEI-13",
    ):
        assert words in page


def test_the_reference_page_says_how_causes_of_death_count(sign_in):
    page = sign_in("quality_reviewer", None).get("/codebook").text
    assert "死因归类" in page
    assert "C76–C80" in page
