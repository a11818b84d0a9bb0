"""Two proportions or two rates beside each other: difference, ratio, p.

The first group is compared with the second, the reference. All functions are vectorised over counts
that broadcast against each other. Where a group is empty there is nothing to compare, and that is NaN.
"""

import numpy as np

from registry.stats.counts import normal_quantile, whole
from registry.stats.estimate import Estimate, where
from registry.stats.proportions import clopper_pearson, half_weighted, mid_p, proportion, wilson


def difference(met, known, other_met, other_known, *, level=0.95, method="newcombe"):
    """Difference of two proportions, first minus other.

    Parameters
    ----------
    met, known, other_met, other_known : array_like of int
        Records meeting the criterion and records where it is known, in either group.
    level : float
        Confidence level, in (0, 1).
    method : {"newcombe", "wald"}
        Newcombe's square-and-add of the two Wilson intervals, which never leaves [-1, 1] and is never of
        no width; or the simple interval, which others' publications use.

    Returns
    -------
    Estimate
        Fractions, of the broadcast shape; NaN where a group is empty.

    Raises
    ------
    ValueError
        If counts cannot be, `level` is outside (0, 1), or there is no such method.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:873-890, method 10.

    >>> found = difference(62, 11843, 41, 11902)
    >>> [round(float(x), 5) for x in (found.estimate, found.lower, found.upper)]
    [0.00179, 0.00011, 0.00352]
    """
    z = normal_quantile(level)
    met, known, other_met, other_known = _pairs(met, known, other_met, other_known)
    one, other = proportion(met, known), proportion(other_met, other_known)
    found = one - other
    if method == "wald":
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = z * np.sqrt(one * (1 - one) / known + other * (1 - other) / other_known)
        return Estimate(found, found - spread, found + spread)
    _one_of(method, "newcombe", "wald")
    low, high = wilson(met, known, level=level)
    other_low, other_high = wilson(other_met, other_known, level=level)
    lower = found - np.hypot(one - low, other_high - other)
    upper = found + np.hypot(high - one, other - other_low)
    return Estimate(found, lower, upper)


def risk_ratio(met, known, other_met, other_known, *, level=0.95, method="score"):
    """Ratio of two proportions, first over other.

    Arguments as `difference`. By the method "score" a group where nobody meets the criterion still gives
    a limit: the upper one is finite where only the first has none, infinite where the other has none;
    where both have none there is no ratio. "log" is the usual logarithmic interval, "small" that with
    the correction for small samples; neither has an interval where a cell is empty.

    References
    ----------
    Koopman PAR. Biometrics 1984;40:513-517 ("score"); Katz D et al. Biometrics 1978;34:469-474 ("log");
    Jewell NP. Biometrics 1986;42:421-435 ("small").

    >>> found = risk_ratio(36, 40, 16, 80)  # Koopman's example
    >>> [round(float(x), 2) for x in (found.estimate, found.lower, found.upper)]
    [4.5, 2.94, 7.15]
    """
    met, known, other_met, other_known = _pairs(met, known, other_met, other_known)
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = proportion(met, known) / proportion(other_met, other_known)
        if method != "score":
            _one_of(method, "score", "log", "small")
            if method == "small":
                found = (met / known) / ((other_met + 1) / (other_known + 1))
            spread = z * np.sqrt(1 / met - 1 / known + 1 / other_met - 1 / other_known)
            lower, upper = found * np.exp(-spread), found * np.exp(spread)
            return Estimate(found, np.where(met == 0, np.where(known == 0, np.nan, 0.0), lower), upper)
    lower, upper = _koopman(met, known, other_met, other_known, z)
    there = (known > 0) & (other_known > 0) & (met + other_met > 0)
    return where(there, Estimate(found, lower, upper))


def rate_ratio(events, exposure, other_events, other_exposure, *, level=0.95, method="exact"):
    """Ratio of two rates of events per unit of exposure, first over other.

    Given all events together, those of the first group are binomial; the interval of that proportion
    becomes the ratio's.

    Parameters
    ----------
    events, other_events : array_like of int
    exposure, other_exposure : array_like of float
        Positive, both in the same unit.
    level : float
    method : {"exact", "mid-p", "wald"}
        By "mid-p" the estimate is the median-unbiased one that belongs to that interval.

    Returns
    -------
    Estimate
        NaN where there was no event at all; the upper limit is infinite where the other group had none.

    Raises
    ------
    ValueError
        If counts cannot be, exposure is not positive, or there is no such method.

    References
    ----------
    Przyborowski J, Wilenski H. Biometrika 1940;31:313-323; as `poisson.test` in R.

    >>> found = rate_ratio(62, 11843, 41, 11902)
    >>> [round(float(x), 4) for x in (found.estimate, found.lower, found.upper)]
    [1.5197, 1.008, 2.313]
    """
    events, exposure, other_events, other_exposure = _exposed(events, exposure, other_events, other_exposure)
    scale, both = other_exposure / exposure, events + other_events
    with np.errstate(divide="ignore", invalid="ignore"):
        found = events / other_events * scale
        if method == "wald":
            spread = normal_quantile(level) * np.sqrt(1 / events + 1 / other_events)
            lower = np.where(events == 0, 0.0, found * np.exp(-spread))
            return where(both > 0, Estimate(found, lower, found * np.exp(spread)))
        _one_of(method, "exact", "mid-p", "wald")
        shares = (clopper_pearson if method == "exact" else mid_p)(events, both, level=level)
        lower, upper = (share / (1 - share) * scale for share in shares)
        if method == "mid-p":
            middle = half_weighted(0.5, events, both)
            middle = np.where(events == 0, 0.0, np.where(other_events == 0, 1.0, middle))
            found = middle / (1 - middle) * scale
    return where(both > 0, Estimate(found, lower, upper))


