"""What an estimation gives: the estimate with its interval."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimate with its lower and upper limit, all of one shape.

    NaN where there is nothing to estimate; an infinite upper limit where the data set none.
    """

    estimate: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def where(condition, estimate):
    """The estimate where the condition holds, NaN in all three elsewhere."""
    parts = (estimate.estimate, estimate.lower, estimate.upper)
    return Estimate(*(np.where(condition, part, np.nan) for part in parts))
