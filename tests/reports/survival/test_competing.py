"""Competing ends through the database are those of the arrays, which are R's."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from registry.codes.lesion import Organ
from registry.codes.person import Precision, Sex, Vital, VitalSource
from registry.models import Person, Tumour, VitalStatus
from registry.reports.survival.competing import METHOD, answer, sheets
from registry.reports.survival.curves import curves
from registry.reports.survival.method import Wanted
from registry.rules.cause import End
from registry.services.unit import batch
from registry.stats.competing import cause_specific
from registry.stats.log_rank import log_rank
from tests.released import answered
from tests.stats.gammopathy import ENDS, MONTHS, PEOPLE, SEX

DATA = Path(__file__).parents[2] / "data"
ORACLE = json.loads((DATA / "competing_risks_mgus2.json").read_text())
CAUSES = {1: "C16.9", 2: "I21.9"}


@pytest.fixture
def mgus2(acting, alliance):
    """Its patients as cancers of the stomach, a month a day: progression is a death of the cancer."""
    people, tumours, deaths = [], [], []
    for one in PEOPLE:
        progressed = one["pstat"] == "1"
        end = 1 if progressed else 2 * int(one["death"])
        shared = {"person_id": int(one["id"]), "centre_id": alliance.city.id}
        people.append({"id": int(one["id"]), "pseudonym": f"m{one['id']}", "sex": Sex.parse(one["sex"])})
        tumours.append(
            shared
            | {"sequence": 1, "organ": Organ.STOMACH, "invasive": True, "incidence_on": date(1980, 1, 1)}
            | {"followed_days": int(one["ptime" if progressed else "futime"]), "dead": end > 0}
        )
        if end:
            said = {"vital": Vital.DEAD, "as_of": date(2000, 1, 1), "as_of_precision": Precision.DAY}
            deaths.append(shared | said | {"source": VitalSource.DEATH_LIST, "cause": CAUSES[end]})
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(insert(Person), people)
        session.execute(insert(Tumour), tumours)
        session.execute(insert(VitalStatus), deaths)
    return acting


def test_every_number_is_that_of_r(mgus2):
    with mgus2("quality_reviewer", None):
        found = answer(Wanted(at=(), days=tuple(ORACLE["months"])))
        by_sex = answer(Wanted(by="sex", at=(), days=(120,)))
    (row,) = found.rows
    cancer, other = ([at for at in row.at if at.end is end] for end in (End.CANCER, End.OTHER))
    assert [at.at_risk for at in cancer] == ORACLE["n_risk"]
    assert [at.estimate for at in cancer] == pytest.approx(ORACLE["cif_progression"], abs=1e-12)
    assert [at.estimate for at in other] == pytest.approx(ORACLE["cif_death"], abs=1e-12)
    assert (row.events[End.CANCER], row.events[End.UNKNOWN]) == (115, 0)
    assert row.drawn(End.CANCER).censored.sum() == len(PEOPLE) - sum(
        row.events.values()
    )  # the dead have no tick
    for end, (chi2, p, df) in zip((End.CANCER, End.OTHER), ORACLE["gray_by_sex"], strict=True):
        test = by_sex.tests[end]
        assert (test.chi2, test.p, test.df) == (pytest.approx(chi2), pytest.approx(p), df)


def test_files_tables_and_figure_say_the_same(mgus2):
    with mgus2("quality_reviewer", None):
        found = answer(Wanted(by="sex", at=(), days=(120,)))
        drawn = METHOD.draw(found, as_of=date(2026, 1, 1), file_format="svg")
        alone = METHOD.draw(answer(Wanted(at=(1,))), as_of=date(2026, 1, 1), file_format="png")
        quoted = METHOD.quote(found)
        cancer, other = sheets(found)
    assert drawn.startswith(b"<?xml")
    assert alone.startswith(b"\x89PNG")
    content = found.as_dict()
    lines = {(line["group"], line["end"]): line["estimate"] for line in found.flat()}
    for group in content["groups"]:
        for at in group["at"]:
            assert lines[group["group"], at["end"]] == at["estimate"]
    assert content["gray"]["cancer"]["chi2"] == pytest.approx(ORACLE["gray_by_sex"][0][0])
    assert [len(sheet.rows) for sheet in (cancer, other)] == [2, 2]
    estimate = next(at.estimate for at in found.rows[0].at if at.end is End.CANCER)
    assert str(cancer.rows[0][3]).startswith(f"{100 * estimate:.1f} (")
    assert "Gray" in cancer.notes[0].en
    assert "Aalen–Johansen" in quoted.en


def test_cancer_specific_survival_censors_other_deaths(mgus2):
    """Its hazard is that of the incidence; one minus it is more than the incidence."""
    with mgus2("quality_reviewer", None):
        (own,) = curves(at=(), days=(240,), wanted=Wanted(end="cancer")).rows
        (incidence,) = answer(Wanted(at=(), days=(240,))).rows
        by_sex = curves("sex", wanted=Wanted(end="cancer", strata="organ"))
    direct = cause_specific(MONTHS, ENDS)
    assert own.events == 115
    assert own.at[0].estimate == pytest.approx(direct.at(240).estimate[0])
    assert 1 - own.at[0].estimate > incidence.at[0].estimate
    plain = log_rank([(MONTHS[sex == SEX], ENDS[sex == SEX] == 1, None) for sex in ("F", "M")])
    assert by_sex.log_rank.chi2 == pytest.approx(plain.chi2)  # one organ: the strata change nothing
    assert "censored" in by_sex.as_dict()["method"] or "删失" in by_sex.as_dict()["method"]


def test_a_reader_of_aggregates_sees_no_small_numbers(mgus2):
    with mgus2("researcher", None):
        found = answered(answer, Wanted(by="sex", at=(), days=(120, 300, 400), selection={"site": "stomach"}))
    for row in found.rows:
        assert row.n is not None
        assert row.events == dict.fromkeys(End) or min(n for n in row.events.values() if n) >= 8
        # The fixed days, whatever was asked; the ends of a day are said together or not at all.
        assert {at.day for at in row.at} == {365, 1095, 1826, 3652}
        for day in (365, 1095, 1826, 3652):
            assert len({at.estimate is None for at in row.at if at.day == day}) == 1
        assert row.stated == tuple(dict.fromkeys(at.day for at in row.at if at.estimate is not None))
        assert set(row.drawn(End.CANCER).times) == set(row.stated)


def test_nobody_is_empty(acting, alliance):
    with acting("quality_reviewer", None):
        found = answer(Wanted(by="sex"))
        alone = answer(Wanted())
    assert found.empty
    assert found.flat() == alone.flat() == []
