"""What leaves the registry cannot be turned back into a small count."""

import numpy as np
import pytest

from registry.stats.disclosure import through, truncate
from registry.stats.survival import kaplan_meier


def test_a_curve_through_a_few_days_knows_no_other():
    curve = kaplan_meier([10, 20, 30, 40, 400], [1, 1, 0, 1, 0], [9, 2, 3, 9, 7])
    said = through(curve, [15, 25, 365], [True, True, False])
    assert said.times.tolist() == [15, 25]
    assert said.at_risk.tolist() == [21, 19]
    assert said.survival.tolist() == curve.at([15, 25]).estimate.tolist()
    assert said.events.sum() == said.censored.sum() == 0
    nothing = through(curve, [15], [False])
    assert nothing.times.size == nothing.survival.size == 0


def test_a_curve_ends_where_too_few_are_at_risk():
    curve = kaplan_meier([10, 20, 40, 400], [1, 1, 1, 0], [9, 2, 9, 7])
    cut = truncate(curve)
    assert cut.times.tolist() == [10, 20, 40]
    assert cut.survival.tolist() == curve.survival[:3].tolist()
    tiny = truncate(kaplan_meier([1, 2, 3], [1, 1, 0]))
    assert tiny.n == 0
    assert np.isnan([*tiny.median()]).all()


@pytest.mark.parametrize("threshold", [2, 0, -8, 8.5])
def test_a_threshold_that_protects_nobody_is_refused(threshold):
    curve = kaplan_meier([1], [1])
    with pytest.raises(ValueError, match="threshold"):
        truncate(curve, threshold)
