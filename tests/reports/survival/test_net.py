"""Relative and net survival through the database are those of the arrays; page, file and terminal agree."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import insert

from registry.codes.lesion import Organ, Site
from registry.codes.person import Precision, Sex
from registry.codes.tumour import Basis, SummaryStage
from registry.label import reading
from registry.models import LifeTable, MortalityRate, Person, Tumour
from registry.reports.files import as_csv
from registry.reports.survival.method import Refused, Wanted
from registry.reports.survival.methods import METHODS
from registry.reports.survival.net import net_survival
from registry.services import life_tables
from registry.services.unit import batch
from registry.stats.age_standard import icss, standardised
from registry.stats.life_table import People, year_began
from registry.stats.net_log_rank import net_log_rank
from registry.stats.net_survival import ederer2, pohar_perme, within
from tests.slovene import DATA, life_table, patients

DAYS = (365, 730, 1095, 1826, 3652)
EVERY = slice(None, None, 15)  # 399 patients of every stage and age group; all of them are in tests/stats


SMALL = [
    (line, {"sex": sex, "age": "0", "year": "1990", "probability": "0.01"})
    for line, sex in enumerate(("male", "female"), start=2)
]


def stored_rates():
    """The Slovene table for the ages and years that these patients pass."""
    with (DATA / "slopop.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            age, year = int(row["age"]), int(row["year"])
            if age >= 10 and year >= 1993:
                hazard = float(row["hazard_per_day"])
                yield {"sex": Sex.parse(row["sex"]), "age": age, "year": year, "hazard": hazard}


@pytest.fixture
def slovenia(acting, alliance):
    """The Slovene life table, and some of the patients as tumours."""
    rates = [{"life_table_id": 9000, **row} for row in stored_rates()]
    table = {"id": 9000, "name": "slovenia", "source": "relsurv 2.2-9", "cells": len(rates)}
    loaded = {"digest": "0" * 64, "loaded_at": datetime(2026, 1, 1, tzinfo=UTC)}
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(insert(LifeTable), [table | loaded])
        session.execute(insert(MortalityRate), rates)
    rows = patients().rows[EVERY]
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(
            insert(Person),
            [
                {
                    "id": int(one["id"]),
                    "pseudonym": f"c{one['id']}",
                    "sex": Sex.parse(one["sex"]),
                    "born_on": date.fromisoformat(one["diag_date"]) - timedelta(int(one["age_days"])),
                    "born_precision": Precision.DAY,
                }
                for one in rows
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
                    "basis": Basis.HISTOLOGY_PRIMARY,
                    "invasive": True,
                    "incidence_on": date.fromisoformat(one["diag_date"]),
                    "summary_stage": SummaryStage(one["stage"]),
                    "followed_days": int(one["time_days"]),
                    "dead": one["dead"] == "1",
                }
                for one in rows
            ],
        )


@pytest.fixture
def asked(acting, slovenia):
    """`asked("ederer2", by=…)`: what a reviewer, or another role, is told."""

    def ask(key, role="quality_reviewer", **wanted):
        with acting(role, None):
            return net_survival(key, Wanted(**{"at": (), "days": DAYS, "life_table": "slovenia"} | wanted))

    return ask


def test_groups_are_compared_by_their_net_survival(asked):
    """The test over all groups shown is that of the arrays; none for one group, Ederer II or a standard."""
    found = asked("pohar-perme", by="summary_stage")
    stages = sorted({row["stage"] for row in patients().rows})
    chosen = [patients().which(stage)[EVERY] for stage in stages]
    people, dead = patients().people[EVERY], patients().dead[EVERY]
    expected = net_log_rank(life_table(), [(people[who], dead[who], None) for who in chosen])
    assert (found.test.df, found.test.chi2) == (3, pytest.approx(expected.chi2, rel=1e-9))
    assert found.as_dict()["test_of_equal_net_survival"]["df"] == 3
    with reading("en"):
        notes = " ".join(str(note) for note in METHODS["pohar-perme"].sheets(found)[0].notes)
        assert "P <0.001, 4 groups at once" in notes
        assert "Grafféo" in str(METHODS["pohar-perme"].quote(found))
    assert asked("pohar-perme").test is None
    assert asked("ederer2", by="summary_stage").test is None
    assert asked("pohar-perme", by="summary_stage", standard="icss").test is None


def of_arrays(method, stage="all"):
    chosen = patients().which(stage)[EVERY]
    people, dead = patients().people[EVERY][chosen], patients().dead[EVERY][chosen]
    return method(life_table(), people, dead)


def same(row, curve):
    at = curve.at(DAYS)
    assert [one.day for one in row.at] == list(DAYS)
    assert [one.at_risk for one in row.at] == at.at_risk.tolist()
    for name in ("estimate", "lower", "upper"):
        ours = np.array([getattr(one, name) for one in row.at], dtype=float)
        np.testing.assert_allclose(ours, getattr(at, name), rtol=1e-12)


@pytest.mark.parametrize(("key", "method"), [("ederer2", ederer2), ("pohar-perme", pohar_perme)])
def test_curves_by_stage_are_those_of_the_arrays(asked, key, method):
    found = asked(key, by="summary_stage")
    assert [row.group.code for row in found.rows] == ["localised", "regional", "distant", "unknown"]
    for row in found.rows:
        same(row, of_arrays(method, row.group.code))
    (whole,) = asked(key).rows
    same(whole, of_arrays(method))
    assert (whole.n, whole.events) == (399, int(patients().dead[EVERY].sum()))
    assert found.beyond == found.not_comparable == 0


def test_deaths_observed_over_expected(asked):
    with (DATA / "colrec_expected_cumhaz.csv").open(newline="") as file:
        theirs = [float(row["exp_cumhaz_followup"]) for row in csv.DictReader(file)][EVERY]
    (row,) = asked("ederer2").rows
    assert row.expected_deaths == pytest.approx(sum(theirs), rel=1e-12)
    assert row.ratio[0] == pytest.approx(row.events / sum(theirs), rel=1e-12)
    assert row.ratio[1] < row.ratio[0] < row.ratio[2]


def test_standardised_and_by_period_are_those_of_the_arrays(asked):
    people, dead = patients().people[EVERY], patients().dead[EVERY]
    standard = icss()
    groups = standard.group(people.age // 365.241)
    curves = [pohar_perme(life_table(), people[groups == at], dead[groups == at]) for at in range(5)]
    (row,) = asked("pohar-perme", standard="icss").rows
    same(row, standardised(curves, standard.weights))
    seen = within(people.on, people.days, dead, *(int(day) for day in year_began([1999, 2002]) - [0, 1]))
    late = People(people.sex[seen.who], people.age[seen.who], people.on[seen.who], seen.days)
    (row,) = asked("pohar-perme", period=(1999, 2001)).rows
    same(row, pohar_perme(life_table(), late, seen.dead, seen.entry))
    assert row.n == len(seen.who) < 399


def test_who_lacks_an_age_group_is_not_standardised(asked):
    early = {"start": date(1994, 1, 1), "end": date(1994, 2, 28)}
    found = asked("pohar-perme", standard="icss1", selection=early, days=(365,))
    lacking = [row for row in found.rows if not row.curve.times.size]
    assert lacking
    for row in lacking:
        assert [(at.estimate, at.at_risk) for at in row.at] == [(None, None)]
        assert row.n > 0
        at_risk, died = row.beneath  # the figure does not say that nobody was at risk
        assert (at_risk[0], died[0]) == (row.n, 0)
        assert at_risk[1] + died[1] <= row.n and died[1] <= died[-1] <= row.events
    assert METHODS["pohar-perme"].draw(found, as_of=date(2026, 1, 1), smallest=8).startswith(b"<?xml")
    (sheet, _) = METHODS["pohar-perme"].sheets(found)
    assert any("cannot be standardised" in note.en for note in sheet.notes)


def test_files_and_sheets_say_the_same(asked):
    found = asked("pohar-perme", by="summary_stage")
    content = found.as_dict()
    assert content["life_table"]["name"] == "slovenia"
    assert json.loads(json.dumps(content)) == content
    lines = list(csv.DictReader(io.StringIO(as_csv(found.flat()))))
    read = [(line["group"], int(line["day"]), float(line["estimate"])) for line in lines if line["estimate"]]
    assert read == [
        (group["group"], at["day"], at["estimate"])
        for group in content["groups"]
        for at in group["at"]
        if at["estimate"] is not None
    ]
    first = METHODS["pohar-perme"].sheets(found)[0]
    at = content["groups"][0]["at"][0]
    assert first.rows[0][3] == (
        f"{100 * at['estimate']:.1f} ({100 * at['lower']:.1f}–{100 * at['upper']:.1f}) [{at['at_risk']}]"
    )
    assert "slovenia" in str(METHODS["pohar-perme"].quote(found))
    drawn = METHODS["pohar-perme"].draw(found, as_of=date(2026, 1, 1), smallest=8, file_format="svg")
    assert drawn.startswith(b"<?xml")


def test_readers_of_aggregates_see_no_small_number(asked):
    found = asked("pohar-perme", role="researcher", by="summary_stage", days=(400, 6000))
    assert found.suppressed
    for row in found.rows:
        assert row.n is None or row.n >= 8
        assert all(at.at_risk is None or at.at_risk == 0 or at.at_risk >= 8 for at in row.at)
        assert all(at.estimate is None for at in row.at if at.at_risk is None)
    assert {at.day for row in found.rows for at in row.at} == {365, 1095, 1826, 3652}
    for wish in ({"period": (1999, 2001)}, {"standard": "icss1"}):
        with reading("en"), pytest.raises(Refused, match="not offered to readers of aggregates"):
            asked("pohar-perme", role="researcher", **wish)


def test_without_a_table_it_is_said_how_to_get_one(acting, alliance):
    with acting("quality_reviewer", None), pytest.raises(Refused, match="flask life-table load"):
        net_survival("ederer2", Wanted())


def test_which_table_is_meant_must_be_clear(asked, acting):
    assert asked("ederer2", life_table=None).table.name == "slovenia"
    with acting("alliance_admin"):
        life_tables.load(name="other", source="the same", rows=SMALL)
    with reading("en"):
        with pytest.raises(Refused, match="Choose a life table: other, slovenia"):
            asked("ederer2", life_table=None)
        with pytest.raises(Refused, match="No life table “none”; there are: other, slovenia"):
            asked("ederer2", life_table="none")
        with pytest.raises(Refused, match="ends before"):
            asked("ederer2", period=(2001, 2000))
        with pytest.raises(Refused, match="Nobody was followed in 1950–1951"):
            asked("ederer2", period=(1950, 1951))


def test_the_terminal_says_the_same(asked, app):
    ours = asked("pohar-perme", standard="icss", period=(1998, 2003), at=(1, 5), days=())
    options = ["--life-table", "slovenia", "--standard", "icss", "--period", "1998", "2003", "--at", "1,5"]
    told = app.test_cli_runner().invoke(
        args=["survival", "--method", "pohar-perme", *options, "--format", "json"]
    )
    assert told.exit_code == 0, told.output
    said = json.loads(told.output)
    assert {name: said[name] for name in ours.as_dict()} == json.loads(json.dumps(ours.as_dict()))
    refused = app.test_cli_runner().invoke(args=["survival", "--life-table", "slovenia"])
    assert refused.exit_code == 2
    assert "pohar-perme" in refused.output


def test_the_page_says_the_same(asked, sign_in):
    ours = asked("pohar-perme", standard="icss1", at=(1, 3, 5, 10), days=(), by="summary_stage")
    browser = sign_in("quality_reviewer")
    address = "method=pohar-perme&life_table=slovenia&standard=icss1"
    page = browser.get(f"/survival?{address}")
    assert page.status_code == 200
    for row in METHODS["pohar-perme"].sheets(ours)[0].rows:
        for cell in row[1:]:
            assert f">{cell}<" in page.text
    stored = browser.get(f"/survival/table.json?{address}").json
    assert {name: stored[name] for name in ours.as_dict()} == json.loads(json.dumps(ours.as_dict()))
    assert browser.get(f"/survival/figure.svg?{address}").status_code == 200
    refused = browser.get("/survival?method=ederer2&life_table=slovenia&seen_from=1850")
    assert refused.status_code == 200


def test_before_the_first_death_there_are_no_limits(asked):
    """Greenwood's variance is 0 there: 100 (100–100) would be a certainty that nobody has."""
    for key in ("ederer2", "pohar-perme"):
        (row,) = asked(key, days=(0, 365)).rows
        first, later = row.at
        assert (first.estimate, first.lower, first.upper) == (pytest.approx(1.0), None, None)
        assert later.lower < later.estimate < later.upper
