"""Funnel plots: limits around a target by size, how far the points spread, and where each one lies.

Two pairs of limits are told apart. `proportion_limits` and `ratio_limits` are the published ones, to be
drawn. On the upper side their interpolation lets a point cross by less than one case more often than the
level says, so `judged_*` say outside only when the exact probability of a count as extreme is at most half
of what the level leaves; a point between the two lies on the edge.

Reference for all: Spiegelhalter DJ. Stat Med 2005;24:1185-1202, with its appendix.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from registry.stats.counts import tail, whole
from registry.stats.proportions import Interval

WARNING, ALARM = 0.95, 0.998
MOST_EXTREME = 0.1  # the share at either end that winsorising pulls in


class Position(Enum):
    """Where a point lies; `level` is that of the limits it is outside of, `side` +1 above and −1 below."""

    INSIDE = None, 0
    ABOVE_95 = WARNING, 1
    BELOW_95 = WARNING, -1
    ABOVE_998 = ALARM, 1
    BELOW_998 = ALARM, -1
    NOWHERE = None, None  # no size, no point

    @property
    def level(self):
        return self.value[0]

    @property
    def side(self):
        return self.value[1]


@dataclass(frozen=True)
class Spread:
    """How much more the points vary than chance alone: `phi` 1 is chance, `p` of as much by chance.

    `phi` is the mean square of the winsorised z-scores, `raw` that of the z-scores as they are.
    """

    phi: float
    raw: float
    p: float
    n: int


def proportion_limits(size, target, *, level=WARNING, phi=1.0):
    """Exact binomial control limits, interpolated between counts.

    Parameters
    ----------
    size : array_like of int
        Denominators.
    target : array_like of float
        The proportion that is expected, in (0, 1).
    level : float
        Probability between the limits, 0.95 and 0.998 by custom.
    phi : float
        Overdispersion: distances from the target are stretched by √phi on the arcsine scale, where
        proportions of one size all vary alike; limits stay in [0, 1].

    Returns
    -------
    Interval
        Fractions, NaN where `size` is 0.

    Raises
    ------
    ValueError
        If a size is no whole count, the target not inside (0, 1), or phi under 1.

    >>> [round(float(x), 6) for x in proportion_limits(1000, 0.0052)]
    [0.000688, 0.009653]
    """
    return _proportion(size, target, level, phi, beyond=0)


def judged_proportion_limits(size, target, *, level=WARNING, phi=1.0):
    """As `proportion_limits`, but a proportion above the upper or below the lower one is outside for sure.

    Met and not met are treated alike: the upper limit of what was met is the lower limit of what was not.

    >>> [round(float(x), 6) for x in judged_proportion_limits(1000, 0.0052)]
    [0.000688, 0.010653]
    """
    return _proportion(size, target, level, phi, beyond=1)


def ratio_limits(expected, *, level=WARNING, phi=1.0):
    """Exact Poisson control limits for observed / expected counts, interpolated between counts.

    Parameters
    ----------
    expected : array_like of float
        Expected counts, not negative.
    level, phi : float
        As for `proportion_limits`; here stretched on the square-root scale.

    Returns
    -------
    Interval
        Ratios around 1, NaN where nothing is expected.

    >>> [round(float(x), 4) for x in ratio_limits(50)]
    [0.7224, 1.2766]
    """
    return _ratio(expected, level, phi, beyond=0)


def judged_ratio_limits(expected, *, level=WARNING, phi=1.0):
    """As `ratio_limits`, but a ratio beyond them is outside for sure."""
    return _ratio(expected, level, phi, beyond=1)


def positions(estimate, warning, alarm):
    """Where each estimate lies, given both pairs of limits.

    Parameters
    ----------
    estimate : array_like of float, shape (n,)
        NaN where there is none.
    warning, alarm : Interval
        Limits of the two levels, of that shape.

    Returns
    -------
    tuple of Position
    """
    estimate = np.atleast_1d(np.asarray(estimate, dtype=float))
    found = np.full(estimate.shape, Position.INSIDE, dtype=object)
    for limits, above, below in (
        (warning, Position.ABOVE_95, Position.BELOW_95),
        (alarm, Position.ABOVE_998, Position.BELOW_998),
    ):
        lower, upper = (np.broadcast_to(limit, estimate.shape) for limit in limits)
        found[_beyond(estimate, upper)] = above
        found[_beyond(lower, estimate)] = below
    found[np.isnan(estimate)] = Position.NOWHERE
    return tuple(found)


def proportion_scores(met, size, target):
    """z-scores of proportions on the arcsine scale, 2√n (asin√p − asin√target); NaN where size is 0."""
    met, size = np.broadcast_arrays(whole("met", met), whole("size", size))
    if (met > size).any():
        raise ValueError("met must not exceed size")
    target = _inside(target)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 2 * np.sqrt(size) * (np.arcsin(np.sqrt(met / size)) - np.arcsin(np.sqrt(target)))


def ratio_scores(observed, expected):
    """z-scores of observed against expected counts on the square-root scale, 2(√O − √E)."""
    observed, expected = np.broadcast_arrays(whole("observed", observed), _expected(expected))
    return np.where(expected > 0, 2 * (np.sqrt(observed) - np.sqrt(expected)), np.nan)


def spread(scores, *, most_extreme=MOST_EXTREME):
    """Multiplicative overdispersion of z-scores, the extreme ones winsorised.

    Parameters
    ----------
    scores : array_like of float, shape (n,)
        NaN is left out.
    most_extreme : float
        The share at either end that is set to the score at its inner edge, in [0, 0.5);
        so what stands out by itself does not widen the limits that are to show it.

    Returns
    -------
    Spread
        `phi` as estimated, also under 1; NaN without a score. `p` is the chance of n·phi as large
        under χ² with n degrees of freedom (Spiegelhalter's test before any adjustment).
    """
    from scipy.special import gammaincc

    scores = np.asarray(scores, dtype=float).ravel()
    scores = scores[~np.isnan(scores)]
    if not 0 <= most_extreme < 0.5:
        raise ValueError("most_extreme must lie in [0, 0.5)")
    n = int(scores.size)
    if not n:
        return Spread(np.nan, np.nan, np.nan, 0)
    pulled = np.clip(scores, *np.quantile(scores, [most_extreme, 1 - most_extreme]))
    phi = float((pulled**2).mean())
    return Spread(phi, float((scores**2).mean()), float(gammaincc(n / 2, n * phi / 2)), n)


def _proportion(size, target, level, phi, beyond):
    size, target = np.broadcast_arrays(whole("size", size), _inside(target))
    below = tail(level)
    n = np.maximum(size, 1)
    lower = _count(below, n, target, _binomial)
    upper = np.minimum(_count(1 - below, n, target, _binomial) + beyond, n)
    stretched = (
        _stretched(np.clip(limit / n, 0, 1), target, phi, outward, _arcsine, _sine, np.pi / 2)
        for limit, outward in ((lower, np.minimum), (upper, np.maximum))
    )
    return Interval(*(np.where(size == 0, np.nan, limit) for limit in stretched))


def _ratio(expected, level, phi, beyond):
    expected = _expected(expected)
    below = tail(level)
    mean = np.where(expected > 0, expected, 1.0)
    lower, upper = _count(below, None, mean, _poisson), _count(1 - below, None, mean, _poisson) + beyond
    stretched = (
        _stretched(np.maximum(count, 0) / mean, 1.0, phi, outward, np.sqrt, np.square, np.inf)
        for count, outward in ((lower, np.minimum), (upper, np.maximum))
    )
    return Interval(*(np.where(expected > 0, ratio, np.nan) for ratio in stretched))


def _count(wanted, n, parameter, cumulative):
    """The count, interpolated, up to which the distribution holds the wanted probability; under 0 is none."""
    quantile = _smallest(wanted, n, parameter, cumulative)
    here, before = cumulative(quantile, n, parameter), cumulative(quantile - 1, n, parameter)
    return quantile - (here - wanted) / (here - before)


def _smallest(wanted, n, parameter, cumulative):
    """The smallest whole count whose cumulative probability reaches `wanted`, by bisection."""
    if n is None:
        high = np.ceil(parameter + 12 * np.sqrt(parameter) + 60)
    else:
        high = np.asarray(n, dtype=float)
    low = np.full_like(high, -1.0)  # F(low) < wanted ≤ F(high)
    while ((high - low) > 1).any():
        middle = np.floor((low + high) / 2)
        enough = cumulative(middle, n, parameter) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _binomial(count, n, p):
    from scipy.special import betaincc

    inside = np.clip(count, 0, np.asarray(n) - 1)
    return np.where(count < 0, 0.0, np.where(count >= n, 1.0, betaincc(inside + 1, n - inside, p)))


def _poisson(count, _, mean):
    from scipy.special import gammaincc

    return np.where(count < 0, 0.0, gammaincc(np.maximum(count, 0) + 1, mean))


def _stretched(limit, target, phi, outward, there, back, end):
    if not phi >= 1:
        raise ValueError("phi must be at least 1: limits are never narrower than chance")
    if phi == 1:
        return limit
    moved = there(target) + np.sqrt(phi) * (there(limit) - there(target))
    # At a handful the interpolated upper limit may lie under the target; nothing is to move inwards.
    moved = back(np.clip(moved, 0, end))
    return outward(moved, limit)


def _arcsine(fraction):
    return np.arcsin(np.sqrt(fraction))


def _sine(angle):
    return np.square(np.sin(angle))


def _beyond(larger, smaller):
    """Strictly beyond, and not by a rounding error of the division."""
    with np.errstate(invalid="ignore"):
        return larger > smaller + 1e-12


def _inside(target):
    target = np.asarray(target, dtype=float)
    if not ((target > 0) & (target < 1)).all():
        raise ValueError("target must lie inside 0 to 1")
    return target


def _expected(expected):
    expected = np.asarray(expected, dtype=float)
    if not (np.isfinite(expected) & (expected >= 0)).all():
        raise ValueError("expected must be finite and not negative")
    return expected
