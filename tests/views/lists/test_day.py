"""The day's list on its pages: pasted, looked over, worked through, struck off."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from registry.extensions import db
from registry.models import Enrolment, Examination, Listed
from registry.queries.lists import day_list as queries
from registry.services.values import today
from tests.book import number

TABLE = "\n".join(
    "\t".join(cells)
    for cells in (
        ("序号", "姓名", "性别", "年龄", "证件号", "检查项目", "检查号", "检查医师", "适应症"),
        ("1", "赵示例", "男", "", number(5), "无痛胃镜", "G1", "钱内镜医师", "体检"),
        ("2", "钱二", "女", "63", "", "肠镜", "C1", "", "FIT阳性"),
    )
)


@pytest.fixture
def browser(sign_in):
    return sign_in("endoscopist", "county_a")


@pytest.fixture
def listed(browser):
    """The two lines of TABLE on today's list."""
    answer = browser.post("/day/paste", data={"text": TABLE, "do": "take"})
    assert answer.status_code == 303
    return browser


@pytest.fixture
def lines(acting):
    def found(day=None):
        with acting("endoscopist", "county_a"):
            return queries.on_list(day or today())

    return found


def count(acting, model):
    with acting("endoscopist", "county_a"):
        return db.session.scalar(select(func.count()).select_from(model))


def test_looking_a_list_over_keeps_nothing(browser, acting, audit_entries):
    answer = browser.post("/day/paste", data={"text": TABLE, "do": "look"})
    assert answer.status_code == 200
    for words in ("赵示例", "钱二", "新受检者", "2 行可用"):
        assert words in answer.text
    assert (count(acting, Listed), count(acting, Enrolment)) == (0, 0)
    assert audit_entries("person.") == []


def test_a_pasted_list_is_taken_in_and_not_twice(listed, acting):
    shown = listed.get("/day").text
    assert "2 位，2 位待录入" in shown
    again = listed.post("/day/paste", data={"text": TABLE, "do": "take"}, follow_redirects=True)
    assert "未变 2 行" in again.text
    assert (count(acting, Listed), count(acting, Enrolment)) == (2, 2)


def test_a_line_that_cannot_be_taken_is_named_and_the_others_stand(browser, acting):
    text = f"姓名\t证件号\t检查\n赵示例\t1.1010519491231e+17\t胃镜\n钱二\t{number(6)}\t胃镜"
    looked = browser.post("/day/paste", data={"text": text, "do": "look"}).text
    assert "末几位已丢失" in looked
    answer = browser.post("/day/paste", data={"text": text, "do": "take"})
    assert answer.status_code == 422
    assert "末几位已丢失" in answer.text
    assert "新增 1 行；未采用 1 行" in answer.text
    assert count(acting, Listed) == 1


def test_a_namesake_is_offered_and_the_reader_decides(browser, acting, book):
    with acting("endoscopist", "county_a"):
        known = book.enrol(None, name="钱二", sex="female", record_number="R-77").person_id
    text = "钱二 女 63岁 肠镜"
    looked = browser.post("/day/paste", data={"text": text, "do": "look"}).text
    assert "登记号 R-77" in looked
    browser.post("/day/paste", data={"text": text, "do": "take", "who-1-colonoscopy": str(known)})
    assert count(acting, Enrolment) == 1


def test_nobody_is_chosen_who_was_not_offered(browser, acting, book):
    with acting("endoscopist", "county_a"):
        other = book.enrol(6, name="王五", sex="female").person_id
    browser.post(
        "/day/paste", data={"text": "钱二 女 63岁 肠镜", "do": "take", "who-1-colonoscopy": str(other)}
    )
    assert count(acting, Enrolment) == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "没有看到名单"),
        ({"text": TABLE, "on": "哪天"}, "看不懂"),
        ({"text": "x\n" * 201}, "最多 200 行"),
    ],
)
def test_what_is_no_list_is_refused(browser, acting, sent, said):
    answer = browser.post("/day/paste", data={**sent, "do": "take"})
    assert answer.status_code == 422
    assert said in answer.text
    assert count(acting, Listed) == 0


