"""Disclosure control for finished counts: what may leave the registry, and what stays.

A count from 1 to threshold − 1 is hidden; zero is a statement about nobody and stays. What is
hidden is never written as 0: its place holds NaN and its state says why.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np


class State(StrEnum):
    """Why a cell shows a number or none."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # 1 … threshold − 1
    PROTECTED = "protected"  # of whatever size: it would give a hidden one away


def truncate(curve, threshold=8):
    """A Kaplan–Meier curve as far as at least `threshold` persons are at risk, to be drawn.

    Its own `at` knows nothing beyond that; for numbers on given days use `through`.
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


def _threshold(threshold):
    if threshold != int(threshold) or threshold < 3:
        raise ValueError(f"threshold must be a whole number of at least 3, not {threshold}")
    return int(threshold)
