"""Rates standardised directly, to a population's weights, and indirectly, against a standard's rates.

Counts and populations have one row per group and one column per stratum, or one row only.
"""

import numpy as np

from registry.stats.counts import normal_quantile, tail, whole
from registry.stats.estimate import Estimate
from registry.stats.proportions import poisson_exact

METHODS = ("fay-feuer", "tiwari", "dobson", "dobson-byar", "wald", "wald-binomial", "wilson")


def direct(events, population, weights, *, level=0.95, method="fay-feuer"):
    """Directly standardised rate: the strata's rates under the weights of a standard population.

    Parameters
    ----------
    events : array_like of int, shape (..., strata)
        Events, or persons who meet a criterion.
    population : array_like of float, shape (..., strata)
        Persons, or person-years. A stratum with weight and without population has no rate, and so the
        group has none.
    weights : array_like of float, shape (strata,)
        Not negative, in any unit; strata of weight 0 are left out.
    level : float
    method : {"fay-feuer", "tiwari", "dobson", "dobson-byar", "wald", "wald-binomial", "wilson"}
        "fay-feuer" (gamma) never covers less than it says while events are Poisson, however few;
        "tiwari" is its shorter modification. "wilson" is for proportions of persons that are not rare,
        which have less than Poisson variance: the score interval at the effective size, the smaller
        of the one the strata's binomial variance gives and the one that the weights alone give.

    Returns
    -------
    Estimate
        Rates per unit of population, of the leading shape; NaN where a needed stratum is empty.

    Raises
    ------
    ValueError
        If counts cannot be, weights are negative or all 0, or there is no such method.

    References
    ----------
    Fay MP, Feuer EJ. Stat Med 1997;16:791-801; Tiwari RC et al. Stat Methods Med Res 2006;15:547-569;
    Dobson AJ et al. Stat Med 1991;10:457-462; Korn EL, Graubard BI. Surv Methodol 1998;24:193-201.

    >>> found = direct([1, 6, 9], [1540, 1610, 1302], [7000, 6000, 5500])
    >>> [round(float(x) * 1000, 2) for x in (found.estimate, found.lower, found.upper)]
    [3.51, 2.0, 5.74]
    """
    if method not in METHODS:
        raise ValueError(f"there is no method {method!r}; choose one of {', '.join(METHODS)}")
    events, population, weights = _strata(events, population, weights)
    missing = (population == 0).any(axis=-1)
    share = weights / weights.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        each = share / population
        rate = (each * events).sum(axis=-1)
        variance = (each**2 * events).sum(axis=-1)
        if method == "wilson":
            rate = np.minimum(rate, 1.0)  # weights of shares may add up to a rounding error more
            lower, upper = _effective(rate, events, population, share, level)
        elif method == "wald":
            lower, upper = _wald(rate, variance, level)
        elif method == "wald-binomial":
            lower, upper = _wald(rate, _binomial_variance(events, population, share), level)
        elif method.startswith("dobson"):
            lower, upper = _dobson(rate, variance, events.sum(axis=-1), level, byar=method.endswith("byar"))
        else:
            lower, upper = _gamma(rate, variance, each, level, shorter=method == "tiwari")
    return Estimate(*(np.where(missing, np.nan, part) for part in (rate, lower, upper)))


def indirect(events, population, standard_events, standard_population, *, level=0.95, method="exact"):
    """Indirectly standardised ratio (SMR, SIR): events observed over those a standard's rates expect.

    Parameters
    ----------
    events : array_like of int, shape (..., strata) or (...)
        Only their sum over the strata matters.
    population : array_like of float, shape (..., strata)
    standard_events, standard_population : array_like, shape (strata,)
    level : float
    method : {"exact", "log"}
        The exact Poisson interval of the observed, or the usual logarithmic one.

    Returns
    -------
    tuple of Estimate and ndarray
        The ratio and the expected number, each of the leading shape; the ratio is NaN where nothing
        is expected. The standard's crude rate times the ratio is the adjusted rate.

    Raises
    ------
    ValueError
        If counts cannot be, or the standard has no population where the group has some.

    References
    ----------
    Breslow NE, Day NE. Statistical Methods in Cancer Research II. IARC 1987, chapter 2.

    >>> ratio, expected = indirect([6, 20], [2352, 5514], [110, 645], [38000, 58500])
    >>> round(float(ratio.estimate), 3), round(float(expected), 1)
    (0.385, 67.6)
    """
    if method not in ("exact", "log"):
        raise ValueError(f"there is no method {method!r}; choose one of exact, log")
    observed = whole("events", events).sum(axis=-1)
    population = _amounts("population", population)
    rate = _rates(standard_events, standard_population)
    if ((population > 0) & np.isnan(rate)).any():
        raise ValueError("the standard has no population in a stratum where the group has some")
    expected = (population * np.nan_to_num(rate)).sum(axis=-1)
    return ratio_to(observed, expected, level=level, method=method), expected


