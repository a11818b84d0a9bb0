"""Student's interval of a mean against R, and how often it holds where values lean to the right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from registry.stats.means import mean

# The ten hours of extra sleep of the second drug in Student 1908 (R: datasets::sleep, group 2).
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def of(values, level=0.95):
    values = np.asarray(values, dtype=float)
    return mean(values.sum(), (values**2).sum(), values.size, level=level)


def test_it_is_r_s_on_student_s_own_data():
    """R 4.2.2: t.test(sleep$extra[sleep$group == 2])."""
    found = of(SECOND_DRUG)
    assert float(found.estimate) == pytest.approx(2.33)
    assert (float(found.lower), float(found.upper)) == pytest.approx((0.8976775, 3.7623225), abs=1e-7)


@given(st.lists(st.integers(1, 60), min_size=2, max_size=40, unique=True), st.sampled_from([0.8, 0.95, 0.99]))
def test_it_is_scipy_s(values, level):
    found, expected = of(values, level), ttest_1samp(values, 0).confidence_interval(level)
    assert float(found.lower) == pytest.approx(expected.low, abs=1e-5)
    assert float(found.upper) == pytest.approx(expected.high, abs=1e-5)


def test_it_holds_about_as_often_as_it_says_for_times_that_lean_to_the_right():
    """Withdrawals as they are: a lognormal around 7.5 minutes with a fifth of them above 10."""
    chance = np.random.default_rng(7)
    values = chance.lognormal(np.log(7.5), 0.35, (8000, 30))
    truth = 7.5 * np.exp(0.35**2 / 2)
    found = mean(values.sum(axis=1), (values**2).sum(axis=1), 30)
    assert 0.935 <= ((found.lower <= truth) & (truth <= found.upper)).mean() <= 0.96


def test_one_value_has_no_interval_and_none_no_mean():
    found = mean([7.0, 0.0], [49.0, 0.0], [1, 0])
    assert found.estimate[0] == 7
    assert np.isnan(found.estimate[1])
    assert np.isnan(found.lower).all()
    assert np.isnan(found.upper).all()
    with pytest.raises(ValueError, match="0 or more"):
        mean(1, 1, -1)
