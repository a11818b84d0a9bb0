"""Who changes a record says which version they saw: a request that says none writes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import (
    FollowUp,
    KnownSyndrome,
    PriorSurgery,
    RiskAssessment,
    ScreeningRound,
    Specimen,
    Tumour,
    VitalStatus,
)
from registry.services.course import history, outcome
from registry.services.values import today

BROUGHT = {
    "operations": (PriorSurgery, history.surgery, {"kind": "distal_gastrectomy"}),
    "syndromes": (KnownSyndrome, history.syndrome, {"syndrome": "lynch"}),
    "risk": (RiskAssessment, history.assess, {"instrument": "apcs", "assessed_on": today()}),
    "rounds": (ScreeningRound, history.invite, {"programme": "organised"}),
    "vital": (
        VitalStatus,
        outcome.vital_status,
        {"vital": "alive", "as_of": today(), "source": "family"},
    ),
}


def changed(entries):
    """How many records were written, looks and sign-ins apart."""
    return sum(entry.kind in {"create", "update", "delete"} for entry in entries)


@pytest.fixture
def refused(filled, audit_entries):
    """Sends the form at `action` of a page without its version: the answer, nothing having been written."""

    def send(desk, page, action, **more):
        whole = filled(desk.get(page), action, **more)
        assert int(whole.pop("version")) >= 1
        before = changed(audit_entries())
        answer = desk.post(action, data=whole)
        assert changed(audit_entries()) == before
        return answer

    return send


@pytest.fixture
def desk(sign_in):
    return sign_in("endoscopist", "county_a")


def test_a_case(refused, desk, sampled):
    address = f"/cases/{sampled[0]}"
    assert refused(desk, address, address, do="save", **{"examination-photos": "3"}).status_code == 409


def test_a_report(refused, desk, sampled, acting, book):
    with acting("endoscopist", "county_a"):
        specimen = db.session.get(Specimen, sampled[2])
        book.report(specimen, "2024-02-06", {"lesion_id": sampled[1], "vienna": "3"})
    address = f"/specimens/{sampled[2]}/report"
    page = f"{address}?revise=1"
    assert (
        refused(desk, page, address, **{"results-0-vienna": "4.2"}, reason="会诊", do="save").status_code
        == 409
    )


def test_a_person(refused, desk, enrolled):
    address = f"/people/{enrolled}/edit"
    assert refused(desk, address, address, do="save", phone="13900000000").status_code == 409


def test_a_stage(refused, desk, enrolled, acting, book):
    with acting("endoscopist", "county_a"):
        book.resect(enrolled, "2024-03-05", "2024-03-12", vienna="5", morphology="8140/3", depth="M")
        tumour_id = db.session.scalar(select(Tumour.id))
    page = f"/tumours/{tumour_id}"
    assert refused(desk, page, f"{page}/stage", stage_group="IA").status_code == 409


@pytest.mark.parametrize("kind", BROUGHT)
def test_what_somebody_brought(refused, desk, enrolled, acting, kind):
    model, record, fields = BROUGHT[kind]
    with acting("endoscopist", "county_a"):
        record(enrolled, **fields)
        address = f"/history/{kind}/{db.session.scalar(select(model.id))}"
    assert refused(desk, address, address, do="save", reason="核对").status_code == 409
    assert refused(desk, address, address, do="withdraw", reason="核对").status_code == 409


def test_a_call(refused, desk, enrolled, acting, book):
    plan = {"next_due_on": today() - timedelta(days=10), "next_due_what": "ogd", "next_due_reason": "36 月"}
    with acting("endoscopist", "county_a"):
        book.examine(enrolled, "2024-02-03", next_due=plan)
        due = db.session.scalar(select(FollowUp.id).where(FollowUp.settled.is_(False)))
    assert refused(desk, "/", f"/due/{due}", outcome="no_answer").status_code == 303
    contact = f"/people/{enrolled}/contact"
    assert refused(desk, contact, contact, outcome="attended").status_code == 409


def test_a_centre(refused, sign_in, alliance):
    address = f"/admin/centres/{alliance.county_a.id}"
    assert refused(sign_in("alliance_admin"), address, address, name_zh="另一个名字").status_code == 409
