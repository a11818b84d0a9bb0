"""Which cells of linked tables are hidden, so that no small count can be worked out from the rest.

A count from 1 to threshold − 1 is HIDDEN and stands as "≤7". Other cells are PROTECTED, with a sign
of their own, until the reader, who knows every shown cell, every sum and what "≤7" means, must still
hold each of those values possible for each such cell, and as many values for each PROTECTED one.

How: for each hidden cell that cannot yet reach both its ends, a linear programme looks for the
cheapest way to move it there, through hidden cells for nothing and through shown ones at a price that
rises with their size; the shown cells that it moved are hidden too. Every solution is another table
that the reader cannot tell from the true one, so it serves as a witness for all cells that it moved;
hiding more takes no witness away. Large PROTECTED cells are moved only among counts of at least
the threshold: a reader who guesses that they are large is no wiser.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from registry.stats.disclosure import State

ROUNDS = 12  # of moving many cells at once, before what is left is moved one by one
MANY = 12  # more cells than this are moved together, at the price of some hidden without need
DEAR = 5000  # a cell as large as this costs as much to hide as any larger one
NEAR = 1e-6
FAR = 1e6  # what a step towards the end that is wanted is worth
BULK = 2e3  # the same where many are moved at once, so that nothing dear is hidden for all of them
BEYOND = 1e4  # what a step costs that a sign forbids, so that the sign must go


class Kind(IntEnum):
    """What the reader is taken to know of a cell."""

    KNOWN = 0  # its number, whatever happens
    OPEN = 1  # its number, unless it is hidden
    SMALL = 2  # that it lies between 1 and threshold − 1
    LARGE = 3  # that it is at least the threshold
    LOOSE = 4  # that it is not negative
    FREE = 5  # nothing: it may be negative, such as a difference


@dataclass(frozen=True, eq=False)
class Protected:
    """Cells ready to leave: NaN wherever the state is not SHOWN.

    `exposed` are cells that could not be protected, because too much was known of them already; with
    any of them nothing may leave.
    """

    counts: np.ndarray
    states: tuple[State, ...]
    exposed: tuple[int, ...]


def protect(family, threshold=8, *, published=None, unprinted=None, worth=None):
    """Hide small counts of linked tables, and as much more as keeps them hidden.

    Parameters
    ----------
    family : linked_tables.Family
    threshold : int
        Smallest count that may be shown, at least 3.
    published : sequence of State or None, length n
        What is known of some cells already, from a table that has left; None for a cell of which
        nothing is.
    unprinted : array_like of bool or None, length n
        Cells that nobody prints: they end PROTECTED, and only the small ones among them need be kept
        from being worked out.
    worth : array_like of float or None, length n
        How many times as much as others of its size it costs to hide a cell.

    Returns
    -------
    Protected

    Raises
    ------
    ValueError
        If the threshold is under 3.

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
    kinds = _first(family.counts, family.withheld, threshold)
    settled = np.zeros(kinds.size, dtype=bool)
    for cell, state in enumerate(published or ()):
        if state is not None:
            kinds[cell] = _kind(state, family.counts[cell], threshold)
            settled[cell] = True
    search = _Search(family.counts, family.sums, kinds, settled, np.zeros(kinds.size, dtype=bool), threshold)
    if worth is not None:
        search.price = search.price * np.asarray(worth, dtype=float)
    if unprinted is not None:
        silent = np.asarray(unprinted, dtype=bool) & ~settled
        search.kinds[silent] = Kind.LOOSE
        search.indifferent = silent & ((family.counts == 0) | (family.counts >= threshold))
    return _finished(family.counts, search.run())


