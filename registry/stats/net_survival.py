"""Relative survival after Ederer II and net survival after Pohar Perme, against a life table.

Both ask what survival would be if the cancer were the only cause of death, knowing nobody's cause
of death: what a life table expects of the same sex, age and calendar year is taken off. Ederer II
averages the expected hazard over those still at risk; Pohar Perme weights everybody by the inverse
of the expected survival and so estimates net survival without bias. Neither is forced to fall:
a curve that rises says that the group died less than the table expects.

Within a day the risk set is constant, so the weighted population hazard of a day,
∫ Σ wλ / Σ w, is exactly the logarithm of the growth of Σ w: no grid is needed.
"""

from dataclasses import dataclass, field, fields, replace

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.population import at_risk
from registry.stats.survival import AtDays, Curve


@dataclass(frozen=True, eq=False)
class NetCurve(Curve):
    """A relative or net survival curve; one value in every array for each day 0 … last followed.

    `survival` may rise and may exceed 1. `expected` is the cumulative hazard of the population that was
    taken off. Limits are on the log scale; NaN where survival is 0. From a day on which nobody is
    at risk, as may be with late entry, everything is NaN.
    """

    expected: np.ndarray = field(kw_only=True)

    def known(self):
        """The curve up to the last day on which anything can be said, to be drawn."""
        unknown = np.flatnonzero(np.isnan(self.survival))
        if not unknown.size:
            return self
        names = [each.name for each in fields(self) if isinstance(getattr(self, each.name), np.ndarray)]
        return replace(self, **{name: getattr(self, name)[: unknown[0]] for name in names})

    def at(self, days):
        """As `Curve.at`, but nothing is carried beyond the last day followed: NaN there."""
        found = super().at(days)
        after = found.days > (self.times[-1] if self.times.size else -1)
        figures = (found.estimate, found.std_err, found.lower, found.upper)
        return AtDays(found.days, found.at_risk, *(np.where(after, np.nan, values) for values in figures))


