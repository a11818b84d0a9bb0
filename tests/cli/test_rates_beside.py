"""`flask rates` with what stands beside or instead of raw rates: the same numbers as the reports give."""

import csv
import io
import json

import pytest

from registry.reports.rates.compared import chosen
from registry.reports.rates.quality import rates
from registry.reports.rates.shrunken import shrunken
from registry.reports.rates.standardised import standardised
from registry.reports.rates.strata import Counted
from tests.cli.test_numbers import cases as cases
from tests.cli.test_numbers import flask as flask


def test_standardised_and_shrunken_beside_raw(flask, cases, acting, alliance):
    asked = (
        "rates",
        "--indicator",
        "CDEI-07",
        "--by",
        "centre",
        "--standard",
        "segi",
        "--shrunken",
        "--case-mix",
    )
    rows = json.loads(flask(*asked, "--format", "json"))
    with acting("quality_reviewer", None):
        found = rates(["CDEI-07"], by="centre")
        drawn, adjusted = shrunken(found), standardised(Counted(found, "centre"), "segi")
    assert [row["group"] for row in rows] == [one.group.code for one in found]
    assert [row["shrunken"] for row in rows] == [one.estimate for one in drawn]
    assert [row["standardised_status"] for row in rows] == [one.status.code for one in adjusted]
    assert all(row["standard"] == "segi" and row["expected"] > 0 for row in rows)
    listed = list(csv.DictReader(io.StringIO(flask(*asked, "--format", "csv"))))
    assert [float(row["shrunken"]) for row in listed] == [row["shrunken"] for row in rows]
    table = flask(*asked)
    for head in ("标化率", "实际/期望", "收缩估计"):
        assert head in table


def test_another_interval_where_asked(flask, cases):
    """R: binom.test(12, 24)."""
    (row,) = json.loads(flask("rates", "--indicator", "CDEI-07", "--interval", "exact", "--format", "json"))
    assert row["method"] == "exact"
    assert (row["lower"], row["upper"]) == pytest.approx((0.2912, 0.7088), abs=5e-5)


def test_two_centres_compared(flask, cases, acting, alliance):
    pair = f"{alliance.city.code},{alliance.county_a.code}"
    rows = json.loads(flask("rates", "--indicator", "CDEI-07", "--compare", pair, "--format", "json"))
    with acting("quality_reviewer", None):
        told = chosen(rates(["CDEI-07"], by="centre"), alliance.city.code, alliance.county_a.code)
    assert rows == [one.as_dict() for one in told]
    assert (rows[0]["met"], rows[0]["other_met"], rows[0]["difference"]) == (9, 3, 0.5)
    assert "+50.0" in flask("rates", "--indicator", "CDEI-07", "--compare", pair)


def test_a_trend_over_quarters(flask, cases):
    asked = ("rates", "--indicator", "CDEI-07", "--trend", "--by", "quarter")
    (row,) = json.loads(flask(*asked, "--format", "json"))
    assert (row["groups"], row["denominator"], row["method"]) == (4, 24, "cochran-armitage")
    assert (row["p"], row["status"]) == (None, "too few")
    assert "每步变化" in flask(*asked)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--compare", "370001"), "A,B"),
        (("--compare", "370001,NOWHERE"), "NOWHERE"),
        (("--compare", "a,b", "--trend"), "--compare"),
        (("--trend", "--shrunken"), "--trend"),
        (("--trend", "--by", "centre"), "month"),
        (("--standard", "segi", "--by", "age"), "age"),
        (("--standard", "europe"), "europe"),
    ],
)
def test_what_cannot_be_asked_is_said(flask, cases, words, told):
    assert told in flask("rates", "--indicator", "CDEI-07", *words, exit_code=2)
