"""What nobody types by accident: every such request gets a clear answer, and none a fault of ours."""

import zipfile
from datetime import date

import pytest

from registry.reports.files import as_csv
from registry.rules.problem import Invalid
from registry.services.course.outcome import contact
from tests.book import enrol

HUGE = str(10**30)


@pytest.fixture
def enrolled(acting):
    """Somebody enrolled at county A: the id."""
    with acting("endoscopist", "county_a"):
        return enrol(5).person_id


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("endoscopist", f"/people/{HUGE}"),
        ("endoscopist", f"/cases/{HUGE}"),
        ("endoscopist", f"/history/examination/{HUGE}"),
        ("endoscopist", "/history/draft/1"),
        ("endoscopist", "/history/imported_case/1"),
        ("alliance_admin", f"/admin/users/{HUGE}"),
    ],
)
def test_a_number_that_no_record_has_is_no_page(sign_in, at_city, role, path):
    assert sign_in(role, "city").get(path).status_code == 404


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("endoscopist", f"/to-do/due?page={HUGE}"),
        ("endoscopist", "/to-do/due?page=-1"),
        ("endoscopist", "/quality?endpoint=1&_method=x&_scheme=javascript&_external=1&_anchor=x"),
        ("endoscopist", "/survival?endpoint=1&_method=x"),
        ("auditor", f"/trail?before={HUGE}&person_id={HUGE}&subject_id=-1&centre={HUGE}"),
        ("auditor", "/trail?since=0001-01-01&until=9999-12-31&endpoint=1&_method=x"),
    ],
)
def test_filters_that_make_no_sense_are_passed_over(sign_in, at_city, role, path):
    page = sign_in(role, "city").get(path)
    assert page.status_code == 200
    assert "javascript:" not in page.text


@pytest.mark.parametrize(
    "back", ["/\t/evil.example", "/\r/evil.example", "/ok\r\nX-Evil: 1", "/\\evil.example", "//evil.example"]
)
def test_the_way_back_stays_in_the_house(sign_in, back):
    """Browsers drop tabs and line ends from an address, and read backslashes as slashes."""
    answer = sign_in().post("/language", data={"language": "en", "back": back})
    assert (answer.status_code, answer.location) == (302, "/start")
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    "sent",
    [
        [],
        "text",
        {"subject": "case-1", "content": {"name": 1}},
        {"subject": "case-1", "content": {"name": ["\ud800"]}},
        {"subject": "case-²", "content": {}},
        {"subject": "case-1", "content": {}, "person_id": "abc"},
        {"subject": "case-1", "content": {}, "person_id": 10**30},
    ],
)
def test_a_draft_is_a_form(sign_in, alliance, sent):
    browser = sign_in("endoscopist", "city")
    assert browser.post("/drafts", json=sent).status_code == 400
    assert browser.get("/").status_code == 200


def test_no_draft_is_kept_about_another_centres_person(sign_in, at_city, at_county):
    sent = {"subject": "case-1", "content": {}, "person_id": at_city.ids["person"]}
    assert sign_in("endoscopist", "county_a").post("/drafts", json=sent).status_code == 404


def test_too_many_fields_and_what_no_database_holds_are_refused(sign_in, enrolled):
    browser, address = sign_in("endoscopist", "county_a"), f"/people/{enrolled}/cases/new"
    rows = {f"lesions-{place}-size_mm": "1" for place in range(400)}
    fields = {f"field{place}": "1" for place in range(6000)}
    assert browser.post(address, data=rows).status_code == 413
    assert browser.post(address, data=fields).status_code == 413
    assert browser.post(address, data={"examination-findings": "a\0b"}).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"examination-continues_id": HUGE},
        {"examination-continues_id": "-1"},
        {"do": "drop-lesions-²"},
        {"do": "mine"},
        {f"specimens-{place}-pieces": "1" for place in range(60)},
    ],
)
def test_a_case_form_out_of_shape_is_answered(sign_in, enrolled, changed):
    case = {"examination-performed_on": "2024-05-05", "do": "save", **changed}
    answer = sign_in("endoscopist", "county_a").post(f"/people/{enrolled}/cases/new", data=case)
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_no_cell_starts_a_formula(sign):
    assert as_csv([{"group": f"{sign}1+1"}]).splitlines()[1].lstrip('"').startswith("'")


def test_a_contact_answers_nothing_that_is_due_of_somebody_else(acting, at_county, enrolled):
    due = at_county.ids["follow_up"]
    with acting("endoscopist", "county_a"), pytest.raises(Invalid, match="settles"):
        contact(enrolled, contacted_on=date(2024, 6, 1), outcome="attended", settles=due)


@pytest.mark.parametrize("field", ["code", "name_zh", "name_en"])
def test_a_centre_is_called_what_its_columns_hold(sign_in, field):
    fields = {"code": "X1", "name_zh": "某院", "kind": "county", "place": "member", field: "x" * 500}
    assert sign_in("alliance_admin").post("/admin/centres", data=fields).status_code == 422


@pytest.mark.parametrize("engine", ["sqlite"])  # a dump of PostgreSQL is packed by its own tool
def test_a_backup_names_nobody(app, at_city, tmp_path):
    file = tmp_path / "backup"
    assert app.test_cli_runner().invoke(args=["backup", str(file)]).exit_code == 0
    with zipfile.ZipFile(file) as packed:
        content = b"".join(packed.read(name) for name in packed.namelist())
    assert at_city.words.house[0].encode() in content  # the search itself works
    assert [word for word in at_city.words.naming if word.encode() in content] == []
