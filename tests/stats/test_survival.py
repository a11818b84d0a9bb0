"""Kaplan–Meier against R's survival package, published tables and lifelines."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.log_rank import log_rank
from registry.stats.restricted import difference, restricted_mean
from registry.stats.survival import kaplan_meier, year_day
from registry.stats.survival_limits import KINDS
from tests.stats.slovene import DAYS, DEAD, ROWS, grouped, of

DATA = Path(__file__).parents[1] / "data"
KM = json.loads((DATA / "km_colrec.json").read_text())
LEFT_TRUNCATED = json.loads((DATA / "km_left_truncated.json").read_text())
GASTRIC = json.loads((DATA / "km_gastric_trial.json").read_text())


def read(name):
    with open(DATA / name, newline="") as file:
        return list(csv.DictReader(file))


# our name → R's name
AT_DAYS = {"estimate": "surv", "std_err": "std_err", "lower": "lower", "upper": "upper"}
ON_CURVE = {"survival": "surv", "std_err": "std_err", "lower": "lower", "upper": "upper"}


def same(ours, rows, names):
    for name, theirs in names.items():
        np.testing.assert_allclose(getattr(ours, name), [row[theirs] for row in rows], rtol=0, atol=5e-15)


@pytest.mark.parametrize(
    ("sample", "column"), [("overall", "id"), ("by_stage", "stage"), ("by_site", "site")]
)
def test_every_number_of_r_on_colrec(sample, column):
    found = 0
    for stratum in {row["stratum"] for row in KM[sample]["table"]}:
        curve = kaplan_meier(*of(column, stratum))
        table = next(row for row in KM[sample]["table"] if row["stratum"] == stratum)
        assert (curve.n, curve.events.sum()) == (table["n"], table["events"])
        points = [row for row in KM[sample]["log-log"]["points"] if row["stratum"] == stratum]
        at = curve.at([row["day"] for row in points])
        assert at.at_risk.tolist() == [row["n_risk"] for row in points]
        same(at, points, AT_DAYS)
        median = next(row for row in KM[sample]["log-log"]["median"] if row["stratum"] == stratum)
        assert [*curve.median()] == [median["median"], median["lower"], median["upper"]]
        table = [row for row in KM[sample]["at_risk"] if row["stratum"] == stratum]
        days = [row["day"] for row in table]
        assert curve.at(days).at_risk.tolist() == [row["n_risk"] for row in table]
        for ours, theirs in ((curve.events, "n_event_in_interval"), (curve.censored, "n_censor_in_interval")):
            passed = np.append(0, np.cumsum(ours))[np.searchsorted(curve.times, days, side="right")]
            assert np.diff(passed, prepend=0).tolist() == [row[theirs] for row in table]
        found += len(points)
    assert found == len(KM[sample]["log-log"]["points"]) > 0


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    ("sample", "column"), [("overall", "id"), ("by_stage", "stage"), ("by_site", "site")]
)
def test_every_kind_of_interval_is_that_of_r(sample, column, kind):
    for median in KM[sample][kind]["median"]:
        stratum = median["stratum"]
        curve = kaplan_meier(*of(column, stratum), interval=kind)
        points = [row for row in KM[sample][kind]["points"] if row["stratum"] == stratum]
        assert points
        at = curve.at([row["day"] for row in points])
        assert at.at_risk.tolist() == [row["n_risk"] for row in points]
        same(at, points, AT_DAYS)
        assert [*curve.median()] == [median["median"], median["lower"], median["upper"]]


@pytest.mark.parametrize(
    ("sample", "column"), [("overall", "id"), ("by_stage", "stage"), ("by_site", "site")]
)
def test_restricted_mean_survival_to_five_years_is_that_of_r(sample, column):
    for row in KM[sample]["table"]:
        mean = restricted_mean(kaplan_meier(*of(column, row["stratum"])), 1826)
        assert mean.estimate == pytest.approx(row["rmean_1826"], rel=1e-13)
        assert mean.std_err == pytest.approx(row["rmean_se"], rel=1e-12)


def test_a_restricted_mean_without_censoring_is_the_mean_of_the_cut_times():
    times = np.array([3, 8, 8, 12, 20, 31])
    mean = restricted_mean(kaplan_meier(times, np.ones(6)), 15)
    cut = np.minimum(times, 15)
    assert mean.estimate == pytest.approx(cut.mean())
    assert mean.std_err == pytest.approx(cut.std() / np.sqrt(6))
    apart = difference(mean, mean)
    assert (apart.estimate, apart.std_err) == (0, pytest.approx(np.sqrt(2) * mean.std_err))
    assert apart.lower == pytest.approx(-apart.upper)
    for horizon in (0, -1, float("inf")):
        with pytest.raises(ValueError, match="horizon"):
            restricted_mean(kaplan_meier([1], [1]), horizon)
    assert np.isnan([*restricted_mean(kaplan_meier([], []), 10)]).all()


def test_a_restricted_mean_lies_within_its_horizon_and_is_never_certain():
    """Plain limits would end beyond the horizon, and be of no width where nobody died."""
    mean = restricted_mean(kaplan_meier([400, *[2000] * 19], [1, *[0] * 19]), 1826)
    assert mean.estimate + 1.96 * mean.std_err > 1826
    assert mean.lower < mean.estimate < mean.upper < 1826
    lost = 1826 - np.array([mean.lower, mean.estimate, mean.upper])
    assert lost[0] * lost[2] == pytest.approx(lost[1] ** 2)
    alive = restricted_mean(kaplan_meier([2000] * 20, [0] * 20), 1826)
    assert (alive.estimate, alive.std_err, alive.upper) == (1826, 0, 1826)
    assert alive.lower == pytest.approx(1826 * 0.025 ** (1 / 20))
    later = restricted_mean(kaplan_meier([2000] * 20, [0] * 20, entry=[365] * 20), 1826)
    assert later.lower == pytest.approx(365 + (1826 - 365) * 0.025 ** (1 / 20))
    assert np.isnan(restricted_mean(kaplan_meier([5, 5], [1, 1]), 10).lower)


def test_those_who_are_seen_from_a_later_day_on_are_at_risk_after_it():
    """R: survfit(Surv(180, time_days, dead) ~ 1, subset = time_days > 180)."""
    later = DAYS > 180
    curve = kaplan_meier(DAYS[later], DEAD[later], entry=np.full(later.sum(), 180))
    at = curve.at([row["day"] for row in LEFT_TRUNCATED["points"]])
    assert at.at_risk.tolist() == [row["n_risk"] for row in LEFT_TRUNCATED["points"]]
    same(at, LEFT_TRUNCATED["points"], AT_DAYS)


def test_entry_on_different_days():
    """At risk in (entry, time], counted by hand."""
    curve = kaplan_meier([4, 6, 6, 7, 9], [1, 1, 0, 1, 1], entry=[-1, 0, 2, 3, 5])
    assert curve.times.tolist() == [4, 6, 7, 9]
    assert curve.at_risk.tolist() == [4, 4, 2, 1]
    np.testing.assert_allclose(curve.survival, [3 / 4, 9 / 16, 9 / 32, 0])
    assert curve.at([2, 3, 4, 5.5, 6.5]).at_risk.tolist() == [2, 3, 4, 4, 2]
    with pytest.raises(ValueError, match="entry must lie before"):
        kaplan_meier([4], [1], entry=[4])
    with pytest.raises(ValueError, match="finite number for every row"):
        kaplan_meier([4, 5], [1, 0], entry=[1])


def test_other_quantiles_and_intervals_that_cannot_be():
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert curve.quantile(0.2).estimate == 1
    assert curve.quantile(0.75).estimate == 3.5
    with pytest.raises(ValueError, match="between 0 and 1"):
        curve.quantile(1)
    with pytest.raises(ValueError, match="no interval is called 'wald'"):
        kaplan_meier([1], [1], interval="wald")


def test_the_whole_curve_of_the_gastric_trial():
    """Gastrointestinal Tumor Study Group, Cancer 1982;49:1771: crossing curves, time in years."""
    rows = read("gastric_cancer.csv")
    groups = []
    for arm in ("0", "1"):
        own = [row for row in rows if row["V3"] == arm]
        groups.append(([float(row["V1"]) for row in own], [int(row["V2"]) for row in own], None))
        curve = kaplan_meier(*groups[-1])
        expected = [row for row in GASTRIC["curve"] if row["arm"] == f"arm={arm}"]
        assert curve.times.tolist() == [row["time"] for row in expected]
        for ours, theirs in (("at_risk", "n_risk"), ("events", "n_event"), ("censored", "n_censor")):
            assert getattr(curve, ours).tolist() == [row[theirs] for row in expected]
        same(curve, expected, ON_CURVE)
    test = log_rank(groups)
    np.testing.assert_allclose(test.chi2, GASTRIC["logrank"]["chisq"], rtol=0, atol=7e-12)
    np.testing.assert_allclose(test.expected, GASTRIC["logrank"]["exp"], rtol=0, atol=7e-12)
    assert test.observed.tolist() == GASTRIC["logrank"]["obs"]


MERCAPTOPURINE = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_freireich_1963():
    """Freireich EJ, Blood 1963;21:699: weeks of remission under 6-MP and placebo, the textbook example."""
    curve = kaplan_meier(MERCAPTOPURINE, RELAPSED)
    at = curve.at([6, 7, 10, 13, 16, 22, 23])
    assert np.round(at.estimate, 4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert round(float(at.std_err[-1]), 4) == 0.1346
    test = log_rank([(MERCAPTOPURINE, RELAPSED, None), (PLACEBO, [1] * 21, None)])
    assert round(test.chi2, 3) == 16.793
    assert test.df == 1


# Each expectation is printed by R 4.2.2, survival 3.5-3: summary(fit, times, extend=TRUE), quantile(fit, .5).
NAN = float("nan")


def test_before_the_first_time_all_survive_and_after_the_last_the_curve_is_carried_forward():
    at = kaplan_meier([1, 2, 3, 4], [0, 1, 1, 1]).at([0, 0.5, 1, 2, 3, 4, 5])
    assert at.at_risk.tolist() == [4, 4, 4, 3, 2, 1, 0]
    np.testing.assert_allclose(at.estimate, [1, 1, 1, 2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(at.std_err, [0, 0, 0, 0.2721655, 0.2721655, NAN, NAN], rtol=1e-6)
    np.testing.assert_allclose(at.lower, [1, 1, NAN, 0.054073427, 0.008961628, NAN, NAN], rtol=1e-6)
    np.testing.assert_allclose(at.upper, [1, 1, NAN, 0.9452064, 0.7741487, NAN, NAN], rtol=1e-6)


def test_a_curve_that_ends_alive_is_carried_forward():
    at = kaplan_meier([0, 0, 3, 4], [1, 0, 1, 0]).at([0, 1, 3, 4, 900])
    assert at.at_risk.tolist() == [4, 2, 2, 1, 0]
    np.testing.assert_allclose(at.estimate, [0.75, 0.75, 0.375, 0.375, 0.375])
    np.testing.assert_allclose(at.lower[1:], [0.12794692, 0.01097112, 0.01097112, 0.01097112], rtol=1e-6)


@pytest.mark.parametrize(
    ("days", "dead", "median"),
    [
        ([1, 2, 3, 4], [0, 1, 1, 1], (3, 2, NAN)),
        ([1, 2, 3, 4], [1, 1, 1, 1], (2.5, 1, NAN)),  # S is exactly ½ from day 2 to day 3
        ([1, 2, 3, 4], [1, 1, 0, 0], (3, 1, NAN)),  # … and from day 2 to the end
        ([2, 3, 5, 6, 8, 9], [1, 1, 1, 0, 0, 1], (7, 2, NAN)),
        ([0, 0, 3, 4], [1, 0, 1, 0], (3, 0, NAN)),
        ([0, 0, 0], [1, 1, 1], (0, NAN, NAN)),
        ([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], (NAN, NAN, NAN)),
    ],
)
def test_median_as_r(days, dead, median):
    np.testing.assert_array_equal([*kaplan_meier(days, dead).median()], median)


def test_nobody_is_an_empty_curve_of_nan():
    curve = kaplan_meier([], [], [])
    at = curve.at([0, 365])
    assert curve.n == 0
    assert at.at_risk.tolist() == [0, 0]
    assert np.isnan([at.estimate, at.lower, at.upper]).all()
    assert np.isnan([*curve.median()]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1], [1]), "not negative"),
        (([float("nan")], [1]), "finite"),
        (([1], [2]), "true or false"),
        (([1], [None]), "true or false"),
        (([1, 2], [1]), "one length"),
        (([1], [1], [1.5]), "weight must hold whole numbers"),
        (([1], [1], [-1]), "weight must not be negative"),
        ((["1"], [1]), "days must be numbers"),
        (([[1]], [[1]]), "one-dimensional"),
    ],
)
def test_rows_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(*arguments)


def test_days_levels_and_groups_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="level"):
        kaplan_meier([1], [1], level=95)
    with pytest.raises(ValueError, match="days must be finite"):
        kaplan_meier([1], [1]).at(-1)
    with pytest.raises(ValueError, match="years"):
        year_day(-1)


persons = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


@settings(deadline=None)  # the first call imports SciPy
@given(persons)
def test_counted_rows_are_the_persons_they_stand_for(people):
    days, dead = np.array(people).T
    one_by_one, counted = kaplan_meier(days, dead), kaplan_meier(*grouped(days, dead))
    for name in ("times", "at_risk", "events", "censored", "survival", "std_err", "lower", "upper"):
        np.testing.assert_array_equal(getattr(one_by_one, name), getattr(counted, name))
    assert np.array_equal([*one_by_one.median()], [*counted.median()], equal_nan=True)


@settings(deadline=None)  # the first call imports SciPy
@given(persons)
def test_a_curve_falls_within_its_limits(people):
    curve = kaplan_meier(*np.array(people).T)
    assert (np.diff(curve.survival, prepend=1) <= 0).all()
    known = ~np.isnan(curve.lower)
    assert (curve.lower[known] <= curve.survival[known]).all()
    assert (curve.survival[known] <= curve.upper[known]).all()
    assert curve.at_risk[0] == len(people) == (curve.events + curve.censored).sum()


def test_lifelines_agrees():
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import multivariate_logrank_test

    curve, theirs = kaplan_meier(*grouped(DAYS, DEAD)), KaplanMeierFitter().fit(DAYS, DEAD)
    days = np.arange(1, 4000, 37)
    np.testing.assert_allclose(curve.at(days).estimate, theirs.predict(days), rtol=0, atol=1e-12)
    limits = theirs.confidence_interval_.loc[curve.times[-200:]].to_numpy().T
    np.testing.assert_allclose([curve.lower[-200:], curve.upper[-200:]], limits, rtol=0, atol=1e-12)
    stages = np.array([row["stage_code"] for row in ROWS])
    test = log_rank([grouped(DAYS[stages == code], DEAD[stages == code]) for code in ("1", "2", "3", "99")])
    theirs = multivariate_logrank_test(DAYS, stages, DEAD)
    np.testing.assert_allclose(test.chi2, theirs.test_statistic, rtol=1e-9)
