"""Kaplan–Meier estimates and the log-rank test from grouped counts.

A row is a day, whether the event happened on it, and how many persons that holds for – the
shape in which the database counts –, so the work grows with the days, not with the persons.
The numbers are those of R's survival package (`survfit`, `survdiff`).
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile, whole

# As R: a survival probability this close to a quantile has hit it; rounding alone moves it so far.
HIT = np.sqrt(np.finfo(float).eps)


def year_day(years):
    """The day on which year `years` of follow-up is complete: floor(365.25 · years).

    >>> year_day([1, 3, 5, 10]).tolist()
    [365, 1095, 1826, 3652]
    """
    years = np.asarray(years, dtype=float)
    if not (np.isfinite(years) & (years >= 0)).all():
        raise ValueError("years must be finite and not negative")
    return np.floor(365.25 * years).astype(np.int64)


@dataclass(frozen=True, eq=False)
class AtDays:
    """What a curve says on given days; one value a day in every array."""

    days: np.ndarray
    at_risk: np.ndarray
    estimate: np.ndarray
    std_err: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True, eq=False)
class Median:
    """Median survival with its limits, in the unit of the times; NaN where not reached."""

    estimate: float
    lower: float
    upper: float

    def __iter__(self):
        yield from (self.estimate, self.lower, self.upper)


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan–Meier estimate; one value in every array for each distinct time.

    `at_risk` counts those with a time ≥ this one, `std_err` is Greenwood's, on the scale of
    survival. Limits are NaN where the log-log interval does not exist: at a survival of
    exactly 1 or 0 (as in R).
    """

    n: int
    level: float
    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    survival: np.ndarray
    std_err: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def at(self, days):
        """Numbers at risk and survival on given days, shape (n,) or scalar.

        As R's `summary(fit, times=days, extend=TRUE)`: before the first time survival and its
        limits are 1; after the last the final values are carried forward over nobody at risk.
        Without anybody in the curve everything but the number at risk is NaN.

        Raises ValueError if a day is negative or not finite.
        """
        days = np.atleast_1d(np.asarray(days))
        if not (np.isfinite(days) & (days >= 0)).all():
            raise ValueError("days must be finite and not negative")
        passed = np.searchsorted(self.times, days, side="right")
        ahead = np.searchsorted(self.times, days, side="left")
        at_risk = np.append(self.at_risk, 0)[ahead]
        start, exact = (1.0, 0.0) if self.n else (np.nan, np.nan)

        def carried(values, first):
            return np.concatenate(([first], values))[passed]

        return AtDays(
            days,
            at_risk,
            estimate=carried(self.survival, start),
            std_err=carried(self.std_err, exact),
            lower=carried(self.lower, start),
            upper=carried(self.upper, start),
        )

    def median(self):
        """Median survival with the limits at which the interval's own limits reach one half.

        As R's `quantile(fit, 0.5)`: the first time with survival below ½; where it lies at
        exactly ½ for a while (or to the end), the middle of that while.
        """
        curves = self.survival, self.lower, self.upper
        return Median(*(_crossing(self.times, curve, 0.5) for curve in curves))


@dataclass(frozen=True, eq=False)
class LogRank:
    """Log-rank test over k groups, in the order given; `log10_p` speaks where `p` underflows to 0.

    `chi2`, `p` and `log10_p` are NaN where nothing can be compared (`df` is 0).
    """

    chi2: float
    df: int
    p: float
    log10_p: float
    n: np.ndarray
    observed: np.ndarray
    expected: np.ndarray


def kaplan_meier(days, dead, weight=None, *, level=0.95):
    """Kaplan–Meier estimate from counted rows.

    Parameters
    ----------
    days : array_like of int or float, shape (n,)
        Time from start to the event or to the last contact; ≥ 0. An event on day 0 counts.
    dead : array_like of bool or 0/1, shape (n,)
        Whether the event happened then; otherwise the row is censored.
    weight : array_like of int, shape (n,), optional
        Persons for whom the row holds; one each if left out.
    level : float
        Confidence level of the log-log interval, in (0, 1).

    Returns
    -------
    Curve
        Over the distinct times, fractions in [0, 1]; empty if there is nobody.

    Raises
    ------
    ValueError
        If the rows differ in length, a time is negative or not finite, an event is neither
        0 nor 1, a weight is no whole number ≥ 0, or `level` is outside (0, 1).

    References
    ----------
    Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2002, 1.4.

    >>> curve = kaplan_meier([6, 6, 7, 10], [1, 0, 1, 0], [3, 1, 1, 2])
    >>> curve.at_risk.tolist(), [round(float(s), 4) for s in curve.survival]
    ([7, 3, 2], [0.5714, 0.381, 0.381])
    """
    z = normal_quantile(level)
    times, events, censored = _tally(days, dead, weight)
    at_risk = np.cumsum((events + censored)[::-1])[::-1]
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_log = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events).astype(float))))
        inner = np.where((survival == 0) | (survival == 1), np.nan, survival)
        spread = z * of_log / np.log(inner)
        lower, upper = (np.exp(-np.exp(np.log(-np.log(inner)) + shift)) for shift in (-spread, spread))
        std_err = survival * of_log
    n = int(at_risk[0]) if at_risk.size else 0
    return Curve(n, float(level), times, at_risk, events, censored, survival, std_err, lower, upper)


