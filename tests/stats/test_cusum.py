"""CUSUM: R's run lengths and path, exact chains against closed forms, designs that keep their word."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats import cusum
from registry.stats.cusum import Weights

# R 4.2.2: spc::xcusum.arl, spc::xewma.arl, and the path of a CUSUM by a loop.
ORACLE = json.loads((Path(__file__).parents[1] / "data" / "funnel_spc.json").read_text("utf-8"))["spc"]


def test_run_lengths_of_normal_scores_are_those_of_r():
    line = ORACLE["normal_cusum_arl"]
    k, h = line["k"], line["h"]
    assert cusum.normal_cusum_arl(k, h) == pytest.approx(line["mu0"], rel=1e-9)
    assert cusum.normal_cusum_arl(k, h, two_sided=True) == pytest.approx(line["mu0_two"], rel=1e-9)
    assert cusum.normal_cusum_arl(k, h, mean=1) == pytest.approx(line["mu1"], rel=1e-9)
    ewma = ORACLE["ewma_arl"]
    assert cusum.normal_ewma_arl(ewma["l"], ewma["c"]) == pytest.approx(ewma["mu0"], rel=1e-9)


def test_a_path_is_that_of_r():
    """The reference adds −0.636 for a hit: the log odds ratio, where a likelihood ratio adds log(p1/p0)."""
    line = ORACLE["bernoulli_cusum"]
    found = cusum.path(line["y"], *line["weights_miss_hit"])
    np.testing.assert_allclose(found.height, line["S"], atol=1e-12)
    called = cusum.path(line["y"], *line["weights_miss_hit"], threshold=3)
    assert called.calls[0] + 1 == line["first_over_3"]
    unmet, met = cusum.likelihood_weights(line["p0"], line["p1"])
    assert unmet == pytest.approx(line["weights_miss_hit"][0], abs=1e-15)
    assert met == pytest.approx(np.log(0.15 / 0.25))
    assert met - unmet == pytest.approx(line["weights_miss_hit"][1], abs=1e-15)


@pytest.mark.parametrize(("bad", "length"), [(0.9, 10), (0.5, 4), (0.2, 2)])
def test_a_chart_that_a_good_result_resets_waits_for_a_run(bad, length):
    """Feller, An Introduction to Probability Theory, XIII.7: r in a row after (1 − qʳ) / ((1 − q) qʳ)."""
    weights = Weights(met=-50, unmet=1, unit=1.0)
    expected = (1 - bad**length) / ((1 - bad) * bad**length)
    assert cusum.run_length(1 - bad, weights, length) == pytest.approx(expected, rel=1e-12)


def dense(p, weights, threshold):
    """The same chain, written the long way."""
    matrix = np.eye(threshold)
    for state in range(threshold):
        for step, chance in ((weights.met, p), (weights.unmet, 1 - p)):
            if (there := max(state + step, 0)) < threshold:
                matrix[state, there] -= chance
    return np.linalg.solve(matrix, np.ones(threshold))[0]


@settings(max_examples=50)
@given(st.floats(0.05, 0.95), st.integers(1, 9), st.integers(1, 9), st.booleans(), st.integers(1, 60))
def test_the_banded_chain_is_the_dense_one(p, up, down, worse_is_less, threshold):
    weights = Weights(-down, up, 1.0) if worse_is_less else Weights(up, -down, 1.0)
    expected = dense(p, weights, threshold)
    if 0 < expected < 1e9:
        assert cusum.run_length(p, weights, threshold) == pytest.approx(expected, rel=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 0.98), st.sampled_from([0.5, 0.67, 1.5, 2.0]), st.sampled_from([500, 5000]))
def test_a_design_keeps_its_word(p0, odds_ratio, arl0):
    odds = odds_ratio * p0 / (1 - p0)
    chart = cusum.design(p0, odds / (1 + odds), arl0=arl0)
    assert chart.arl0 >= arl0
    assert cusum.run_length(p0, chart.weights, chart.threshold - 1) < arl0  # no lower threshold would do
    assert chart.arl1 < chart.arl0
    ideal = cusum.likelihood_weights(chart.p0, chart.p1)
    exact = np.array([chart.weights.unmet, chart.weights.met]) * chart.weights.unit
    np.testing.assert_allclose(exact, ideal, rtol=0.011)


def simulated(p, chart, chains=1500, longest=5000):
    """How many results each of many charts took until it called."""
    chance = np.random.default_rng(20261122)
    height, waited, running = np.zeros(chains), np.zeros(chains), np.ones(chains, dtype=bool)
    for _ in range(longest):
        met = chance.random(chains) < p
        height = np.maximum(height + np.where(met, chart.weights.met, chart.weights.unmet), 0)
        waited += running
        running &= height < chart.threshold
        if not running.any():
            break
    assert not running.any()
    return waited


@pytest.mark.parametrize("which", ["p0", "p1"])
def test_run_lengths_and_call_probabilities_are_those_of_a_simulation(which):
    chart = cusum.design(0.25, 0.15, arl0=300)
    p, length = getattr(chart, which), chart.arl0 if which == "p0" else chart.arl1
    waited = simulated(p, chart)
    assert waited.mean() == pytest.approx(length, abs=4 * waited.std() / np.sqrt(waited.size))
    called = cusum.call_probability(p, chart.weights, chart.threshold, 200)
    assert called[-1] == pytest.approx((waited <= 200).mean(), abs=4 * 0.5 / np.sqrt(waited.size))
    assert (np.diff(called) >= 0).all()


def test_the_first_call_of_a_long_path_comes_after_its_change():
    chart = cusum.design(0.25, 0.1, arl0=5000)
    chance = np.random.default_rng(5)
    met = np.concatenate([chance.random(600) < 0.25, chance.random(600) < 0.1])
    calls = cusum.path(met, chart.weights.unmet, chart.weights.met, chart.threshold).calls
    assert calls
    assert 600 <= calls[0] < 800


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=80))
def test_counts_of_days_never_call_before_single_results_do(days):
    chart = cusum.design(0.5, 0.35, arl0=100)
    met, unmet = (np.array(part) for part in zip(*days, strict=True))
    grouped = cusum.grouped_path(met, met + unmet, chart)
    single = np.concatenate([[True] * m + [False] * u for m, u in days]).astype(bool)
    alone = cusum.path(single, chart.weights.unmet, chart.weights.met, chart.threshold)
    if grouped.calls:
        assert alone.calls
        assert alone.calls[0] < np.cumsum(met + unmet)[grouped.calls[0]]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: cusum.design(0.5, 0.5, arl0=100),
        lambda: cusum.design(0, 0.5, arl0=100),
        lambda: cusum.design(0.5, 0.4, arl0=1),
        lambda: cusum.design(0.5, 0.49999, arl0=1e9),
        lambda: cusum.grouped_path([3], [2], cusum.design(0.5, 0.3, arl0=50)),
    ],
)
def test_impossible_input_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|too close"):
        wrong()
