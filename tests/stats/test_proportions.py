"""Intervals against R 4.2.2 (tests/data/binomial_poisson_ci.json) and published tables."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats import proportions
from registry.stats.proportions import bounds, clopper_pearson, jeffreys, mid_p, poisson_exact, wilson

R = json.loads((Path(__file__).parents[1] / "data" / "binomial_poisson_ci.json").read_text())
METHODS = {"wilson": wilson, "cp": clopper_pearson, "midp": mid_p, "jeffreys": jeffreys}
CLOSE = {"rtol": 2e-12, "atol": 1e-16}  # small limits are held to all their digits, too


@pytest.mark.parametrize("name", METHODS)
def test_every_binomial_interval_of_r(name):
    rows = R["binomial_ci"]
    assert len(rows) == 17
    interval = METHODS[name]([row["x"] for row in rows], [row["n"] for row in rows])
    np.testing.assert_allclose(interval.lower, [row[f"{name}_lo"] for row in rows], **CLOSE)
    np.testing.assert_allclose(interval.upper, [row[f"{name}_hi"] for row in rows], **CLOSE)
    share = proportions.proportion([row["x"] for row in rows], [row["n"] for row in rows])
    np.testing.assert_allclose(share, [row["p"] for row in rows], rtol=1e-14)


def test_the_level_is_obeyed():
    rows = R["binomial_ci"]
    interval = clopper_pearson([row["x"] for row in rows], [row["n"] for row in rows], level=0.99)
    np.testing.assert_allclose(interval.lower, [row["cp99_lo"] for row in rows], **CLOSE)
    np.testing.assert_allclose(interval.upper, [row["cp99_hi"] for row in rows], **CLOSE)


def test_every_exact_poisson_interval_of_r():
    rows = R["poisson_ci"]
    assert len(rows) == 5
    interval = poisson_exact([row["x"] for row in rows], [row["T"] for row in rows])
    np.testing.assert_allclose(interval.lower, [row["exact_lo"] for row in rows], **CLOSE)
    np.testing.assert_allclose(interval.upper, [row["exact_hi"] for row in rows], **CLOSE)
    np.testing.assert_allclose(
        np.array([row["x"] for row in rows]) / [row["T"] for row in rows], [row["rate"] for row in rows]
    )


@pytest.mark.parametrize(
    ("met", "known", "percent", "lower", "upper"),
    [  # Li score, Wenzhou 2019: Chin J Dig Endosc 2019;36:487
        (18, 1694, 1.06, 0.67, 1.67),
        (36, 833, 4.32, 3.14, 5.92),  # 5.924999 (R: prop.test); rounded twice it becomes 5.93
        (19, 147, 12.93, 8.43, 19.31),
        # early among all gastric cancers found there
        (29, 73, 39.7, 29.3, 51.2),
    ],
)
def test_li_score_table(met, known, percent, lower, upper):
    digits = 1 if percent > 30 else 2
    interval = wilson(met, known)
    assert round(float(100 * proportions.proportion(met, known)), digits) == percent
    assert [round(float(100 * limit), digits) for limit in interval] == [lower, upper]


def test_ne_england_bowel_screening():
    """1,524 colonoscopies: caecum, adenoma; Dukes A of all and of staged cancers. Limits: R's prop.test."""
    met, known = [1485, 758, 76, 76], [1524, 1524, 180, 178]
    assert np.round(100 * proportions.proportion(met, known), 1).tolist() == [97.4, 49.7, 42.2, 42.7]
    interval = wilson(met, known)
    lower = [0.965209225040, 0.472310850849, 0.352432366817, 0.356599282893]
    upper = [0.981224052871, 0.522453003768, 0.495262488416, 0.500419022126]
    np.testing.assert_allclose(interval.lower, lower, rtol=0, atol=1e-11)
    np.testing.assert_allclose(interval.upper, upper, rtol=0, atol=1e-11)


def test_kaminski_and_corley_rates():
    """Cancers per person-years: Kaminski MF, NEJM 2010;362:1795; Corley DA, NEJM 2014;370:1298."""
    assert [round(float(1e5 * limit), 1) for limit in poisson_exact(42, 188788)] == [16.0, 30.1]
    assert [round(float(1e4 * limit), 2) for limit in poisson_exact(712, 927523)] == [7.12, 8.26]


def test_nothing_to_divide_by_is_nan():
    for method in METHODS.values():
        assert np.isnan([*method(0, 0)]).all()
        assert np.isnan(method([0, 3], [0, 9]).lower).tolist() == [True, False]
    assert np.isnan([*poisson_exact(0, 0)]).all()
    assert np.isnan([*bounds(0, 0, 0)]).all()


def test_provisional_bounds_run_from_all_no_to_all_yes():
    interval = bounds(met=[18, 0, 4], awaited=[12, 5, 0], known=[85, 0, 10])
    assert interval.lower.tolist() == [18 / 97, 0, 0.4]
    assert interval.upper.tolist() == [30 / 97, 1, 0.4]


@pytest.mark.parametrize("method", METHODS.values())
@pytest.mark.parametrize(
    ("met", "known", "message"),
    [
        (-1, 3, "met must not be negative"),
        (4, 3, "met must not exceed known"),
        (0.5, 3, "whole numbers"),
        (float("nan"), 3, "whole numbers"),
        (1, None, "whole numbers"),
        ("1", 3, "whole numbers"),
    ],
)
def test_counts_that_cannot_be_are_refused(method, met, known, message):
    with pytest.raises(ValueError, match=message):
        method(met, known)


@pytest.mark.parametrize("level", [0, 1, -0.1, 95, float("nan")])
def test_a_level_outside_0_to_1_is_refused(level):
    for method in (*METHODS.values(), poisson_exact):
        with pytest.raises(ValueError, match="level"):
            method(1, 3, level=level)


def test_events_without_exposure_are_refused():
    with pytest.raises(ValueError, match="exposure is 0"):
        poisson_exact(1, 0)
    with pytest.raises(ValueError, match="finite"):
        poisson_exact(1, -2.0)
    with pytest.raises(ValueError, match="awaited must not be negative"):
        bounds(1, -1, 2)


counted = st.integers(1, 10**6).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known)))


@settings(deadline=None)  # the first call imports SciPy
@given(counted, st.floats(0.5, 0.999))
def test_an_interval_contains_its_estimate_and_mirrors(counts, level):
    met, known = counts
    for method in METHODS.values():
        lower, upper = method(met, known, level=level)
        assert 0 <= lower <= met / known <= upper <= 1
        turned = method(known - met, known, level=level)
        np.testing.assert_allclose([1 - upper, 1 - lower], [*turned], rtol=0, atol=1e-9)


@settings(deadline=None)  # the first call imports SciPy
@given(counted)
def test_mid_p_lies_inside_the_exact_interval_and_more_level_is_wider(counts):
    exact, mid, wide = clopper_pearson(*counts), mid_p(*counts), mid_p(*counts, level=0.99)
    assert exact.lower <= mid.lower and mid.upper <= exact.upper
    assert wide.lower <= mid.lower and mid.upper <= wide.upper


@settings(deadline=None)  # the first call imports SciPy
@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_final_proportion_lies_within_its_provisional_bounds(met, unmet, awaited):
    low, high = bounds(met, awaited, met + unmet)
    for turned_out in {0, awaited // 2, awaited}:
        if met + unmet + awaited:
            assert low <= (met + turned_out) / (met + unmet + awaited) <= high
