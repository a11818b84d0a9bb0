"""Intervals that others publish: here so that their figures can be recomputed, not for our own.

Arguments and results as in `proportions`. Agresti–Coull and Byar limits may leave the possible range,
as the textbook formulas do.
"""

import numpy as np

from registry.stats.counts import normal_quantile, tail, whole
from registry.stats.proportions import Interval, poisson_exact, proportion, wilson


def agresti_coull(met, known, *, level=0.95):
    """Agresti–Coull interval for a proportion.

    References
    ----------
    Agresti A, Coull BA. Am Stat 1998;52:119-126.

    >>> [round(float(x), 4) for x in agresti_coull(25, 50)]
    [0.3664, 0.6336]
    """
    z = normal_quantile(level)
    plain = proportion(met, known)
    met, known = np.broadcast_arrays(whole("met", met), whole("known", known))
    size = known + z * z
    middle = (met + z * z / 2) / size
    spread = z * np.sqrt(middle * (1 - middle) / size)
    return Interval(
        *(np.where(np.isnan(plain), np.nan, limit) for limit in (middle - spread, middle + spread))
    )


def wilson_corrected(met, known, *, level=0.95):
    """Wilson interval with continuity correction, as R's `prop.test` gives it.

    R's correction shrinks where the proportion is nearly one half, so 25 of 50 gets the plain interval.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:857-872, method 4.

    >>> [round(float(x), 4) for x in wilson_corrected(1, 50)]
    [0.001, 0.1201]
    """
    z = normal_quantile(level)
    plain = wilson(met, known, level=level)
    met, known = np.broadcast_arrays(whole("met", met), whole("known", known))
    size = known.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = met / size
        correction = np.minimum(0.5, np.abs(met - size / 2))
        half = z * z / (2 * size)
        limits = []
        for sign in (-1, 1):
            centre = np.clip(estimate + sign * correction / size, 0, 1)
            root = z * np.sqrt(centre * (1 - centre) / size + z * z / (4 * size**2))
            limits.append((centre + half + sign * root) / (1 + 2 * half))
    lower = np.where(met == 0, plain.lower, np.maximum(limits[0], 0))
    upper = np.where(met == known, plain.upper, np.minimum(limits[1], 1))
    return Interval(lower, upper)


def byar(events, exposure, *, level=0.95):
    """Byar's approximation to the exact interval of a rate.

    Without events R's `epitools::pois.byar` gives a negative lower limit, and so does this.

    References
    ----------
    Breslow NE, Day NE. Statistical Methods in Cancer Research II. IARC 1987, p. 69; with the correction
    of one half that epitools applies to both limits.

    >>> [round(float(x) * 1e5, 1) for x in byar(62, 11843)]
    [405.1, 666.4]
    """
    z = normal_quantile(level)
    poisson_exact(events, exposure, level=level)  # refuses what cannot be
    events, exposure = np.broadcast_arrays(whole("events", events), np.asarray(exposure, dtype=float))
    middle = events + 0.5
    limits = (middle * (1 - 1 / (9 * middle) + sign * z / 3 * np.sqrt(1 / middle)) ** 3 for sign in (-1, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return Interval(*(np.where(exposure == 0, np.nan, limit / exposure) for limit in limits))


def daly(events, exposure, *, level=0.95):
    """Exact interval of a rate that is one-sided where there was no event.

    References
    ----------
    Daly L. Comput Biol Med 1992;22:351-361.

    >>> [round(float(x), 6) for x in daly(0, 1200)]
    [0.0, 0.002496]
    """
    found = poisson_exact(events, exposure, level=level)
    events, exposure = np.broadcast_arrays(whole("events", events), np.asarray(exposure, dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(exposure == 0, np.nan, -np.log(2 * tail(level)) / exposure)
    return Interval(found.lower, np.where(events == 0, alone, found.upper))
