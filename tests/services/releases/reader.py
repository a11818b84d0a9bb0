"""A reader of releases who knows nothing of how they were made: only whom each printed number counts.

`stats.disclosure_audit` is told by the tables which of their cells add up to which. Here every printed
number is a sum over the smallest groups there are, written out by hand for each kind of table; so a sum that
the tables forgot to bind would be found out.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from registry.stats.disclosure import State

NEAR = 1e-5


def reach(counted, asked, *, alike=None):
    """The least and the most that the numbers asked for can be, shape (m,) each.

    Parameters
    ----------
    counted : sequence of (weights, number or (lowest, highest))
        What is printed: which of the smallest groups it counts, shape (n,), and the number, or its limits.
    asked : array_like, shape (m, n)
    alike : array_like, shape (k, n), optional
        Sums that the reader knows to be 0.
    """
    told = [(weights, known) for weights, known in counted if not isinstance(known, tuple)]
    within = [(weights, *known) for weights, known in counted if isinstance(known, tuple)]
    size = np.shape(asked)[1]
    rows = [weights for weights, _ in told] + list([] if alike is None else alike)
    exact = csr_array(np.array(rows).reshape(-1, size).astype(float))
    right = np.array([known for _, known in told] + [0.0] * (len(rows) - len(told)))
    limits = [(weights, top) for weights, _, top in within]
    limits += [(-np.asarray(weights), -low) for weights, low, _ in within]
    above = csr_array(np.array([weights for weights, _ in limits]).reshape(-1, size).astype(float))
    tops = np.array([top for _, top in limits])
    ends = []
    for weights in np.asarray(asked, dtype=float):
        for sign in (1, -1):
            found = linprog(
                sign * weights,
                A_ub=above,
                b_ub=tops,
                A_eq=exact,
                b_eq=right,
                bounds=(0, None),
                method="highs",
            )
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
    return np.array(ends[::2]), np.array(ends[1::2])


def counted_of(weights, counts, states):
    """What of the cells is printed, as `reach` takes it."""
    found = []
    for row, count, state in zip(weights, counts, states, strict=True):
        if state is State.SHOWN:
            found.append((row, count))
        elif state is State.HIDDEN:
            found.append((row, (1, 7)))
    return found


def narrowed(weights, counts, states, *, alike=None):
    """The places of hidden cells of which less than seven values are left, or of ≤7 not all seven."""
    gone = np.flatnonzero([state is not State.SHOWN for state in states])
    lowest, highest = reach(counted_of(weights, counts, states), np.asarray(weights)[gone], alike=alike)
    small = np.array([states[cell] is State.HIDDEN for cell in gone])
    worse = np.where(small, (lowest > 1 + NEAR) | (highest < 7 - NEAR), highest - lowest < 6 - NEAR)
    return gone[worse].tolist()


def narrowed_by_both(weights, one, other, *, alike=None):
    """The same of two releases: of hidden cells of either, and of differences of 1 to 7, up or down.

    `one` and `other` are (counts, states) of the same cells.
    """
    weights = np.asarray(weights)
    nothing = np.zeros_like(weights)
    first, second = np.hstack([weights, nothing]), np.hstack([nothing, weights])
    cells = np.vstack([first, second])
    counts, states = np.concatenate([one[0], other[0]]), [*one[1], *other[1]]
    both = None if alike is None else np.kron(np.eye(2), alike)
    found = narrowed(cells, counts, states, alike=both)
    gap = np.asarray(other[0]) - np.asarray(one[0])
    few = np.flatnonzero((gap != 0) & (np.abs(gap) < 8))
    lowest, highest = reach(counted_of(cells, counts, states), (second - first)[few], alike=both)
    return found, few[highest - lowest < 6 - NEAR].tolist()


def given_away(weights, counts, states, *, alike=None):
    """The first PROTECTED cell that whose number would narrow a hidden one; None if there is none."""
    for cell, state in enumerate(states):
        if state is State.PROTECTED:
            opened = [*states[:cell], State.SHOWN, *states[cell + 1 :]]
            if narrowed(weights, counts, opened, alike=alike):
                return cell
    return None
