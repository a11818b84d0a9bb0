"""A report pasted into a form: filled where it is empty, marked, and nothing stored by it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from registry.extensions import db
from registry.models import Examination, Report

TEXTS = Path(__file__).parents[2] / "data" / "pasted"
GASTROSCOPY = (TEXTS / "gastroscopy-colons.txt").read_text("utf-8")
PATHOLOGY = (TEXTS / "pathology-colons.txt").read_text("utf-8")


@pytest.fixture
def browser(sign_in, enrolled):
    return sign_in("endoscopist", "county_a")


@pytest.fixture
def pasted(browser, enrolled, filled):
    """`pasted(text, **changes)`: the answer, and the form on it."""

    def send(text, **changes):
        address = f"/people/{enrolled}/cases/new"
        sent = filled(browser.get(address), address, changes, pasted=text, do="paste")
        answer = browser.post(address, data=sent)
        return answer, filled(answer, address)

    return send


def count(acting, model):
    with acting("endoscopist", "county_a"):
        return db.session.scalar(select(func.count()).select_from(model))


def test_a_pasted_report_fills_the_form_and_stores_nothing(pasted, acting, alliance):
    answer, form = pasted(GASTROSCOPY)
    assert answer.status_code == 200
    assert {
        name: form[name] for name in form if form[name] and name.startswith(("examination", "background"))
    } == {
        "examination-type": "ogd",
        "examination-performed_on": "2024-06-03",
        "examination-started_at": "09:12",
        "examination-number": "G20240017",
        "examination-operator_id": str(alliance.user("endoscopist", "county_a")),
        "examination-sedation": "sedation",
        "examination-scope": "GIF-HQ290",
        "examination-findings": form["examination-findings"],
        "examination-diagnosis": "1. 胃角病变（早癌？）\n2. 慢性萎缩性胃炎（C-2）",
        "background-kimura": "C-2",
    }
    assert (form["lesions-0-size_mm"], form["lesions-0-paris"]) == ("12", "0-IIc")
    assert (form["specimens-0-method"], form["specimens-0-lesions"]) == ("forceps", "1")
    assert "来自文字“1.2×0.8cm”，请核对" in answer.text
    assert count(acting, Examination) == 0


def test_what_was_filled_can_be_saved(pasted, browser, enrolled, filled, acting):
    _, form = pasted(GASTROSCOPY)
    form["do"] = "save"
    form.setlist("pasted", [""])
    saved = browser.post(f"/people/{enrolled}/cases/new", data=form)
    assert saved.status_code == 303
    with acting("endoscopist", "county_a"):
        case = db.session.scalar(select(Examination))
        assert (case.diagnosis[:6], case.lesions[0].size_mm) == ("1. 胃角病", 12)
        assert case.specimens[0].lesions == case.lesions
        assert "赵示例" not in case.findings


def test_what_stands_already_is_kept_and_the_difference_told(pasted):
    answer, form = pasted(GASTROSCOPY, **{"examination-number": "G-OWN"})
    assert form["examination-number"] == "G-OWN"
    assert "G-OWN / 报告 G20240017" in answer.text


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [("赵示例", "王别人", "姓名"), ("性别：男", "性别：女", "性别")],
)
def test_the_report_of_somebody_else_fills_nothing(pasted, before, after, what):
    answer, form = pasted(GASTROSCOPY.replace(before, after))
    assert answer.status_code == 422
    assert f"报告上的{what}与本页受检者不同" in answer.text
    assert not form.get("examination-type")
    assert form["examination-number"] == ""


def test_a_masked_name_may_be_the_person(pasted):
    answer, _ = pasted(GASTROSCOPY.replace("赵示例", "赵**"))
    assert answer.status_code == 200


def test_an_empty_paste_is_said_to_be_empty(pasted):
    assert pasted("  ")[0].status_code == 422


@pytest.fixture
def reported(browser, sampled, filled):
    def send(text):
        address = f"/specimens/{sampled[2]}/report"
        sent = filled(browser.get(address), address, pasted=text, do="paste")
        answer = browser.post(address, data=sent)
        return answer, filled(answer, address)

    return send


def test_a_pasted_pathology_report_fills_its_form(reported, acting):
    answer, form = reported(PATHOLOGY)
    assert answer.status_code == 200
    assert (form["reported_on"], form["received_on"]) == ("2024-02-09", "2024-02-04")
    assert "管状腺瘤" in form["wording"]
    assert (form["results-0-vienna"], form["results-0-finding"]) == ("4.1", "neoplasia")
    assert count(acting, Report) == 0


@pytest.mark.parametrize(
    ("before", "after", "what"), [("H26-1", "H26-2", "病理号"), ("赵示例", "王五", "姓名")]
)
def test_the_report_on_another_specimen_fills_nothing(reported, before, after, what):
    answer, form = reported(PATHOLOGY.replace(before, after))
    assert answer.status_code == 422
    assert f"报告上的{what}与本页受检者不同" in answer.text
    assert form["wording"] == ""