def protect_after(earlier, states, later, threshold=8):
    """Hide cells of a release so that its difference to an earlier one gives no small count away.

    Cell by cell, the later table less the earlier one is a table of those who came between: a
    difference from 1 to threshold − 1, up or down, is as small a group as any. The later table's cells
    are hidden until it keeps as many possible values, and until the earlier one's gaps stay gaps.

    Parameters
    ----------
    earlier, later : linked_tables.Family
        Of the same shape and the same sums; a group that is new is a row of zeros in the earlier one.
    states : sequence of State, length n
        How the earlier one left.
    threshold : int
        Smallest count that may be shown, at least 3.

    Returns
    -------
    Protected
        Of the later family; `exposed` holds the cells that only a refusal protects.

    Raises
    ------
    ValueError
        If the families have not the same shape, or the threshold is under 3.
    """
    from scipy.sparse import block_array, eye_array

    if earlier.shape != later.shape or (earlier.sums != later.sums).nnz:
        raise ValueError("two releases can be compared only with the same cells and sums")
    if threshold != int(threshold) or threshold < 3:
        raise ValueError(f"threshold must be a whole number of at least 3, not {threshold}")
    n = later.counts.size
    gap = later.counts - earlier.counts
    kinds = np.concatenate(
        [
            [_kind(state, count, threshold) for state, count in zip(states, earlier.counts, strict=True)],
            _first(later.counts, later.withheld, threshold),
            np.full(n, Kind.FREE),
        ]
    )
    one = eye_array(n, format="csr")
    sums = block_array([[earlier.sums, None, None], [None, later.sums, None], [one, -one, one]], format="csr")
    settled = np.repeat([True, False, True], n)
    sensitive = np.concatenate([np.zeros(2 * n, dtype=bool), (gap != 0) & (np.abs(gap) < threshold)])
    counts = np.concatenate([earlier.counts, later.counts, gap])
    search = _Search(counts, sums, kinds, settled, sensitive, threshold)
    kinds, exposed = search.run()
    exposed = sorted({cell % n for cell in exposed})
    return _finished(later.counts, (kinds[n : 2 * n], exposed))


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


def _finished(counts, found):
    kinds, exposed = found
    shown = kinds <= Kind.OPEN
    states = tuple(
        State.SHOWN if seen else State.HIDDEN if kind == Kind.SMALL else State.PROTECTED
        for seen, kind in zip(shown, kinds, strict=True)
    )
    return Protected(np.where(shown, counts, np.nan), states, tuple(int(cell) for cell in exposed))