def log_rank(groups):
    """Log-rank test of equal survival in k groups.

    Parameters
    ----------
    groups : sequence of (days, dead, weight)
        Rows of each group as for `kaplan_meier`; `weight` may be None.

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
    Harrington DP, Fleming TR. Biometrika 1982;69:553-566, with rho = 0.

    >>> test = log_rank([([1, 2, 3, 4], [1, 1, 1, 1], None), ([3, 5, 6, 7], [1, 1, 0, 0], None)])
    >>> round(test.chi2, 4), test.df
    (4.4732, 1)
    """
    tallies = [_tally(*group) for group in groups]
    if not tallies:
        raise ValueError("a log-rank test needs at least one group")
    times = np.unique(np.concatenate([times[events > 0] for times, events, _ in tallies]))
    died, at_risk = (np.zeros((len(tallies), times.size)) for _ in range(2))
    for row, (own, events, censored) in enumerate(tallies):
        died[row, np.searchsorted(times, own[events > 0])] = events[events > 0]
        left = np.append(np.cumsum((events + censored)[::-1])[::-1], 0)
        at_risk[row] = left[np.searchsorted(own, times)]
    deaths, everybody = died.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / everybody
    expected = share @ deaths
    by_chance = deaths * (everybody - deaths) / np.maximum(everybody - 1, 1)
    variance = np.diag(share @ by_chance) - (share * by_chance) @ share.T
    n = np.array([(events + censored).sum() for _, events, censored in tallies])
    observed = died.sum(axis=1)
    chi2, df = _quadratic(observed - expected, variance, expected > 0)
    return LogRank(chi2, df, *_chi2_tail(chi2, df), n, observed, expected)


def _tally(days, dead, weight):
    """Distinct times with the persons who had the event and who were censored then."""
    days, dead = np.asarray(days), np.asarray(dead)
    weight = np.ones(days.shape, dtype=np.int64) if weight is None else whole("weight", weight)
    if days.ndim != 1 or not days.shape == dead.shape == weight.shape:
        raise ValueError("days, dead and weight must be one-dimensional and of one length")
    if days.size == 0:
        days, dead = days.astype(np.int64), dead.astype(bool)
    if days.dtype.kind not in "iuf" or not (np.isfinite(days) & (days >= 0)).all():
        raise ValueError("days must be numbers, finite and not negative")
    if dead.dtype.kind not in "biuf" or not np.isin(dead, (0, 1)).all():
        raise ValueError("dead must be true or false for every row")
    dead, somebody = dead.astype(bool), weight > 0
    times, place = np.unique(days[somebody], return_inverse=True)
    counts = np.zeros((2, times.size), dtype=np.int64)
    np.add.at(counts, (dead[somebody].astype(int), place), weight[somebody])
    return times, counts[1], counts[0]


def _crossing(times, curve, wanted):
    """Where a falling curve crosses `wanted`; the middle of the flat part that lies on it."""
    with np.errstate(invalid="ignore"):
        reached = np.flatnonzero(curve < wanted + HIT)
        below = np.flatnonzero(curve < wanted - HIT)
    if not reached.size:
        return np.nan
    return float(times[reached[0]] + times[below[0] if below.size else -1]) / 2


def _quadratic(surplus, variance, judged):
    """(O − E)' V⁻¹ (O − E) over the groups that can be judged, and its degrees of freedom."""
    which = np.flatnonzero(judged)[:-1]
    if not which.size or not variance.any():
        return np.nan, 0
    chi2 = surplus[which] @ np.linalg.solve(variance[np.ix_(which, which)], surplus[which])
    return max(0.0, float(chi2)), int(which.size)


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
