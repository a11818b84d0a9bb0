"""Disclosure control for finished counts: what may leave the registry, and what stays.

A count from 1 to threshold − 1 is hidden; zero is a statement about nobody and stays. What is
hidden is never written as 0: its place holds NaN and its state says why.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from registry.stats.counts import whole


class State(StrEnum):
    """Why a cell shows a number or none."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # 1 … threshold − 1
    PROTECTED = "protected"  # large enough itself, but it would give a hidden one away


@dataclass(frozen=True, eq=False)
class Suppressed:
    """A table with its total, ready to leave; NaN wherever the state is not SHOWN."""

    counts: np.ndarray
    states: tuple[State, ...]
    total: float
    total_state: State


@dataclass(frozen=True, eq=False)
class Released:
    """Survival on given days, ready to leave; `events` are those since the day before in the list.

    NaN where a number is hidden; estimate and limits are NaN from where too few are at risk.
    """

    days: np.ndarray
    at_risk: np.ndarray
    at_risk_states: tuple[State, ...]
    events: np.ndarray
    events_states: tuple[State, ...]
    estimate: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def suppress(counts, threshold=8):
    """Hide small counts of a one-way table, and as much more as keeps them hidden.

    The reader is taken to know the total, every shown cell, the threshold, what each state means
    and that the smallest large cells are the ones protected: the smallest further cells are
    protected until at least two values remain possible for every hidden one. Where that does not
    suffice, the total is protected too. Of a whole table under the threshold only that is said.
    Overlapping tables and earlier releases are not looked at: compare those before they leave.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        All cells that add up to the total.
    threshold : int
        Smallest count that may be shown, at least 3 (below that, hidden would mean 1).

    Returns
    -------
    Suppressed

    Raises
    ------
    ValueError
        If a count is negative or not whole, or the threshold is under 3.

    >>> [str(state) for state in suppress([40, 3, 12, 0]).states]
    ['shown', 'hidden', 'protected', 'shown']
    """
    counts, threshold = whole("counts", counts), _threshold(threshold)
    if counts.ndim != 1:
        raise ValueError("counts must be one row of cells")
    total = int(counts.sum())
    if 0 < total < threshold:
        nothing = np.full(counts.size, np.nan)
        return Suppressed(nothing, (State.PROTECTED,) * counts.size, np.nan, State.HIDDEN)
    hidden = (counts > 0) & (counts < threshold)
    large = [cell for cell in np.argsort(counts, kind="stable") if counts[cell] >= threshold]
    protected = np.zeros(counts.size, dtype=bool)
    while pinned := _pinned(counts, hidden, protected, threshold):
        if not large:
            break
        protected[large.pop(0)] = True
    states = tuple(_state(*flags) for flags in zip(hidden, protected, strict=True))
    shown = np.where(hidden | protected, np.nan, counts)
    return Suppressed(shown, states, np.nan if pinned else float(total), _state(False, pinned))


def truncate(curve, threshold=8):
    """A Kaplan–Meier curve as far as at least `threshold` persons are at risk, to be drawn.

    Its own `at` knows nothing beyond that; for numbers on given days use `release`.
    """
    enough = curve.at_risk >= _threshold(threshold)
    names = ("times", "at_risk", "events", "censored", "survival", "std_err", "lower", "upper")
    kept = {name: getattr(curve, name)[enough] for name in names}
    return replace(curve, n=curve.n if enough.any() else 0, **kept)


def through(curve, days, shown):
    """A curve that knows only the days that are shown, to be drawn point to point.

    Parameters
    ----------
    curve : survival.Curve
    days : sequence of int, shape (n,), rising
    shown : sequence of bool, shape (n,)
        Whether survival on that day may be said.

    Returns
    -------
    survival.Curve
        Without events and losses: their days are those of single persons.
    """
    kept = [day for day, seen in zip(days, shown, strict=True) if seen]
    at = curve.at(kept)
    names = ("survival", "std_err", "lower", "upper")
    values = dict(zip(names, (at.estimate, at.std_err, at.lower, at.upper), strict=True))
    nobody = np.zeros(len(kept), dtype=int)
    return replace(curve, times=at.days, at_risk=at.at_risk, events=nobody, censored=nobody, **values)


def release(curve, days, threshold=8):
    """Survival, numbers at risk and events on given days, without what is too small to show.

    Beside these events a total of the same group would give a single hidden one away: show
    either, not both.

    Parameters
    ----------
    curve : survival.Curve
    days : array_like, shape (n,), rising
    threshold : int
        Smallest number at risk, and of events, that may be shown; at least 3.

    Returns
    -------
    Released

    Raises
    ------
    ValueError
        If the days do not rise, one is negative, or the threshold is under 3.

    >>> from registry.stats.survival import kaplan_meier
    >>> out = release(kaplan_meier([10, 20, 400], [1, 1, 0], [9, 2, 6]), [15, 365])
    >>> out.at_risk.tolist(), out.events.tolist(), [round(float(s), 3) for s in out.estimate]
    ([8.0, nan], [9.0, nan], [0.471, nan])
    """
    threshold, at = _threshold(threshold), curve.at(days)
    if (np.diff(at.days) <= 0).any():
        raise ValueError("days must rise")
    until = np.append(0, np.cumsum(curve.events))[np.searchsorted(curve.times, at.days, side="right")]
    events = np.diff(until, prepend=0)
    few = at.at_risk < threshold
    few_states = _small(at.at_risk, threshold)
    return Released(
        at.days,
        _masked(at.at_risk, few_states),
        few_states,
        _masked(events, _small(events, threshold)),
        _small(events, threshold),
        *(np.where(few, np.nan, values) for values in (at.estimate, at.lower, at.upper)),
    )


def _pinned(counts, hidden, protected, threshold):
    """Whether sums and states leave only one value possible for a hidden cell."""
    h, p = int(hidden.sum()), int(protected.sum())
    if not h:
        return False
    rest = int(counts[hidden | protected].sum())
    shown = counts[~hidden & ~protected & (counts >= threshold)]
    largest_protected = int(shown.min()) if shown.size else rest
    lowest = max(1, rest - (h - 1) * (threshold - 1) - p * largest_protected)
    highest = min(threshold - 1, rest - (h - 1) - p * threshold)
    return lowest == highest


def _state(hidden, protected):
    return State.HIDDEN if hidden else State.PROTECTED if protected else State.SHOWN


def _small(counts, threshold):
    return tuple(_state(0 < count < threshold, False) for count in counts)


def _masked(counts, states):
    return np.where([state is State.SHOWN for state in states], counts, np.nan)


def _threshold(threshold):
    if threshold != int(threshold) or threshold < 3:
        raise ValueError(f"threshold must be a whole number of at least 3, not {threshold}")
    return int(threshold)
