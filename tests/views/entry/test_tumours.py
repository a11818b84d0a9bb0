"""The page of a tumour: facts, verdicts with what they rest on, stage and treatment."""

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Treatment, Tumour

CURED = {
    "vienna": "4.4",
    "who_type": "adenocarcinoma",
    "differentiation": "well",
    "depth": "M",
    "ulceration": "0",
    "lymphatic": "0",
    "venous": "0",
    "horizontal_margin": "0",
    "vertical_margin": "0",
    "size_mm": 14,
}


@pytest.fixture
def tumour(acting, book, enrolled):
    """An early gastric cancer, resected at county A: a function of what its report says."""

    def resected(**said):
        with acting("endoscopist", "county_a"):
            book.resect(enrolled, "2024-03-05", "2024-03-12", **{**CURED, **said})
            return db.session.scalar(select(Tumour.id))

    return resected


@pytest.fixture
def browser(sign_in):
    return sign_in("endoscopist", "county_a")


def test_a_cured_tumour_says_so_and_why(browser, tumour, audit_entries):
    tumour_id = tumour()
    page = browser.get(f"/tumours/{tumour_id}").text
    assert '<strong class="done">eCura A' in page
    assert "整块、HM0、VM0" in page
    assert "JGCA 6th / JGES 2021" in page
    assert "待临床核定" in page
    assert [entry.subject_id for entry in audit_entries("tumour.look")] == [tumour_id]


def test_what_is_missing_is_named_and_nothing_made_up(browser, tumour):
    page = browser.get(f"/tumours/{tumour(ulceration=None, differentiation='poor')}").text
    assert "eCura A" not in page.replace("eCura A、", "")
    assert "还缺：" in page
    assert "溃疡" in page


def test_a_stage_is_saved_and_another_reader_is_overtaken(browser, sign_in, tumour, filled, acting):
    tumour_id = tumour()
    page, address = f"/tumours/{tumour_id}", f"/tumours/{tumour_id}/stage"
    other = sign_in("recorder", "county_a")
    mine, theirs = (filled(one.get(page), address) for one in (browser, other))
    theirs["summary_stage"], mine["stage_group"] = "localised", "IA"
    assert other.post(address, data=theirs).status_code == 303
    met = browser.post(address, data=mine)
    assert met.status_code == 409
    assert "概要分期" in met.text
    assert browser.post(address, data=filled(met, address, do="mine")).status_code == 303
    with acting("endoscopist", "county_a"):
        assert db.session.get(Tumour, tumour_id).stage_group.code == "IA"


def test_an_unlikely_stage_is_stored_and_flagged(browser, tumour, filled):
    """Section 2, warn and flag: stored, and said on the page for as long as it stands."""
    tumour_id = tumour()
    page, address = f"/tumours/{tumour_id}", f"/tumours/{tumour_id}/stage"
    assert "存疑" not in browser.get(page).text
    sent = filled(browser.get(page), address, m="M1", summary_stage="localised")
    assert browser.post(address, data=sent).status_code == 303
    assert "M1 应为远处" in browser.get(page).text


def test_a_refused_treatment_is_recorded(browser, tumour, filled, acting):
    tumour_id = tumour()
    address = f"/tumours/{tumour_id}/treatments"
    sent = filled(browser.get(f"/tumours/{tumour_id}"), address, type="surgery", refused="yes")
    sent["started_on"] = "2024-04"
    assert browser.post(address, data=sent).status_code == 303
    with acting("endoscopist", "county_a"):
        treatment = db.session.scalar(select(Treatment))
        assert (treatment.refused, treatment.started_precision.code) == (True, "month")


def test_another_centres_tumour_does_not_exist(sign_in, tumour):
    tumour_id = tumour()
    other = sign_in("endoscopist", "county_b")
    assert other.get(f"/tumours/{tumour_id}").status_code == 404
    for path in ("stage", "treatments"):
        assert other.post(f"/tumours/{tumour_id}/{path}", data={}).status_code == 404


def test_a_tumour_recorded_elsewhere_is_read_and_not_staged(sign_in, tumour, acting, book):
    tumour_id = tumour()
    with acting("endoscopist", "city"):
        book.enrol(5, name="赵示例")
    city = sign_in("endoscopist", "city")
    page = city.get(f"/tumours/{tumour_id}")
    assert "只可查看" in page.text
    assert "eCura A" in page.text
    assert city.post(f"/tumours/{tumour_id}/stage", data={"version": "1"}).status_code == 403
