"""Staff in bulk on its page: template, looking over, applying, and the passwords shown once."""

import io

import openpyxl
import pytest

PAGE = "/admin/bulk"


@pytest.fixture
def browser(sign_in):
    return sign_in("alliance_admin")


def book(browser, **sheets):
    """The downloaded template with more rows, as a file to be sent."""
    answer = browser.get(f"{PAGE}/template.xlsx")
    assert answer.status_code == 200
    found = openpyxl.load_workbook(io.BytesIO(answer.data))
    for name, rows in sheets.items():
        for row in rows:
            found[name].append(row)
    content = io.BytesIO()
    found.save(content)
    return content.getvalue()


def look(browser, content, name="staff.xlsx"):
    return browser.post(PAGE, data={"do": "look", "file": (io.BytesIO(content), name)})


ZHANG = ["zhang", "张医师", "内镜医师", "370002", "中文", "是"]


def test_the_template_as_it_is_changes_nothing(browser):
    shown = look(browser, book(browser)).text
    assert "新增 0，修改 0" in shown
    assert "要改 0" in shown


def test_a_workbook_is_looked_over_applied_and_its_passwords_shown_once(browser, filled, client):
    looked = look(browser, book(browser, 用户=[ZHANG]))
    assert "新增 1，修改 0" in looked.text
    done = browser.post(PAGE, data=filled(looked, PAGE, do="apply"))
    assert done.status_code == 201
    password = done.text.split("<code>")[1].split("</code>")[0]
    assert len(password) == 19
    entered = client.post("/sign-in", data={"username": "zhang", "password": password})
    assert entered.status_code == 302
    assert password not in browser.get("/admin/users").text


def test_a_wrong_cell_stands_beside_its_row(browser):
    shown = look(browser, book(browser, 用户=[[*ZHANG[:2], "院长", *ZHANG[3:]]])).text
    assert "要改 1" in shown
    assert "角色：应为：录入员" in shown


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "staff.xlsx"), (b"PK not a zip", "staff.xlsx"), (b"x", "staff.exe")]
)
def test_what_is_no_workbook_is_refused_politely(browser, content, name):
    answer = look(browser, content, name)
    assert (answer.status_code, "没有读入" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "content", ["", "[1]", '[["users",2,{"name":1}]]', '[["moons",2,{}]]', '["\\ud800"]']
)
def test_rows_that_the_page_never_showed_are_refused(browser, content):
    assert browser.post(PAGE, data={"do": "apply", "content": content}).status_code == 400


def test_a_manager_gets_the_own_house_only(sign_in):
    browser = sign_in("centre_manager", "county_a")
    found = openpyxl.load_workbook(io.BytesIO(browser.get(f"{PAGE}/template.xlsx").data))
    assert found.sheetnames == ["说明", "用户", "来源代码"]
    names = {row[0].value for row in found["用户"].iter_rows(min_row=2) if row[0].value}
    assert names == {"recorder.county_a", "endoscopist.county_a", "centre_manager.county_a", "expert"}


def test_who_manages_nobody_is_turned_away(sign_in):
    assert sign_in("endoscopist", "county_a").get(PAGE).status_code == 403
