"""Whether hazards are proportional: the score test of today's R, and Schoenfeld residuals to look at.

A coefficient that changes with time is β + γ·g(t). The test asks the data for γ by the score of the
larger model at γ = 0 with its exact information, as `cox.zph` does since survival 3.0; the older
approximation with one mean information for all times can be far off.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.followed import at_risk as left_at
from registry.stats.followed import tally
from registry.stats.log_rank import Tail, chi2_tail

TRANSFORMS = ("km", "identity", "rank", "log")


@dataclass(frozen=True, eq=False)
class Proportional:
    """A test for each term, in the order given, and of all together."""

    terms: tuple[Tail, ...]
    together: Tail


@dataclass(frozen=True, eq=False)
class Schoenfeld:
    """Scaled residuals: at each time of death what it says of β(t), shape (t, p).

    `deaths` died then; the mean over deaths is the coefficient itself. `smooth`, `lower` and `upper`,
    shape (m, p), follow them on `grid` by a natural spline with its pointwise interval.
    """

    times: np.ndarray
    deaths: np.ndarray
    values: np.ndarray
    grid: np.ndarray
    smooth: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def proportional_hazards(model, terms, *, transform="km"):
    """Test each term, and all of them, for hazards that are not proportional.

    Parameters
    ----------
    model : cox.Cox
    terms : sequence of sequences of int
        The columns of each term: the several columns of a category are tested together.
    transform : {"km", "identity", "rank", "log"}
        g(t): one minus the Kaplan–Meier estimate just before t, time, its rank among all times, log time.

    Returns
    -------
    Proportional

    Raises
    ------
    ValueError
        If the terms do not name every column once, or there is no such transform (or no logarithm
        of a death on day 0).

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515-526; Therneau TM, documentation of `cox.zph`
    in the R package survival, version 3.
    """
    columns = [column for term in terms for column in term]
    if sorted(columns) != list(range(model.coefficient.size)):
        raise ValueError("the terms must name every column once")
    at = model.likelihood.at(model.coefficient)
    time = _transformed(model.likelihood, at, transform)
    time = time - np.average(time, weights=at.deaths)
    score = time @ at.score
    whole = at.information.sum(axis=0)
    crossed, squared = (np.einsum("t,tij->ij", time**power, at.information) for power in (1, 2))
    left = squared - crossed @ np.linalg.solve(whole, crossed)
    return Proportional(
        tuple(_score_test(score, left, list(term)) for term in terms), _score_test(score, left, columns)
    )


def schoenfeld(model, *, level=0.95, knots=4, points=60):
    """Scaled Schoenfeld residuals with a smooth line: what a coefficient does as time passes.

    Parameters
    ----------
    model : cox.Cox
    knots : int
        Degrees of freedom of the natural spline, at least 2; fewer where there are few deaths.
    points : int
        Points of the line.

    Returns
    -------
    Schoenfeld
        On days; in units of the coefficient.

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515-526, section 3.
    """
    at = model.likelihood.at(model.coefficient)
    times, place = np.unique(at.times, return_inverse=True)
    deaths = np.bincount(place, at.deaths)
    sums = np.zeros((times.size, model.coefficient.size))
    np.add.at(sums, place, at.score)
    values = model.coefficient + deaths.sum() * (sums / deaths[:, None]) @ model.covariance
    grid = np.linspace(times[0], times[-1], points) if times.size > 1 else times.astype(float)
    df = max(1, min(knots, times.size - 1))
    basis, drawn = (_spline(times.astype(float), deaths, df, wanted) for wanted in (times, grid))
    moments = basis.T @ (deaths[:, None] * basis)
    smooth = drawn @ np.linalg.lstsq(moments, basis.T @ (deaths[:, None] * values), rcond=None)[0]
    spread = np.sqrt(np.einsum("gi,ij,gj->g", drawn, np.linalg.pinv(moments), drawn))
    error = spread[:, None] * np.sqrt(deaths.sum() * np.diag(model.covariance))
    z = normal_quantile(level)
    limits = smooth - z * error, smooth + z * error
    return Schoenfeld(times, deaths.astype(np.int64), values, grid, smooth, *limits)


def _transformed(likelihood, at, transform):
    """g at each time of death."""
    if transform not in TRANSFORMS:
        raise ValueError(f"no such transform: {transform!r}; choose one of {', '.join(TRANSFORMS)}")
    if transform == "identity":
        return at.times.astype(float)
    if transform == "log":
        if (at.times <= 0).any():
            raise ValueError("a death on day 0 has no logarithm of time")
        return np.log(at.times)
    times, (censored, events) = tally(likelihood.days, likelihood.dead, likelihood.weight)
    place = np.searchsorted(times, at.times)
    if transform == "rank":
        everybody = events + censored
        return (np.cumsum(everybody) - (everybody - 1) / 2)[place]
    before = np.append(1.0, np.cumprod(1 - events / left_at(events + censored)))[:-1]
    return 1 - before[place]


def _score_test(score, left, columns):
    own = score[columns]
    chi2 = own @ np.linalg.lstsq(left[np.ix_(columns, columns)], own, rcond=None)[0]
    return chi2_tail(max(0.0, float(chi2)), len(columns))


def _spline(times, deaths, df, wanted):
    """A natural cubic spline with a constant, its knots at quantiles of the deaths; shape (m, df + 1)."""
    wanted = np.asarray(wanted, dtype=float)
    low, high = times[0], max(times[-1], times[0] + 1)
    scaled = (wanted - low) / (high - low)
    if df < 2:
        return np.column_stack([np.ones_like(scaled), scaled][: df + 1])
    share = np.cumsum(deaths) / deaths.sum()
    inner = (np.interp(np.arange(1, df) / df, share, times) - low) / (high - low)
    knots = np.unique(np.concatenate(([0.0], inner, [1.0])))
    last = knots[-1]

    def cut(knot):
        return (np.maximum(scaled - knot, 0) ** 3 - np.maximum(scaled - last, 0) ** 3) / (last - knot)

    columns = [np.ones_like(scaled), scaled, *(cut(knot) - cut(knots[-2]) for knot in knots[:-2])]
    return np.column_stack(columns)
