"""Entering and revising pathology reports."""

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Lesion, Report


@pytest.fixture
def entry(sign_in, sampled):
    browser, address = sign_in("endoscopist", "county_a"), f"/specimens/{sampled[2]}/report"
    return browser, address


def enter(browser, address, filled, **said):
    sent = {"reported_on": "2024-02-10", "do": "save"} | {
        name if (name.islower() and "_on" in name) or name in {"do", "reason"} else f"results-0-{name}": value
        for name, value in said.items()
    }
    return browser.post(address, data=filled(browser.get(address), address, sent))


def test_a_report_is_entered_and_the_lesion_knows(entry, filled, acting, sampled):
    browser, address = entry
    saved = enter(browser, address, filled, finding="neoplasia", vienna="4.2")
    assert (saved.status_code, saved.location) == (303, f"/cases/{sampled[0]}")
    assert "病变的最重病理已更新" in browser.get(saved.location).text
    with acting("endoscopist", "county_a"):
        assert db.session.get(Lesion, sampled[1]).worst.code == "4.2"


def test_a_report_older_than_its_tissue_is_refused_at_its_field(entry, filled, acting):
    browser, address = entry
    answer = enter(browser, address, filled, reported_on="2024-02-01", finding="gastritis")
    assert answer.status_code == 422
    assert 'href="#reported_on"' in answer.text
    with acting("endoscopist", "county_a"):
        assert db.session.scalar(select(Report)) is None


def test_a_revision_needs_a_reason_and_keeps_what_it_replaces(entry, filled, acting, sampled):
    browser, address = entry
    enter(browser, address, filled, finding="neoplasia", vienna="3")
    shown = browser.get(address)
    assert "现行报告" in shown.text
    assert "低级别上皮内瘤变" in shown.text
    revise = f"{address}?revise=1"
    sent = {"results-0-vienna": "4.2", "reported_on": "2024-02-13", "do": "save"}
    refused = browser.post(address, data=filled(browser.get(revise), address, sent))
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert browser.post(address, data=filled(refused, address, reason="会诊", do="save")).status_code == 303
    again = browser.get(address).text
    assert again.index("现行报告") < again.index("已被取代的报告")
    with acting("endoscopist", "county_a"):
        assert db.session.get(Lesion, sampled[1]).worst.code == "4.2"


def test_after_saving_the_next_waiting_specimen_comes(entry, filled, acting, book, enrolled):
    browser, address = entry
    with acting("endoscopist", "county_a"):
        other = book.examine(enrolled, "2024-03-01", specimens=[{"method": "forceps", "origin": "胃窦"}])
        waiting = other.specimens[0].id
    saved = enter(browser, address, filled, finding="gastritis", do="next")
    assert saved.location == f"/specimens/{waiting}/report"
    assert 'value="胃窦"' in browser.get(saved.location).text


def test_a_draft_of_a_report_comes_back(entry, filled, sampled):
    browser, address = entry
    content = {"reported_on": ["2024-02-11"], "results-0-lesion_id": [str(sampled[1])]}
    browser.post("/drafts", json={"subject": f"report-{sampled[2]}", "content": content})
    assert filled(browser.get(address), address)["reported_on"] == "2024-02-11"


def test_what_waits_is_listed_with_its_days(entry):
    browser, address = entry
    listed = browser.get("/to-do/specimens")
    assert "H26-1" in listed.text
    assert f'href="{address}"' in listed.text
