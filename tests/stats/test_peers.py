"""One beside peers: never more telling than the binomial, and rarely wrong where peers differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, t

from registry.stats.peers import beside_peers

counts = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda two: (two[0], sum(two) + 1))


@given(counts, st.lists(counts, min_size=2, max_size=12))
def test_it_is_a_chance_and_no_larger_than_the_binomials_allow(own, peers):
    met, known = zip(*peers, strict=True)
    found = beside_peers(*own, met, known)
    assert 0 <= found.p <= 1
    pooled = (sum(met) + 0.5) / (sum(known) + 1)
    assert found.expected == pytest.approx(pooled)
    assert found.p >= binom.sf(own[0] - 1, own[1], pooled) - 1e-12
    if own[0] < own[1]:
        assert beside_peers(own[0] + 1, own[1], met, known).p <= found.p + 1e-12


def test_with_many_cases_it_is_students_prediction_of_one_more():
    """Sizes beyond any chance: then only the peers' own spread remains, by the textbook's formula."""
    size, shares = 10**8, [0.10, 0.14, 0.08, 0.12, 0.11]
    found = beside_peers(int(0.25 * size), size, [int(share * size) for share in shares], [size] * 5)
    scaled = np.arcsin(np.sqrt(shares))
    distance = (np.arcsin(0.5) - scaled.mean()) / (scaled.std(ddof=1) * np.sqrt(1 + 1 / 5))
    assert found.p == pytest.approx(t.sf(distance, 4), rel=1e-3)
    assert found.spread == pytest.approx(scaled.std(ddof=1), rel=1e-3)


@pytest.mark.parametrize(("share", "within"), [(0.05, 0.0), (0.05, 0.02), (0.3, 0.1)])
def test_peers_who_differ_do_not_make_a_stranger_of_the_next(share, within):
    """Simulated with known truth: at 1 in 100 at most 3 in 100 are called, at 1 in 1000 about as many."""
    rng, called = np.random.default_rng(9), np.zeros(2)
    for _ in range(1000):
        sizes = rng.integers(60, 300, 9)
        truth = np.full(9, share)
        if within:
            truth = rng.beta(share * (1 / within - 1), (1 - share) * (1 / within - 1), 9)
        met = rng.binomial(sizes, truth)
        called += beside_peers(int(met[0]), int(sizes[0]), met[1:], sizes[1:]).p < np.array([0.01, 0.001])
    assert called[0] <= 30
    assert called[1] <= 6


@pytest.mark.parametrize(
    "wrong",
    [
        (1, 0, [1, 1], [2, 2]),
        (3, 2, [1, 1], [2, 2]),
        (1, 2, [1], [2]),
        (1, 2, [3, 1], [2, 2]),
        (1, 2, [0, 1], [0, 2]),
    ],
)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(ValueError, match=r"peers|known"):
        beside_peers(*wrong)
