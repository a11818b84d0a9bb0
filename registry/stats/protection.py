"""Which cells of linked tables are hidden, so that no small count can be worked out from the rest.

A count from 1 to threshold − 1 is HIDDEN and stands as "≤7". Other cells are PROTECTED, with a sign
of their own, until the reader, who knows every shown cell, every sum and what "≤7" means, must still
hold each of those values possible for each such cell, and as many values for each PROTECTED one.
What has left before is known to the reader too, in later data or in the same. `stats.witnesses` looks
for what else must be hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from registry.stats.disclosure import State
from registry.stats.witnesses import Kind, Search


@dataclass(frozen=True, eq=False)
class Protected:
    """Cells ready to leave: NaN wherever the state is not SHOWN.

    `exposed` are cells that could not be protected, because too much was known of them already; with
    any of them nothing may leave.
    """

    counts: np.ndarray
    states: tuple[State, ...]
    exposed: tuple[int, ...]


def protect(family, threshold=8, *, published=None, unprinted=None, worth=None, earlier=()):
    """Hide small counts of linked tables, and as much more as keeps them hidden.

    Parameters
    ----------
    family : linked_tables.Family
    threshold : int
        Smallest count that may be shown, at least 3.
    published : sequence of State or None, length n
        What is known of some cells already, from a table of the same data that has left; None for a
        cell of which nothing is.
    unprinted : array_like of bool or None, length n
        Cells that nobody prints: they end PROTECTED, and only the small ones among them need be kept
        from being worked out.
    worth : array_like of float or None, length n
        How many times as much as others of its size it costs to hide a cell.
    earlier : sequence of (linked_tables.Family, sequence of State or None)
        Releases of earlier data, of the same shape and sums, and how they left; None for a cell that did
        not. Cell by cell, the table less an earlier one is a table of those who came between: a
        difference from 1 to threshold − 1, up or down, is as small a group as any. Cells are hidden until
        it keeps as many possible values, and until the earlier ones' gaps stay gaps.

    Returns
    -------
    Protected
        Of the family; `exposed` holds the cells that only a refusal protects.

    Raises
    ------
    ValueError
        If the threshold is under 3, or an earlier family has other cells or sums.

    References
    ----------
    Fischetti M, Salazar JJ. J Am Stat Assoc 2000;95:916-928, the linear programme of the heuristic.
    Castro J. Eur J Oper Res 2012;216:257-269, section 3.

    >>> from registry.stats.linked_tables import crossed, total
    >>> found = protect(crossed([40, 3, 12, 0], total(4)))
    >>> [str(state) for state in found.states]
    ['shown', 'hidden', 'protected', 'shown', 'shown']
    """
    if threshold != int(threshold) or threshold < 3:
        raise ValueError(f"threshold must be a whole number of at least 3, not {threshold}")
    n = family.counts.size
    kinds = _first(family.counts, family.withheld, threshold)
    settled = np.zeros(n, dtype=bool)
    for cell, state in enumerate(published or ()):
        if state is not None:
            kinds[cell] = _kind(state, family.counts[cell], threshold)
            settled[cell] = True
    silent = np.zeros(n, dtype=bool)
    if unprinted is not None:
        silent = np.asarray(unprinted, dtype=bool) & ~settled
        kinds[silent] = Kind.LOOSE
    known = _Known(family, kinds, settled, threshold)
    for table, states in earlier:
        known.add(table, states)
    search = known.search()
    if worth is not None:
        search.price[:n] *= np.asarray(worth, dtype=float)
    search.indifferent[:n] |= silent & ((family.counts == 0) | (family.counts >= threshold))
    found, exposed = search.run()
    return _finished(family.counts, (found[:n], sorted({known.of[cell] for cell in exposed})))


def protect_after(earlier, states, later, threshold=8):
    """Hide cells of a release so that its difference to an earlier one gives no small count away.

    As `protect` with one earlier release; a group that is new is a row of zeros in the earlier one.
    """
    return protect(later, threshold, earlier=[(earlier, states)])


class _Known:
    """All that a reader knows, as one family: the new table, those before it, and the small differences.

    Differences that are none, or at least the threshold, bind nothing that needs keeping, so they are
    left out. `of` says of each cell which cell of the new table it stands for.
    """

    def __init__(self, family, kinds, settled, threshold):
        self.family, self.threshold = family, threshold
        self.counts, self.kinds, self.settled = [family.counts], [kinds], [settled]
        self.sensitive = [np.zeros(family.counts.size, dtype=bool)]
        self.indifferent = [np.zeros(family.counts.size, dtype=bool)]
        self.gaps: list[np.ndarray] = []
        self.of = list(range(family.counts.size))

    def add(self, table, states):
        """One earlier release and its differences to the new one."""
        if table.shape != self.family.shape or (table.sums != self.family.sums).nnz:
            raise ValueError("two releases can be compared only with the same cells and sums")
        gap = self.family.counts - table.counts
        left = np.array([state is not None for state in states])
        few = np.flatnonzero((gap != 0) & (np.abs(gap) < self.threshold) & left)
        kinds = [
            Kind.LOOSE if state is None else _kind(state, count, self.threshold)
            for state, count in zip(states, table.counts, strict=True)
        ]
        for counts, kind, settled, sensitive, indifferent in (
            (table.counts, kinds, True, False, ~left),
            (gap[few], np.full(few.size, Kind.FREE), True, True, False),
        ):
            size = counts.size
            self.counts.append(counts)
            self.kinds.append(np.asarray(kind))
            for parts, value in (
                (self.settled, settled),
                (self.sensitive, sensitive),
                (self.indifferent, indifferent),
            ):
                parts.append(np.broadcast_to(np.asarray(value, dtype=bool), size).copy())
        self.gaps.append(few)
        self.of += [*range(table.counts.size), *few.tolist()]

    def search(self):
        """The search over all of it."""
        return Search(
            np.concatenate(self.counts),
            self._sums(),
            np.concatenate(self.kinds),
            np.concatenate(self.settled),
            np.concatenate(self.sensitive),
            self.threshold,
            np.concatenate(self.indifferent),
        )

    def _sums(self):
        from scipy.sparse import block_array, csr_array, eye_array

        if not self.gaps:
            return self.family.sums
        n = self.family.counts.size
        columns = 1 + 2 * len(self.gaps)
        blocks = [[self.family.sums, *[None] * (columns - 1)]]
        one = eye_array(n, format="csr")
        for place, few in enumerate(self.gaps):
            before, between = 1 + 2 * place, 2 + 2 * place
            blocks.append([self.family.sums if at == before else None for at in range(columns)])
            if few.size:
                line: list[object] = [None] * columns
                line[0], line[before] = -one[few], one[few]
                line[between] = eye_array(few.size, format="csr")
                blocks.append(line)
            else:
                empty: list[object] = [None] * columns
                empty[0] = csr_array((0, n))
                empty[between] = csr_array((0, 0))
                blocks.append(empty)
        return block_array(blocks, format="csr")


def _first(counts, withheld, threshold):
    kinds = np.where(counts < threshold, Kind.SMALL, Kind.OPEN)
    kinds[counts == 0] = Kind.KNOWN
    kinds[withheld] = Kind.LOOSE
    return kinds


def _kind(state, count, threshold):
    if state is State.SHOWN:
        return Kind.KNOWN
    if state is State.HIDDEN:
        return Kind.SMALL
    return Kind.LARGE if count >= threshold else Kind.LOOSE


def _finished(counts, found: tuple[np.ndarray, Sequence[int]]):
    kinds, exposed = found
    shown = kinds <= Kind.OPEN
    states = tuple(
        State.SHOWN if seen else State.HIDDEN if kind == Kind.SMALL else State.PROTECTED
        for seen, kind in zip(shown, kinds, strict=True)
    )
    return Protected(np.where(shown, counts, np.nan), states, tuple(int(cell) for cell in exposed))
