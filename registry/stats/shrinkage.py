"""Shrunken proportions: what a small centre's figure is likely to be, given all the others.

Each centre's true proportion is taken for one draw of a Beta distribution that the centres themselves
reveal (parametric empirical Bayes). A centre of thousands keeps its own figure; one of ten is drawn
towards the mean, because that is where most centres are.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import tail, whole
from registry.stats.estimate import Estimate


@dataclass(frozen=True, eq=False)
class Shrunken:
    """Posterior means with credible limits, shape (centres,), and what they were shrunk towards.

    `mean` and `strength` describe the Beta distribution of the centres, Beta(mean × strength,
    (1 - mean) × strength): `strength` says how many records the others' experience is worth. `weight` is
    the part of each estimate that is the centre's own.
    """

    shrunken: Estimate
    weight: np.ndarray
    mean: float
    strength: float


def beta_binomial(met, known, *, level=0.95):
    """Empirical-Bayes proportions under the beta-binomial model, fitted by maximum likelihood.

    Parameters
    ----------
    met, known : array_like of int, shape (centres,)
    level : float
        Probability inside the credible interval (equal tails), in (0, 1).

    Returns
    -------
    Shrunken
        With fewer than two centres that have records there is nothing to learn from: each keeps its own
        proportion, with Jeffreys' credible interval, and `mean` and `strength` are NaN. Where the centres
        differ no more than by chance, the likelihood rises without end; the others then count as much as
        all records together, no more, so that the common figure keeps the uncertainty it has; where
        they differ utterly, they still count as one record. Where
        nobody or everybody meets anywhere, half a record is added on either side. An empty centre gets
        the centres' distribution itself. The uncertainty of the fitted distribution is left out, so the
        interval is somewhat short: it held the truth of 22 made-up centres of 10 to 300 in 93 of 100.

    Raises
    ------
    ValueError
        If counts cannot be or `level` is outside (0, 1).

    References
    ----------
    Griffiths DA. Biometrics 1973;29:637-648; Carlin BP, Louis TA. Bayes and Empirical Bayes Methods.

    >>> found = beta_binomial([2, 30, 12], [5, 200, 100])
    >>> [round(float(x), 3) for x in found.shrunken.estimate]
    [0.148, 0.147, 0.138]
    """
    from scipy.special import betaincinv

    beyond = tail(level)
    met, known = np.broadcast_arrays(whole("met", met), whole("known", known))
    if met.ndim != 1:
        raise ValueError("the centres must stand in one row")
    if (met > known).any():
        raise ValueError("met must not exceed known")
    if (known > 0).sum() < 2:
        with np.errstate(invalid="ignore"):
            own = np.where(known > 0, met / np.maximum(known, 1), np.nan)
        a, b = met + 0.5, known - met + 0.5
        lower, upper = (np.where(known > 0, betaincinv(a, b, at), np.nan) for at in (beyond, 1 - beyond))
        weight = np.where(known > 0, 1.0, np.nan)
        return Shrunken(Estimate(own, lower, upper), weight, float("nan"), float("nan"))
    mean, strength = fit(met, known)
    a, b = mean * strength + met, (1 - mean) * strength + known - met
    estimate = Estimate(a / (a + b), betaincinv(a, b, beyond), betaincinv(a, b, 1 - beyond))
    return Shrunken(estimate, known / (known + strength), mean, strength)


def fit(met, known):
    """Mean and strength of the Beta distribution that maximise the beta-binomial likelihood.

    The strength is at least one record and at most all of them; see `beta_binomial`.

    >>> mean, strength = fit(np.array([1, 5, 9]), np.array([10, 10, 10]))
    >>> round(mean, 3), round(strength, 2)
    (0.5, 2.18)
    """
    from scipy.optimize import minimize
    from scipy.special import betaln, digamma, expit, logit

    there = known > 0
    met, known = met[there].astype(float), known[there].astype(float)
    everything, all_met = known.sum(), met.sum()
    if all_met in (0, everything):
        return float((all_met + 0.5) / (everything + 1)), float(everything)

    def against(at):
        """Minus the log-likelihood, and its slopes, at the mean's logit and the strength's logarithm."""
        mean, strength = expit(at[0]), np.exp(at[1])
        a, b = mean * strength, (1 - mean) * strength
        said = (betaln(a + met, b + known - met) - betaln(a, b)).sum()
        both = digamma(a + b) - digamma(a + b + known)
        by_a = (digamma(a + met) - digamma(a) + both).sum()
        by_b = (digamma(b + known - met) - digamma(b) + both).sum()
        slopes = [(by_a - by_b) * strength * mean * (1 - mean), (by_a * mean + by_b * (1 - mean)) * strength]
        return -said, -np.array(slopes)

    bounds = [(-25.0, 25.0), (0.0, np.log(everything))]
    begun = float(logit(all_met / everything))
    # From either side, because the surface is flat where centres are alike.
    exactly = {"ftol": 1e-14, "gtol": 1e-8, "xtol": 1e-10, "maxfun": 500}
    found = [
        minimize(against, [begun, start], jac=True, bounds=bounds, method="TNC", options=exactly)
        for start in (np.log(2.0), np.log(everything) - 0.1)
    ]
    best = min(found, key=lambda one: one.fun)
    mean, strength = float(expit(best.x[0])), float(np.exp(best.x[1]))
    return (
        (mean, strength)
        if strength < 0.999 * everything
        else (float(all_met / everything), float(everything))
    )
