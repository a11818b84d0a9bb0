"""Odds ratios: of one table, conditionally exact, and of several tables together."""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile, tail, whole
from registry.stats.estimate import Estimate

FARTHEST = 60.0  # the logarithm of an odds ratio beyond which nothing is looked for


@dataclass(frozen=True, eq=False)
class MantelHaenszel:
    """The common odds ratio of several tables and the test that it is 1."""

    odds_ratio: Estimate
    chi2: float
    p: float


def odds_ratio(met, known, other_met, other_known, *, level=0.95, method="exact"):
    """Conditional odds ratio of two proportions, first over other.

    Given the margins, the first cell follows the noncentral hypergeometric distribution.

    Parameters
    ----------
    met, known, other_met, other_known : array_like of int
    level : float
    method : {"exact", "mid-p"}
        "exact" gives the conditional maximum-likelihood estimate with the interval that belongs to
        Fisher's test; "mid-p" the median-unbiased estimate with the shorter mid-P interval.

    Returns
    -------
    Estimate
        NaN where a margin is empty; 0 or infinite limits where a cell is.

    Raises
    ------
    ValueError
        If counts cannot be, or there is no such method.

    References
    ----------
    Cornfield J. Proc 3rd Berkeley Symp 1956;4:135-148; Rothman KJ, Greenland S. Modern Epidemiology.

    >>> found = odds_ratio(310, 1000, 250, 1000)
    >>> [round(float(x), 2) for x in (found.estimate, found.lower, found.upper)]
    [1.35, 1.1, 1.65]
    """
    if method not in ("exact", "mid-p"):
        raise ValueError(f"there is no method {method!r}; choose one of exact, mid-p")
    named = {"met": met, "known": known, "other_met": other_met, "other_known": other_known}
    counts = np.broadcast_arrays(*(whole(name, values) for name, values in named.items()))
    if (counts[0] > counts[1]).any() or (counts[2] > counts[3]).any():
        raise ValueError("met must not exceed known")
    beyond, share = tail(level), 1.0 if method == "exact" else 0.5
    found = [
        _one_table(*(int(count) for count in table), beyond, share)
        for table in zip(*(part.flat for part in counts), strict=True)
    ]
    parts = np.asarray(found, dtype=float).reshape(*counts[0].shape, 3)
    return Estimate(parts[..., 0], parts[..., 1], parts[..., 2])


def mantel_haenszel(met, known, other_met, other_known, *, level=0.95):
    """Odds ratio common to several tables, each within one stratum, and its test.

    Parameters
    ----------
    met, known, other_met, other_known : array_like of int, shape (strata,)
        Strata in which a group is empty say nothing and do no harm.
    level : float

    Returns
    -------
    MantelHaenszel
        With the interval of Robins, Breslow and Greenland, and the test without continuity correction;
        NaN where no stratum compares anything.

    References
    ----------
    Mantel N, Haenszel W. J Natl Cancer Inst 1959;22:719-748; Robins J et al. Biometrics 1986;42:311-323.

    >>> found = mantel_haenszel([8, 14], [1200, 1000], [5, 9], [1400, 1100])
    >>> round(float(found.odds_ratio.estimate), 3)
    1.774
    """
    from scipy.special import chdtrc

    z = normal_quantile(level)
    named = {"met": met, "known": known, "other_met": other_met, "other_known": other_known}
    counts = [whole(name, values).astype(float) for name, values in named.items()]
    a, n1, b, n0 = np.broadcast_arrays(*counts)
    if a.ndim != 1:
        raise ValueError("the tables must stand in one row")
    if (a > n1).any() or (b > n0).any():
        raise ValueError("met must not exceed known")
    said = (n1 > 0) & (n0 > 0)
    a, n1, b, n0 = (part[said] for part in (a, n1, b, n0))
    c, d, n = n1 - a, n0 - b, n1 + n0
    with np.errstate(divide="ignore", invalid="ignore"):
        concordant, discordant = a * d / n, c * b / n
        same, crossed = (a + d) / n, (c + b) / n
        r, s = concordant.sum(), discordant.sum()
        ratio = np.float64(r) / np.float64(s)
        variance = (
            (same * concordant).sum() / (2 * r**2)
            + (same * discordant + crossed * concordant).sum() / (2 * r * s)
            + (crossed * discordant).sum() / (2 * s**2)
        )
        spread = z * np.sqrt(variance)
        drawn = n1 * n0 * (a + b) * (c + d) / (n**2 * np.maximum(n - 1, 1))
        chi2 = np.float64((a - n1 * (a + b) / n).sum() ** 2) / np.float64(drawn.sum())
        limits = ratio * np.exp(-spread), ratio * np.exp(spread)
    common = Estimate(*(np.asarray(part) for part in (ratio, *limits)))
    return MantelHaenszel(common, float(chi2), float(chdtrc(1, chi2)))


def _one_table(met, known, other_met, other_known, beyond, share):
    """Estimate and limits of one table; `share` of the observed table's own probability is in the tail."""
    from scipy.special import gammaln

    both = met + other_met
    first, last = max(0, both - other_known), min(known, both)
    if not known or not other_known or first == last:
        return np.nan, np.nan, np.nan
    cell = np.arange(first, last + 1)
    bare = -sum(gammaln(part + 1.0) for part in (cell, known - cell, both - cell, other_known - both + cell))

    def chances(log_ratio):
        weighed = bare + cell * log_ratio
        weighed = np.exp(weighed - weighed.max())
        return weighed / weighed.sum()

    def above(log_ratio):
        p = chances(log_ratio)
        return p[cell > met].sum() + share * p[cell == met].sum()

    def below(log_ratio):
        p = chances(log_ratio)
        return p[cell < met].sum() + share * p[cell == met].sum()

    lower = 0.0 if met == first else np.exp(_rising(above, beyond))
    upper = np.inf if met == last else np.exp(-_rising(lambda turned: below(-turned), beyond))
    if met in (first, last):
        return (0.0 if met == first else np.inf), lower, upper
    if share == 1.0:
        middle = _rising(lambda log_ratio: (chances(log_ratio) * cell).sum(), met)
    else:
        middle = _rising(above, 0.5)
    return np.exp(middle), lower, upper


def _rising(function, wanted):
    """Where a rising function of the logarithm takes the value wanted."""
    from scipy.optimize import brentq

    return brentq(lambda at: function(at) - wanted, -FARTHEST, FARTHEST, xtol=1e-13, rtol=1e-14)