def ederer2(table, people, dead, entry=None, *, level=0.95):
    """Relative survival with expected survival after Ederer II.

    Parameters
    ----------
    table : registry.stats.life_table.RateTable
    people : registry.stats.life_table.People
        n persons with whole days followed.
    dead : array_like of bool or 0/1, shape (n,)
        Whether the last day followed is the day of death.
    entry : array_like of int, shape (n,), optional
        Day after which a person is at risk, before the last day followed; −1, as without it, for
        those observed from the start, day 0 included.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    NetCurve
        At each distinct last day S is multiplied by 1 − d/Y + Λ, Λ being the mean expected hazard of
        those at risk since the one before; variance of the cumulative hazard Σ d/Y².

    Raises
    ------
    ValueError
        If the rows differ in length, an event is neither 0 nor 1, somebody leaves before entering,
        or `level` is outside (0, 1).

    References
    ----------
    Ederer F, Heise H. Methodological note 10, End Results Evaluation Section, National Cancer
    Institute, 1959. Day by day as R's relsurv, `rs.surv(method="ederer2")`.
    """
    dead, entry = _checked(people, dead, entry)
    seen = at_risk(table, people, entry)
    died = np.bincount(people.days, weights=dead, minlength=seen.number.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = seen.hazard / seen.number
        return _curve(people, dead, seen, died / seen.number, expected, died / seen.number**2.0, level)


def pohar_perme(table, people, dead, entry=None, *, level=0.95):
    """Net survival after Pohar Perme, Stare and Estève.

    Parameters, errors and result as for `ederer2`. Each person counts with the inverse of the survival
    expected until that day, from day 0 also for those who enter late. Variance of the
    cumulative hazard Σ w² over the squared sum of weights at risk.

    References
    ----------
    Pohar Perme M, Stare J, Estève J. On estimation in relative survival. Biometrics 2012;68:113-120.
    """
    dead, entry = _checked(people, dead, entry)
    seen = at_risk(table, people, entry)
    died, squared = (
        np.bincount(people.days, weights=dead * seen.own**power, minlength=seen.number.size)
        for power in (1, 2)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.log(seen.weight / np.where(seen.number > 0, seen.began, np.nan))
        weight = np.where(seen.number > 0, seen.weight, np.nan)
        return _curve(people, dead, seen, died / weight, expected, squared / weight**2, level)


METHODS = {"ederer2": ederer2, "pohar-perme": pohar_perme}


def _checked(people, dead, entry):
    dead = np.asarray(dead)
    entry = np.full(len(people), -1) if entry is None else np.asarray(entry)
    if not dead.shape == entry.shape == people.days.shape:
        raise ValueError("people, dead and entry must be of one length")
    if dead.size and (dead.dtype.kind not in "biuf" or not np.isin(dead, (0, 1)).all()):
        raise ValueError("dead must be true or false for every row")
    if entry.size and (entry.dtype.kind not in "iu" or (entry < -1).any() or (entry >= people.days).any()):
        raise ValueError("entry must be a whole day from −1 on and before the last day followed")
    return dead.astype(float), entry.astype(np.int64)


def _curve(people, dead, seen, died, expected, variance, level):
    """Survival on every day from shares dying, expected hazards and variances of each day."""
    z = normal_quantile(level)
    last = seen.number.size
    expected[:1] = 0.0  # nothing is expected before the first day has passed
    cumulated = np.cumsum(expected)
    left = np.bincount(people.days, minlength=last)
    knots = np.flatnonzero(left)
    since = np.diff(cumulated[knots], prepend=0.0)
    at_knots = np.cumprod(1 - died[knots] + since)
    # Between two knots the curve rises from the earlier one by what was expected since.
    place = np.searchsorted(knots, np.arange(last), side="right") - 1
    start = np.append(1.0, at_knots)[place + 1]
    passed = np.append(0.0, cumulated[knots])[place + 1]
    survival = start * (1 + cumulated - passed)
    of_log = np.sqrt(np.cumsum(variance))
    limits = np.where(survival > 0, survival, np.nan)
    events = np.bincount(people.days, weights=dead, minlength=last).astype(np.int64)
    return NetCurve(
        n=len(people),
        level=float(level),
        times=np.arange(last),
        at_risk=seen.number,
        events=events,
        censored=left - events,
        survival=survival,
        std_err=survival * of_log,
        lower=limits * np.exp(-z * of_log),
        upper=limits * np.exp(z * of_log),
        expected=cumulated,
    )


@dataclass(frozen=True, eq=False)
class Observed:
    """Follow-up as it lies in a span of calendar time: whose, and as for the estimators."""

    who: np.ndarray
    days: np.ndarray
    dead: np.ndarray
    entry: np.ndarray


def within(on, days, dead, first, last):
    """The part of each follow-up between two calendar days, both included: the period approach.

    Parameters
    ----------
    on, days, dead : array_like, shape (n,)
        Calendar day of the start, whole days followed, and whether dead then.
    first, last : int
        Calendar days as for `life_table.People`.

    Returns
    -------
    Observed
        Only persons observed on some day of the span. Who began before it enters late; who was
        still observed after it is censored on its last day.

    Raises
    ------
    ValueError
        If the span ends before it begins.

    References
    ----------
    Brenner H, Gefeller O. Cancer 1996;78:2004-2010.

    >>> seen = within([0, 100, 300], [50, 400, 10], [1, 1, 0], 120, 299)
    >>> seen.who.tolist(), seen.entry.tolist(), seen.days.tolist(), seen.dead.tolist()
    ([1], [19], [199], [0])
    """
    if last < first:
        raise ValueError("a period ends no earlier than it begins")
    on, days, dead = (np.asarray(given) for given in (on, days, dead))
    who = np.flatnonzero((on + days >= first) & (on <= last))
    until = np.minimum(days[who], last - on[who])
    entry = np.maximum(first - on[who] - 1, -1)
    return Observed(who, until, np.where(days[who] > until, 0, dead[who]), entry)
