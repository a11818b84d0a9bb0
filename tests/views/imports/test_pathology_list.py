"""Pathology pasted by number, on its page."""

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Report

ADDRESS = "/to-do/specimens/paste"
TEXT = "病理号\t病理诊断\t报告日期\nH26-1\t（胃角）管状腺瘤，低级别\t2024-02-09\nH26-9\t慢性胃炎\t2024-02-09"


@pytest.fixture
def browser(sign_in, sampled):
    return sign_in("endoscopist", "county_a")


@pytest.fixture
def reports(acting):
    def found():
        with acting("endoscopist", "county_a"):
            return [
                (row.wording, row.current) for row in db.session.scalars(select(Report).order_by(Report.id))
            ]

    return found


def test_looking_over_says_what_would_happen_and_stores_nothing(browser, reports):
    answer = browser.post(ADDRESS, data={"text": TEXT, "do": "look"})
    assert answer.status_code == 200
    assert "1 份会存下，共 2 行" in answer.text
    assert "新报告" in answer.text
    assert "病理号 H26-9 还没有登记" in answer.text
    assert reports() == []


def test_good_lines_are_stored_and_the_others_named(browser, reports):
    answer = browser.post(ADDRESS, data={"text": TEXT, "do": "take"})
    assert answer.status_code == 422
    assert "新增报告 1 份；未采用 1 行" in answer.text
    assert "病理号 H26-9 还没有登记" in answer.text
    assert reports() == [("（胃角）管状腺瘤，低级别", True)]


def test_a_changed_text_is_shown_as_a_revision_first(browser, reports):
    first = TEXT.rpartition("\n")[0]
    assert browser.post(ADDRESS, data={"text": first, "do": "take"}).status_code == 303
    assert "未变" in browser.post(ADDRESS, data={"text": first, "do": "look"}).text
    revised = first.replace("低级别", "高级别")
    assert "修订，取代现行报告" in browser.post(ADDRESS, data={"text": revised, "do": "look"}).text
    assert browser.post(ADDRESS, data={"text": revised, "do": "take"}).status_code == 303
    assert reports() == [("（胃角）管状腺瘤，低级别", False), ("（胃角）管状腺瘤，高级别", True)]


def test_words_without_tabs_will_do(browser, reports):
    browser.post(ADDRESS, data={"text": "H26-1 （胃角）管状腺瘤， 低级别 2024-02-09", "do": "take"})
    assert reports() == [("（胃角）管状腺瘤， 低级别", True)]


@pytest.mark.parametrize("text", ["", "病理号\t诊断"])
def test_an_empty_list_is_said_to_be_empty(browser, text):
    answer = browser.post(ADDRESS, data={"text": text, "do": "take"})
    assert (answer.status_code, "没有看到病理清单" in answer.text) == (422, True)


def test_another_house_stores_nothing(sign_in, sampled, reports):
    answer = sign_in("endoscopist", "city").post(ADDRESS, data={"text": TEXT, "do": "take"})
    assert answer.status_code == 422
    assert reports() == []
