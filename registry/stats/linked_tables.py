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
    return Family(table.ravel(), matrix, table.shape, not_told(matrix, table.ravel(), withheld))


def not_told(sums, counts, withheld):
    """Of the withheld zeros, shape (n,), those that are not parts of a sum which says openly that it is 0."""
    entries = sums.tocoo()
    nothing = (entries.data > 0) & (counts[entries.col] == 0) & ~withheld[entries.col]
    lines = np.zeros(sums.shape[0], dtype=bool)
    lines[entries.row[nothing]] = True
    told = np.zeros(withheld.size, dtype=bool)
    told[entries.col[lines[entries.row] & (entries.data < 0)]] = True
    return withheld & ~told


def by_row(rows, columns, links, *, shares=(), threshold=8):
    """Rows of one table bound by any sums of rows, each row with the same sums of its columns.

    Where somebody is counted in two of the rows of a sum, the reader is taken to know how many are: the
    difference stands behind the cells as a cell of its own, which the reader knows.

    Parameters
    ----------
    rows : array_like of int, shape (n, k)
    columns : sequence of tuples of int
        Sums of columns; they stand behind the columns in this order, and one may add up an earlier one.
    links : sequence of (int, sequence of int)
        A row, and the rows whose sum it is.
    shares : sequence of int
        As for `crossed`: numbers of sums of columns, each of whose parts part people.
    threshold : int
        Smallest count that may be shown.

    Returns
    -------
    Family
        Of shape (n · (k + sums) + differences,): row by row, then the differences.

    Raises
    ------
    ValueError
        If a count is negative or not whole.
    """
    from scipy.sparse import csr_array

    table = whole("rows", rows)
    k = table.shape[1]
    for parts in columns:
        table = np.column_stack([table, table[:, list(parts)].sum(axis=1)])
    n, width = table.shape
    place = np.arange(n * width).reshape(n, width)
    entries: list[tuple[int, int, int]] = []
    line = 0
    for number, parts in enumerate(columns):
        for row in range(n):
            entries.append((line, place[row, k + number], 1))
            entries += [(line, place[row, part], -1) for part in parts]
            line += 1
    twice: list[int] = []
    for row, parts in links:
        for column in range(k):
            entries.append((line, place[row, column], 1))
            entries += [(line, place[part, column], -1) for part in parts]
            differs = int(table[row, column] - table[list(parts), column].sum())
            if differs:
                entries.append((line, n * width + len(twice), -1))
                twice.append(differs)
            line += 1
    withheld = np.zeros((n, width), dtype=bool)
    for number in shares:
        few = (table[:, k + number] > 0) & (table[:, k + number] < threshold)
        for part in columns[number]:
            withheld[few & (table[:, part] == 0), part] = True
    counts = np.concatenate([table.ravel(), np.array(twice, dtype=int)])
    at_row, at_column, values = (np.array(part, dtype=int) for part in zip(*entries, strict=True))
    sums = csr_array((values.astype(float), (at_row, at_column)), shape=(line, counts.size))
    kept = not_told(sums, counts, np.concatenate([withheld.ravel(), np.zeros(len(twice), dtype=bool)]))
    return Family(counts, sums, counts.shape, kept)


def at_risk_table(events, censored, sums=()):
    """Numbers at risk and events by group between given days, with their totals.

    Parameters
    ----------
    events, censored : array_like of int, shape (groups, k)
        Ends and losses in each of the k stretches of time; the last one is open.
    sums : sequence of tuple of int
        Groups that also stand as one; behind the groups, before everybody.

    Returns
    -------
    Family
        Of shape (groups + sums + 1, 4 k): in each row events and losses of each stretch by turns, the number
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
    return crossed(cells, (*sums, *total(groups)), (*at_risk, *so_far[: k - 1], lost_in_all))
