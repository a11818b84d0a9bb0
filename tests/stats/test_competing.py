"""Competing ends against R's survfit and cmprsk, and against what must hold for any data."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.competing import cause_specific, cumulative_incidence, gray
from registry.stats.log_rank import log_rank
from registry.stats.survival import kaplan_meier
from tests.stats.gammopathy import ENDS, MONTHS, PROGRESSED, SEX

DATA = Path(__file__).parents[1] / "data"
ORACLE = json.loads((DATA / "competing_risks_mgus2.json").read_text())


def test_every_number_of_r_on_mgus2():
    assert cumulative_incidence(MONTHS, ENDS).n == ORACLE["n"]
    found = cumulative_incidence(MONTHS, ENDS).at(ORACLE["months"])
    assert found.at_risk.tolist() == ORACLE["n_risk"]
    np.testing.assert_allclose(found.estimate[0], ORACLE["cif_progression"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.estimate[1], ORACLE["cif_death"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.estimate[0], ORACLE["cuminc_est_progression"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.std_err[0] ** 2, ORACLE["cuminc_var_progression"], rtol=1e-12)
    assert (found.lower < found.estimate).all()
    assert (found.estimate < found.upper).all()


@pytest.mark.parametrize("end", [1, 2])
def test_gray_s_test_by_sex_is_that_of_cmprsk(end):
    test = gray([(MONTHS[sex == SEX], ENDS[sex == SEX], None) for sex in ("F", "M")], end=end)
    chi2, p, df = ORACLE["gray_by_sex"][end - 1]
    assert test.df == df
    assert test.chi2 == pytest.approx(chi2, abs=1e-10)
    assert test.p == pytest.approx(p, abs=1e-12)


def test_one_minus_kaplan_meier_is_more_than_the_risk():
    alone = cause_specific(MONTHS, ENDS)
    together = cumulative_incidence(MONTHS, ENDS)
    assert 1 - alone.at(240).estimate[0] > 1.5 * together.at(240).estimate[0, 0]


def test_nobody_and_days_before_the_first():
    nobody = cumulative_incidence([], [])
    assert nobody.n == 0
    assert np.isnan(nobody.at([1, 2]).estimate).all()
    found = cumulative_incidence([5, 6], [1, 0]).at([0, 5])
    assert found.estimate.tolist() == [[0, 0.5], [0, 0]]
    assert found.events.tolist() == [[0, 1], [0, 0]]
    for groups in ([([1, 2], [1, 0], None)], [([], [], None)] * 2):
        test = gray(groups)
        assert test.df == 0
        assert np.isnan(test.chi2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cumulative_incidence([1], [3]), "whole number from 0 to 2"),
        (lambda: cumulative_incidence([1], [1], kinds=0), "at least one kind"),
        (lambda: cumulative_incidence([1], [1]).at([-1]), "not negative"),
        (lambda: gray([]), "at least one group"),
        (lambda: gray([([1], [1], None)], end=3), "no end 3"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


people = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), min_size=1, max_size=60)


@settings(deadline=None)  # the first call imports SciPy
@given(people)
def test_all_ends_and_none_add_up_to_everybody(group):
    found = cumulative_incidence(*np.array(group).T)
    np.testing.assert_allclose(found.estimate.sum(axis=0) + found.survival, 1)
    assert (np.diff(found.estimate, axis=1) >= 0).all()


@settings(deadline=None)  # the first call imports SciPy
@given(people)
def test_counted_rows_are_the_persons_they_stand_for(group):
    pairs, weight = np.unique(np.array(group), axis=0, return_counts=True)
    one_by_one, counted = cumulative_incidence(*np.array(group).T), cumulative_incidence(*pairs.T, weight)
    np.testing.assert_array_equal(one_by_one.estimate, counted.estimate)
    np.testing.assert_array_equal(one_by_one.std_err, counted.std_err)


@settings(deadline=None)  # the first call imports SciPy
@given(people)
def test_without_a_second_end_it_is_one_minus_kaplan_meier(group):
    days, ends = np.array(group).T
    found, curve = cumulative_incidence(days, ends == 1), kaplan_meier(days, ends == 1)
    np.testing.assert_allclose(found.estimate[0], 1 - curve.survival, atol=1e-12)


def test_everybody_came_to_it_is_no_interval_though_the_sum_falls_short_of_1_by_rounding():
    days, ends = [0, 0, 0, *[1] * 7, 2], [0, 1, 1, *[0] * 6, 1, 1]
    found = cumulative_incidence(days, ends)
    assert found.estimate[0, -1] == pytest.approx(1)
    assert np.isnan([found.lower[0, -1], found.upper[0, -1]]).all()


def test_without_a_second_end_the_score_of_gray_is_that_of_the_log_rank_test():
    groups = [(MONTHS[sex == SEX], PROGRESSED[sex == SEX].astype(int), None) for sex in ("F", "M")]
    test, plain = gray(groups), log_rank(groups)
    np.testing.assert_allclose(test.score, plain.observed - plain.expected, atol=1e-9)
    assert test.chi2 == pytest.approx(plain.chi2, rel=0.05)


@settings(deadline=None)  # the first call imports SciPy
@given(people, people, people)
def test_gray_s_test_does_not_know_the_order_of_the_groups(first, second, third):
    groups = [(*np.array(each).T, None) for each in (first, second, third)]
    test, turned = gray(groups), gray(groups[::-1])
    assert test.df == turned.df
    np.testing.assert_allclose(test.score, turned.score[::-1], atol=1e-9)
    np.testing.assert_allclose(test.variance, turned.variance[::-1, ::-1], atol=1e-9)
