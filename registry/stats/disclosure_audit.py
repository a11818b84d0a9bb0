"""What a reader can work out of a table that has gaps: the auditor of disclosure control.

It sees what the reader sees – shown cells, signs and sums – and nothing of how the gaps were chosen.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.disclosure import State


@dataclass(frozen=True, eq=False)
class Range:
    """The least and the most that each cell can be, shape (n,); a shown cell is just itself."""

    lowest: np.ndarray
    highest: np.ndarray

    @property
    def width(self):
        return self.highest - self.lowest


def audit(shown, states, sums, threshold=8, *, signs=True, free=None):
    """The range in which each hidden cell may lie, given everything published, by linear programmes.

    Parameters
    ----------
    shown : array_like of float, shape (n,)
        What is published; NaN where nothing is.
    states : sequence of State, length n
    sums : sparse matrix, shape (m, n)
        The sums that the reader knows to hold.
    threshold : int
        Counts from 1 to threshold − 1 stand as HIDDEN.
    signs : bool
        Whether the reader makes use of what HIDDEN says, 1 … threshold − 1; otherwise, as for a
        PROTECTED cell, only that no count is negative.
    free : array_like of bool or None
        Cells that may be negative, such as the difference of two releases.

    Returns
    -------
    Range

    Raises
    ------
    ValueError
        If what is published contradicts itself.

    References
    ----------
    Hundepool A et al. Statistical Disclosure Control, Wiley 2012, section 4.4 (auditing).
    """
    from scipy.optimize import linprog

    shown = np.asarray(shown, dtype=float)
    gaps = np.flatnonzero(np.isnan(shown))
    lowest, highest = shown.copy(), shown.copy()
    if not gaps.size:
        return Range(lowest, highest)
    small = np.array([state is State.HIDDEN for state in states])[gaps] & signs
    may_be_less = np.zeros(shown.size, dtype=bool) if free is None else np.asarray(free, dtype=bool)
    floor = np.where(small, 1.0, np.where(may_be_less[gaps], -np.inf, 0.0))
    bounds = np.column_stack([floor, np.where(small, threshold - 1.0, np.inf)])
    left = sums[:, gaps]
    right = -(sums @ np.nan_to_num(shown))
    used = np.diff(left.indptr) > 0
    for place, cell in enumerate(gaps):
        for sign, ends in ((1, lowest), (-1, highest)):
            aim = np.zeros(gaps.size)
            aim[place] = sign
            found = linprog(aim, A_eq=left[used], b_eq=right[used], bounds=bounds, method="highs")
            if found.status == 2:
                raise ValueError("what is published contradicts itself")
            ends[cell] = sign * found.fun if found.status == 0 else -sign * np.inf
    return Range(lowest, highest)
