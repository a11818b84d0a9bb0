"""Log-rank tests of equal survival: weighted, stratified, and for a trend; from grouped counts.

The numbers are those of R's `survdiff`.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.followed import at_risk as left_at
from registry.stats.followed import tally


@dataclass(frozen=True, eq=False)
class LogRank:
    """Log-rank test over k groups, in the order given; `log10_p` speaks where `p` underflows to 0.

    `chi2`, `p` and `log10_p` are NaN where nothing can be compared (`df` is 0). With ρ ≠ 0 `observed`
    and `expected` are weighted; `variance`, shape (k, k), is that of their difference.
    """

    chi2: float
    df: int
    p: float
    log10_p: float
    n: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True)
class Tail:
    """χ² on `df` degrees of freedom, with the probability of one as large or larger."""

    chi2: float
    df: int
    p: float
    log10_p: float


def log_rank(groups, *, rho=0.0):
    """Log-rank test of equal survival in k groups.

    Parameters
    ----------
    groups : sequence of (days, dead, weight)
        Rows of each group as for `kaplan_meier`; `weight` may be None.
    rho : float
        Deaths weigh S(t−)^rho, S the pooled Kaplan–Meier estimate: 0 is the log-rank test, 1 Peto
        and Peto's modification of Gehan and Wilcoxon's, which looks at early deaths.

    Returns
    -------
    LogRank
        Groups without anybody at risk while an event happens add no degree of freedom.

    Raises
    ------
    ValueError
        As `kaplan_meier`, or if there is no group.

    References
    ----------
    Harrington DP, Fleming TR. Biometrika 1982;69:553-566.

    >>> test = log_rank([([1, 2, 3, 4], [1, 1, 1, 1], None), ([3, 5, 6, 7], [1, 1, 0, 0], None)])
    >>> round(test.chi2, 4), test.df
    (4.4732, 1)
    """
    return stratified_log_rank([groups], rho=rho)


def stratified_log_rank(strata, *, rho=0.0):
    """Log-rank test of k groups compared within strata only, as R's `survdiff(… + strata(s))`.

    `strata` is a sequence of what `log_rank` takes; every stratum lists the same groups in the same
    order, one without rows where nobody of a group is in the stratum. Groups that meet in no stratum are
    not compared (R stops at them). Raises ValueError as `log_rank`, or if the strata differ in their
    number of groups.
    """
    strata = [[tally(*group) for group in groups] for groups in strata]
    if not strata or not strata[0]:
        raise ValueError("a log-rank test needs at least one group")
    if len({len(groups) for groups in strata}) > 1:
        raise ValueError("every stratum must list the same groups")
    parts = [_compared(groups, rho) for groups in strata]
    observed, expected, variance = (sum(part[which] for part in parts) for which in range(3))
    n = sum(np.array([counts.sum() for _, counts in groups]) for groups in strata)
    test = quadratic_test(observed - expected, variance, expected > 0)
    return LogRank(*test, n, observed, expected, variance)


def trend(test, scores=None):
    """Test for a trend of the hazard over ordered groups, from a log-rank test of them.

    Parameters
    ----------
    test : LogRank
    scores : array_like, shape (k,), optional
        One a group; 1 … k if left out.

    Returns
    -------
    Tail
        On one degree of freedom; NaN on none where nothing can be compared.

    Raises
    ------
    ValueError
        If there is not one finite score for each group.

    References
    ----------
    Tarone RE. Biometrika 1975;62:679-682.

    >>> test = log_rank([([1, 2, 3, 4], [1, 1, 1, 1], None), ([3, 5, 6, 7], [1, 1, 0, 0], None)])
    >>> round(trend(test).chi2, 4)  # of two groups it is the test itself
    4.4732
    """
    size = test.observed.size
    scores = np.arange(1.0, size + 1) if scores is None else np.asarray(scores, dtype=float)
    if scores.shape != (size,) or not np.isfinite(scores).all():
        raise ValueError("a trend needs one finite score for each group")
    variance = scores @ test.variance @ scores
    if test.df == 0 or variance <= 1e-12 * np.trace(test.variance) * (scores @ scores):
        return Tail(np.nan, 0, np.nan, np.nan)
    chi2 = float((scores @ (test.observed - test.expected)) ** 2 / variance)
    return Tail(chi2, 1, *_chi2_tail(chi2, 1))


def chi2_tail(chi2, df):
    """χ² with its upper tail, whose logarithm holds also where the tail underflows; NaN on 0 df."""
    return Tail(float(chi2), int(df), *_chi2_tail(float(chi2), int(df)))


def quadratic_test(surplus, variance, judged):
    """χ² of a score over groups, its degrees of freedom, p and log₁₀ p; NaN where nothing is judged."""
    chi2, df = _quadratic(surplus, variance, judged)
    return chi2, df, *_chi2_tail(chi2, df)


def _compared(tallies, rho):
    """Observed, expected and their variance in one stratum."""
    times = np.unique(np.concatenate([times[counts[1] > 0] for times, counts in tallies]))
    died, at_risk = (np.zeros((len(tallies), times.size)) for _ in range(2))
    for row, (own, (censored, events)) in enumerate(tallies):
        died[row, np.searchsorted(times, own[events > 0])] = events[events > 0]
        left = np.append(left_at(events + censored), 0)
        at_risk[row] = left[np.searchsorted(own, times)]
    deaths, everybody = died.sum(axis=0), at_risk.sum(axis=0)
    weigh = np.cumprod(np.append(1.0, 1 - deaths / everybody))[:-1] ** rho
    share = at_risk / everybody
    by_chance = weigh**2 * deaths * (everybody - deaths) / np.maximum(everybody - 1, 1)
    variance = np.diag(share @ by_chance) - (share * by_chance) @ share.T
    return died @ weigh, share @ (weigh * deaths), variance


def _quadratic(surplus, variance, judged):
    """(O − E)' V⁻¹ (O − E) over the groups that can be judged, and its degrees of freedom.

    Groups that never were at risk together, such as those of different strata, are not compared: each
    set of groups that were has one degree less than it has groups.
    """
    from scipy.sparse.csgraph import connected_components

    groups = np.flatnonzero(judged)
    among = np.asarray(variance)[np.ix_(groups, groups)]
    spread = np.sqrt(np.diag(among))
    sets, place = connected_components(np.abs(among) > 1e-12 * np.outer(spread, spread), directed=False)
    chi2, df = 0.0, 0
    for one in range(sets):
        which = groups[place == one][:-1]
        chi2 += surplus[which] @ np.linalg.solve(variance[np.ix_(which, which)], surplus[which])
        df += which.size
    return (max(0.0, float(chi2)), int(df)) if df else (np.nan, 0)


def _chi2_tail(chi2, df):
    """The upper tail of χ², and its decimal logarithm also where the tail underflows."""
    if df == 0:
        return np.nan, np.nan
    from scipy.special import gammaincc, gammaln

    a, x = df / 2, chi2 / 2
    p = float(gammaincc(a, x))
    if p > 1e-290:
        return p, float(np.log10(p))
    # Legendre's continued fraction, evaluated from its far end; it converges fast for such x.
    fraction = 0.0
    for k in range(200, 0, -1):
        fraction = k * (k - a) / (x + 2 * k + 1 - a - fraction)
    log_p = a * np.log(x) - x - gammaln(a) - np.log(x + 1 - a - fraction)
    return p, float(log_p / np.log(10))
