"""One value among its neighbours: closed forms, monotony, and how often smooth curves are called heaped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from registry.stats.heaping import SMOOTH, heap, smooth_share

counts_ = st.lists(st.integers(0, 60), min_size=5, max_size=5)


def test_the_p_value_is_the_binomials():
    """By hand: 3 of 3 at 0.3 is 0.027; 2 or more of 3 is 0.216; R: pbinom(29, 47, 0.3, lower = FALSE)."""
    assert heap([0, 0, 3, 0, 0]).p == pytest.approx(0.027)
    assert heap([1, 0, 2, 0, 0]).p == pytest.approx(0.216)
    assert heap([3, 4, 30, 4, 6]).p == pytest.approx(1.5e-6, rel=0.2)
    assert np.isnan(heap([0] * 5).p)
    assert np.isnan(heap([0] * 5).share)


@given(counts_)
def test_more_in_the_middle_is_never_less_telling(counts):
    one, more = heap([*counts[:2], counts[2] + 1, *counts[3:]]), heap(counts)
    if more.among:
        assert one.p <= more.p + 1e-12
        assert 0 <= more.p <= 1


@pytest.mark.parametrize("sd", [1.5, 2, 3, 5])
def test_no_normal_curve_of_that_width_gives_more_than_the_smooth_share(sd):
    shares = [smooth_share(mean, sd) for mean in np.arange(-4, 4.1, 0.25)]
    assert max(shares) == pytest.approx(smooth_share(0, sd))
    assert max(shares) < SMOOTH


def test_the_bound_is_where_it_is_said_to_be():
    assert smooth_share(0, 1.43) == pytest.approx(SMOOTH, abs=0.005)


@pytest.mark.parametrize("mean", [6, 7, 9])
def test_skewed_curves_as_clocks_give_them_stay_below(mean):
    """Gamma with a spread of a third: what withdrawal times look like, wherever they lie."""
    edges = gamma.cdf(np.arange(3.5, 9.0), 9, scale=mean / 9)
    cells = np.diff(edges)
    assert cells[2] / cells.sum() < SMOOTH


def test_smooth_curves_are_rarely_called_and_heaps_are():
    rng = np.random.default_rng(6)
    called = {0.0: 0, 0.3: 0}
    for moved in called:
        for _ in range(300):
            minutes = rng.gamma(9, 7 / 9, 150)
            short = (minutes < 6) & (rng.random(150) < moved * 2.5)
            minutes[short] = 6
            counts = [int(((minutes >= m - 0.5) & (minutes < m + 0.5)).sum()) for m in range(4, 9)]
            called[moved] += heap(counts).p < 0.001
    assert called[0.0] <= 1
    assert called[0.3] > 270


@pytest.mark.parametrize(
    ("counts", "smooth"), [([1, 2, 3], 0.3), ([1] * 5, 0), ([1] * 5, 1), ([-1] * 5, 0.3)]
)
def test_what_is_no_five_counts_is_refused(counts, smooth):
    with pytest.raises(ValueError):  # noqa: PT011
        heap(counts, smooth=smooth)