def ratio_to(observed, expected, *, level=0.95, method="exact"):
    """Observed over expected, with the interval of `indirect`; NaN where nothing is expected."""
    observed, expected = np.broadcast_arrays(whole("observed", observed), np.asarray(expected, dtype=float))
    nothing = expected == 0
    divisor = np.where(nothing, 1.0, expected)
    ratio = observed / divisor
    if method == "log":
        with np.errstate(divide="ignore"):
            spread = np.exp(normal_quantile(level) / np.sqrt(observed))
        lower, upper = (
            np.where(observed == 0, 0.0, ratio / spread),
            np.where(observed == 0, np.inf, ratio * np.where(observed == 0, 1.0, spread)),
        )
    else:
        lower, upper = poisson_exact(observed, divisor, level=level)
    return Estimate(*(np.where(nothing, np.nan, part) for part in (ratio, lower, upper)))


def _wald(rate, variance, level):
    spread = normal_quantile(level) * np.sqrt(variance)
    return rate - spread, rate + spread


def _binomial_variance(events, population, share):
    each = events / population
    return (share**2 * each * (1 - each) / population).sum(axis=-1)


def _effective(rate, events, population, share, level):
    """Score interval at the effective number of persons."""
    if (events > population).any():
        raise ValueError("events must not exceed population where persons are counted")
    z = normal_quantile(level)
    by_weights = 1 / (share**2 / population).sum(axis=-1)
    variance = _binomial_variance(events, population, share)
    by_variance = np.where(
        variance > 0, rate * (1 - rate) / variance, np.nan
    )  # none where all or nobody meet
    size = np.fmin(by_weights, by_variance)
    middle = (rate + z * z / (2 * size)) / (1 + z * z / size)
    spread = z / (1 + z * z / size) * np.sqrt(rate * (1 - rate) / size + z * z / (4 * size**2))
    lower = np.where(events.sum(axis=-1) == 0, 0.0, np.maximum(middle - spread, 0.0))
    everybody = (events == population).all(axis=-1)
    return lower, np.where(everybody, 1.0, np.minimum(middle + spread, 1.0))


def _dobson(rate, variance, count, level, *, byar):
    """The interval of the count, moved and scaled to the rate; without events there is none."""
    from registry.stats import approximations

    lower, upper = (approximations.byar if byar else poisson_exact)(count, 1.0, level=level)
    scale = np.sqrt(variance / count)
    return rate + scale * (lower - count), rate + scale * (upper - count)


def _gamma(rate, variance, each, level, *, shorter):
    from scipy.special import gammaincinv

    beyond = tail(level)
    none = rate == 0
    safe_rate, safe_variance = np.where(none, 1.0, rate), np.where(none, 1.0, variance)
    scale = safe_variance / safe_rate
    lower = np.where(none, 0.0, gammaincinv(safe_rate / scale, beyond) * scale)
    if shorter:
        more, more_variance = each.mean(axis=-1), (each**2).mean(axis=-1)
    else:
        more = each.max(axis=-1)
        more_variance = more**2
    scale = (variance + more_variance) / (rate + more)
    return lower, gammaincinv((rate + more) / scale, 1 - beyond) * scale


def _rates(events, population):
    events, population = whole("standard_events", events), _amounts("standard_population", population)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(population == 0, np.nan, events / population)


def _strata(events, population, weights):
    weights = _amounts("weights", weights)
    if weights.ndim != 1 or not weights.sum():
        raise ValueError("weights must be a row of numbers, not all 0")
    events, population = whole("events", events), _amounts("population", population)
    if events.shape[-1:] != weights.shape or population.shape[-1:] != weights.shape:
        raise ValueError("events and population must have a column for each weight")
    events, population = np.broadcast_arrays(events, population)
    if ((events > 0) & (population == 0)).any():
        raise ValueError("events cannot happen where there is no population")
    used = weights > 0
    return events[..., used], population[..., used], weights[used]


def _amounts(name, values):
    found = np.asarray(values, dtype=float)
    if not np.isfinite(found).all() or (found < 0).any():
        raise ValueError(f"{name} must be finite and not negative")
    return found
