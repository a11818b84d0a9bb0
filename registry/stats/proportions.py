"""Intervals for proportions and rates, each the textbook method of that name.

All functions are vectorised over counts that broadcast against each other. A proportion
without a denominator is NaN, never 0.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile, tail, whole


@dataclass(frozen=True, eq=False)
class Interval:
    """Lower and upper limits of one shape; unpacks as `lower, upper`."""

    lower: np.ndarray
    upper: np.ndarray

    def __iter__(self):
        yield self.lower
        yield self.upper


def proportion(met, known):
    """Fraction met / known, NaN where `known` is 0.

    >>> [round(float(x), 3) for x in proportion([81, 0], [263, 0])]
    [0.308, nan]
    """
    met, known = _counts(met, known)
    return _divide(met, known)


def wilson(met, known, *, level=0.95):
    """Wilson score interval for a proportion.

    Parameters
    ----------
    met, known : array_like of int, shape (n,) or scalar
        Records meeting the criterion, and records where it is known;
        0 <= met <= known.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Interval
        Fractions in [0, 1], not per cent, of the broadcast shape;
        NaN where `known` is 0, because there is no proportion.

    Raises
    ------
    ValueError
        If a count is negative, `met` exceeds `known`, or `level` is outside (0, 1).

    References
    ----------
    Newcombe RG. Stat Med 1998;17:857-872, method 3.

    >>> [round(float(x), 4) for x in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    z = normal_quantile(level)
    met, known = _counts(met, known)
    unmet = known - met
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = met + z * z / 2
        spread = z * np.sqrt(met * (unmet / known) + z * z / 4)
        lower = np.where(met == 0, 0.0, (middle - spread) / (known + z * z))
        upper = np.where(unmet == 0, 1.0, (middle + spread) / (known + z * z))
    return _interval(lower, upper, known)


def clopper_pearson(met, known, *, level=0.95):
    """Clopper–Pearson ("exact") interval for a proportion; arguments and result as `wilson`.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.

    >>> [round(float(x), 4) for x in clopper_pearson(81, 263)]
    [0.2527, 0.3676]
    """
    from scipy.special import betaincinv

    beyond = tail(level)
    met, known = _counts(met, known)
    unmet = known - met
    with np.errstate(invalid="ignore"):
        lower = np.where(met == 0, 0.0, betaincinv(np.maximum(met, 1), unmet + 1, beyond))
        upper = np.where(unmet == 0, 1.0, betaincinv(met + 1, np.maximum(unmet, 1), 1 - beyond))
    return _interval(lower, upper, known)


def jeffreys(met, known, *, level=0.95):
    """Jeffreys interval for a proportion, the Beta(½, ½) posterior's equal tails.

    The limits are 0 and 1 where nobody or everybody meets the criterion, as Brown advises.
    Arguments and result as `wilson`.

    References
    ----------
    Brown LD, Cai TT, DasGupta A. Stat Sci 2001;16:101-133.

    >>> [round(float(x), 4) for x in jeffreys(81, 263)]
    [0.2545, 0.3656]
    """
    from scipy.special import betaincinv

    beyond = tail(level)
    met, known = _counts(met, known)
    unmet = known - met
    lower = np.where(met == 0, 0.0, betaincinv(met + 0.5, unmet + 0.5, beyond))
    upper = np.where(unmet == 0, 1.0, betaincinv(met + 0.5, unmet + 0.5, 1 - beyond))
    return _interval(lower, upper, known)


def mid_p(met, known, *, level=0.95):
    """Mid-P interval: as Clopper–Pearson, but the observed count weighs only half.

    Arguments and result as `wilson`.

    References
    ----------
    Berry G, Armitage P. The Statistician 1995;44:417-423.

    >>> [round(float(x), 4) for x in mid_p(81, 263)]
    [0.2544, 0.3658]
    """
    beyond = tail(level)
    met, known = _counts(met, known)
    lower, upper = half_weighted(beyond, met, known), half_weighted(1 - beyond, met, known)
    return _interval(np.where(met == 0, 0.0, lower), np.where(met == known, 1.0, upper), known)


def poisson_exact(events, exposure, *, level=0.95):
    """Exact interval for a rate of events per unit of exposure (person-years, days …).

    Parameters
    ----------
    events : array_like of int
    exposure : array_like of float
        Not negative, in the unit the rate is wanted in.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Interval
        Rates of the broadcast shape; NaN where `exposure` is 0.

    Raises
    ------
    ValueError
        If events or exposure are negative, or events happened in no exposure.

    References
    ----------
    Garwood F. Biometrika 1936;28:437-442.

    >>> [round(float(x) * 1e5, 1) for x in poisson_exact(42, 188788)]
    [16.0, 30.1]
    """
    from scipy.special import gammaincinv

    beyond = tail(level)
    events, exposure = np.broadcast_arrays(whole("events", events), np.asarray(exposure, dtype=float))
    if not (np.isfinite(exposure) & (exposure >= 0)).all():
        raise ValueError("exposure must be finite and not negative")
    if ((events > 0) & (exposure == 0)).any():
        raise ValueError("events cannot happen where exposure is 0")
    lower = np.where(events == 0, 0.0, gammaincinv(np.maximum(events, 1), beyond))
    upper = gammaincinv(events + 1, 1 - beyond)
    return Interval(_divide(lower, exposure), _divide(upper, exposure))


def bounds(met, awaited, known):
    """How far a provisional proportion can still move while reports are awaited.

    Parameters
    ----------
    met, known : array_like of int
        Records meeting the criterion, and records that are judged already (met or not).
    awaited : array_like of int
        Further records whose result is not there yet; not part of `known`.

    Returns
    -------
    Interval
        The proportion of `known + awaited` if all awaited turn out not met … met;
        NaN where there is no record at all.

    Raises
    ------
    ValueError
        If a count is negative or `met` exceeds `known`.

    >>> [round(float(x), 3) for x in bounds(met=18, awaited=12, known=85)]
    [0.186, 0.309]
    """
    met, known = _counts(met, known)
    met, awaited, known = np.broadcast_arrays(met, whole("awaited", awaited), known)
    everybody = known + awaited
    return Interval(_divide(met, everybody), _divide(met + awaited, everybody))


def half_weighted(wanted, met, known):
    """The p at which P(X > met) + ½ P(X = met) is `wanted`, by bisection; of the counts' shape.

    Where nobody or everybody meets the criterion there may be none; the caller knows the end to take.
    """
    from scipy.special import betainc

    unmet = known - met
    low, high = np.zeros(np.shape(met)), np.ones(np.shape(met))
    for _ in range(64):
        p = (low + high) / 2
        beyond = np.where(unmet == 0, 0.0, betainc(met + 1, np.maximum(unmet, 1), p))
        reached = np.where(met == 0, 1.0, betainc(np.maximum(met, 1), unmet + 1, p))
        small = (beyond + reached) / 2 < wanted
        low, high = np.where(small, p, low), np.where(small, high, p)
    return (low + high) / 2


def _counts(met, known):
    met, known = np.broadcast_arrays(whole("met", met), whole("known", known))
    if (met > known).any():
        raise ValueError("met must not exceed known")
    return met, known


def _divide(above, below):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, np.nan, np.asarray(above) / below)


def _interval(lower, upper, known):
    nothing = known == 0
    return Interval(np.where(nothing, np.nan, lower), np.where(nothing, np.nan, upper))
