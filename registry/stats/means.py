"""Means with Student's interval, from sums."""

import numpy as np
from scipy.special import stdtrit

from registry.stats.estimate import Estimate


def mean(total, squares, n, *, level=0.95):
    """The mean of n values with Student's t interval.

    The values need not be normal where there are many: minutes lean to the right, and with thirty or
    more of them the interval still covers about as often as it says.

    Parameters
    ----------
    total, squares : array_like of float, shape (n,) or scalar
        Sum of the values, and of their squares.
    n : array_like of int
        How many there are.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Estimate
        In the unit of the values. NaN without any value; limits NaN for a single one.

    Raises
    ------
    ValueError
        If a number of values is negative or `level` is outside (0, 1).

    References
    ----------
    Student. Biometrika 1908;6:1-25.

    >>> found = mean(10, 30, 4)  # 1, 2, 3, 4
    >>> [round(float(x), 4) for x in (found.estimate, found.lower, found.upper)]
    [2.5, 0.4457, 4.5543]
    """
    total, squares, n = (np.asarray(values, dtype=float) for values in (total, squares, n))
    if (n < 0).any() or not 0 < level < 1:
        raise ValueError("a number of values is 0 or more, a level lies inside 0 to 1")
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.where(n > 0, total / n, np.nan)
        spread = np.maximum(0.0, squares - n * middle**2)  # rounding may leave a little less than nothing
        error = np.sqrt(np.where(n > 1, spread / (n - 1) / n, np.nan))
        reach = stdtrit(np.maximum(n - 1, 1), (1 + level) / 2) * error
    return Estimate(middle, middle - reach, middle + reach)
