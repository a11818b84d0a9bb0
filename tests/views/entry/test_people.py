"""Finding, enrolling and amending people; the search; what is known elsewhere."""

import pytest
from sqlalchemy import func, select

from registry.extensions import db
from registry.models import Enrolment, Person

ADDRESS = "/people/find"


@pytest.fixture
def browser(sign_in):
    return sign_in("recorder", "county_a")


def look_up(browser, filled, **typed):
    return browser.post(ADDRESS, data=filled(browser.get(ADDRESS), ADDRESS, {**typed, "do": "find"}))


def test_a_number_fills_in_birth_and_sex_and_the_person_is_enrolled(browser, filled, book, acting):
    found = look_up(browser, filled, document_value=book.number(7, "19620314"))
    fields = filled(found, ADDRESS)
    assert (fields["born_on"], fields["sex"]) == ("1962-03-14", "1")
    sent = filled(found, ADDRESS, name="钱样本", phone="13800009876", do="enrol")
    answer = browser.post(ADDRESS, data=sent)
    assert answer.status_code == 303
    assert answer.location.endswith("/cases/new")
    with acting("recorder", "county_a"):
        enrolment = db.session.scalar(select(Enrolment))
        assert (enrolment.name, enrolment.documents[0].value) == ("钱样本", book.number(7, "19620314"))


def test_a_wrong_check_character_is_said_without_repeating_the_number(browser, filled, book):
    right = book.number(7)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    answer = look_up(browser, filled, document_value=wrong)
    assert answer.status_code == 422
    assert "校验码不符" in answer.text
    assert answer.text.count(wrong) == 1  # in its box only


def test_who_is_enrolled_here_is_opened(browser, filled, book, enrolled):
    answer = look_up(browser, filled, document_value=book.number(5))
    assert (answer.status_code, answer.location) == (303, f"/people/{enrolled}")


def test_who_is_known_elsewhere_is_said_to_be_and_no_more(sign_in, filled, book, enrolled, sampled):
    city = sign_in("recorder", "city")
    answer = look_up(city, filled, document_value=book.number(5))
    assert "联盟内其他中心有此人的记录" in answer.text
    for secret in ("赵示例", "13800001234", "H26-1", "甲县"):
        assert secret not in answer.text


def test_a_mothers_number_matches_nobody(browser, filled, book, enrolled):
    answer = look_up(browser, filled, document_value=book.number(5), document_owner="mother")
    assert answer.status_code == 200
    fields = filled(answer, ADDRESS, name="赵小宝", born_on="2020", do="enrol")
    assert fields["born_on"] == "2020"  # the mother's birth date was not taken over
    assert browser.post(ADDRESS, data=fields).location != f"/people/{enrolled}/cases/new"


def test_nobodys_document_will_do(browser, filled, acting):
    found = look_up(browser, filled, document_type="none")
    sent = filled(found, ADDRESS, name="无名氏", sex="1", born_on="1950", do="enrol")
    assert browser.post(ADDRESS, data=sent).status_code == 303
    with acting("recorder", "county_a"):
        person = db.session.scalar(select(Person))
        assert (person.born_on.year, person.born_precision.code) == (1950, "year")


def test_a_passport_is_a_document_like_any_other(browser, filled):
    found = look_up(browser, filled, document_type="passport", document_value="e 1234-5678")
    assert found.status_code == 200
    assert "没有找到档案" in found.text


def test_an_empty_number_asks_for_one(browser, filled):
    answer = look_up(browser, filled)
    assert answer.status_code == 422
    assert "请填写证件号码" in answer.text


@pytest.mark.parametrize("text", ["赵示例", "zsl", "1234", "zhaoshili"])
def test_one_hit_opens_the_person(browser, enrolled, text):
    answer = browser.post("/people/search", data={"q": text})
    assert (answer.status_code, answer.location) == (303, f"/people/{enrolled}")


def test_several_hits_are_listed_and_none_offers_the_next_step(browser, book, acting, enrolled):
    with acting("recorder", "county_a"):
        book.enrol(9, name="赵示例")
    listed = browser.post("/people/search", data={"q": "赵示例"})
    assert listed.text.count("赵示例</a>") == 2
    none = browser.post("/people/search", data={"q": "孙虚构"})
    assert "没有找到" in none.text
    assert 'href="/people/find"' in none.text


def test_nothing_personal_stands_in_an_address(browser):
    assert "没有找到" not in browser.get("/people/search?q=赵示例").text


def test_the_page_of_a_person_tells_the_time_and_is_noted(browser, enrolled, sampled, audit_entries):
    audit_entries()
    page = browser.get(f"/people/{enrolled}")
    assert "H26-1" in page.text
    assert f'href="/history/examination/{sampled[0]}"' in page.text
    assert [entry.person_id for entry in audit_entries("person.look")] == [enrolled]


def test_a_person_of_another_centre_does_not_exist(sign_in, enrolled):
    other = sign_in("recorder", "county_b")
    for path in ("", "/edit", "/elsewhere", "/cases/new", "/contact"):
        assert other.get(f"/people/{enrolled}{path}").status_code == 404


def test_an_empty_person_offers_the_first_step(browser, enrolled):
    assert f'href="/people/{enrolled}/cases/new"' in browser.get(f"/people/{enrolled}").text


def test_an_enrolment_is_amended_with_its_document_kept(browser, filled, enrolled, acting, book):
    address = f"/people/{enrolled}/edit"
    sent = filled(browser.get(address), address, phone="13900000000", reason="换了号码", do="save")
    assert browser.post(address, data=sent).status_code == 303
    with acting("recorder", "county_a"):
        enrolment = db.session.scalar(select(Enrolment))
        assert enrolment.phone == "13900000000"
        assert [paper.value for paper in enrolment.documents] == [book.number(5)]


def test_two_who_amend_meet_both_versions(sign_in, browser, filled, enrolled):
    address, other = f"/people/{enrolled}/edit", sign_in("endoscopist", "county_a")
    mine, theirs = (filled(one.get(address), address, do="save") for one in (browser, other))
    theirs["phone"], mine["address"] = "13900000000", "某街 1 号"
    assert other.post(address, data=theirs).status_code == 303
    met = browser.post(address, data=mine)
    assert met.status_code == 409
    assert "13900000000" in met.text
    assert "某街 1 号" in met.text


def test_details_from_elsewhere_open_with_a_reason_that_is_kept(
    sign_in, filled, book, acting, enrolled, sampled, audit_entries
):
    with acting("recorder", "city"):
        book.enrol(5, name="赵示例")
    city, address = sign_in("recorder", "city"), f"/people/{enrolled}/elsewhere"
    closed = city.get(address)
    assert "待病理" in closed.text
    assert "0-IIc" not in closed.text
    assert city.post(address, data=filled(closed, address)).status_code == 422
    opened = city.post(address, data=filled(closed, address, why="referral", more="会诊"))
    assert "0-IIc" in opened.text
    assert "赵示例" in opened.text  # the city's own enrolment
    entries = [entry for entry in audit_entries() if entry.reason and "会诊" in entry.reason]
    assert len(entries) == 1


def test_a_wrong_form_enrols_nobody(browser, filled, book, acting):
    found = look_up(browser, filled, document_value=book.number(7))
    answer = browser.post(ADDRESS, data=filled(found, ADDRESS, name="某人", born_on="昨年", do="enrol"))
    assert answer.status_code == 422
    with acting("recorder", "county_a"):
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0
