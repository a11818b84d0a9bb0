"""Rates: intervals as R gives them, bounds while results are awaited, silence where there is too little."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from registry.indicators import State, indicator_called
from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.queries.counting.tallies import Tally
from registry.reports.rates import quality
from registry.reports.rates.quality import Rate, Status, rates, span
from registry.reports.rates.shown import cell, written
from registry.services.unit import change
from tests.counted import case
from tests.released import YEAR, answered, told

ORACLE = json.loads((Path(__file__).parents[2] / "data" / "binomial_poisson_ci.json").read_text("utf-8"))
NOBODY = Group("all", Label("合计", "All"))


def rate(key="CDEI-07", *, met=0, not_met=0, awaited=0, unknown=0, tissue=(0, 0)) -> Rate:
    """The rate of given counts."""
    counts = {
        State.NOT_MET: not_met,
        State.UNKNOWN: unknown,
        State.AWAITED: awaited,
        State.MET: met,
    }
    return quality.proportion(Tally(indicator_called(key), NOBODY, counts, tissue))


@pytest.mark.parametrize("line", ORACLE["binomial_ci"], ids=lambda line: f"{line['x']}/{line['n']}")
def test_the_interval_is_the_one_r_gives(line):
    found = rate(met=line["x"], not_met=line["n"] - line["x"])
    assert (found.lower, found.upper) == pytest.approx((line["wilson_lo"], line["wilson_hi"]), abs=1e-9)
    assert found.estimate == line["x"] / line["n"]
    assert (found.level, found.method, found.denominator) == (0.95, "wilson", line["n"])


@pytest.mark.parametrize(("method", "told"), [("exact", "cp"), ("mid-p", "midp"), ("jeffreys", "jeffreys")])
def test_other_intervals_where_asked(method, told):
    for line in ORACLE["binomial_ci"]:
        counts = {State.MET: line["x"], State.NOT_MET: line["n"] - line["x"]}
        tallied = Tally(indicator_called("CDEI-07"), NOBODY, dict.fromkeys(State, 0) | counts)
        found = quality.proportion(tallied, method)
        limits = line[f"{told}_lo"], line[f"{told}_hi"]
        assert (found.lower, found.upper) == pytest.approx(limits, abs=1e-9)
        assert (found.method, found.level) == (method, 0.95)


def test_events_per_thousand_have_exact_poisson_limits():
    """R: poisson.test(62, 11843) and poisson.test(0, 1200)."""
    found = rate("CDEI-11", met=62, not_met=11843 - 62)
    assert (found.lower, found.upper) == pytest.approx((0.00401376716087, 0.00671123886479))
    assert (found.method, found.level, found.indicator.per) == ("poisson", 0.95, 1000)
    assert rate("CDEI-11", not_met=1200).upper == pytest.approx(0.00307406621176)
    assert rate("CDEI-11", met=2, not_met=0).upper == 1


def test_unknown_is_not_no():
    found = rate(met=30, not_met=30, unknown=40)
    assert (found.estimate, found.denominator, found.eligible, found.unknown) == (0.5, 60, 100, 40)


def test_every_cancer_found_stays_in_the_denominator():
    found = rate("CDEI-13", met=10, not_met=20, unknown=20, tissue=(100, 100))
    known = rate("CDEI-13.known", met=10, not_met=20, unknown=20, tissue=(100, 100))
    assert (found.estimate, found.denominator) == (0.2, 50)
    assert (known.estimate, known.denominator) == (10 / 30, 30)


@pytest.mark.parametrize(("reported", "status"), [(94, Status.PROVISIONAL), (95, Status.FINAL)])
def test_provisional_until_95_per_cent_of_the_specimens_are_reported(reported, status):
    assert rate("CDEI-14", met=18, not_met=67, awaited=12, tissue=(100, reported)).status is status


def test_a_provisional_rate_has_bounds_and_no_estimate():
    found = rate("CDEI-14", met=18, not_met=67, awaited=12, tissue=(100, 80))
    assert (found.estimate, found.level, found.method) == (None, None, "bounds")
    assert (found.lower, found.upper, found.denominator) == (18 / 97, 30 / 97, 97)


def test_nothing_awaited_leaves_a_rate_of_persons_examined_final():
    assert rate("CDEI-14", met=18, not_met=67, tissue=(100, 80)).status is Status.FINAL
    assert rate("CDEI-13", met=18, not_met=67, tissue=(100, 80)).status is Status.PROVISIONAL


def test_too_few_to_judge_and_nothing_to_divide_by():
    assert rate(met=5, not_met=4).status is Status.TOO_FEW
    assert rate(met=5, not_met=5).status is Status.FINAL
    empty = rate(unknown=12)
    assert (empty.status, empty.estimate, empty.lower) == (Status.NOTHING, None, None)


@pytest.mark.parametrize(("unknown", "status"), [(25, Status.FINAL), (26, Status.UNKNOWN)])
def test_where_a_fifth_is_unknown_the_rest_is_not_judged(unknown, status):
    """A photograph never said, a text nobody coded: the few known are not like the others."""
    found = rate(met=0, not_met=100, unknown=unknown)
    assert (found.status, found.estimate) == (status, 0)
    cancers = rate("CDEI-13", met=10, not_met=90, unknown=unknown, tissue=(100, 100))
    assert cancers.status is Status.FINAL  # they stand in the denominator


def test_a_rate_hidden_for_its_unknown_says_nothing_of_them():
    a, b = told([row("a", met=1, not_met=0, unknown=20), row("b", met=10, not_met=10, unknown=7)])[0]
    assert (b.unknown, b.status, b.estimate) == (None, Status.SUPPRESSED, None)
    assert a.status is Status.SUPPRESSED


def test_workload_is_procedures_per_endoscopist_and_year(acting, alliance):
    with acting("endoscopist", "county_b"):
        with change("test.cases") as unit:
            for _ in range(4):
                case(unit, alliance.county_b.id, 0, kind="eus")
        (whole,) = rates(["CDEI-01"], start=date(2001, 1, 1), end=date(2002, 12, 31))
        (january,) = rates(["CDEI-01"], by="month", start=date(2001, 1, 1), end=date(2002, 12, 31))
    assert (whole.eligible, whole.met) == (1, 4)
    assert whole.estimate == pytest.approx(4 / (730 / 365.25))
    assert january.estimate == pytest.approx(4 / (31 / 365.25))
    assert whole.lower is None


def test_rates_go_from_records_to_the_row(acting, alliance):
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            for place in range(12):
                case(unit, alliance.city.id, kind="colonoscopy", withdrawal_min=8 if place < 9 else 4)
        (found,) = rates(["cdei-07"], by="centre")
    row = found.as_dict()
    assert {"indicator", "edition", "group", "eligible", "met", "awaited", "unknown"} <= row.keys()
    assert {"estimate", "lower", "upper", "level", "method", "status"} <= row.keys()
    assert (row["group"], row["met"], row["eligible"], row["status"]) == (alliance.city.code, 9, 12, "final")
    assert str(written(found)) == "75.0 % (46.8–91.1) · 9/12"


def test_a_researcher_sees_no_count_under_the_threshold(acting, alliance):
    numbers = {"city": (20, 40), "county_a": (3, 30), "county_b": (15, 30)}
    for key, (met, eligible) in numbers.items():
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(eligible):
                minutes = 8 if place < met else 4
                case(unit, alliance.place(key).id, kind="colonoscopy", withdrawal_min=minutes)
    with acting("researcher", None):
        found = {row.group.code: row for row in answered(rates, ["CDEI-07"], by="centre", **YEAR)}
    hidden = found[alliance.county_a.code]
    assert (hidden.status, hidden.met, hidden.not_met, hidden.estimate) == (
        Status.SUPPRESSED,
        None,
        None,
        None,
    )
    assert "3" not in str(written(hidden))
    # alone it could be told from the whole: the smallest other row goes with it
    assert found[alliance.county_b.code].status is Status.SUPPRESSED
    assert found[alliance.city.code].met == 20
    with acting("quality_reviewer", None):
        assert {row.met for row in rates(["CDEI-07"], by="centre")} == {20, 3, 15}


def test_a_researcher_gets_a_period_of_the_ladder_however_the_question_comes(acting, alliance):
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(30):
            case(unit, alliance.city.id, kind="colonoscopy", withdrawal_min=8 if place < 15 else 4)
    with acting("researcher", None):
        months = answered(rates, ["CDEI-07"], by="month", **YEAR)
        (month,) = (row for row in months if row.eligible)
        year, number = map(int, month.group.code.split("-"))
        late = date(year, number, 28)
        (narrow,) = answered(rates, ["CDEI-07"], start=late, end=late)
    assert (narrow.eligible, narrow.met) == (30, 15)
    with acting("quality_reviewer", None):
        assert rates(["CDEI-07"], start=late, end=late)[0].eligible == 0


def row(code, *, met, not_met, unknown=0, key="CDEI-07"):
    return replace(rate(key, met=met, not_met=not_met, unknown=unknown), group=Group(code, NOBODY.label))


def test_what_would_give_a_small_count_away_goes_too():
    rows = [row("a", met=50, not_met=40), row("b", met=30, not_met=20), row("c", met=3, not_met=29)]
    a, b, c = told(rows)[0]
    assert (c.met, c.small, c.eligible) == (None, {"met"}, 32)
    assert (b.met, b.small, b.eligible) == (None, frozenset(), 50)
    assert a is rows[0]
    assert cell(c, "met", 8) == "≤7"
    assert cell(c, "not_met", 8) == cell(b, "met", 8) == "*"


def test_a_few_unknown_hide_no_rate():
    rows = [row("a", met=50, not_met=40, unknown=2), row("b", met=30, not_met=20, unknown=19)]
    a, b = told(rows)[0]
    assert (a.estimate, a.denominator, a.unknown, a.eligible) == (50 / 90, 90, None, None)
    assert (b.unknown, b.eligible) == (None, None)  # or the whole less b would tell a
    cancers = [row("a", met=50, not_met=40, unknown=2, key="CDEI-13")]
    (a,) = told(cancers)[0]
    assert (a.estimate, a.denominator, a.not_met, a.unknown) == (50 / 92, 92, None, None)


def test_zero_says_nothing_of_anybody():
    rows = [row("a", met=0, not_met=40), row("b", met=30, not_met=20)]
    assert told(rows)[0] == rows


def test_the_days_of_a_month_a_quarter_and_a_year():
    assert span("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert span("2024-Q4") == (date(2024, 10, 1), date(2024, 12, 31))
    assert span("2024") == (date(2024, 1, 1), date(2024, 12, 31))
    assert span("unknown") is None
