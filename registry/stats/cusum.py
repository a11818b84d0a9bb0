"""CUSUM charts with known run lengths: a small lasting change is seen long before any single month shows it.

The Bernoulli CUSUM adds a weight for every result – the log-likelihood ratio of the worse proportion
against the one in control –, never falls below 0, and calls at a threshold. Its weights are rounded to
whole steps, their ratio kept within 1 %, so that it is a finite Markov chain and its run lengths are
exact for the chart that runs, not for an ideal one.

References: Steiner SH et al. Biostatistics 2000;1:441-452. Reynolds MR, Stoumbos ZG. J Qual Technol
1999;31:87-108. Brook D, Evans DA. Biometrika 1972;59:539-549.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import whole

MOST_STATES = 20_000
LONGEST = 1e12


@dataclass(frozen=True)
class Weights:
    """What one result adds: `met` and `unmet` in whole steps, a step being `unit` of log-likelihood."""

    met: int
    unmet: int
    unit: float

    @property
    def up(self):
        """The larger of the two, positive: what a bad result adds."""
        return max(self.met, self.unmet)

    @property
    def down(self):
        """How much a good result takes away, positive."""
        return -min(self.met, self.unmet)


@dataclass(frozen=True)
class Design:
    """A Bernoulli CUSUM: from `p0` to `p1`, its weights, its threshold in steps, and its run lengths.

    `arl0` and `arl1` are the mean numbers of results until it calls, from 0, under `p0` and `p1`.
    """

    p0: float
    p1: float
    weights: Weights
    threshold: int
    arl0: float
    arl1: float


@dataclass(frozen=True, eq=False)
class Path:
    """A CUSUM over time: its height after each entry, in log-likelihood, and the entries at which it called.

    After a call it starts again from 0; `height` at a call is what it had reached.
    """

    height: np.ndarray
    calls: tuple[int, ...]


def likelihood_weights(p0, p1):
    """The log-likelihood ratios of p1 against p0 of a result that is not met, and of one that is.

    >>> [round(float(weight), 4) for weight in likelihood_weights(0.25, 0.15)]
    [0.1252, -0.5108]
    """
    p0, p1 = _both(p0, p1)
    return np.log((1 - p1) / (1 - p0)), np.log(p1 / p0)


def whole_weights(p0, p1):
    """The likelihood weights as whole numbers of steps, their ratio kept within 1 %."""
    unmet, met = (float(weight) for weight in likelihood_weights(p0, p1))
    larger, smaller = max(abs(unmet), abs(met)), min(abs(unmet), abs(met))
    fine = np.arange(1, int(52 + larger / smaller))  # among so many one lies within 1 %
    coarse = np.maximum(np.round(fine * smaller / larger), 1)
    best = int(np.argmax(np.abs(coarse / fine / (smaller / larger) - 1) < 0.01))
    unit = float(larger / fine[best])
    met_larger = abs(met) >= abs(unmet)
    steps = int(fine[best]), int(coarse[best])
    of_met, of_unmet = steps if met_larger else steps[::-1]
    return Weights(int(np.sign(met)) * of_met, int(np.sign(unmet)) * of_unmet, unit)


def path(results, weight_unmet, weight_met, threshold=np.inf):
    """The CUSUM of single results.

    Parameters
    ----------
    results : array_like of bool, shape (n,)
        In order of time, True where met.
    weight_unmet, weight_met : float
    threshold : float
        It calls where it reaches this, and starts again; never, by default.

    Returns
    -------
    Path
        Of n entries.
    """
    results = np.asarray(results, dtype=bool)
    return _path(np.where(results, weight_met, weight_unmet), threshold)


def grouped_path(met, size, design):
    """The CUSUM of counts – of a day, say –, looked at after each.

    It calls at most as often as one that looks after every result, so `arl0` is at least what it was
    designed for.

    Parameters
    ----------
    met, size : array_like of int, shape (n,)
        In order of time.
    design : Design

    Returns
    -------
    Path
        Of n entries.
    """
    met, size = np.broadcast_arrays(whole("met", met), whole("size", size))
    if (met > size).any():
        raise ValueError("met must not exceed size")
    steps = met * design.weights.met + (size - met) * design.weights.unmet
    found = _path(steps, design.threshold)
    return Path(found.height * design.weights.unit, found.calls)


def design(p0, p1, *, arl0):
    """The chart from p0 to p1 with the lowest threshold whose run length in control is at least `arl0`.

    Parameters
    ----------
    p0, p1 : float
        The proportion in control, and the one to be noticed; p1 may lie on either side.
    arl0 : float
        Results between two false calls, on average, above 1.

    Returns
    -------
    Design

    Raises
    ------
    ValueError
        If the proportions are equal or not inside 0 to 1, or the threshold would leave the table.

    >>> chart = design(0.25, 0.15, arl0=2000)
    >>> round(chart.arl0), round(chart.arl1)
    (2024, 111)
    """
    if not 1 < arl0 < np.inf:
        raise ValueError("arl0 must be above 1")
    weights = whole_weights(p0, p1)
    low, high = 0, weights.up
    while run_length(p0, weights, high) < arl0:
        low, high = high, 2 * high
        if high > MOST_STATES:
            raise ValueError("the proportions are too close to each other for a chart with this run length")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if run_length(p0, weights, middle) >= arl0 else (middle, high)
    return Design(
        float(p0), float(p1), weights, high, run_length(p0, weights, high), run_length(p1, weights, high)
    )


def run_length(p, weights, threshold):
    """Mean number of results until the CUSUM calls, from 0, when results are met with probability p.

    Solves L(s) = 1 + P(bad) L(s + up) + P(good) L(max(s − down, 0)) for the states under the threshold.

    Parameters
    ----------
    p : float
    weights : Weights
    threshold : int
        In steps, at least 1.

    Returns
    -------
    float
        inf where it never calls, or so rarely that no computer could tell (10¹² results).
    """
    from scipy.linalg import solve_banded

    bad = 1 - p if weights.unmet > 0 else p
    states, up, down = int(threshold), weights.up, weights.down
    if bad == 0:
        return np.inf
    rows = np.arange(states)
    band = np.zeros((up + down + 1, states))  # band[up + i − j, j] is the matrix at (i, j)
    band[up] = 1.0
    reached = rows[rows + up < states]
    band[0, reached + up] -= bad
    back = np.maximum(rows - down, 0)
    np.subtract.at(band, (up + rows - back, back), 1 - bad)
    length = float(solve_banded((down, up), band, np.ones(states))[0])
    return length if 0 < length < LONGEST else np.inf  # beyond, the equations are singular in floating point


def call_probability(p, weights, threshold, results):
    """Probability that the CUSUM, starting from 0, calls within so many results.

    Parameters
    ----------
    p : float
        Probability that a result is met.
    results : int

    Returns
    -------
    ndarray, shape (results,)
        After the first, the second … result.
    """
    states, up, down = int(threshold), weights.up, weights.down
    bad = 1 - p if weights.unmet > 0 else p
    at = np.zeros(states)
    at[0] = 1.0
    called, total = np.zeros(int(results)), 0.0
    for result in range(int(results)):
        moved = np.zeros(states)
        if down < states:
            moved[: states - down] += (1 - bad) * at[down:]
        moved[0] += (1 - bad) * at[: min(down, states)].sum()
        if up < states:
            moved[up:] += bad * at[:-up]
        total += bad * at[max(states - up, 0) :].sum()
        called[result], at = total, moved
    return called


def normal_cusum_arl(k, h, *, mean=0.0, two_sided=False, nodes=40):
    """Run length of the CUSUM of standard normal scores, by Gauss–Legendre quadrature.

    Parameters
    ----------
    k, h : float
        Reference value and threshold, in standard deviations.
    mean : float
        By how much the process has moved.
    two_sided : bool
        Whether a second chart watches the other side; both start at 0.

    Returns
    -------
    float

    References
    ----------
    Page ES. Biometrika 1954;41:100-115. Lucas JM, Crosier RB. Technometrics 1982;24:199-205, for both sides
    together: 1/L = 1/L⁺ + 1/L⁻.

    >>> round(normal_cusum_arl(0.5, 5, two_sided=True), 2)
    465.44
    """
    from scipy.special import ndtr

    def one_sided(mean):
        places, weights = _nodes(0, h, nodes)
        # Unknowns: the run length from 0, then from each node.
        from_ = np.append(0.0, places)
        matrix = np.eye(nodes + 1)
        matrix[:, 0] -= ndtr(k - mean - from_)
        matrix[:, 1:] -= weights * _density(places[None, :] - from_[:, None] + k - mean)
        return float(np.linalg.solve(matrix, np.ones(nodes + 1))[0])

    if not two_sided:
        return one_sided(mean)
    return 1 / (1 / one_sided(mean) + 1 / one_sided(-mean))


def normal_ewma_arl(smoothing, reach, *, mean=0.0, nodes=40):
    """Run length of the two-sided EWMA of standard normal scores with its asymptotic limits.

    Parameters
    ----------
    smoothing : float
        The weight of the newest score, in (0, 1].
    reach : float
        Limits in standard deviations of the average.
    mean : float
        By how much the process has moved.

    Returns
    -------
    float

    References
    ----------
    Crowder SV. Technometrics 1987;29:401-407.

    >>> round(normal_ewma_arl(0.2, 2.962), 2)
    499.74
    """
    limit = reach * np.sqrt(smoothing / (2 - smoothing))
    places, weights = _nodes(-limit, limit, nodes)

    def step(start):
        moved = (places[None, :] - (1 - smoothing) * np.atleast_1d(start)[:, None]) / smoothing - mean
        return weights * _density(moved) / smoothing

    lengths = np.linalg.solve(np.eye(nodes) - step(places), np.ones(nodes))
    return float(1 + (step(0.0) @ lengths)[0])


def _path(steps, threshold):
    """Heights after each step, starting again after each call."""
    heights, calls, height = np.empty(len(steps), dtype=float), [], 0.0
    for place, step in enumerate(np.asarray(steps).tolist()):
        height = max(0.0, height + step)
        heights[place] = height
        if height >= threshold:
            calls.append(place)
            height = 0.0
    return Path(heights, tuple(calls))


def _both(p0, p1):
    p0, p1 = float(p0), float(p1)
    if not (0 < p0 < 1 and 0 < p1 < 1 and p0 != p1):
        raise ValueError("p0 and p1 must be two proportions inside 0 to 1")
    return p0, p1


def _nodes(low, high, number):
    places, weights = np.polynomial.legendre.leggauss(number)
    half = (high - low) / 2
    return low + half * (places + 1), half * weights


def _density(values):
    return np.exp(-0.5 * values * values) / np.sqrt(2 * np.pi)
