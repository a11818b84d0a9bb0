"""Tables of survival by group before they leave: cut at a few days, and protected once and again.

A row holds a group. Its cells are those of `linked_tables.at_risk_table`; a few of them are printed, the
others are what happens between the days, which nobody prints but anybody can reckon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from registry.stats.disclosure import State
from registry.stats.linked_tables import Family, at_risk_table
from registry.stats.protection import protect


@dataclass(frozen=True)
class Layout:
    """Where the cells of a row stand that was cut into `k` stretches, two for each day and one more."""

    k: int

    @property
    def width(self) -> int:
        return 4 * self.k

    @cached_property
    def at_risk(self) -> list[int]:
        """The numbers at risk as each stretch begins."""
        return [3 * self.k - 1 - stretch for stretch in range(self.k)]

    @cached_property
    def so_far(self) -> list[int]:
        """The events by the end of each stretch."""
        return [0, *range(3 * self.k, 4 * self.k - 1)]

    @cached_property
    def printed(self) -> np.ndarray:
        """Size, numbers at risk and events by the end of each day, and all events; shape (4 k,)."""
        found = np.zeros(self.width, dtype=bool)
        found[[self.at_risk[0], *self.at_risk[1::2], *self.so_far[1::2], self.so_far[-1]]] = True
        return found

    @cached_property
    def worth(self) -> np.ndarray:
        """How many times as much as others it costs to hide a cell, shape (4 k,)."""
        found = np.ones(self.width)
        found[self.so_far] = 3  # estimates go with them
        found[self.at_risk[0]] = 50  # nothing is said of a group whose size is not
        return found


def cut(days, ended, weight, at):
    """Events and losses in the stretches between days.

    A day is a stretch of its own: those who die on it are at risk on it, and dead by it.

    Parameters
    ----------
    days, ended, weight : array_like, shape (n,)
        Whole days followed, whether that ended in an event, and for how many that holds.
    at : sequence of int, rising

    Returns
    -------
    tuple of ndarray
        Events and losses, shape (2 · days + 1,) each.

    >>> [part.tolist() for part in cut([1, 2, 2, 3], [True, False, True, True], [1, 1, 4, 1], [2])]
    [[1, 4, 1], [0, 1, 0]]
    """
    edges = np.array([edge for day in at for edge in (day - 0.5, day + 0.5)])
    place, ended = np.searchsorted(edges, days), np.asarray(ended, dtype=bool)
    return tuple(
        np.bincount(place[own], weights=np.asarray(weight)[own], minlength=edges.size + 1).astype(int)
        for own in (ended, ~ended)
    )


@dataclass(frozen=True, eq=False)
class Left:
    """An earlier release of the same groups: its counts, and the state of each cell; None for what did not
    leave. `states` has a row for each group, for each further sum, and for the total."""

    events: Sequence[Sequence[int]]
    censored: Sequence[Sequence[int]]
    states: Sequence[Sequence[State | None]]


def protected(
    events: Sequence[Sequence[int]],
    censored: Sequence[Sequence[int]],
    smallest: int,
    *,
    total: Sequence[State] | None = None,
    sums: Sequence[tuple[int, ...]] = (),
    gone: Sequence[int] = (),
    earlier: Sequence[Left] = (),
) -> tuple[list[tuple[State, ...]], bool]:
    """What may be said of each group, and whether only silence protects.

    Parameters
    ----------
    events, censored : shape (groups, k)
        As `cut` gives them, a row for each group.
    smallest : int
        Smallest count that may be shown.
    total : sequence of State, length 4 k, or None
        What has been said of all together; None where nothing has, nor is now.
    sums : sequence of tuple of int
        Groups that are also shown as one.
    gone : sequence of int
        Groups that are no longer there: the reader sees that they are nobody.
    earlier : sequence of Left
        Releases of earlier data, held against this one.

    Returns
    -------
    list of tuple of State, bool
        One tuple of 4 k states for each group, then one for each of `sums`.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or an earlier release has other groups.
    """
    rows, layout = len(events) + len(sums), Layout(len(events[0]))
    table = at_risk_table(events, censored, sums)
    settled: list[State | None] = [None] * layout.width
    if total is not None:
        settled = [state if seen else None for state, seen in zip(total, layout.printed, strict=True)]
    known: list[State | None] = [None] * (layout.width * rows)
    for row in gone:
        known[row * layout.width : (row + 1) * layout.width] = [
            State.SHOWN if seen else None for seen in layout.printed
        ]
    last = np.ones(layout.width, dtype=bool) if total is None else ~layout.printed
    before: list[tuple[Family, list[State | None]]] = [
        (
            at_risk_table(one.events, one.censored, sums),
            [
                state if seen else None
                for row in one.states
                for state, seen in zip(row, layout.printed, strict=True)
            ],
        )
        for one in earlier
    ]
    found = protect(
        table,
        smallest,
        published=known + settled,
        unprinted=np.concatenate([np.tile(~layout.printed, rows), last]),
        worth=np.tile(layout.worth, rows + 1),
        earlier=before,
    )
    if found.exposed:
        return [(State.PROTECTED,) * layout.width] * rows, True
    cells = np.arange(layout.width * rows).reshape(rows, layout.width)
    return [tuple(found.states[cell] for cell in row) for row in cells], False
