"""The log-rank test, weighted, stratified and for a trend, against R's `survdiff`."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.log_rank import chi2_tail, log_rank, stratified_log_rank, trend
from tests.stats.slovene import grouped, of

EXACT = {"rtol": 1e-13, "atol": 7e-12}
LOGRANK = json.loads((Path(__file__).parents[1] / "data" / "logrank.json").read_text())
WEIGHTS = {"logrank_rho0": 0, "peto_rho1": 1}
SAMPLES = [(sample, kind) for sample in LOGRANK if sample != "meta" for kind in WEIGHTS]


@pytest.mark.parametrize(("sample", "kind"), SAMPLES)
def test_every_test_of_r_on_colrec(sample, kind):
    expected, rho = LOGRANK[sample][kind], WEIGHTS[kind]
    named = [key.split("=") for key in expected["n"]]
    if sample == "colrec_site_stratified_by_stage":
        stages = ("localised", "regional", "distant", "unknown")
        test = stratified_log_rank(
            [[of(column, value, stage=stage) for column, value in named] for stage in stages], rho=rho
        )
    else:
        test = log_rank([of(*one) for one in named], rho=rho)
    assert test.df == expected["df"]
    assert test.n.tolist() == list(expected["n"].values())
    np.testing.assert_allclose(test.observed, list(expected["observed"].values()), **EXACT)
    np.testing.assert_allclose(test.expected, list(expected["expected"].values()), **EXACT)
    np.testing.assert_allclose(test.chi2, expected["chisq"], **EXACT)
    np.testing.assert_allclose(test.p, expected["p"], rtol=1e-9)
    np.testing.assert_allclose(test.log10_p, expected["log10_p"], rtol=0, atol=1e-9)
    over_groups = trend(test)
    np.testing.assert_allclose(over_groups.chi2, expected["trend_chisq"], **EXACT)
    np.testing.assert_allclose(over_groups.p, expected["trend_p"], rtol=1e-9)


def test_log_rank_where_a_group_adds_no_comparison():
    test = log_rank([([5, 6, 7, 8], [1, 1, 1, 1], None), ([1, 2, 3], [0, 0, 0], None)])
    assert test.df == 0
    assert np.isnan([test.chi2, test.p, test.log10_p]).all()
    assert test.expected.tolist() == [4, 0]
    one, together, nobody = ([1, 2], [1, 0], None), ([3], [1], None), ([], [], None)
    for groups in ([one], [together, together], [nobody, nobody]):
        assert log_rank(groups).df == 0


def test_groups_that_meet_in_no_stratum_are_not_compared():
    """R stops at these (dgesv: system is singular); the two who met are compared as by themselves."""
    one, other, nobody = (
        ([1, 2, 3, 4], [1, 1, 0, 1], None),
        ([2, 3, 5, 6], [1, 0, 1, 1], None),
        ([], [], None),
    )
    pair = log_rank([one, other])
    assert pair.chi2 == pytest.approx(1.947842884739, rel=1e-11)  # R
    alone = stratified_log_rank([[one, other, nobody], [nobody, nobody, one]])
    assert (alone.chi2, alone.df, alone.p) == pytest.approx((pair.chi2, 1, pair.p))
    twice = stratified_log_rank([[one, other, nobody, nobody], [nobody, nobody, one, other]])
    assert (twice.chi2, twice.df) == pytest.approx((2 * pair.chi2, 2))
    crossed = stratified_log_rank([[one, nobody, other, nobody], [nobody, one, nobody, other]])
    assert (crossed.chi2, crossed.df) == pytest.approx((2 * pair.chi2, 2))


def test_three_small_groups_as_r():
    test = log_rank([([1, 2, 3, 4], [1, 1, 1, 1], None), ([13, 15], [1, 1], None), ([16], [0], None)])
    np.testing.assert_allclose(test.expected, [1.72142857143, 2.68571428571, 1.59285714286], rtol=1e-10)
    assert test.df == 2
    np.testing.assert_allclose(test.p, 0.04203854952, rtol=1e-8)


def test_scores_and_strata_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="at least one group"):
        log_rank([])
    one = ([1, 2], [1, 0], None)
    with pytest.raises(ValueError, match="the same groups"):
        stratified_log_rank([[one, one], [one]])
    with pytest.raises(ValueError, match="one finite score"):
        trend(log_rank([one, one]), [1, 2, 3])


def test_a_trend_over_equal_scores_or_of_one_group_is_no_comparison():
    one, other = ([1, 2, 3], [1, 1, 1], None), ([2, 4, 6], [1, 1, 0], None)
    for found in (trend(log_rank([one])), trend(log_rank([one, other]), [1, 1])):
        assert found.df == 0
        assert np.isnan([found.chi2, found.p]).all()


def test_the_logarithm_of_a_tail_holds_where_the_tail_is_zero():
    assert chi2_tail(2383.4059899068, 3).log10_p == pytest.approx(-515.959313599755, abs=1e-9)
    assert np.isnan(chi2_tail(0.0, 0).p)


people = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


@settings(deadline=None)  # the first call imports SciPy
@given(people, people)
def test_log_rank_of_counted_rows_and_in_either_order(first, second):
    groups = [np.array(people).T for people in (first, second)]
    plain = log_rank([(*group, None) for group in groups])
    counted = log_rank([grouped(*group) for group in groups])
    turned = log_rank([(*group, None) for group in reversed(groups)])
    np.testing.assert_allclose([plain.chi2, plain.p], [counted.chi2, counted.p])
    np.testing.assert_allclose([plain.chi2, plain.p], [turned.chi2, turned.p], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(plain.expected.sum(), plain.observed.sum())


@settings(deadline=None)  # the first call imports SciPy
@given(people, people, st.sampled_from([0, 1]))
def test_one_stratum_is_no_stratum_and_an_empty_one_changes_nothing(first, second, rho):
    groups = [(*np.array(each).T, None) for each in (first, second)]
    nobody = [([], [], None)] * 2
    plain, stratified = log_rank(groups, rho=rho), stratified_log_rank([groups, nobody], rho=rho)
    np.testing.assert_allclose([plain.chi2, plain.p], [stratified.chi2, stratified.p])
