"""Competing ends: cumulative incidence with intervals and Gray's test, from grouped counts, exact with ties.

Who died of something else can no longer die of the cancer: one minus a Kaplan–Meier estimate that
calls such deaths censored is no risk. The numbers are those of R's `survfit` for several states and
of cmprsk's `cuminc`.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.followed import at_risk as left_at
from registry.stats.followed import rows, tally
from registry.stats.log_rank import quadratic_test
from registry.stats.survival import Curve, kaplan_meier

ROUNDING = 1e-12  # so far a sum that is 1 may fall short of it


@dataclass(frozen=True, eq=False)
class IncidenceAt:
    """What has happened by given days; a row of each array for each end, in the order of the ends."""

    days: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    estimate: np.ndarray
    std_err: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True, eq=False)
class Rising(Curve):
    """An incidence as a curve: it begins at 0; what ended otherwise counts as censored."""

    begins = 0.0


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence of k competing ends over t distinct times.

    `events`, `estimate`, `std_err`, `lower` and `upper` have shape (k, t); estimates of all ends and
    `survival`, the share that is still without any, add up to 1. Limits are NaN while the estimate
    is 0 and where it is 1.
    """

    n: int
    level: float
    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    survival: np.ndarray
    estimate: np.ndarray
    std_err: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def curve(self, end):
        """The curve of one end, 1 … k, in the shape of a survival curve, to be drawn or cut."""
        place = end - 1
        others = self.events.sum(axis=0) - self.events[place]
        own = (values[place] for values in (self.estimate, self.std_err, self.lower, self.upper))
        return Rising(
            self.n, self.level, self.times, self.at_risk, self.events[place], self.censored + others, *own
        )

    def at(self, days):
        """Numbers at risk, events so far and incidence on given days; rows are ends.

        Before the first time the incidence is 0; after the last it is carried forward. NaN without
        anybody. Raises ValueError if a day is negative or not finite.
        """
        days = np.atleast_1d(np.asarray(days))
        if not (np.isfinite(days) & (days >= 0)).all():
            raise ValueError("days must be finite and not negative")
        passed = np.searchsorted(self.times, days, side="right")
        at_risk = np.append(self.at_risk, 0)[np.searchsorted(self.times, days)]

        def carried(values, first):
            start = np.full((values.shape[0], 1), first if self.n else np.nan)
            return np.concatenate((start, values), axis=1)[:, passed]

        events = np.concatenate((np.zeros((self.events.shape[0], 1), int), self.events.cumsum(axis=1)), 1)
        figures = (
            carried(values, first)
            for values, first in (
                (self.estimate, 0.0),
                (self.std_err, 0.0),
                (self.lower, 0.0),
                (self.upper, 0.0),
            )
        )
        return IncidenceAt(days, at_risk, events[:, passed], *figures)


@dataclass(frozen=True, eq=False)
class Gray:
    """Gray's test over the groups in the order given; NaN where nothing can be compared (`df` is 0)."""

    chi2: float
    df: int
    p: float
    log10_p: float
    score: np.ndarray
    variance: np.ndarray


