"""Centres compared as if they had examined the same people: observed over expected."""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile, whole
from registry.stats.estimate import Estimate
from registry.stats.proportions import Interval
from registry.stats.standardise import ratio_to


@dataclass(frozen=True, eq=False)
class CaseMix:
    """What each centre found against what its people led one to expect, all of shape (centres,).

    `ratio` is observed over expected with the exact Poisson interval; `score` the shorter one for
    proportions. `overall` is the reference's crude proportion, so that `overall * ratio` is the centre's
    adjusted one.
    """

    observed: np.ndarray
    expected: np.ndarray
    ratio: Estimate
    score: Interval
    overall: float


def case_mix(met, known, reference_met=None, reference_known=None, *, level=0.95):
    """Expected numbers by indirect standardisation over strata such as age × sex × indication.

    Parameters
    ----------
    met, known : array_like of int, shape (centres, strata)
        Records meeting the criterion and records where it is known.
    reference_met, reference_known : array_like of int, shape (strata,), optional
        Whose proportions are expected; all centres together unless given. A small centre is then
        compared with all, itself included, which pulls its ratio slightly towards 1.
    level : float

    Returns
    -------
    CaseMix
        Ratios are NaN where nothing is expected: an empty centre, or nobody in the reference meets.
        The exact interval treats what is met as rare and is too wide where it is not; `score` solves
        (O - θE)² = z² Σ nθp(1 - θp), which is Wilson's interval where there is one stratum.

    Raises
    ------
    ValueError
        If counts cannot be, or a centre has records in a stratum where the reference has none.

    References
    ----------
    Breslow NE, Day NE. Statistical Methods in Cancer Research II. IARC 1987, chapter 2;
    Wilson EB. J Am Stat Assoc 1927;22:209-212.

    >>> found = case_mix([[2, 30], [8, 10]], [[50, 100], [150, 50]])
    >>> [round(float(x), 2) for x in found.ratio.estimate]
    [1.1, 0.86]
    """
    met, known = np.broadcast_arrays(whole("met", met), whole("known", known))
    if met.ndim != 2:
        raise ValueError("there must be one row per centre and one column per stratum")
    if (met > known).any():
        raise ValueError("met must not exceed known")
    if reference_met is None:
        reference_met, reference_known = met.sum(axis=0), known.sum(axis=0)
    above, below = whole("reference_met", reference_met), whole("reference_known", reference_known)
    if above.shape != met.shape[1:] or below.shape != met.shape[1:]:
        raise ValueError("the reference must have one number for each stratum")
    if (above > below).any():
        raise ValueError("reference_met must not exceed reference_known")
    if ((known > 0) & (below == 0)).any():
        raise ValueError("the reference has nobody in a stratum where a centre has")
    share = np.where(below == 0, 0.0, above / np.maximum(below, 1))
    observed, expected = met.sum(axis=1), (known * share).sum(axis=1)
    overall = float(above.sum() / below.sum()) if below.sum() else float("nan")
    ratio = ratio_to(observed, expected, level=level)
    return CaseMix(observed, expected, ratio, _score(observed, expected, known, share, level), overall)


def _score(observed, expected, known, share, level):
    z2 = normal_quantile(level) ** 2
    less = (known * share**2).sum(axis=1)  # what the binomial variance is smaller by
    nothing = expected == 0
    squared = np.where(nothing, 1.0, expected**2 + z2 * less)
    middle = observed * expected + z2 * expected / 2
    root = np.sqrt(np.maximum(middle**2 - squared * observed.astype(float) ** 2, 0.0))
    lower = np.where(observed == 0, 0.0, (middle - root) / squared)
    return Interval(*(np.where(nothing, np.nan, limit) for limit in (lower, (middle + root) / squared)))