class _Search:
    """The state of the search: what each cell is taken for, and how far witnesses have moved it.

    `settled` cells have left already: their signs stay. `sensitive` ones need room though FREE.
    """

    def __init__(self, counts, sums, kinds, settled, sensitive, threshold):
        self.counts = np.asarray(counts, dtype=float)
        self.kinds, self.settled, self.sensitive = np.asarray(kinds), settled, sensitive
        self.sums, self.threshold = sums.tocsc(), threshold
        self.room = threshold - 2.0  # from 1 to threshold − 1
        self.price = 1 + np.minimum(np.abs(self.counts), DEAR) ** 0.75
        self.lowest, self.highest = self.counts.copy(), self.counts.copy()
        self.exposed = set()
        self.indifferent = np.zeros(self.counts.size, dtype=bool)

    def run(self):
        """The kinds of all cells in the end, and which could not be protected."""
        together = True
        self._many(opening=False)
        while left := [cell for cell in np.flatnonzero(self._needy()) if cell not in self.exposed]:
            before = self.kinds.copy()
            if together and len(left) > MANY:
                self._many(opening=True, rounds=2)
                together = int(self._needy().sum()) < 0.8 * len(left)
                if not together:
                    together = self._give_up_signs(left)
                self._many(opening=False)
            else:
                self._one(left[0])
                if (self.kinds != before).any():
                    self._many(opening=False, rounds=1)
        return self.kinds, sorted(self.exposed)

    def _give_up_signs(self, cells):
        """Take its sign from each of these that is part of a small sum, which leaves it too little room."""
        entries = self.sums.tocoo()
        whole = np.zeros(self.sums.shape[0])
        top = entries.data > 0
        whole[entries.row[top]] = self.counts[entries.col[top]]
        inside = ~top & (whole[entries.row] > 0) & (whole[entries.row] < self.threshold)
        part = np.zeros(self.counts.size, dtype=bool)
        part[entries.col[inside]] = True
        gone = [cell for cell in cells if part[cell] and self.kinds[cell] == Kind.SMALL]
        gone = [cell for cell in gone if not self.settled[cell]]
        self.kinds[gone] = Kind.LOOSE
        return bool(gone)

    def _needy(self):
        return (self._wants(1) > NEAR) | (self._wants(-1) > NEAR)

    def _wants(self, sign):
        """How far each cell must still be seen to move up (1) or down (−1) from its count."""
        small = self.kinds == Kind.SMALL
        reached = self.highest - self.counts if sign > 0 else self.counts - self.lowest
        end = self.threshold - 1 - self.counts if sign > 0 else self.counts - 1
        wanted = np.where(small, np.where(reached < end - NEAR, end, 0), 0.0)
        other = np.isin(self.kinds, (Kind.LARGE, Kind.LOOSE)) | self.sensitive
        narrow = other & ~self.indifferent & (self.highest - self.lowest < self.room - NEAR)
        less = self.counts - self.lowest if sign > 0 else self.highest - self.counts
        return np.where(narrow, self.room - less, wanted)

    def _many(self, *, opening, rounds=ROUNDS):
        """Move as many cells as possible at once, some up and some down, until that helps no more."""
        dice = np.random.default_rng(20)
        for _ in range(rounds):
            needy = self._needy()
            if opening and (needy & (self.kinds == Kind.SMALL)).any():
                needy &= self.kinds == Kind.SMALL
            if not needy.any():
                return
            side = np.where(dice.random(self.counts.size) < 0.5, 1, -1)
            for signs in (side, -side):
                self._move(np.where(needy, signs, 0), opening=opening)
            if int((self._needy() & needy).sum()) > 0.95 * int(needy.sum()):
                return

    def _one(self, cell):
        """Move one cell as far as it must go: through hidden ones, then through others and signs."""
        for opening in (False, True):
            for sign in (1, -1):
                if self._wants(sign)[cell] > NEAR:
                    signs = np.zeros(self.counts.size, dtype=int)
                    signs[cell] = sign
                    self._move(signs, opening=opening, signs_may_go=opening)
        if self._needy()[cell]:
            if self.kinds[cell] in (Kind.SMALL, Kind.LARGE) and not self.settled[cell]:
                self.kinds[cell] = Kind.LOOSE
            elif self.counts[cell] == 0 and not self.settled[cell]:
                self.indifferent[cell] = True  # known to be little or nothing from what has left already
            else:
                self.exposed.add(int(cell))

    def _move(self, signs, *, opening, signs_may_go=False):
        """Find another table in which the needy cells have moved, and take it as a witness."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import hstack

        active = np.flatnonzero((self.kinds > Kind.OPEN) | (opening & (self.kinds == Kind.OPEN)))
        kinds, counts = self.kinds[active], self.counts[active]
        up, down = self._within(kinds, counts)
        up_price = np.where(kinds == Kind.OPEN, self.price[active], 0.0)
        down_price = up_price.copy()
        for sign, cost, other, limit in ((1, up_price, down_price, up), (-1, down_price, up_price, down)):
            wants = np.where(signs[active] == sign, self._wants(sign)[active], 0)
            aimed = wants > NEAR
            reward = BULK if opening and not signs_may_go else FAR
            cost[aimed], other[aimed] = -reward, reward
            limit[aimed] = np.minimum(limit[aimed], wants[aimed])
        further_up, further_down = np.zeros(active.size), np.zeros(active.size)
        if signs_may_go:
            stays = self.settled[active] | (signs[active] != 0)
            further_up = np.where((kinds == Kind.SMALL) & ~stays, np.inf, 0.0)
            least = {Kind.SMALL: 1.0, Kind.OPEN: self.threshold, Kind.LARGE: self.threshold}
            for kind, floor in least.items():
                further_down[(kinds == kind) & ~stays] = floor
        sums = self.sums[:, active].tocsr()
        sums = sums[np.diff(sums.indptr) > 0]
        prices = np.full(active.size, BEYOND)
        found = milp(
            np.concatenate([up_price, down_price, prices, prices]),
            constraints=LinearConstraint(hstack([sums, -sums, sums, -sums], format="csc"), 0, 0)
            if sums.shape[0]
            else (),
            bounds=Bounds(0, np.concatenate([up, down, further_up, further_down])),
        )
        if found.x is None:
            raise ArithmeticError(f"no linear programme solved: {found.message}")
        parts = found.x.reshape(4, active.size)
        self._take(active, parts)

    def _within(self, kinds, counts):
        """How far each active cell may move up and down without a change of its sign."""
        top = np.where(kinds == Kind.SMALL, self.threshold - 1, np.inf)
        bottom = np.zeros(kinds.size)
        bottom[kinds == Kind.SMALL] = 1
        bottom[np.isin(kinds, (Kind.OPEN, Kind.LARGE))] = self.threshold
        bottom[kinds == Kind.FREE] = -np.inf
        return top - counts, counts - bottom

    def _take(self, active, parts):
        moved = parts[0] - parts[1] + parts[2] - parts[3]
        beyond = (parts[2] > NEAR) | (parts[3] > NEAR)
        touched = np.abs(moved) > NEAR
        now = self.kinds[active]
        now[touched & (now == Kind.OPEN)] = Kind.LARGE
        now[beyond] = Kind.LOOSE
        self.kinds[active] = now
        values = self.counts[active] + moved
        self.lowest[active] = np.minimum(self.lowest[active], values)
        self.highest[active] = np.maximum(self.highest[active], values)
