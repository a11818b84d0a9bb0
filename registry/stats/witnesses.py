"""How disclosure control finds what else to hide: tables that a reader cannot tell from the true one.

For each hidden cell that cannot yet reach both its ends, a linear programme looks for the cheapest way
to move it there, through hidden cells for nothing and through shown ones at a price that rises with
their size; the shown cells that it moved are hidden too. Every solution is another table that the
reader cannot tell from the true one, so it serves as a witness for all cells that it moved; hiding more
takes no witness away. Large PROTECTED cells are moved only among counts of at least the threshold: a
reader who guesses that they are large is no wiser.
"""

from enum import IntEnum

import numpy as np

ROUNDS = 12  # of moving many cells at once, before what is left is moved one by one
MOST = 600  # programmes after which what is left counts as exposed: a table full of small counts says nothing
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


class Search:
    """The state of the search: what each cell is taken for, and how far witnesses have moved it.

    `settled` cells have left already: their signs stay. `sensitive` ones need room though FREE,
    `indifferent` ones need none.
    """

    def __init__(self, counts, sums, kinds, settled, sensitive, threshold, indifferent):
        self.counts = np.asarray(counts, dtype=float)
        self.kinds, self.settled, self.sensitive = np.asarray(kinds), settled, sensitive
        self.sums, self.threshold = sums.tocsc(), threshold
        self.room = threshold - 2.0  # from 1 to threshold − 1
        self.price = 1 + np.minimum(np.abs(self.counts), DEAR) ** 0.75
        self.lowest, self.highest = self.counts.copy(), self.counts.copy()
        self.exposed = set()
        self.solved = 0
        self.indifferent = np.array(indifferent, dtype=bool)

    def run(self):
        """The kinds of all cells in the end, and which could not be protected."""
        together = True
        self._many(opening=False)
        while left := [cell for cell in np.flatnonzero(self._needy()) if cell not in self.exposed]:
            if self.solved > MOST:
                self.exposed.update(map(int, left))
                break
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
            elif self.counts[cell] == 0 and not self.sensitive[cell]:
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
        self.solved += 1
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
