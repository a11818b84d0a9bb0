"""Observed over expected: a hand-made example, what one stratum must give, and the trap it avoids."""

import numpy as np
import pytest

from registry.stats.case_mix import case_mix
from registry.stats.proportions import poisson_exact, wilson
from registry.stats.standardise import indirect


def test_older_people_explain_a_higher_rate():
    """Both centres detect alike within each age; the second examines more of the old."""
    met, known = [[4, 10], [1, 40]], [[400, 100], [100, 400]]
    found = case_mix(met, known)
    assert found.expected.tolist() == [14, 41]
    assert found.ratio.estimate.tolist() == [1, 1]
    assert found.overall == 55 / 1000
    # Crude, the second is almost three times as high.
    assert (10 + 4) / 500 < (40 + 1) / 500 / 2.9


def test_the_same_as_indirect_standardisation():
    met, known = np.array([[2, 30, 0], [8, 10, 5]]), np.array([[50, 100, 0], [150, 50, 40]])
    found = case_mix(met, known)
    ratio, expected = indirect(met, known, met.sum(axis=0), known.sum(axis=0))
    np.testing.assert_allclose(found.expected, expected)
    np.testing.assert_allclose(found.ratio.upper, ratio.upper)
    lower, upper = poisson_exact(found.observed, found.expected)
    np.testing.assert_allclose([found.ratio.lower, found.ratio.upper], [lower, upper])


def test_one_stratum_gives_wilsons_interval():
    found = case_mix([[81], [0], [9]], [[263], [30], [9]], [300], [1000])
    lower, upper = wilson([81, 0, 9], [263, 30, 9])
    np.testing.assert_allclose([found.score.lower, found.score.upper], [lower / 0.3, upper / 0.3])
    np.testing.assert_allclose(found.ratio.estimate, [81 / 263 / 0.3, 0, 1 / 0.3])


def test_against_a_reference_of_ones_own():
    found = case_mix([[3, 1]], [[10, 10]], [20, 5], [100, 100])
    assert found.expected[0] == pytest.approx(2.5)
    assert (found.overall, found.observed[0]) == (0.125, 4)


def test_nothing_expected_is_no_ratio():
    found = case_mix([[0, 0], [0, 0]], [[10, 5], [0, 0]])
    assert found.expected.tolist() == [0, 0]
    assert np.isnan([*found.ratio.estimate, *found.score.lower, *found.score.upper]).all()
    assert np.isnan(case_mix([[0]], [[0]]).overall)


def test_the_score_interval_is_the_shorter_where_much_is_met():
    found = case_mix([[60, 80], [70, 60]], [[100, 100], [90, 90]])
    assert (found.score.lower > found.ratio.lower).all() and (found.score.upper < found.ratio.upper).all()


@pytest.mark.parametrize(("fewest", "most", "share"), [(3, 15, 0.3), (10, 60, 0.95), (10, 60, 0.05)])
def test_a_centre_like_all_others_is_told_so_as_often_as_it_should(fewest, most, share):
    """Made-up centres that meet just what is expected: 1 lies in the score interval 95 times in 100."""
    chance = np.random.default_rng(20261122)
    known = chance.integers(fewest, most, 16)
    chances = share + np.linspace(-0.4, 0.5, 16) * min(share, 1 - share)
    met = chance.binomial(known, chances, (3000, 16))
    found = case_mix(met, known, np.round(chances * 10**6).astype(int), np.full(16, 10**6))
    exact = np.mean((found.ratio.lower <= 1) & (found.ratio.upper >= 1))
    score = np.mean((found.score.lower <= 1) & (found.score.upper >= 1))
    assert exact >= 0.95
    assert 0.93 <= score <= 0.97


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="one row per centre"):
        case_mix([1, 2], [9, 9])
    with pytest.raises(ValueError, match="met must not exceed known"):
        case_mix([[10]], [[9]])
    with pytest.raises(ValueError, match="one number for each stratum"):
        case_mix([[1, 2]], [[9, 9]], [1], [9])
    with pytest.raises(ValueError, match="nobody in a stratum"):
        case_mix([[1, 2]], [[9, 9]], [1, 0], [9, 0])
    with pytest.raises(ValueError, match="reference_met"):
        case_mix([[1]], [[9]], [10], [9])
