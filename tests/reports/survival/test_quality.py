"""What stands beside every curve: completeness of follow-up, death certificates, screening."""

from datetime import date

import pytest
from sqlalchemy import insert

from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.codes.tumour import Basis, DetectionMode
from registry.models import Person, Tumour
from registry.reports.survival.method import Wanted
from registry.reports.survival.quality import quality, screening, sheet
from registry.services.unit import batch

BEGIN = date(2020, 1, 1)


def store(acting, alliance, *rows):
    """Stomach cancers that began on one day; `alive_on` is when the person was last known alive."""
    people, tumours = [], []
    for n, row in enumerate(rows, start=1):
        row = dict(row)
        people.append(
            {"id": n, "pseudonym": f"q{n}", "sex": row.pop("sex", Sex.MALE)}
            | {"last_alive_on": row.pop("alive_on", None)}
        )
        known = {"invasive": True, "incidence_on": BEGIN, "dead": False, "followed_days": 0}
        whole = {"basis": None, "dcn": None, "detection": None}
        tumours.append(
            {"person_id": n, "centre_id": alliance.city.id, "sequence": 1, "organ": Organ.STOMACH}
            | known
            | whole
            | row
        )
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(insert(Person), people)
        session.execute(insert(Tumour), tumours)


def test_completeness_is_clark_s(acting, alliance):
    """To the last day known, 31 December 2020: 365 + 100 (dead) + 73 days of 365 + 100 + 365."""
    store(
        acting,
        alliance,
        {"followed_days": 365, "alive_on": date(2020, 12, 31)},
        {"followed_days": 100, "dead": True},
        {"followed_days": 73, "alive_on": date(2020, 3, 14), "sex": Sex.FEMALE},
        {"followed_days": None, "dead": None},
    )
    with acting("quality_reviewer", None):
        found, by_sex = quality(Wanted()), quality(Wanted(by="sex"))
    assert found.closing == date(2020, 12, 31)
    (whole,) = found.completeness
    assert whole.value == pytest.approx((365 + 100 + 73) / (365 + 100 + 365))
    assert {one.code: one.value for one in by_sex.completeness} == {
        Sex.MALE.code: 1.0,
        Sex.FEMALE.code: pytest.approx(73 / 365),
    }
    with acting("researcher", None):
        hidden = quality(Wanted(by="sex"))
    assert {one.value for one in hidden.completeness} == {None}
    assert hidden.cases is None
    assert {(one.observed, one.possible) for one in hidden.completeness} == {(None, None)}
    assert [str(cell) for cell in sheet(found).rows[0][1:]] == ["1.5", "2.3", "64.8"]
    assert [list(map(str, row[1:])) for row in sheet(hidden).rows] == [["*"] * 3] * 2  # – would say: nobody


def test_certificates_are_counted_of_all_and_of_those_of_whom_it_is_known(acting, alliance):
    store(
        acting,
        alliance,
        {"basis": Basis.DCO, "followed_days": None, "dead": None, "dcn": True},
        {"dcn": False},
        {"dcn": True},
        {},
    )
    with acting("quality_reviewer", None):
        found = quality(Wanted())
    assert (found.certificate_only, found.cases, found.dco) == (1, 4, 0.25)
    assert (found.notified, found.dcn_known, found.dcn) == (2, 3, pytest.approx(2 / 3))
    told = sheet(found)
    assert "1/4 (25.0 %, 4.6–69.9)" in told.notes[1].en  # R: prop.test(1, 4, correct = FALSE)
    notified = found.as_dict()["death_certificate_notified"]
    assert (notified["n"], notified["known"]) == (2, 3)
    assert (notified["lower"], notified["upper"]) == pytest.approx((0.2076596, 0.9385081), abs=1e-6)


def test_screening_is_spoken_of_where_there_is_some(acting, alliance):
    store(acting, alliance, {"detection": DetectionMode.SYMPTOMS})
    with acting("quality_reviewer", None):
        found = quality(Wanted())
        assert screening(Wanted(), found) == ()
        assert "Lead time" in screening(Wanted(by="detection"), found)[0].en
    assert found.closing is None
    assert "（DCN）：0/0。" in sheet(found).notes[1].zh
    assert found.completeness[0].value is None


def test_some_screening_is_enough(acting, alliance):
    store(acting, alliance, {"detection": DetectionMode.SCREEN})
    with acting("quality_reviewer", None):
        assert len(screening(Wanted(), quality(Wanted()))) == 3
