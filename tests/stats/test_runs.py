"""Runs: Feller's figures, every order counted out, and one distribution made of the other."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.stats.runs import longest_run, no_run, run_over_days, run_tail


def longest_of(places, trials):
    best = now = 0
    for place in range(trials):
        now = now + 1 if place in places else 0
        best = max(best, now)
    return best


@pytest.mark.parametrize(("there", "trials"), [(0, 5), (1, 6), (3, 7), (5, 9), (8, 9), (7, 7)])
def test_the_tail_counts_every_order(there, trials):
    found = [longest_of(set(chosen), trials) for chosen in combinations(range(trials), there)]
    for length in range(trials + 1):
        expected = sum(one >= length for one in found) / len(found)
        assert run_tail(length, there, trials) == pytest.approx(expected, abs=1e-12)
    if there:
        values = [1] * there + [0] * (trials - there)
        assert longest_run(values).expected == pytest.approx(np.mean(found))


def test_fellers_coin():
    """Feller vol. 1, XIII.7: the chance of no run of two heads in n tosses is F(n+2)/2^n (Fibonacci)."""
    fibonacci = [1, 1]
    while len(fibonacci) < 25:
        fibonacci.append(sum(fibonacci[-2:]))
    for n in range(2, 22):
        assert no_run(2, 0.5, n) == pytest.approx(fibonacci[n + 1] / 2**n)


def test_fellers_asymptotic_formula():
    """Feller vol. 1, XIII.7 (7.11): q_n ≈ (1 − px) / ((r + 1 − rx) q) / x^(n+1), x the root near 1."""
    r, p, n = 5, 0.6, 200
    q = 1 - p
    x = 1.0
    for _ in range(200):
        x = 1 + q * p**r * x ** (r + 1)
    formula = (1 - p * x) / ((r + 1 - r * x) * q) / x ** (n + 1)
    assert no_run(r, p, n) == pytest.approx(formula, rel=1e-6)


@given(st.integers(1, 6), st.floats(0.05, 0.95), st.integers(1, 25))
def test_independent_trials_are_a_mixture_over_how_many_came(length, chance, trials):
    mixed = sum(
        comb(trials, there)
        * chance**there
        * (1 - chance) ** (trials - there)
        * run_tail(length, there, trials)
        for there in range(trials + 1)
    )
    assert 1 - no_run(length, chance, trials) == pytest.approx(mixed, abs=1e-9)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_the_longest_run_is_found(outcomes):
    found = longest_run(outcomes)
    assert (found.there, found.trials) == (sum(outcomes), len(outcomes))
    assert found.longest == max(
        len(run) for run in "".join("x" if one else " " for one in outcomes).split(" ")
    )
    assert found.p == run_tail(found.longest, found.there, found.trials)


def test_a_year_of_a_busy_doctor_is_quick_and_exact():
    """2000 examinations, three in four without finding: 41 in a row are rare, 25 are not."""
    assert run_tail(25, 1500, 2000) > 0.2
    assert run_tail(60, 1500, 2000) < 1e-4
    rng = np.random.default_rng(3)
    values = np.array([1] * 300 + [0] * 100)
    runs = [longest_run(rng.permutation(values)) for _ in range(200)]
    assert np.mean([run.p < 0.05 for run in runs]) < 0.12


def test_days_of_one_examination_are_any_order():
    """Whole days that change places are then the examinations themselves: the exact tail, within noise."""
    there = [1] * 40 + [0] * 20
    for length in (6, 8, 10):
        exact = run_tail(length, 40, 60)
        found = run_over_days(length, there, [1] * 60)
        assert found == pytest.approx(exact, rel=0.75 if exact > 0.05 else 0.6, abs=0.01)


def test_one_day_says_nothing_and_a_row_of_days_does():
    """A day of 30 without finding is one of check-ups; six such days among sixty are rarely neighbours."""
    assert run_over_days(30, [30] + [6] * 40, [30] + [12] * 40) > 0.5
    assert run_over_days(72, [12] * 6 + [6] * 54, [12] * 60) < 0.001
    assert run_over_days(1, [], []) == 1 / 10_000
    with pytest.raises(ValueError, match="day"):
        run_over_days(1, [3], [2])


@pytest.mark.parametrize("wrong", [(-1, 1, 2), (1, 3, 2), (1, -1, 2)])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="run"):
        run_tail(*wrong)
    with pytest.raises(ValueError, match="row"):
        longest_run([[1, 0], [0, 1]])
    with pytest.raises(ValueError, match="chance"):
        no_run(1, 1.5, 3)
    assert np.isnan(longest_run([]).p)
    assert longest_run([0, 0]).p == 1
