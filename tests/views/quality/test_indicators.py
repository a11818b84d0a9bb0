"""The catalogue, editions side by side, sets that are switched on, and the cases behind a number."""

import csv
import io
import json
import re

import pytest

from registry.indicators import INDICATORS, SETS, switched_on
from registry.services.unit import change
from tests.counted import case

PERIOD = "from=2001&to=2001-12"


@pytest.fixture
def cases(acting, alliance):
    """At the city twelve screening colonoscopies, three with an adenoma, of persons aged 47 and 55."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(12):
            case(
                unit, alliance.city.id, place, kind="colonoscopy", indication="check_up",
                age=55 if place % 2 else 47, withdrawal_min=8 if place < 9 else 4,
                lesions=[{"sampled": True, "adenoma": True}] if place < 3 else [],
            )  # fmt: skip


def test_the_catalogue_shows_every_indicator_and_what_is_not_counted(sign_in):
    page = sign_in("auditor", None).get("/quality/indicators")
    assert page.status_code == 200
    for one in SETS.values():
        assert str(one.label.zh) in page.text
        for indicator in one.indicators:
            assert f"/quality/definitions/{indicator.key}" in page.text
        for left in one.not_counted:
            assert str(left.why.zh) in page.text


def test_a_definition_says_what_it_needs_and_how_well_it_is_known(sign_in):
    browser = sign_in("quality_reviewer", None)
    missed = browser.get("/quality/definitions/PCCRC-3Y").text
    assert "死因名单" in missed
    assert "未重读原文" in missed
    assert "已核对原文" in browser.get("/quality/definitions/CDEI-13").text
    assert "本登记拟定" in browser.get("/quality/definitions/EARLY-STOMACH").text
    assert "待临床核定" in missed
    adenomas = browser.get("/quality/definitions/ASGE-ADR").text
    assert "≥35.0 %" in adenomas
    assert "/quality/definitions/ASGE-ADR.2015" in adenomas
    assert "/quality/editions/ASGE-ADR" in adenomas
    assert "理想 95.0 %" in browser.get("/quality/definitions/ESGE-CIR").text


def test_an_edition_stands_beside_the_one_that_it_replaces(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(f"/quality/editions/ASGE-ADR?{PERIOD}").text
    assert alliance.city.name in page
    assert page.index("ASGE/ACG 2015") < page.index("ASGE/ACG 2024")
    assert "1/6" in page  # of those aged 50 or more
    assert "3/12" in page
    assert "+8.3" in page
    assert "不足 10，不作判断" in page
    named = browser.get(f"/quality/editions/CDEI-12?{PERIOD}").text
    assert '<th scope="col">食管癌早期诊断率（仅深度已知）</th>' in named
    text = browser.get(f"/quality/editions/ASGE-ADR?{PERIOD}&format=csv").text[1:]
    rows = [(row["indicator"], row["group"], row["met"]) for row in csv.DictReader(io.StringIO(text))]
    assert rows[:2] == [("ASGE-ADR.2015", alliance.city.code, "1"), ("ASGE-ADR", alliance.city.code, "3")]
    assert browser.get("/quality/editions/CDEI-13?with=CDEI-13.hgin").status_code == 200
    assert browser.get("/quality/editions/CDEI-07").status_code == 404  # there is one edition
    assert browser.get("/quality/editions/NONE").status_code == 404
    assert sign_in("researcher", None).get("/quality/editions/ASGE-ADR").status_code == 403


def test_a_set_is_shown_when_it_is_chosen(sign_in, cases):
    browser = sign_in("endoscopist", "city")
    keys = {
        row["indicator"] for row in json.loads(browser.get(f"/quality/rates.json?set=AGA-2021&{PERIOD}").text)
    }
    assert keys == {one.key for one in SETS["AGA-2021"].indicators}
    page = browser.get(f"/quality?set=AGA-2021&{PERIOD}").text
    assert "AGA-WITHDRAWAL" in page
    assert "5.1–8.2" in page  # R: t.test(c(rep(8, 6), rep(4, 3)))
    assert "6.7 min" in page  # of the nine without a lesion six took 8 minutes and three took 4
    assert "CDEI-07" not in page
    assert "CDEI-07" in browser.get(f"/quality?set=nothing&{PERIOD}").text


def test_the_sets_that_are_on_can_be_set():
    assert [one.key for one in switched_on("UK-OGD-2017")] == [
        "UK-OGD-VOLUME",
        "UK-OGD-PHOTOS",
        "UK-OGD-MISSED",
    ]
    assert switched_on(" ") == switched_on()
    with pytest.raises(KeyError, match="no set is called 'X'"):
        switched_on("AGA-2021,X")


def test_a_count_opens_its_cases(sign_in, cases, alliance):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(f"/quality?indicator=CDEI-14&by=centre&{PERIOD}").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/cases\?[^"]+)"', page)]
    met = next(link for link in links if "state=met" in link and f"centre={alliance.city.code}" in link)
    found = browser.get(met).text
    assert "结直肠腺瘤检出率（ADR） · 达到" in found
    assert "3 例" in found
    everybody = next(link for link in links if "state=" not in link)
    assert "12 例" in browser.get(everybody).text
    short = browser.get(f"/cases?indicator=CDEI-07&state=not_met&{PERIOD}").text
    assert "3 例" in short
    assert "12 例" in browser.get(f"/cases?indicator=PARTICIPATION&state=met&{PERIOD}").text  # has no cases


def test_who_sees_no_cases_is_offered_none(sign_in, cases):
    page = sign_in("researcher", None).get(f"/quality?indicator=CDEI-14&by=centre&{PERIOD}").text
    assert "/cases?" not in page


def test_a_rate_that_needs_a_list_says_so(sign_in, cases):
    page = sign_in("quality_reviewer", None).get(f"/quality?indicator=PCCRC-3Y&{PERIOD}").text
    assert str(INDICATORS["PCCRC-3Y"].needs.zh) in page
    assert "不可计算" in page
    assert "0.0 %" not in page


def test_the_reference_page_opens_the_cases_for_those_who_may_see_them(sign_in, cases):
    address = f"/quality/definitions/CDEI-07?{PERIOD}"
    browser = sign_in("endoscopist", "city")
    found = re.findall(r'href="(/cases\?[^"]*)"', browser.get(address).text)
    pages = [browser.get(one.replace("&amp;", "&")).text for one in found]
    for page, words in zip(pages, ("符合条件 · 12 例", "达到 · 9 例", "未达到 · 3 例"), strict=True):
        assert words in page
    for role in ("researcher", "alliance_admin"):
        assert "/cases?" not in sign_in(role, None).get(address).text
