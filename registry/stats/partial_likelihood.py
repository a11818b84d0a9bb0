"""Cox's partial likelihood with its derivatives at each time of death, from counted rows.

Ties are Efron's or Breslow's. What the deaths of one day share is summed in closed form, so the work
grows with rows and days, not with deaths, and a row may stand for many persons.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.followed import rows

TIES = ("efron", "breslow")


@dataclass(frozen=True, eq=False)
class Derivatives:
    """The log-likelihood at β, and for each stratum and time of death what it adds to its derivatives.

    `times`, `deaths` and `stratum` have shape (t,); `score` (t, p) sums x minus its mean among those
    at risk over the deaths of a time, `information` (t, p, p) the covariances.
    """

    log_likelihood: float
    stratum: np.ndarray
    times: np.ndarray
    deaths: np.ndarray
    score: np.ndarray
    information: np.ndarray


class PartialLikelihood:
    """Rows sorted once, so that the likelihood can be asked at many β.

    Parameters
    ----------
    days, dead, weight
        As for `survival.kaplan_meier`; shape (n,).
    covariates : array_like of float, shape (n, p)
    strata : array_like, shape (n,), optional
        Deaths are compared with those at risk in the same stratum only.
    ties : {"efron", "breslow"}

    Raises ValueError as `followed.rows`; if a covariate is missing or not finite, or there is no
    such way with ties.
    """

    def __init__(self, days, dead, covariates, weight=None, *, strata=None, ties="efron"):
        covariates = np.asarray(covariates, dtype=float)
        if covariates.ndim != 2 or covariates.shape[0] != np.size(days):
            raise ValueError("covariates must have one line for each row")
        if not covariates.shape[1]:
            raise ValueError("there must be at least one covariate")
        if not np.isfinite(covariates).all():
            raise ValueError("covariates must be finite numbers")
        if ties not in TIES:
            raise ValueError(f"no such way with ties: {ties!r}; choose one of {', '.join(TIES)}")
        weight = np.ones(np.size(days), dtype=np.int64) if weight is None else np.asarray(weight)
        strata = np.zeros(np.size(days), dtype=np.int64) if strata is None else np.asarray(strata)
        if strata.shape != np.shape(days):
            raise ValueError("strata must have one value for each row")
        somebody = weight > 0
        self.ties = ties
        self.days, self.dead, self.weight = rows(days, dead, weight)
        self.covariates = covariates[somebody]
        self.strata = np.unique(strata[somebody], return_inverse=True)[1]
        self.centre = np.average(self.covariates, axis=0, weights=self.weight) if self.days.size else 0.0
        self._x = self.covariates - self.centre
        self._strata = [
            self._sorted(self.strata == one) for one in range(int(self.strata.max(initial=-1)) + 1)
        ]

    def at(self, beta):
        """Likelihood, score and information at β, shape (p,)."""
        beta = np.asarray(beta, dtype=float)
        parts = [self._of_stratum(one, *given, beta) for one, given in enumerate(self._strata)]
        likelihood, *arrays = zip(*parts, strict=True)
        return Derivatives(float(sum(likelihood)), *(np.concatenate(each) for each in arrays))

    def _sorted(self, own):
        """What does not depend on β: rows, their place among the times of death, and sums over deaths."""
        days, dead, weight, x = self.days[own], self.dead[own] > 0, self.weight[own], self._x[own]
        times, deaths_at = np.unique(days[dead], return_inverse=True)
        deaths = np.bincount(deaths_at, weight[dead], minlength=times.size)
        # At risk at every time of death up to the own one: the last of these is where the row is summed.
        place = np.searchsorted(times, days, side="right") - 1
        seen = place >= 0
        steps = _steps(deaths.astype(np.int64), self.ties)
        return times, deaths, place[seen], np.flatnonzero(dead[seen]), weight[seen], x[seen], steps

    def _of_stratum(self, one, times, deaths, place, dead, weight, x, steps, beta):
        linear = x @ beta
        shift = linear.max(initial=0.0)
        hazard = weight * np.exp(linear - shift)
        size = times.size

        place_of_dead = place[dead]

        def of_dead(values):
            return np.bincount(place_of_dead, values[dead], minlength=size)

        def of_all(values):
            return np.cumsum(np.bincount(place, values, minlength=size)[::-1])[::-1]

        risk, risk_x, risk_xx = _moments(of_all, hazard, x)
        died, died_x, died_xx = _moments(of_dead, hazard, x)
        which, share = steps
        below = risk[which] - share * died[which]

        def summed(values):
            return np.bincount(which, values, minlength=size)

        once, shared = summed(1 / below), summed(share / below)
        twice = [summed(share**power / below**2) for power in range(3)]
        mean = risk_x * once[:, None] - died_x * shared[:, None]
        mixed = np.einsum("ti,tj->tij", risk_x, died_x)
        information = (
            risk_xx * once[:, None, None]
            - died_xx * shared[:, None, None]
            - np.einsum("ti,tj->tij", risk_x, risk_x) * twice[0][:, None, None]
            + (mixed + mixed.transpose(0, 2, 1)) * twice[1][:, None, None]
            - np.einsum("ti,tj->tij", died_x, died_x) * twice[2][:, None, None]
        )
        sums = np.stack([of_dead(weight * column) for column in x.T], axis=1)
        likelihood = float((weight * linear)[dead].sum() - np.log(below).sum() - shift * deaths.sum())
        return likelihood, np.full(size, one), times, deaths.astype(np.int64), sums - mean, information


def _moments(summed, hazard, x):
    """Sums over rows of the hazard, times x, and times xxᵀ, at each time: (t,), (t, p), (t, p, p)."""
    p = x.shape[1]
    first = [summed(hazard * x[:, i]) for i in range(p)]
    zero = summed(hazard)
    second = np.zeros((zero.size, p, p))
    for i in range(p):
        for j in range(i, p):
            second[:, i, j] = second[:, j, i] = summed(hazard * x[:, i] * x[:, j])
    return zero, np.stack(first, axis=1), second


def _steps(deaths, ties):
    """For each death the place of its time, and the share of that time's deaths that no longer count."""
    which = np.repeat(np.arange(deaths.size), deaths)
    if ties == "breslow":
        return which, np.zeros(which.size)
    first = np.cumsum(deaths) - deaths
    return which, (np.arange(which.size) - first[which]) / deaths[which]
