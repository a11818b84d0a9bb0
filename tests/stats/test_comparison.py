"""Two groups beside each other, against R 4.2.2 (tests/data/trend_ratio.json) and published tables."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.stats.comparison import (
    difference,
    exact_p,
    fisher_p,
    rate_ratio,
    rate_ratio_p,
    risk_ratio,
)
from registry.stats.several import adjusted

DATA = Path(__file__).parents[1] / "data"
R = json.loads((DATA / "trend_ratio.json").read_text())
TABLES = R["two_by_two"]
CELLS = [[row[name] for row in TABLES] for name in ("a", "n1", "b", "n0")]
RATES = R["rate_ratio"]
EXPOSED = [[row[name] for row in RATES] for name in ("a", "t1", "b", "t0")]
EXACT = {"rtol": 1e-9, "atol": 1e-12}
FOUND_BY_SEARCH = {"rtol": 2e-3, "atol": 1e-6}  # R's uniroot stops at 1e-4 of its unit


def nan(numbers):
    return [np.nan if number is None else number for number in numbers]


def agrees(found, lines, tolerance):
    """Whether estimate and limits are R's, one line of three (or two limits) per table."""
    parts = np.stack([found.estimate, found.lower, found.upper], axis=-1)
    wanted = np.array([nan(line) for line in lines], dtype=float)
    np.testing.assert_allclose(parts[:, 3 - wanted.shape[1] :], wanted, **tolerance)


def test_the_difference_is_newcombes():
    assert len(TABLES) == 5
    found = difference(*CELLS)
    np.testing.assert_allclose(found.estimate, [row["rd"] for row in TABLES], **EXACT)
    agrees(found, [row["rd_newcombe"] for row in TABLES], EXACT)
    agrees(difference(*CELLS, method="wald"), [row["rd_wald"] for row in TABLES], EXACT)


def test_newcombes_own_table():
    """Newcombe RG, Stat Med 1998;17:873, table II, method 10: 56/70 – 48/80, 9/10 – 3/10, 10/10 – 0/10 …"""
    found = difference(
        [56, 9, 6, 5, 0, 10], [70, 10, 7, 56, 10, 10], [48, 3, 2, 0, 0, 0], [80, 10, 7, 29, 20, 10]
    )
    assert np.round(found.lower, 4).tolist() == [0.0524, 0.1705, 0.0582, -0.0381, -0.1611, 0.6075]
    assert np.round(found.upper, 4).tolist() == [0.3339, 0.8090, 0.8062, 0.1926, 0.2775, 1.0]


def test_the_ratios_of_r():
    agrees(risk_ratio(*CELLS, method="log"), [row["rr_wald"] for row in TABLES], EXACT)
    agrees(risk_ratio(*CELLS, method="small"), [row["rr_small"] for row in TABLES], EXACT)


def test_a_ratio_with_an_empty_cell_still_has_a_limit():
    found = risk_ratio([0, 4, 0, 0], [500, 520, 500, 0], [4, 0, 0, 3], [520, 500, 500, 9])
    assert (found.estimate[0], found.lower[0], found.estimate[1], found.upper[1]) == (0, 0, np.inf, np.inf)
    # Turned about, each limit is the other's inverse.
    np.testing.assert_allclose(found.upper[0] * found.lower[1], 1, rtol=1e-9)
    assert 0.9 < found.upper[0] < 1.1  # R's χ² for this table is 3.86, just beyond 3.84
    assert np.isnan([found.estimate[2:], found.lower[2:], found.upper[2:]]).all()


def test_the_score_limit_is_where_the_restricted_test_just_rejects():
    """Koopman PAR, Biometrics 1984;40:513: the example 36/40 against 16/80."""
    found = risk_ratio(36, 40, 16, 80)
    assert [round(float(limit), 2) for limit in (found.lower, found.upper)] == [2.94, 7.15]
    # At the level at which the limit is 1, the statistic is Pearson's χ².
    for row in TABLES[:4]:
        cells = [row[name] for name in ("a", "n1", "b", "n0")]
        level = 1 - row["chisq_p"]
        found = risk_ratio(*cells, level=level)
        touching = found.lower if row["rd"] > 0 else found.upper
        assert float(touching) == pytest.approx(1, abs=1e-9)


def test_fishers_p():
    np.testing.assert_allclose(fisher_p(*CELLS), [row["fisher_p"] for row in TABLES], rtol=1e-10)
    assert np.isnan(fisher_p(0, 0, 3, 9))


