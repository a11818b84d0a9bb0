"""What the page of survival offers a reader of aggregates: everything it offers is answered."""

import re
from html import unescape

import pytest

from registry.codes.lesion import Organ
from registry.codes.tumour import SummaryStage
from registry.services.unit import change
from tests.counted import case

CLOCKS_AND_STRATA = ("clock", "end", "landmark", "restricted", "strata", "from", "to", "centre")
REFUSALS = ("不对汇总数据使用者开放", "汇总数据使用者不能另选", "请在“部位”中选一个器官")


@pytest.fixture
def tumours(acting, alliance):
    """Two dozen cancers of the stomach and of the colon each, in two stages."""
    stages = [SummaryStage.LOCALISED, SummaryStage.DISTANT]
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for number in range(48):
            facts = {
                "organ": Organ.COLON if number % 2 else Organ.STOMACH,
                "invasive": True,
                "summary_stage": stages[number // 2 % 2],
                "followed_days": 40 * number + 20,
                "dead": number % 3 == 0,
            }
            case(unit, alliance.city.id, number % 12, tumours=[facts])


def offered(page):
    """The names of the fields of the form, and the values of its selects."""
    form = page.partition('id="filters"')[2].partition("</form>")[0]
    names = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', form))
    selects = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL)
    return names, {name: re.findall(r'<option value="([^"]*)"', options) for name, options in selects}


def refused(page):
    return [words for words in REFUSALS if words in page]


def test_no_clock_stratum_or_method_is_offered_that_is_refused(sign_in, tumours):
    names, values = offered(sign_in("researcher", None).get("/survival").text)
    assert names.isdisjoint(CLOCKS_AND_STRATA)
    assert values["method"] == ["km", "cif"]
    assert values["by"] == ["none", "organ"]
    others, all_of_them = offered(sign_in("quality_reviewer", None).get("/survival").text)
    assert others.issuperset(CLOCKS_AND_STRATA)
    assert set(all_of_them["method"]) > {"km", "cif"}
    assert {"summary_stage", "organ", "centre"} <= set(all_of_them["by"])


@pytest.mark.parametrize("method", ["km", "cif"])
def test_whatever_the_form_holds_is_answered(method, sign_in, tumours):
    """Each site with the division that the page had before, and with each that it offers then."""
    browser = sign_in("researcher", None)
    _, values = offered(browser.get(f"/survival?method={method}").text)
    for site in values["site"]:
        page = browser.get(f"/survival?method={method}&by=organ&site={site}").text
        assert refused(page) == [], site
        assert ("下面是可公开的分组" in page) == (site != "")
        _, here = offered(page)
        for by in here["by"] if site in ("", "stomach", "colon", "colorectum") else ():
            answer = browser.get(f"/survival?method={method}&site={site}&by={by}")
            assert refused(answer.text) == [], (site, by)
            assert "下面是可公开的分组" not in answer.text


def test_the_divisions_of_a_site_are_those_that_leave(sign_in, tumours):
    browser = sign_in("researcher", None)
    divisions = {
        site: offered(browser.get(f"/survival?site={site}").text)[1]["by"] for site in ("colon", "stomach")
    }
    assert divisions["colon"] == ["none"]
    assert {"none", "summary_stage", "sex", "centre"} <= set(divisions["stomach"])
    assert "organ" not in divisions["stomach"]


def test_the_links_and_files_of_a_page_are_answered_too(sign_in, tumours):
    browser = sign_in("researcher", None)
    for query in (
        "",
        "?site=colon&by=sex",
        "?by=detection&site=stomach",
    ):
        page = browser.get(f"/survival{query}").text
        links = {unescape(one) for one in re.findall(r'(?:href|src)="(/survival[?/][^"]*)"', page)}
        assert any("table.csv" in link for link in links), query
        for link in links:
            answer = browser.get(link)
            assert answer.status_code == 200, link
            if answer.mimetype == "text/html":
                assert refused(answer.text) == [], link


def test_what_is_asked_for_in_the_address_is_refused_as_before(sign_in, tumours):
    """A division that is not shown of a site is told to be another; its file is none."""
    browser = sign_in("researcher", None)
    page = browser.get("/survival?by=sex").text
    assert "下面是可公开的分组" in page
    assert "按器官" in page
    assert browser.get("/survival/table.csv?by=sex").status_code == 404
    for query in ("landmark=30", "clock=treatment", "strata=sex", "method=cox", "from=2001", "end=cancer"):
        page = browser.get(f"/survival?site=stomach&{query}").text
        assert refused(page), query
        names, _ = offered(page)
        assert names.isdisjoint(CLOCKS_AND_STRATA)
        assert browser.get(f"/survival/table.csv?site=stomach&{query}").status_code == 404
