"""Kaplan–Meier estimates from grouped counts, also of people who are seen from a later day on.

A row is a day, whether the event happened on it, and how many persons that holds for – the
shape in which the database counts –, so the work grows with the days, not with the persons.
The numbers are those of R's survival package (`survfit`).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.followed import at_risk as left_at
from registry.stats.followed import entered_later, not_yet, tally
from registry.stats.survival_limits import limits

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
    """Median survival, or another quantile, with its limits, in the times' unit; NaN if not reached."""

    estimate: float
    lower: float
    upper: float

    def __iter__(self):
        yield from (self.estimate, self.lower, self.upper)


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan–Meier estimate; one value in every array for each distinct time.

    `at_risk` counts those with a time ≥ this one who have entered before it, `std_err` is
    Greenwood's, on the scale of survival. Limits are NaN where the interval does not exist: with
    the log-log scale at a survival of exactly 1 or 0 (as in R). `entries` are the days of delayed
    entry and how many entered then; None where all were followed from the start.
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
    entries: tuple[np.ndarray, np.ndarray] | None = None
    begins: ClassVar[float] = 1.0

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
        if self.entries is None:
            at_risk = np.append(self.at_risk, 0)[ahead]
        else:
            at_risk = np.append(left_at(self.events + self.censored), 0)[ahead] - not_yet(self.entries, days)
        start, exact = (self.begins, 0.0) if self.n else (np.nan, np.nan)

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
        """Median survival; see `quantile`."""
        return self.quantile(0.5)

    def quantile(self, dead):
        """When so large a share has died, with the limits at which the interval's own limits say so.

        As R's `quantile(fit, dead)`: the first time with survival below 1 − dead; where it lies at
        exactly that for a while (or to the end), the middle of that while.

        Raises ValueError unless the share lies between 0 and 1.
        """
        if not 0 < dead < 1:
            raise ValueError("a quantile lies between 0 and 1")
        curves = self.survival, self.lower, self.upper
        return Median(*(_crossing(self.times, curve, 1 - dead) for curve in curves))


def kaplan_meier(days, dead, weight=None, *, entry=None, level=0.95, interval="log-log"):
    """Kaplan–Meier estimate from counted rows.

    Parameters
    ----------
    days : array_like of int or float, shape (n,)
        Time from start to the event or to the last contact; ≥ 0. An event on day 0 counts.
    dead : array_like of bool or 0/1, shape (n,)
        Whether the event happened then; otherwise the row is censored.
    weight : array_like of int, shape (n,), optional
        Persons for whom the row holds; one each if left out.
    entry : array_like of int or float, shape (n,), optional
        The time from which on the row is seen (left truncation): it is at risk after that, up to its
        time, as R's `Surv(entry, days, dead)`; −1 for those seen from the start. Where nobody is at
        risk for a while the estimate is conditional on nothing and should not be used.
    level : float
        Confidence level, in (0, 1).
    interval : {"log-log", "log", "plain", "logit", "arcsin"}
        The scale on which the interval is symmetric; log-log keeps its coverage in small groups.

    Returns
    -------
    Curve
        Over the distinct times, fractions in [0, 1]; empty if there is nobody.

    Raises
    ------
    ValueError
        If the rows differ in length, a time is negative or not finite, an event is neither
        0 nor 1, a weight is no whole number ≥ 0, an entry does not lie before its time, `level` is
        outside (0, 1), or there is no such interval.

    References
    ----------
    Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2002, 1.4.

    >>> curve = kaplan_meier([6, 6, 7, 10], [1, 0, 1, 0], [3, 1, 1, 2])
    >>> curve.at_risk.tolist(), [round(float(s), 4) for s in curve.survival]
    ([7, 3, 2], [0.5714, 0.381, 0.381])
    """
    z = normal_quantile(level)
    times, (censored, events) = tally(days, dead, weight)
    at_risk, entries = left_at(events + censored), None
    n = int(at_risk[0]) if at_risk.size else 0
    if entry is not None:
        entries = entered_later(entry, days, weight)
        at_risk = at_risk - not_yet(entries, times)
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_log = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events).astype(float))))
        std_err = survival * of_log
    lower, upper = limits(survival, of_log, z, interval)
    return Curve(n, float(level), times, at_risk, events, censored, survival, std_err, lower, upper, entries)


def _crossing(times, curve, wanted):
    """Where a falling curve crosses `wanted`; the middle of the flat part that lies on it."""
    with np.errstate(invalid="ignore"):
        reached = np.flatnonzero(curve < wanted + HIT)
        below = np.flatnonzero(curve < wanted - HIT)
    if not reached.size:
        return np.nan
    return float(times[reached[0]] + times[below[0] if below.size else -1]) / 2
