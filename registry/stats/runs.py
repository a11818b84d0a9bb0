"""How long the longest run of one outcome is, and how long chance makes it."""

from dataclasses import dataclass
from math import comb

import numpy as np

ENOUGH = 10  # draws as long as what was seen: the chance is then known well enough
AT_ONCE = 500


@dataclass(frozen=True)
class Run:
    """The longest run of an outcome that `there` of `trials` had.

    `expected` is the mean of the longest run, and `p` how likely one as long or longer is, where the same
    outcomes come in any order: the own rate is taken as it is, so nothing has to be estimated. Both are
    NaN where there are no trials.
    """

    longest: int
    there: int
    trials: int
    expected: float
    p: float


def longest_run(outcomes):
    """The longest run of true values, held against every order of the same values.

    Parameters
    ----------
    outcomes : array_like of bool, shape (n,)
        In the order of time.

    >>> found = longest_run([1, 0, 1, 1, 1, 0])
    >>> found.longest, found.there, round(found.p, 3)
    (3, 4, 0.6)
    """
    values = np.asarray(outcomes, dtype=bool)
    if values.ndim != 1:
        raise ValueError("the outcomes must stand in one row")
    edges = np.diff(np.concatenate(([0], values.astype(np.int8), [0])))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return run_of(int(lengths.max(initial=0)), int(values.sum()), int(values.size))


def run_of(longest, there, trials):
    """The same of a run that was counted elsewhere.

    Raises
    ------
    ValueError
        As `run_tail`.
    """
    if not trials:
        return Run(0, 0, 0, float("nan"), float("nan"))
    return Run(longest, there, trials, _mean_longest(there, trials), run_tail(longest, there, trials))


def run_tail(length, there, trials):
    """The chance of a run of `length` or longer where `there` of `trials` outcomes come in random order.

    By inclusion and exclusion over the `trials - there + 1` gaps between the others, in whole numbers.

    Raises
    ------
    ValueError
        If `length` is negative or `there` lies outside 0 … `trials`.

    References
    ----------
    Barton DE, David FN. Combinatorial chance. London: Griffin 1962, chapter 6 (runs of a fixed composition).

    >>> run_tail(2, 2, 4), run_tail(0, 3, 9), run_tail(4, 3, 9)
    (0.5, 1.0, 0.0)
    """
    if length < 0 or not 0 <= there <= trials:
        raise ValueError("a run has a length of 0 or more, and no more come than there are trials")
    if length == 0:
        return 1.0
    if length > there:
        return 0.0
    others = trials - there
    ways = sum(
        (-1) ** (j + 1) * comb(others + 1, j) * comb(trials - j * length, others)
        for j in range(1, min(others + 1, there // length) + 1)
    )
    return ways / comb(trials, there)


def run_over_days(length, there, totals, *, draws=9999, seed=20260101):
    """The chance of a run of `length` or longer where whole days change places, and the order within each.

    Days differ – one is full of check-ups, another of referrals –, so a long run on a single day says
    nothing. By simulation with a fixed seed; it ends early once ten draws are as long, because then the
    chance is not small (Besag and Clifford).

    Parameters
    ----------
    length : int
    there, totals : array_like of int, shape (days,)
        How often the outcome came on each day, and of how many.
    draws : int

    Returns
    -------
    float
        At least 1 / (draws + 1); 1 where there is nothing.

    References
    ----------
    Besag J, Clifford P. Biometrika 1991;78:301-304.

    >>> run_over_days(12, [12, 5, 6, 5], [12, 10, 12, 11]) > 0.5
    True
    """
    there, totals = np.asarray(there, dtype=np.int64), np.asarray(totals, dtype=np.int64)
    if there.shape != totals.shape or there.ndim != 1 or (there < 0).any() or (there > totals).any():
        raise ValueError("each day has a total, and no more come than that")
    values = np.concatenate(
        [np.arange(total) < met for met, total in zip(there, totals, strict=True)] or [[]]
    )
    day = np.repeat(np.arange(totals.size), totals)
    rng, as_long, done = np.random.default_rng(seed), 0, 0
    while done < draws and as_long < ENOUGH:
        places = np.argsort(rng.random((min(AT_ONCE, draws - done), totals.size)), axis=1)
        keys = places[:, day] + rng.random((len(places), day.size))
        shuffled = values.astype(bool)[np.argsort(keys, axis=1)]
        as_long += int((_longest_of_each(shuffled) >= length).sum())
        done += len(places)
    return (as_long + 1) / (done + 1)


def _longest_of_each(rows):
    """The longest run of true values in each row."""
    best = now = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        now = np.where(column, now + 1, 0)
        best = np.maximum(best, now)
    return best


def _mean_longest(there, trials):
    """The mean of the longest run over every order: the sum of its tails, which are 1 up to some length."""
    certain, open_ = 0, there + 1  # tails from `open_` on are 0
    while open_ - certain > 1:
        middle = (certain + open_) // 2
        if run_tail(middle, there, trials) > 1 - 1e-9:
            certain = middle
        else:
            open_ = middle
    total = float(certain)
    for length in range(certain + 1, there + 1):
        tail = run_tail(length, there, trials)
        total += tail
        if tail < 1e-9:
            break
    return total


def no_run(length, chance, trials):
    """The chance that independent trials bring no run of `length` successes, by Feller's recurrence.

    Parameters
    ----------
    length : int
        1 or more.
    chance : float
        Of a success in one trial, in [0, 1].
    trials : int

    References
    ----------
    Feller W. An introduction to probability theory and its applications, vol. 1, 3rd ed. 1968, XIII.7.

    >>> [no_run(2, 0.5, n) for n in (2, 3, 4, 5)]
    [0.75, 0.625, 0.5, 0.40625]
    """
    if length < 1 or trials < 0 or not 0 <= chance <= 1:
        raise ValueError("a run has one trial or more, and a chance lies between 0 and 1")
    free = np.ones(trials + 1)
    for n in range(length, trials + 1):
        before = 1.0 if n == length else free[n - length - 1]
        step = chance**length * (1.0 if n == length else 1 - chance)
        free[n] = free[n - 1] - step * before
    return float(free[trials])
