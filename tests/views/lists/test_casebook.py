"""The casebook: a reviewer finds any case without a name, and changes nothing in it."""

import re

import pytest

from registry.codes.person import DocumentType

BIRTH = "1958-07-09"
SECRETS = ("赵示例", "13800001234", "19580709", BIRTH, "KEEP-7")


@pytest.fixture
def case(acting, book):
    """A case at county A with everything that could name its person beside it: the examination's id."""
    with acting("endoscopist", "county_a"):
        person = book.enrol(
            None,
            name="赵示例",
            phone="13800001234",
            record_number="KEEP-7",
            documents=[{"type": DocumentType.RESIDENT_ID, "value": book.number(5, "19580709")}],
        ).person_id
        seen = book.examine(
            person,
            "2024-02-03",
            number="E24-0001",
            lesions=[{"site": "C16.3", "size_mm": 9}],
            specimens=[{"method": "forceps", "lesions": [1]}],
        )
        return seen.id


@pytest.fixture
def city_case(acting, book):
    """A colonoscopy at the city hospital: its id."""
    with acting("endoscopist", "city"):
        person = book.enrol(9, name="钱样本").person_id
        return book.examine(person, "2024-03-04", kind="colonoscopy", number="C24-0002").id


def leads_to(page):
    """The cases that a page links to, in its order."""
    return [int(found) for found in re.findall(r'href="/cases/(\d+)"', page.text)]


def secrets(page):
    return [word for word in SECRETS if word in page.text]


def test_a_reviewer_finds_a_case_by_its_number(sign_in, case, city_case):
    answer = sign_in("quality_reviewer").post("/cases", data={"number": " E24-0001 "})
    assert (answer.status_code, answer.location) == (303, f"/cases/{case}")


def test_a_number_of_two_centres_shows_both(sign_in, acting, book, case):
    with acting("endoscopist", "city"):
        other = book.examine(book.enrol(9).person_id, "2024-03-04", number="E24-0001").id
    page = sign_in("quality_reviewer").post("/cases", data={"number": "E24-0001"})
    assert leads_to(page) == [other, case]


def test_a_number_of_nobody_says_so(sign_in, case):
    page = sign_in("quality_reviewer").post("/cases", data={"number": "E24"})
    assert "没有这个检查号的病例" in page.text
    assert leads_to(page) == []


def test_a_reviewer_sees_the_cases_of_every_centre_and_nobodys_name(sign_in, case, city_case):
    page = sign_in("quality_reviewer").get("/cases")
    assert leads_to(page) == [city_case, case]
    for told in ("E24-0001", "甲县人民医院", "2024-02-03", "待病理", "男 · 65"):
        assert told in page.text
    assert secrets(page) == []
    assert "钱样本" not in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("centre=370001", ["city"]),
        ("type=colonoscopy", ["city"]),
        ("to=2024-02", ["county"]),
        ("from=2024-02-04", ["city"]),
        ("from=2024&centre=370002&type=ogd", ["county"]),
        ("from=soon&type=x&centre=0&page=x", ["city", "county"]),
        ("from=2030", []),
        ("page=7", []),
    ],
)
def test_the_address_says_which_cases(sign_in, case, city_case, asked, found):
    page = sign_in("quality_reviewer").get(f"/cases?{asked}")
    assert leads_to(page) == [{"city": city_case, "county": case}[one] for one in found]


def test_an_empty_range_says_what_to_do(sign_in):
    assert "这个范围内没有病例" in sign_in("quality_reviewer").get("/cases").text


def test_pages_keep_the_filters_and_nothing_else(sign_in, case, acting, book, monkeypatch):
    monkeypatch.setattr("registry.views.lists.casebook.PAGE", 1)
    with acting("endoscopist", "county_a"):
        book.examine(book.enrol(9).person_id, "2024-03-04")
    page = sign_in("quality_reviewer").get("/cases?from=2024&number=E24-0001")
    assert 'href="/cases?page=2&amp;from=2024"' in page.text
    assert "E24-0001" not in re.sub(r'<input type="hidden" name="back".*', "", page.text)


def test_a_doctor_finds_the_own_centres_cases_only(sign_in, case, city_case):
    doctor = sign_in("endoscopist", "city")
    assert leads_to(doctor.get("/cases")) == [city_case]
    assert leads_to(doctor.get("/cases?centre=370002")) == [city_case]
    assert leads_to(doctor.post("/cases", data={"number": "E24-0001"})) == []


def test_the_bar_leads_there_who_may_open_no_names(sign_in):
    assert 'href="/cases"' in sign_in("quality_reviewer").get("/codebook").text
    for role in ("endoscopist", "recorder", "researcher", "auditor", "alliance_admin"):
        assert 'href="/cases"' not in sign_in(role).get("/codebook").text


def test_a_reviewer_opens_a_case_that_offers_no_saving(sign_in, case):
    page = sign_in("quality_reviewer").get(f"/cases/{case}")
    assert page.status_code == 200
    assert "E24-0001" in page.text
    assert "只可查看" in page.text
    assert secrets(page) == []
    for button in ("save", "next", "mine"):
        assert f'value="{button}"' not in page.text
    assert sign_in("quality_reviewer").post(f"/cases/{case}", data={"do": "save"}).status_code == 403
