"""Concordance of a risk with survival: of two persons, how often the one at higher risk dies first."""

from dataclasses import dataclass

import numpy as np

from registry.stats.followed import rows


@dataclass(frozen=True)
class Concordance:
    """The share of comparable pairs in the right order, and its standard error; NaN without any."""

    estimate: float
    std_err: float


def concordance(days, dead, risk, weight=None):
    """Harrell's concordance with its infinitesimal-jackknife standard error, as R's `concordance`.

    A pair is comparable if one is known to have died before the other's time ended; pairs of equal
    risk count half. Takes n·log²(n) steps, not n².

    Parameters
    ----------
    days, dead, weight
        As for `survival.kaplan_meier`; shape (n,).
    risk : array_like of float, shape (n,)
        Higher means an earlier death.

    Raises
    ------
    ValueError
        As `followed.rows`, or if a risk is not a finite number.

    References
    ----------
    Harrell FE, Lee KL, Mark DB. Stat Med 1996;15:361-387; Therneau TM, Watson DA. The concordance
    statistic and the Cox model, Mayo Clinic Technical Report 85, 2015.

    >>> concordance([1, 2, 3], [1, 1, 0], [3.0, 2.0, 1.0]).estimate
    1.0
    """
    risk = np.asarray(risk, dtype=float)
    if risk.shape != np.shape(days) or not np.isfinite(risk).all():
        raise ValueError("risk must be a finite number for every row")
    kept = np.ones(risk.shape, dtype=bool) if weight is None else np.asarray(weight) > 0
    days, dead, weight = rows(days, dead, weight)
    # Who is censored on a day outlives those who die on it.
    key = np.unique(np.column_stack([days, 1 - dead]), axis=0, return_inverse=True)[1].ravel()
    rank = np.unique(risk[kept], return_inverse=True)[1]
    top = int(rank.max(initial=0))
    died = dead > 0
    later_lower, later_higher = (_later(key, each, weight) for each in (rank, top - rank))
    size = int(key.max(initial=0)) + 1
    after = np.append(np.cumsum(np.bincount(key, weight, minlength=size)[::-1])[::-1], 0)[key + 1]
    # As the one who dies, over all who live longer; as the one who lives, over all who died before.
    own = np.where(died, later_lower + (after - later_lower - later_higher) / 2, 0.0)
    own_pairs = np.where(died, after, 0.0)
    back = key.max(initial=0) - key
    by_death = weight * died
    before_higher, before_lower = (_later(back, each, by_death) for each in (top - rank, rank))
    earlier = np.append(0, np.cumsum(np.bincount(key, by_death, minlength=size)))[key]
    other = before_higher + (earlier - before_higher - before_lower) / 2
    pairs = float(weight @ own_pairs)
    if not pairs:
        return Concordance(np.nan, np.nan)
    estimate = float(weight @ own) / pairs
    influence = (own + other - estimate * (own_pairs + earlier)) / pairs
    return Concordance(estimate, float(np.sqrt(weight @ influence**2)))


def _later(key, rank, weight):
    """For each row the weight of those with a later key and a lower rank, by halving blocks of the order."""
    order = np.lexsort((rank, key))  # within a key ranks rise, so nobody finds a lower one behind
    ranks, weights = rank[order].astype(np.int64), weight[order].astype(float)
    found = np.zeros(order.size)
    span, place = int(ranks.max(initial=0)) + 1, np.arange(order.size)
    width, sorted_rows = 1, place
    while width < order.size:
        block = place // width
        keys = (block * span + ranks)[sorted_rows]  # two sorted halves after each other: soon merged
        merged = np.argsort(keys, kind="stable")
        sorted_rows, keys = sorted_rows[merged], keys[merged]
        heaped = np.append(0.0, np.cumsum(weights[sorted_rows]))
        left = np.flatnonzero(block % 2 == 0)
        behind = (block[left] + 1) * span
        lower, none = (np.searchsorted(keys, edge) for edge in (behind + ranks[left], behind))
        found[left] += heaped[lower] - heaped[none]
        width *= 2
    answer = np.empty(order.size)
    answer[order] = found
    return answer
