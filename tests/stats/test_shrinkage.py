"""Shrunken proportions: against SciPy's distributions on a fine grid, published data, coverage, corners."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, betabinom

from registry.stats.proportions import jeffreys, wilson
from registry.stats.shrinkage import beta_binomial, plausible

# Tarone RE, Biometrics 1982;38:215: tumours among control rats in 70 experiments, and a 71st; table 5.1 of
# Gelman et al., Bayesian Data Analysis.
TUMOURS = np.array(
    [0] * 14 + [1] * 8 + [2] * 9 + [1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10] + [4] * 7
    + [10, 4, 4, 4, 5, 11, 12] + [5, 5, 6, 5] + [6] * 4 + [16, 15, 15, 9, 4]
)  # fmt: skip
RATS = np.array(
    [20] * 7 + [19] * 4 + [18, 18, 17] + [20] * 4 + [19, 19, 18, 18] + [25, 24, 23] + [20] * 6
    + [10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50] + [20] * 7 + [48, 19, 19, 19, 22, 46, 49]
    + [20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14]
)  # fmt: skip


def by_brute_force(met, known, steps=240):
    """The same average over a fine grid of means and pulls, by SciPy's own distributions."""
    evenly = (np.arange(steps) + 0.5) / steps
    mean, pull = (part.ravel() for part in np.meshgrid(evenly, evenly))
    strength = np.median(known) * pull / (1 - pull)
    a, b = mean * strength, (1 - mean) * strength
    said = sum(betabinom.logpmf(hit, total, a, b) for hit, total in zip(met, known, strict=True))
    chance = np.exp(said - said.max())
    return chance / chance.sum(), a, b


@pytest.mark.parametrize(
    ("met", "known"),
    [([2, 30, 12], [5, 200, 100]), ([10, 20, 5], [100, 200, 50]), ([3, 9, 1, 8], [10, 12, 15, 9])],
)
def test_an_estimate_is_the_posterior_mean_and_limits_are_nearly_its_quantiles(met, known):
    chance, a, b = by_brute_force(met, known)
    found = beta_binomial(met, known)
    means = [chance @ ((a + hit) / (a + b + total)) for hit, total in zip(met, known, strict=True)]
    np.testing.assert_allclose(found.shrunken.estimate, means, atol=1e-3)
    assert found.mean == pytest.approx(chance @ (a / (a + b)), abs=2e-3)
    for place, (hit, total) in enumerate(zip(met, known, strict=True)):
        for limit, tail in ((found.shrunken.lower, 0.025), (found.shrunken.upper, 0.975)):
            reached = chance @ beta.cdf(limit[place], a + hit, b + total - hit)
            assert reached == pytest.approx(tail, abs=0.021)


def test_a_few_of_thirty_beside_many_of_a_hundred_thousand():
    """How far centres differ is told by the large ones, by a thousand records each nearly as well as by a
    hundred thousand: so the small ones are drawn equally far beside either."""
    shares = np.array([0.12, 0.17, 0.2, 0.24, 0.26, 0.29, 0.31, 0.36, 0.4, 0.46, 0.5, 0.55])
    small, of = np.array([12, 3, 9]), np.array([30, 30, 30])
    found = [
        beta_binomial(np.append(shares * size, small).astype(int), np.append([size] * 12, of))
        for size in (1000, 100_000)
    ]
    parts = [one.weight[-1] for one in found]
    assert parts[1] == pytest.approx(parts[0], abs=0.03)
    assert 0.65 < parts[1] < 0.85  # the shares vary as those of a Beta worth eleven records do
    estimates = [one.shrunken.estimate[-3:] for one in found]
    np.testing.assert_allclose(*estimates, atol=0.01)


def test_rats_in_seventy_one_experiments():
    """Gelman et al., Bayesian Data Analysis, 5.3: a Beta of (2.4, 14.3), mean 0.144; the 71st, with 4 of 14,
    is drawn from 0.286 to 0.21."""
    assert (len(TUMOURS), TUMOURS.sum(), RATS.sum()) == (71, 267, 1739)
    found = beta_binomial(TUMOURS, RATS)
    assert found.mean == pytest.approx(2.4 / 16.7, abs=0.003)
    assert found.shrunken.estimate[-1] == pytest.approx(0.21, abs=0.01)
    _, strength, chance = plausible(TUMOURS, RATS)
    assert chance.sum() == pytest.approx(1)
    assert np.exp(chance @ np.log(strength)) == pytest.approx(16.7, rel=0.15)


def test_a_small_centre_is_drawn_farther_than_a_large_one():
    met, known = np.array([3, 300, 20, 30, 5]), np.array([5, 500, 100, 200, 60])
    found = beta_binomial(met, known)
    pulled = np.abs(found.shrunken.estimate - met / known) / np.abs(found.mean - met / known)
    assert (np.diff(pulled[np.argsort(known)]) < 0).all()
    lower, upper = wilson(met, known)
    width = found.shrunken.upper - found.shrunken.lower
    assert (width < 1.05 * (upper - lower)).all() and width[0] < 0.95 * (upper - lower)[0]