def cumulative_incidence(days, ends, weight=None, *, kinds=2, level=0.95):
    """Aalen–Johansen estimate of the cumulative incidence of competing ends.

    Parameters
    ----------
    days : array_like of int or float, shape (n,)
        Time to the end or to the last contact; ≥ 0.
    ends : array_like of int, shape (n,)
        0 where the row is censored, else which end it came to, 1 … `kinds`.
    weight : array_like of int, shape (n,), optional
        Persons for whom the row holds; one each if left out.
    kinds : int
        How many ends there are.
    level : float
        Confidence level, in (0, 1), of the intervals, symmetric on the scale log(−log F).

    Returns
    -------
    Incidence

    Raises
    ------
    ValueError
        If the rows differ in length, a time is negative or not finite, an end is none of those, a
        weight is no whole number ≥ 0, or `level` is outside (0, 1).

    References
    ----------
    Aalen OO, Johansen S. Scand J Stat 1978;5:141-150. The variance is Aalen's, with ties, as in
    Gray RJ. Ann Stat 1988;16:1141-1154; intervals as in Choudhury JB. Stat Med 2002;21:1129-1144.

    >>> found = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1])
    >>> found.estimate.round(4).tolist()
    [[0.25, 0.25, 0.25, 0.75], [0.0, 0.25, 0.25, 0.25]]
    """
    if kinds != int(kinds) or kinds < 1:
        raise ValueError("there must be at least one kind of end")
    z = normal_quantile(level)
    times, counts = tally(days, ends, weight, most=int(kinds))
    at_risk, died = left_at(counts.sum(axis=0)), counts[1:].sum(axis=0)
    after = np.cumprod(1 - died / at_risk)
    before = np.append(1.0, after)[:-1]
    estimate = np.cumsum(before * counts[1:] / at_risk, axis=1)
    error = np.sqrt(
        [_variance(*each, died, at_risk, before, after) for each in zip(estimate, counts[1:], strict=True)]
    )
    error = error.reshape(estimate.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.where((estimate <= 0) | (estimate >= 1 - ROUNDING), np.nan, estimate)
        spread = z * error / (inner * np.log(inner))
        lower, upper = inner ** np.exp(-spread), inner ** np.exp(spread)
    n = int(at_risk[0]) if at_risk.size else 0
    return Incidence(
        n, float(level), times, at_risk, counts[1:], counts[0], after, estimate, error, lower, upper
    )


def cause_specific(days, ends, weight=None, *, end=1, kinds=2, level=0.95):
    """Kaplan–Meier estimate for one end alone, those of other ends censored: its hazard as a curve.

    This is not the share that escapes the end in a world with the others; see `cumulative_incidence`.
    Takes the same rows and raises the same errors; returns a `survival.Curve`.
    """
    days, ends, weight = rows(days, ends, weight, most=int(kinds))
    return kaplan_meier(days, ends == end, weight, level=level)


def gray(groups, *, end=1, kinds=2, rho=0.0):
    """Gray's test that k groups have the same cumulative incidence of one end.

    Parameters
    ----------
    groups : sequence of (days, ends, weight)
        Rows of each group as for `cumulative_incidence`; `weight` may be None.
    end : int
        The end that is compared.
    rho : float
        Differences weigh (1 − F(t−))^rho, F the pooled incidence.

    Returns
    -------
    Gray

    Raises
    ------
    ValueError
        As `cumulative_incidence`, or if there is no group or no such end.

    References
    ----------
    Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk.
    Ann Stat 1988;16:1141-1154.

    >>> one = ([1, 2, 3, 5, 8, 9], [1, 1, 2, 1, 0, 1], None)
    >>> other = ([2, 4, 6, 7, 8, 9], [2, 0, 1, 2, 0, 1], None)
    >>> gray([one, other]).df
    1
    """
    if not len(groups):
        raise ValueError("a test needs at least one group")
    if end not in range(1, kinds + 1):
        raise ValueError(f"there is no end {end} of {kinds}")
    tallies = [tally(*group, most=kinds) for group in groups]
    times = np.unique(np.concatenate([own for own, _ in tallies]))
    wanted, others, at_risk = np.zeros((3, len(tallies), times.size))
    for row, (own, counts) in enumerate(tallies):
        place = np.searchsorted(times, own)
        wanted[row, place], others[row, place] = counts[end], counts[1:].sum(axis=0) - counts[end]
        at_risk[row] = np.append(left_at(counts.sum(axis=0)), 0)[np.searchsorted(own, times)]
    score, variance = _gray(wanted, others, at_risk, rho)
    return Gray(*quadratic_test(score, variance, np.diag(variance) > 0), score, variance)


def _variance(estimate, own, died, at_risk, before, after):
    """Of F(t): what each death up to t adds to it, by its own end or by taking others out of risk."""
    other = died - own
    one_less = np.maximum(at_risk - 1, 1)
    by_own, by_other = (
        before**2 * count / at_risk**2 * np.where(count > 1, 1 - (count - 1) / one_less, 1)
        for count in (own, other)
    )
    left = np.divide(1, after, out=np.zeros_like(after), where=after > 0)
    ahead = 1 + estimate * left
    squares = np.cumsum(ahead**2 * by_own + (estimate * left) ** 2 * by_other)
    mixed = np.cumsum(left * (ahead * by_own + estimate * left * by_other))
    shares = np.cumsum(left**2 * (by_own + by_other))
    return np.maximum(0, squares - 2 * estimate * mixed + estimate**2 * shares)


def _gray(wanted, others, at_risk, rho):
    """The score of each group and its variance; arrays of shape (k, t)."""
    seen = at_risk > 0
    safe = np.where(seen, at_risk, 1)
    after = np.cumprod(np.where(seen, 1 - (wanted + others) / safe, 1), axis=1)
    before = _shifted(after, 1.0)
    incidence = np.cumsum(before * wanted / safe, axis=1)
    # At risk of the end as if nobody left by another: Y / S(t−), and with the incidence taken off, R.
    adjusted = np.divide(at_risk, before, out=np.zeros_like(before), where=before > 0)
    risk = adjusted * (1 - _shifted(incidence, 0.0))
    deaths, total, everybody = wanted.sum(axis=0), adjusted.sum(axis=0), risk.sum(axis=0)
    pooled = np.cumsum(_divided(deaths, total))
    pooled_before = np.append(0.0, pooled)[:-1]
    weigh = (1 - pooled_before) ** rho
    score = (weigh * (wanted - risk * _divided(deaths, everybody))).sum(axis=1)
    # Each group's deaths move the scores of all: at once, and by what they change in later increments.
    share = _divided(adjusted, total)
    at_once = weigh * (np.einsum("it,ij->ijt", adjusted, np.eye(len(adjusted))) - adjusted[:, None] * share)
    hazard = _divided(deaths, total * (1 - pooled_before))
    so_far = np.cumsum(at_once * hazard, axis=2)
    later = so_far[:, :, -1:] - so_far
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where(after > 0, (1 - pooled) / after, 0.0)
        ties = np.where(deaths > 1, np.clip(1 - (deaths - 1) / (total * before - 1), 0, 1), 1.0)
        own_ties = np.where(others > 1, 1 - (others - 1) / (at_risk - 1), 1.0)
        by_wanted = np.where(seen & (total > 0), ties * before * deaths / (total * safe), 0.0)
    by_others = np.where(seen & (after > 0), own_ties * before**2 * others / safe**2, 0.0)
    moved = at_once + (1 - odds) * later
    lost = odds * later
    variance = np.einsum("ist,jst,st->ij", moved, moved, by_wanted)
    return score, variance + np.einsum("ist,jst,st->ij", lost, lost, by_others)


def _shifted(values, first):
    """Values just before each time."""
    return np.concatenate((np.full((values.shape[0], 1), first), values), axis=1)[:, :-1]


def _divided(above, below):
    """Quotients, 0 where there is nothing to divide by."""
    below = np.broadcast_to(below, np.shape(above))
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=below > 0)
