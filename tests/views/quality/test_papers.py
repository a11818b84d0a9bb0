"""The page of reports: chosen, shown, taken away; each reader gets what may be seen."""

from io import BytesIO

import pytest
from docx import Document

from registry.services.unit import change
from tests.counted import case

MONTH = "/quality/reports?kind=monthly&period=2001-01"


@pytest.fixture
def cases(acting, alliance):
    for key, number in (("city", 14), ("county_a", 12)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for _ in range(number):
                case(unit, alliance.place(key).id, 0)


def test_page_and_file_show_the_same_rows(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(MONTH)
    assert page.status_code == 200
    assert "内镜检查 26 例次" in page.text
    file = browser.get("/quality/reports/report.docx?kind=monthly&period=2001-01")
    assert 'filename="registry-monthly-2001-01.docx"' in file.headers["Content-Disposition"]
    for row in Document(BytesIO(file.data)).tables[0].rows:
        for cell in row.cells:
            assert cell.text in page.text


def test_a_manager_reads_the_own_centre_only(sign_in, cases, alliance):
    page = sign_in("centre_manager", "county_a").get(f"{MONTH}&centre={alliance.city.code}")
    assert "内镜检查 12 例次" in page.text
    assert alliance.city.name not in page.text


def test_a_reader_may_be_english_and_a_period_wrong(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(f"{MONTH}&kind=quarterly", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert browser.get("/quality/reports?kind=quarterly").status_code == 200
    for wrong in ("2001-13", "2999-01", "2001-Q1", "x"):
        assert browser.get(f"/quality/reports?kind=monthly&period={wrong}").status_code == 404