def test_centres_that_are_alike_are_drawn_together_and_not_taken_for_one():
    """The figures lie near the common 10 %; that the centres are the same is not known, so the interval is
    wider than that of all together, and narrower than each centre's own."""
    met, known = np.array([10, 20, 5]), np.array([100, 200, 50])
    found = beta_binomial(met, known)
    np.testing.assert_allclose(found.shrunken.estimate, 0.1, atol=0.006)
    lower, upper = wilson(35, 350)
    own_lower, own_upper = wilson(met, known)
    width = found.shrunken.upper - found.shrunken.lower
    assert (width > upper - lower).all() and (width < own_upper - own_lower).all()


def test_one_centre_keeps_its_own():
    found = beta_binomial([3, 0], [9, 0])
    assert (found.shrunken.estimate[0], found.weight[0]) == (3 / 9, 1)
    np.testing.assert_allclose([found.shrunken.lower[0], found.shrunken.upper[0]], [*jeffreys(3, 9)])
    assert np.isnan([found.shrunken.estimate[1], found.shrunken.upper[1], found.mean]).all()
    assert beta_binomial([], []).shrunken.estimate.shape == (0,)


@pytest.mark.parametrize("met", [[0, 0, 0], [100, 50, 9]])
def test_nobody_or_everybody_meets(met):
    known = [100, 50, 9]
    found = beta_binomial(met, known)
    ends = np.array(met) / known
    assert (np.abs(found.shrunken.estimate - ends) < 0.01).all()
    assert (found.shrunken.lower < found.shrunken.upper).all()
    assert (np.abs(np.array([found.shrunken.lower, found.shrunken.upper]) - ends) < 0.08).all()


def test_an_empty_centre_gets_the_distribution_of_the_others():
    found = beta_binomial([5, 40, 9, 0], [20, 50, 90, 0])
    assert found.shrunken.estimate[3] == pytest.approx(found.mean)
    assert found.weight[3] == 0


def test_it_is_nearer_to_the_truth_and_covers_it():
    """Made-up centres with known truth: nearer than raw figures, and held as often as said."""
    chance = np.random.default_rng(20261122)
    raw_error = shrunken_error = inside = total = 0.0
    for _ in range(150):
        known = chance.integers(10, 300, 22)
        truth = chance.beta(6, 24, 22)
        met = chance.binomial(known, truth)
        found = beta_binomial(met, known).shrunken
        raw_error += ((met / known - truth) ** 2).sum()
        shrunken_error += ((found.estimate - truth) ** 2).sum()
        inside += ((found.lower <= truth) & (truth <= found.upper)).sum()
        total += 22
    assert shrunken_error < 0.8 * raw_error
    assert 0.93 < inside / total < 0.97


def test_centres_that_hardly_differ_are_covered_as_well():
    """Truths spread by 0.15 on the logit: by the likeliest distribution alone 70 in 100 were held."""
    chance = np.random.default_rng(20261122)
    inside = []
    for _ in range(60):
        known = chance.integers(20, 400, 22)
        truth = 1 / (1 + np.exp(-(2.2 + 0.15 * chance.standard_normal(22))))
        found = beta_binomial(chance.binomial(known, truth), known).shrunken
        inside.append((found.lower <= truth) & (truth <= found.upper))
    assert np.mean(inside) > 0.93


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="met must not exceed known"):
        beta_binomial([10], [9])
    with pytest.raises(ValueError, match="one row"):
        beta_binomial(1, 9)
    with pytest.raises(ValueError, match="level"):
        beta_binomial([1], [9], level=1)


centres = st.lists(
    st.integers(1, 400).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))),
    min_size=2,
    max_size=12,
)


@settings(deadline=None, max_examples=60)  # the first call imports SciPy
@given(centres)
def test_between_the_own_and_the_common_figure_and_mirrored(counted):
    met, known = (np.array(column) for column in zip(*counted, strict=True))
    found, turned = beta_binomial(met, known), beta_binomial(known - met, known)
    low, high = np.minimum(met / known, found.mean), np.maximum(met / known, found.mean)
    # Averaged over laws, of which those with a farther mean may draw the more.
    assert ((found.shrunken.estimate >= low - 0.03) & (found.shrunken.estimate <= high + 0.03)).all()
    assert (found.shrunken.lower <= found.shrunken.estimate + 1e-9).all()
    assert (found.shrunken.estimate <= found.shrunken.upper + 1e-9).all()
    np.testing.assert_allclose(found.shrunken.estimate, 1 - turned.shrunken.estimate, atol=2e-3)
