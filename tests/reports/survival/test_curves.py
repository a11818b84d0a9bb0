"""Survival through the database is survival from the arrays, and both are R's."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from registry.codes.lesion import Organ, Site
from registry.codes.person import Sex
from registry.codes.tumour import Basis, SummaryStage
from registry.extensions import db
from registry.models import Person, Tumour
from registry.reports.survival.curves import curves, moments_of
from registry.reports.survival.method import Refused, Wanted
from registry.reports.survival.methods import METHODS
from registry.reports.survival.observed import start_and_end
from registry.reports.survival.told import told
from registry.services.unit import batch
from registry.stats.survival import kaplan_meier
from tests.released import answered

DATA = Path(__file__).parents[2] / "data"
DAYS = (365, 730, 1095, 1826, 3652)


def read(name):
    return json.loads((DATA / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def patients():
    with (DATA / "colrec.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def colrec(acting, alliance, patients):
    """The Slovene patients as tumours of the register, acting as a quality reviewer."""
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(
            insert(Person),
            [
                {"id": int(one["id"]), "pseudonym": f"c{one['id']}", "sex": Sex.parse(one["sex"])}
                for one in patients
            ],
        )
        session.execute(
            insert(Tumour),
            [
                {
                    "person_id": int(one["id"]),
                    "centre_id": alliance.city.id,
                    "sequence": 1,
                    "organ": Organ(one["site"]),
                    "topography": Site.COLON_NOS if one["site"] == "colon" else Site.RECTUM,
                    "invasive": True,
                    "incidence_on": date.fromisoformat(one["diag_date"]),
                    "summary_stage": SummaryStage(one["stage"]),
                    "followed_days": int(one["time_days"]),
                    "dead": one["dead"] == "1",
                }
                for one in patients
            ],
        )
    with acting("quality_reviewer", None):
        yield


@pytest.mark.parametrize(
    ("by", "named"), [("summary_stage", "by_stage"), ("organ", "by_site"), (None, "overall")]
)
def test_curves_are_those_of_r(by, named, colrec):
    oracle = read("km_colrec.json")[named]
    points = {(point["stratum"], point["day"]): point for point in oracle["log-log"]["points"]}
    table = {row["stratum"]: row for row in oracle["table"]}
    medians = {row["stratum"]: row for row in oracle["log-log"]["median"]}
    found = curves(by, at=(), days=DAYS).as_dict()
    assert {group["group"] for group in found["groups"]} == set(table)
    for group in found["groups"]:
        name = group["group"]
        assert (group["n"], group["events"]) == (table[name]["n"], table[name]["events"])
        for key in ("median", "lower", "upper"):
            assert group[key] == medians[name][key]
        assert [at["day"] for at in group["at"]] == list(DAYS)
        for at in group["at"]:
            point = points[name, at["day"]]
            assert at["at_risk"] == point["n_risk"]
            assert (at["estimate"], at["lower"], at["upper"]) == pytest.approx(
                (point["surv"], point["lower"], point["upper"]), abs=1e-9
            )


def test_the_log_rank_test_is_that_of_r(colrec):
    found, oracle = curves("summary_stage").as_dict()["log_rank"], read("logrank.json")
    expected = oracle["colrec_stage_all4"]["logrank_rho0"]
    assert found["chi2"] == pytest.approx(expected["chisq"], abs=1e-9 * expected["chisq"])
    assert found["df"] == 3
    assert found["log10_p"] == pytest.approx(expected["log10_p"], abs=1e-6)


def test_the_database_says_what_the_arrays_say(colrec, patients):
    women = [one for one in patients if one["sex"] == "female"]
    direct = kaplan_meier([int(one["time_days"]) for one in women], [one["dead"] == "1" for one in women])
    row = next(row for row in curves("sex").rows if row.group.code == Sex.FEMALE.code)
    assert row.curve.times.tolist() == direct.times.tolist()
    assert row.curve.survival.tolist() == direct.survival.tolist()
    assert row.curve.at_risk.tolist() == direct.at_risk.tolist()


def test_sites_years_and_periods_choose(colrec):
    assert [row.n for row in curves("organ", site="colorectum").rows] == [3537, 2434]
    assert [row.n for row in curves(site="C20").rows] == [2434]
    assert [row.n for row in curves(site="stomach").rows] == []
    periods = {row.group.code: row.n for row in curves("period").rows}
    assert sum(periods.values()) == 5971
    early = curves(start=date(1995, 1, 1), end=date(1999, 12, 31)).rows
    assert [row.n for row in early] == [periods["1995–1999"]]
    with pytest.raises(ValueError, match="Q99"):
        curves(site="Q99")
    with pytest.raises(KeyError, match="cannot divide"):
        curves("shoe size")


def store(alliance, *rows):
    """Tumours of the stomach, invasive and followed for 100 days unless they say otherwise."""
    shared = {"centre_id": alliance.city.id, "sequence": 1, "organ": Organ.STOMACH}
    known = {"invasive": True, "basis": None, "followed_days": 100, "dead": False}
    people = [{"id": n, "pseudonym": f"t{n}"} for n, _ in enumerate(rows, start=1)]
    with batch("test", "made-up alliance") as session:
        session.execute(insert(Person), people)
        session.execute(
            insert(Tumour),
            [{"person_id": n, **shared, **known, **row} for n, row in enumerate(rows, start=1)],
        )
    db.session.rollback()  # what was read before does not show what was written since


def test_what_is_known_after_death_only_is_left_out_and_counted(acting, alliance):
    with acting("quality_reviewer", None):
        store(
            alliance, {}, {"followed_days": 0, "dead": True}, {"basis": Basis.DCO, "followed_days": None},
            {"basis": Basis.AUTOPSY, "followed_days": None}, {"followed_days": None},
            {"invasive": False}, {"invasive": False, "followed_days": 50},
        )  # fmt: skip
        found, other = curves(), curves(invasive=False)
    assert [(row.n, row.events) for row in found.rows] == [(2, 1)]  # a death on the first day counts
    assert (found.death_certificate_only, found.not_followed) == (2, 1)
    assert [row.n for row in other.rows] == [2]


def test_early_advanced_and_cannot_tell(acting, alliance):
    with acting("quality_reviewer", None):
        store(alliance, *[{"deepest": depth} for depth in ("M", "SM1", "MP", None)])
        found = {row.group.code: row.n for row in curves("early").rows}
    assert found == {"early": 2, "advanced": 1, "unknown": 1}


def test_a_researcher_sees_no_small_numbers(acting, alliance):
    stages = [SummaryStage.LOCALISED] * 40 + [SummaryStage.DISTANT] * 5
    with acting("quality_reviewer", None):
        store(
            alliance,
            *[
                {"summary_stage": stage, "followed_days": 41 * place, "dead": place % 2 == 0}
                for place, stage in enumerate(stages)
            ],
        )
    with acting("researcher", None):
        whole = answered(curves, None, at=(), days=(90, 480))
        found = answered(curves, "summary_stage", site="stomach", at=(), days=(90, 480))
    # On a few fixed days whatever was asked, or the difference of two answers would tell of somebody.
    assert [at.day for at in whole.rows[0].at] == [365, 1095, 1826, 3652]
    assert whole.rows[0].n == 45
    assert set(whole.rows[0].curve.times) <= {365, 1095, 1826, 3652}
    assert whole.rows[0].curve.events.sum() == whole.rows[0].curve.censored.sum() == 0  # no step, no tick
    localised, distant = found.rows
    assert (distant.n, distant.events, distant.at, distant.curve.n) == (None, None, (), 0)
    assert localised.n is None  # or the whole less these would tell how many the others are
    assert found.log_rank is None


def test_the_page_says_until_when_people_were_observed(acting, alliance):
    with acting("quality_reviewer", None):
        assert "无死因库比对" in start_and_end(True)[1].zh
        store(alliance, {}, {})
        with batch("test", "made-up alliance") as session:
            session.execute(update(Person).where(Person.id == 1).values(linked_until=date(2026, 6, 30)))
        db.session.rollback()
        assert "last known alive otherwise" in start_and_end(True)[1].en
        alone = curves()
        assert "NumPy" in alone.quote.en
        assert "log-rank" not in alone.quote.en  # there is nothing to compare


def test_year_y_is_day_365_25_y():
    assert moments_of((1, 3, 5, 10), (500,)) == [
        (1, 365), (500 / 365.25, 500), (3, 1095), (5, 1826), (10, 3652),
    ]  # fmt: skip


def test_restricted_means_and_every_interval_are_those_of_r(colrec):
    oracle = read("km_colrec.json")["by_stage"]
    found = curves("summary_stage", wanted=Wanted(restricted=1826, interval="log")).as_dict()
    assert (found["restricted_to"], found["interval"]) == (1826, "log")
    means = {row["stratum"]: row for row in oracle["table"]}
    points = {(row["stratum"], row["day"]): row for row in oracle["log"]["points"]}
    for group in found["groups"]:
        mean, expected = group["restricted_mean"], means[group["group"]]
        assert mean["estimate"] == pytest.approx(expected["rmean_1826"], abs=1e-9)
        assert mean["std_err"] == pytest.approx(expected["rmean_se"], abs=1e-9)
        five = next(at for at in group["at"] if at["day"] == 1826)
        assert five["upper"] == pytest.approx(points[group["group"], 1826]["upper"], abs=1e-9)


def test_a_landmark_is_the_left_truncated_curve_of_r(colrec):
    (row,) = curves(at=(), days=(90, *DAYS), wanted=Wanted(landmark=180)).rows
    points = read("km_left_truncated.json")["points"]
    assert [at.day for at in row.at] == [point["day"] for point in points]  # nothing before the landmark
    for at, point in zip(row.at, points, strict=True):
        assert at.at_risk == point["n_risk"]
        assert (at.estimate, at.lower, at.upper) == pytest.approx(
            (point["surv"], point["lower"], point["upper"]), abs=1e-9
        )


def test_what_cannot_be_had_is_said_in_words(acting, alliance):
    """A landmark beyond follow-up, a mean beyond it, a test with delayed entry; and whose deaths count."""
    with acting("quality_reviewer", None):
        store(alliance, {"followed_days": 400}, {"followed_days": 300, "dead": True})
        with pytest.raises(Refused, match="最长随访 400 天"):
            curves(wanted=Wanted(landmark=500))
        (table,) = METHODS["km"].sheets(curves(wanted=Wanted(restricted=1000)))
        assert any(note.en.startswith("Mean –: nobody") for note in table.notes)
        of_cancer = curves(wanted=Wanted(end="cancer"))
        assert METHODS["km"].sheets(of_cancer)[0].title.en == "Cancer-specific survival"
        late = replace(of_cancer, rows=of_cancer.rows * 2, log_rank=None, wanted=Wanted(origin="entry"))
        assert any("delayed entry" in note.en for note in METHODS["km"].sheets(late)[0].notes)


def test_the_stratified_test_and_the_trend_are_those_of_r(colrec):
    oracle = read("logrank.json")
    found = curves("organ", wanted=Wanted(strata="summary_stage")).as_dict()
    expected = oracle["colrec_site_stratified_by_stage"]["logrank_rho0"]
    assert found["log_rank"]["chi2"] == pytest.approx(expected["chisq"], abs=1e-9)
    assert found["stratified_by"] == "summary_stage"
    assert "分层" in found["method"]
    trend = curves("summary_stage").as_dict()["trend"]
    expected = oracle["colrec_stage_known3"]["logrank_rho0"]
    assert (trend["chi2"], trend["df"]) == (pytest.approx(expected["trend_chisq"], abs=1e-7), 1)
    with pytest.raises(Refused):
        curves("organ", wanted=Wanted(strata="organ"))


def test_some_years_or_one_centre_are_not_for_readers_of_aggregates(acting, alliance):
    for selection in ({"start": date(2020, 1, 1)}, {"end": date(2020, 12, 31)}, {"centre_ids": [1]}):
        wanted = Wanted(selection=selection)
        with acting("researcher", None), pytest.raises(Refused, match="诊断时期"):
            told(METHODS["km"], wanted)
        with acting("quality_reviewer", None):
            answer = told(METHODS["km"], wanted)
            assert answer.found.empty
            asked = answer.as_dict()["asked"]  # a file says what it is of, so that it can be made again
        expected = {"start": {"from": "2020-01-01"}, "end": {"to": "2020-12-31"}}
        (name,) = selection
        assert expected.get(name, {"centres": [alliance.city.code]}).items() <= asked.items()


def test_clocks_and_landmarks_are_not_for_readers_of_aggregates(acting, alliance):
    with acting("researcher", None):
        for wanted in (Wanted(landmark=30), Wanted(origin="treatment"), Wanted(strata="sex")):
            with pytest.raises(Refused, match="汇总"):
                curves("organ", wanted=wanted)
