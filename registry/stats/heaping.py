"""Whether one value of a rounded measurement was written down more often than a smooth curve allows."""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import whole

# The most that the middle one of five neighbouring whole numbers gets of all five where the values follow
# a normal curve of standard deviation 1.43 or more around it; any wider or shifted curve gives less.
SMOOTH = 0.30


@dataclass(frozen=True)
class Heap:
    """How much of five neighbours lies on the middle one, what a smooth curve gives at most, and how likely
    so much or more is under it. NaN where there are no values at all."""

    there: int
    among: int
    share: float
    expected: float
    p: float


def heap(counts, *, smooth=SMOOTH):
    """How far the middle of five neighbouring values sticks out.

    The test is exact and one-sided: the number on the middle value is binomial with `among` trials and at
    most `smooth` as its chance. Neighbours that lost what the middle gained make it more telling, not less.

    Parameters
    ----------
    counts : array_like of int, shape (5,)
        How often each of five neighbouring values was written, the one in question in the middle.
    smooth : float
        The largest share of the middle that counts as smooth, in (0, 1).

    Returns
    -------
    Heap

    Raises
    ------
    ValueError
        If there are not five counts, one is negative, or `smooth` is outside (0, 1).

    >>> found = heap([3, 4, 30, 4, 6])
    >>> found.there, found.among, round(found.share, 3), found.p < 1e-5
    (30, 47, 0.638, True)
    """
    from scipy.stats import binom

    found = whole("counts", counts)
    if found.shape != (5,):
        raise ValueError("there must be five counts: the value in question and two neighbours on each side")
    if not 0 < smooth < 1:
        raise ValueError("the smooth share must lie between 0 and 1")
    there, among = int(found[2]), int(found.sum())
    if not among:
        return Heap(0, 0, float("nan"), smooth, float("nan"))
    return Heap(there, among, there / among, smooth, float(binom.sf(there - 1, among, smooth)))


def smooth_share(mean, sd):
    """The share of the middle of five whole numbers around 0, of a normal variable that is rounded to them.

    >>> round(float(smooth_share(0.0, 1.43)), 3), round(float(smooth_share(2.0, 2.5)), 3)
    (0.297, 0.213)
    """
    from scipy.stats import norm

    edges = norm.cdf(np.arange(-2.5, 3.0), loc=mean, scale=sd)
    cells = np.diff(edges)
    return cells[2] / cells.sum()