def test_rate_ratios_of_r():
    assert len(RATES) == 3
    found = rate_ratio(*EXPOSED)
    np.testing.assert_allclose(found.estimate, [row["rr"] for row in RATES], **EXACT)
    agrees(found, [row["exact"] for row in RATES], EXACT)
    np.testing.assert_allclose(rate_ratio_p(*EXPOSED), [row["p"] for row in RATES], rtol=1e-10)
    agrees(rate_ratio(*EXPOSED, method="wald"), [row["wald"] for row in RATES], EXACT)
    agrees(rate_ratio(*EXPOSED, method="mid-p"), [row["midp"] for row in RATES], FOUND_BY_SEARCH)


def test_without_events_there_is_no_rate_ratio():
    for method in ("exact", "mid-p", "wald"):
        found = rate_ratio([0, 3], [10, 10], [0, 0], [10, 10], method=method)
        assert np.isnan([found.estimate[0], found.lower[0], found.upper[0]]).all()
    assert rate_ratio(3, 10, 0, 10).upper == np.inf
    assert np.isnan(rate_ratio_p(0, 10, 0, 10))


def test_exact_p_of_a_binomial():
    tests = json.loads((DATA / "binomial_poisson_ci.json").read_text())["binomial_tests"]
    given = [[row[name] for row in tests] for name in ("x", "n", "p0")]
    np.testing.assert_allclose(exact_p(*given), [row["p_two"] for row in tests], rtol=1e-10)
    greater = exact_p(*given, alternative="greater")
    np.testing.assert_allclose(greater, [row["p_greater"] for row in tests], rtol=1e-10)
    assert np.isnan(exact_p(0, 0, 0.5))


@pytest.mark.parametrize(("method", "name"), [("bh", "BH"), ("by", "BY"), ("holm", "holm")])
def test_several_p_at_once(method, name):
    np.testing.assert_allclose(adjusted(R["p_adjust"]["p"], method=method), R["p_adjust"][name], rtol=1e-12)


def test_a_question_that_could_not_be_asked_does_not_count():
    assert adjusted([0.04, np.nan, 0.01, np.nan]).tolist()[::2] == [0.04, 0.02]
    assert np.isnan(adjusted([np.nan])).all()
    assert adjusted([]).shape == (0,)


@pytest.mark.parametrize("function", [difference, risk_ratio, fisher_p])
def test_counts_that_cannot_be_are_refused(function):
    with pytest.raises(ValueError, match="met must not exceed known"):
        function(1, 9, 10, 9)
    with pytest.raises(ValueError, match="other_met must not be negative"):
        function(1, 9, -1, 9)


def test_methods_and_exposures_that_are_none_are_refused():
    for function, others in ((difference, "newcombe, wald"), (risk_ratio, "score"), (rate_ratio, "exact")):
        with pytest.raises(ValueError, match=others):
            function(1, 9, 2, 9, method="guess")
    with pytest.raises(ValueError, match="exposure"):
        rate_ratio(1, 0, 2, 9)
    with pytest.raises(ValueError, match="there is no method"):
        adjusted([0.5], method="bonferroni")
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted([1.5])
    with pytest.raises(ValueError, match="shape"):
        adjusted(0.5)


counted = st.integers(1, 3000).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known)))


@settings(deadline=None)  # the first call imports SciPy
@given(counted, counted)
def test_exchanged_groups_turn_the_sign_and_invert_the_ratio(one, other):
    found, turned = difference(*one, *other), difference(*other, *one)
    assert -1 <= found.lower <= found.estimate <= found.upper <= 1
    np.testing.assert_allclose([-turned.upper, -turned.lower], [found.lower, found.upper], atol=1e-12)
    assume(one[0] and other[0])
    ratio, inverse = risk_ratio(*one, *other), risk_ratio(*other, *one)
    assert ratio.lower <= ratio.estimate * (1 + 1e-9) and ratio.estimate <= ratio.upper * (1 + 1e-9)
    np.testing.assert_allclose([1 / inverse.upper, 1 / inverse.lower], [ratio.lower, ratio.upper], rtol=1e-6)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjustment_keeps_the_order_and_never_lowers_a_p(p):
    for method in ("bh", "by", "holm"):
        found = adjusted(p, method=method)
        assert (found >= np.asarray(p) * (1 - 1e-12)).all() and (found <= 1).all()
        order = np.argsort(p, kind="stable")
        assert (np.diff(found[order]) >= 0).all()