def rate_ratio_p(events, exposure, other_events, other_exposure):
    """Exact two-sided p that two rates are the same; arguments as `rate_ratio`, NaN without events.

    >>> round(float(rate_ratio_p(62, 11843, 41, 11902)), 5)
    0.03854
    """
    events, exposure, other_events, other_exposure = _exposed(events, exposure, other_events, other_exposure)
    return exact_p(events, events + other_events, exposure / (exposure + other_exposure))


def exact_p(met, known, expected, *, alternative="two-sided"):
    """Exact p that a proportion is the one expected, as R's `binom.test` gives it.

    Parameters
    ----------
    met, known : array_like of int
    expected : array_like of float
        A fraction in [0, 1].
    alternative : {"two-sided", "greater", "less"}
        Which proportions speak against the expected one.

    Returns
    -------
    ndarray of float
        NaN where `known` is 0.

    >>> round(float(exact_p(5, 1000, 0.003)), 4)
    0.234
    """
    from scipy.stats import binomtest

    _one_of(alternative, "two-sided", "greater", "less")
    met, known, expected = np.broadcast_arrays(
        whole("met", met), whole("known", known), np.asarray(expected, dtype=float)
    )
    found = [
        binomtest(int(m), int(k), float(p), alternative=alternative).pvalue if k else np.nan
        for m, k, p in zip(met.flat, known.flat, expected.flat, strict=True)
    ]
    return np.reshape(np.asarray(found, dtype=float), met.shape)


def fisher_p(met, known, other_met, other_known):
    """Fisher's exact two-sided p that two proportions are the same; NaN where a group is empty.

    References
    ----------
    Fisher RA. J R Stat Soc 1935;98:39-82; two-sided by summing what is no more probable, as R does.

    >>> round(float(fisher_p(62, 11843, 41, 11902)), 5)
    0.03812
    """
    from scipy.stats import fisher_exact

    met, known, other_met, other_known = _pairs(met, known, other_met, other_known)
    found = [
        fisher_exact([[a, n - a], [b, m - b]]).pvalue if n and m else np.nan
        for a, n, b, m in zip(met.flat, known.flat, other_met.flat, other_known.flat, strict=True)
    ]
    return np.reshape(np.asarray(found, dtype=float), met.shape)


def _koopman(met, known, other_met, other_known, z):
    """Both limits of the score interval, by bisection of the ratio's logarithm."""
    met, known, other_met, other_known = (
        np.asarray(part, dtype=float) for part in (met, known, other_met, other_known)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(met / known) - np.log(other_met / other_known)

    def beyond(log_ratio):
        ratio = np.exp(log_ratio)
        squared = (known + other_known) * ratio
        linear = known * ratio + met + other_known + other_met * ratio
        root = np.sqrt(np.maximum(linear**2 - 4 * squared * (met + other_met), 0.0))
        base = 2 * (met + other_met) / (linear + root)  # the restricted estimate in the other group
        first = np.minimum(ratio * base, 1.0)
        variance = first * (1 - first) / known + ratio**2 * base * (1 - base) / other_known
        return (met / known - ratio * other_met / other_known) ** 2 / variance > z * z

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        limits = []
        for sign in (-1.0, 1.0):
            inside = np.where(np.isfinite(found), found, -sign * 40.0)
            outside = np.full(found.shape, sign * 40.0)
            for _ in range(64):
                middle = (inside + outside) / 2
                out = beyond(middle)
                inside, outside = np.where(out, inside, middle), np.where(out, middle, outside)
            limits.append(np.exp((inside + outside) / 2))
    return np.where(met == 0, 0.0, limits[0]), np.where(other_met == 0, np.inf, limits[1])


def _pairs(met, known, other_met, other_known):
    named = {"met": met, "known": known, "other_met": other_met, "other_known": other_known}
    found = np.broadcast_arrays(*(whole(name, values) for name, values in named.items()))
    if (found[0] > found[1]).any() or (found[2] > found[3]).any():
        raise ValueError("met must not exceed known")
    return found


def _exposed(events, exposure, other_events, other_exposure):
    found = np.broadcast_arrays(
        whole("events", events),
        np.asarray(exposure, dtype=float),
        whole("other_events", other_events),
        np.asarray(other_exposure, dtype=float),
    )
    for place in (1, 3):
        if not (np.isfinite(found[place]) & (found[place] > 0)).all():
            raise ValueError("exposure must be finite and positive")
    return found


def _one_of(method, *methods):
    if method not in methods:
        raise ValueError(f"there is no method {method!r}; choose one of {', '.join(methods)}")
