"""Persons counted by their last day: what every estimate of survival begins with."""

import numpy as np

from registry.stats.counts import whole

START = -1  # the entry of those who were followed from before the first day


def rows(days, ends, weight=None, *, most=1):
    """Times, ends and weights of counted rows as arrays, checked; rows of nobody are left out.

    `ends` are whole numbers from 0 (censored) to `most`.

    Raises ValueError if the rows differ in length, a time is negative or not finite, an end is none
    of these, or a weight is no whole number ≥ 0.
    """
    days, ends = np.asarray(days), np.asarray(ends)
    weight = np.ones(days.shape, dtype=np.int64) if weight is None else whole("weight", weight)
    if days.ndim != 1 or not days.shape == ends.shape == weight.shape:
        raise ValueError("days, dead and weight must be one-dimensional and of one length")
    if days.size == 0:
        days, ends = days.astype(np.int64), ends.astype(np.int64)
    if days.dtype.kind not in "iuf" or not (np.isfinite(days) & (days >= 0)).all():
        raise ValueError("days must be numbers, finite and not negative")
    if ends.dtype.kind not in "biuf" or not np.isin(ends, np.arange(most + 1)).all():
        allowed = "true or false" if most == 1 else f"a whole number from 0 to {most}"
        raise ValueError(f"dead must be {allowed} for every row")
    somebody = weight > 0
    return days[somebody], ends[somebody].astype(np.int64), weight[somebody]


def tally(days, ends, weight=None, *, most=1):
    """Distinct times, shape (t,), and how many ended there in each way, shape (most + 1, t)."""
    days, ends, weight = rows(days, ends, weight, most=most)
    times, place = np.unique(days, return_inverse=True)
    counts = np.zeros((most + 1, times.size), dtype=np.int64)
    np.add.at(counts, (ends, place), weight)
    return times, counts


def at_risk(counts):
    """How many have a time of at least this one, from how many end at each, shape (t,)."""
    return np.cumsum(counts[::-1])[::-1]


def entered_later(entry, days, weight):
    """Distinct days of entry after the start, with the persons who enter then.

    Raises ValueError where somebody would enter on the last day or later: nobody saw them alive.
    """
    entry = np.asarray(entry)
    if entry.shape != np.shape(days) or entry.dtype.kind not in "iuf" or not np.isfinite(entry).all():
        raise ValueError("entry must be a finite number for every row")
    weight = np.ones(entry.shape, dtype=np.int64) if weight is None else whole("weight", weight)
    if ((entry >= np.asarray(days)) & (weight > 0) & (entry > START)).any():
        raise ValueError("entry must lie before the time")
    late = (entry > START) & (weight > 0)
    found, place = np.unique(entry[late], return_inverse=True)
    return found, np.bincount(place, weight[late], minlength=found.size).astype(np.int64)


def not_yet(entries, times):
    """How many enter on each of `times` or later: they are not at risk there."""
    found, counts = entries
    return np.append(at_risk(counts), 0)[np.searchsorted(found, times)]