def test_the_case_of_a_line_says_what_the_list_says(listed, lines, filled, alliance):
    first = lines()[0]
    address = f"/people/{first.person_id}/cases/new?listed={first.listed_id}"
    form = filled(listed.get(address), address)
    assert form["examination-type"] == "ogd"
    assert form["examination-number"] == "G1"
    assert form["examination-indication"] == "check_up"
    assert form["examination-sedation"] == "sedation"
    assert (
        form["examination-operator_id"] == str(alliance.user("endoscopist", "county_a"))
        or form["examination-operator_id"] == ""
    )
    assert form["examination-photos"] == ""


def test_saving_closes_the_line_and_leads_to_the_next(listed, lines, filled, acting):
    first, second = lines()
    address = f"/people/{first.person_id}/cases/new?listed={first.listed_id}"
    answer = listed.post(address, data=filled(listed.get(address), address, do="next"))
    assert answer.status_code == 303
    assert answer.location == f"/people/{second.person_id}/cases/new?listed={second.listed_id}"
    assert [one.state.code for one in lines()] == ["done", "open"]
    address = answer.location
    last = listed.post(address, data=filled(listed.get(address), address, do="next"))
    assert last.location == f"/day?on={today()}"
    assert [one.state.code for one in lines()] == ["done", "done"]
    assert count(acting, Examination) == 2
    assert "2 位，0 位待录入" in listed.get("/day").text


def test_a_refused_case_keeps_its_line_and_its_place(listed, lines, filled):
    first, _ = lines()
    address = f"/people/{first.person_id}/cases/new?listed={first.listed_id}"
    sent = filled(listed.get(address), address, do="next", **{"examination-photos": "9999"})
    answer = listed.post(address, data=sent)
    assert answer.status_code == 422
    assert "名单第 1 位，共 2 位" in answer.text
    assert lines()[0].open


def test_a_line_is_struck_off_and_put_back(listed, lines):
    first, _ = lines()
    listed.post(f"/day/{first.listed_id}/state", data={"do": "cancel"})
    assert "放回名单" in listed.get("/day").text
    assert lines()[0].state.code == "cancelled"
    listed.post(f"/day/{first.listed_id}/state", data={"do": "reopen"})
    assert lines()[0].open


def test_home_begins_with_the_list_and_what_yesterday_left(listed, browser):
    yesterday = today() - timedelta(1)
    text = f"孙三 男 50岁 胃镜 {number(7, '19760101')}"
    browser.post("/day/paste", data={"text": text, "on": f"{yesterday}", "do": "take"})
    home = listed.get("/").text
    assert "录入名单下一位" in home
    assert "前几天还有 1 位没有录入" in home
    assert home.index('id="listed"') < home.index('id="today"')
    assert f"{yesterday}" in listed.get("/day").text


def test_a_draft_of_a_listed_case_is_found_again(listed, lines):
    first, _ = lines()
    listed.post(
        "/drafts",
        json={
            "subject": f"listed-{first.listed_id}",
            "person_id": first.person_id,
            "content": {"examination-photos": ["33"]},
        },
    )
    address = f"/people/{first.person_id}/cases/new?listed={first.listed_id}"
    assert address.replace("&", "&amp;") in listed.get("/").text
    assert 'value="33"' in listed.get(address).text


@pytest.mark.parametrize("which", ["of another house", "of another person"])
def test_a_line_that_is_not_this_persons_does_not_exist(listed, lines, sign_in, book, acting, which):
    first, second = lines()
    if which == "of another person":
        browser, person = listed, second.person_id
    else:
        browser = sign_in("endoscopist", "city")
        with acting("endoscopist", "city"):
            person = book.enrol(5, name="赵示例").person_id
    assert browser.get(f"/people/{person}/cases/new?listed={first.listed_id}").status_code == 404
    if which == "of another house":
        assert browser.post(f"/day/{first.listed_id}/state", data={"do": "cancel"}).status_code == 404


def test_who_only_reads_sees_no_list(sign_in):
    assert sign_in("quality_reviewer").get("/day").status_code == 403
