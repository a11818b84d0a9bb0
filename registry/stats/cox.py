"""Cox regression: hazard ratios with intervals and the tests of the whole model.

lifelines finds the coefficients; Newton steps on our own partial likelihood of all rows take them to
the last digit of R's `coxph`, and give standard errors, the score test and Breslow's ties.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.log_rank import Tail, chi2_tail
from registry.stats.partial_likelihood import PartialLikelihood

MOST_STEPS = 30
ENOUGH = 5_000  # persons that a start is sought on; every step after it looks at all
LARGEST = 15.0  # a log hazard ratio per standard deviation beyond this has no end: a column separates


class NoEstimate(ValueError):
    """The model has no finite, unique estimate. `columns` are those to blame, as far as they are known."""

    def __init__(self, message, columns=()):
        super().__init__(message)
        self.columns = tuple(columns)


@dataclass(frozen=True, eq=False)
class Cox:
    """A fitted model; arrays have one value for each of the p columns.

    `likelihood_ratio`, `wald` and `score` test all coefficients at once. `likelihood` knows the rows,
    for what is asked of the model later.
    """

    n: int
    events: int
    level: float
    coefficient: np.ndarray
    std_err: np.ndarray
    z: np.ndarray
    p: np.ndarray
    hazard_ratio: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    covariance: np.ndarray
    log_likelihood_null: float
    log_likelihood: float
    likelihood_ratio: Tail
    wald: Tail
    score: Tail
    likelihood: PartialLikelihood


def cox(days, dead, covariates, weight=None, *, strata=None, ties="efron", level=0.95):
    """Fit a proportional hazards model.

    Parameters
    ----------
    days, dead, weight
        As for `survival.kaplan_meier`; shape (n,).
    covariates : array_like of float, shape (n, p)
        The design: numbers as they are, a category as 0/1 columns without its reference level.
    strata : array_like, shape (n,), optional
        Each stratum has a baseline hazard of its own.
    ties : {"efron", "breslow"}
        How deaths on one day share those at risk.
    level : float
        Confidence level of the normal intervals of the log hazard ratios, in (0, 1).

    Returns
    -------
    Cox

    Raises
    ------
    NoEstimate
        If nobody died, a column does not vary or follows from others, or one separates those who
        died from those who lived, so that its ratio has no end.
    ValueError
        As `PartialLikelihood`, or if `level` is outside (0, 1).

    References
    ----------
    Cox DR. J R Stat Soc B 1972;34:187-220; Efron B. J Am Stat Assoc 1977;72:557-565.
    """
    z = normal_quantile(level)
    likelihood = PartialLikelihood(days, dead, covariates, weight, strata=strata, ties=ties)
    scale = _scale(likelihood)
    null = likelihood.at(np.zeros(scale.size))
    coefficient = _newton(likelihood, _start(likelihood, scale), scale)
    fitted = likelihood.at(coefficient)
    covariance = np.linalg.inv(fitted.information.sum(axis=0))
    error = np.sqrt(np.diag(covariance))
    score, df = null.score.sum(axis=0), scale.size
    ratio = 2 * (fitted.log_likelihood - null.log_likelihood)
    wald = coefficient @ fitted.information.sum(axis=0) @ coefficient
    with np.errstate(over="ignore"):  # a ratio per unit of a covariate that hardly varies may have no number
        ratios = [np.exp(coefficient + side * z * error) for side in (0, -1, 1)]
    return Cox(
        int(likelihood.weight.sum()),
        int(fitted.deaths.sum()),
        float(level),
        coefficient,
        error,
        coefficient / error,
        _two_sided(coefficient / error),
        *ratios,
        covariance,
        null.log_likelihood,
        fitted.log_likelihood,
        chi2_tail(max(0.0, ratio), df),
        chi2_tail(wald, df),
        chi2_tail(score @ np.linalg.solve(null.information.sum(axis=0), score), df),
        likelihood,
    )


def _scale(likelihood):
    """The standard deviation of each column; NoEstimate where a model cannot be."""
    x, weight = likelihood.covariates, likelihood.weight
    if not (likelihood.dead > 0).any():
        raise NoEstimate("nobody died")
    spread = np.sqrt(np.average((x - likelihood.centre) ** 2, axis=0, weights=weight))
    if (spread <= 1e-9 * np.maximum(1, np.abs(likelihood.centre))).any():
        raise NoEstimate("a column does not vary", np.flatnonzero(spread <= 1e-9))
    flat = _flat(likelihood.at(np.zeros(x.shape[1])), spread)
    if flat.size:
        raise NoEstimate("a column follows from others", flat)
    return spread


def _flat(here, scale):
    """The columns along which the likelihood is flat: repeated ones, or far out one that separates."""
    sizes, ways = np.linalg.eigh(here.information.sum(axis=0) / np.outer(scale, scale))
    return np.flatnonzero(np.abs(ways[:, 0]) > 0.1) if sizes[0] <= 1e-9 * sizes[-1] else np.zeros(0, int)


def _start(likelihood, scale):
    """Where lifelines finds the coefficients, with Efron's ties; the origin where it finds none.

    Of more than ENOUGH persons it is given every second, third … : a start need not be exact.
    """
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    persons = np.repeat(np.arange(likelihood.days.size), likelihood.weight)
    chosen = persons[:: -(-persons.size // ENOUGH)]
    frame = pd.DataFrame((likelihood.covariates[chosen] - likelihood.centre) / scale)
    frame.columns = [f"x{column}" for column in range(scale.size)]
    frame["days"], frame["dead"] = likelihood.days[chosen], likelihood.dead[chosen]
    frame["stratum"] = likelihood.strata[chosen]
    stratified = {"strata": ["stratum"]} if likelihood.strata.any() else {}
    if not stratified:
        frame = frame.drop(columns="stratum")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of is judged by our own steps
        try:
            fitted = CoxPHFitter().fit(frame, "days", "dead", **stratified)
        except (ConvergenceError, np.linalg.LinAlgError, ValueError):
            return np.zeros(scale.size)
    found = fitted.params_.to_numpy() / scale
    return found if np.isfinite(found).all() else np.zeros(scale.size)


def _newton(likelihood, coefficient, scale):
    """From a start to where the score is zero; NoEstimate where there is no such place."""
    here = likelihood.at(coefficient)
    for _ in range(MOST_STEPS):
        try:
            step = np.linalg.solve(here.information.sum(axis=0), here.score.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all():
            break
        there = likelihood.at(coefficient + step)
        for _ in range(MOST_STEPS):
            if there.log_likelihood >= here.log_likelihood - 1e-9 * abs(here.log_likelihood):
                break
            step = step / 2
            there = likelihood.at(coefficient + step)
        coefficient, here = coefficient + step, there
        if (np.abs(coefficient * scale) > LARGEST).any():
            break
        if (np.abs(step * scale) < 1e-10).all():
            if _flat(here, scale).size:
                break
            return coefficient
    beyond = np.flatnonzero(np.abs(coefficient * scale) > LARGEST)
    if not beyond.size and np.isfinite(here.information).all():
        beyond = _flat(here, scale)
    raise NoEstimate("a column separates those who died from those who lived", beyond)


def _two_sided(z):
    from scipy.special import ndtr

    return 2 * ndtr(-np.abs(z))
