"""Tables whose cells add up to one another, as disclosure control and its audit see them.

Whatever can be reckoned from what is printed is a cell, whether or not it is printed itself: who did
not meet a criterion is known less met, who left a curve unseen is the fall in the number at risk.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import whole


@dataclass(frozen=True, eq=False)
class Family:
    """Linked tables: every cell, and every sum that binds them.

    `counts` has shape (n,), `sums` is a sparse matrix of shape (m, n) with `sums @ counts` all zero;
    `shape` is what `counts` is laid out as. Cells in `withheld` are zeros that would say something of
    everybody in a small group: they are no more shown than the small counts beside them.
    """

    counts: np.ndarray
    sums: object
    shape: tuple[int, ...]
    withheld: np.ndarray

    def laid_out(self, values):
        """Values of the cells, shape (n,), in the family's own shape."""
        return np.asarray(values).reshape(self.shape)


def total(n):
    """The sums of an axis of `n` groups that has one total: put behind the groups.

    >>> total(3)
    ((0, 1, 2),)
    """
    return (tuple(range(n)),) if n else ()


def crossed(counts, *axes, shares=None, threshold=8):
    """A table of any number of ways with sums along each of them.

    Parameters
    ----------
    counts : array_like of int, shape (n_1, …, n_k)
        The cells that add up to all others.
    axes : sequence of tuples of int, one for each way
        The sums along that way, each as the places it adds up; they stand behind the cells in this
        order, and one may add up an earlier one. An empty sequence is a way without sums.
    shares : (int, int) or None
        A way and the number of a sum along it whose parts part people (met and not met of those known):
        a zero among the parts of such a sum under the threshold says that all of the few are something
        else, and is withheld.
    threshold : int
        Smallest count that may be shown.

    Returns
    -------
    Family

    Raises
    ------
    ValueError
        If a count is negative or not whole, or there is not one sequence of sums for each way.

    >>> crossed([[3, 9], [4, 0]], total(2), total(2)).laid_out(crossed([[3, 9], [4, 0]], total(2),
    ...     total(2)).counts).tolist()
    [[3, 9, 12], [4, 0, 4], [7, 9, 16]]
    """
    from scipy.sparse import csr_array

    table = whole("counts", counts)
    if table.ndim != len(axes):
        raise ValueError(f"a table of {table.ndim} ways needs as many sequences of sums, not {len(axes)}")
    first = table.shape
    for way, sums in enumerate(axes):
        for parts in sums:
            added = table.take(parts, axis=way).sum(axis=way, keepdims=True)
            table = np.concatenate([table, added], axis=way)
    place = np.arange(table.size).reshape(table.shape)
    withheld = np.zeros(table.size, dtype=bool)
    rows, columns, values, row = [], [], [], 0
    for way, sums in enumerate(axes):
        for number, parts in enumerate(sums):
            if not parts:
                raise ValueError("a sum needs something to add up")
            whole_of = place.take(first[way] + number, axis=way).ravel()
            parts_of = np.stack([place.take(part, axis=way).ravel() for part in parts])
            lines = row + np.arange(whole_of.size)
            row += whole_of.size
            rows += [lines, np.tile(lines, len(parts))]
            columns += [whole_of, parts_of.ravel()]
            values += [np.ones(whole_of.size), -np.ones(parts_of.size)]
            if (way, number) == shares:
                few = (table.ravel()[whole_of] > 0) & (table.ravel()[whole_of] < threshold)
                inside = parts_of[:, few].ravel()
                withheld[inside[table.ravel()[inside] == 0]] = True
    entries = [np.concatenate(part) if part else np.zeros(0, dtype=int) for part in (values, rows, columns)]
    matrix = csr_array((entries[0], (entries[1], entries[2])), shape=(row, table.size))
    return Family(table.ravel(), matrix, table.shape, withheld)


def at_risk_table(events, censored):
    """Numbers at risk and events by group between given days, with their totals.

    Parameters
    ----------
    events, censored : array_like of int, shape (groups, k)
        Ends and losses in each of the k stretches of time; the last one is open.

    Returns
    -------
    Family
        Of shape (groups + 1, 4 k): in each row events and losses of each stretch by turns, the number
        at risk as each stretch begins, from the last to the first, events up to the end of each stretch
        from the second, and all losses; the last row is everybody.

    Raises
    ------
    ValueError
        If the shapes differ, or a count is negative or not whole.
    """
    ends, lost = whole("events", events), whole("censored", censored)
    if ends.shape != lost.shape or ends.ndim != 2:
        raise ValueError("events and censored must both have a row for each group and as many stretches")
    groups, k = ends.shape
    cells = np.stack([ends, lost], axis=2).reshape(groups, 2 * k)
    at_risk: list[tuple[int, ...]] = [(2 * k - 2, 2 * k - 1)]
    for stretch in range(k - 2, -1, -1):
        at_risk.append((2 * stretch, 2 * stretch + 1, 2 * k + len(at_risk) - 1))
    so_far: list[tuple[int, ...]] = [(0, 2)]
    for stretch in range(2, k):
        so_far.append((3 * k + len(so_far) - 1, 2 * stretch))
    lost_in_all = tuple(range(1, 2 * k, 2))
    return crossed(cells, total(groups), (*at_risk, *so_far[: k - 1], lost_in_all))
