"""Disclosure control over survival: numbers at risk, events and estimates by group, before they leave.

An estimate on a day tells how many had died by then, and a curve drawn step by step tells the day of
every death. So survival is said on a few fixed days only, the figure is drawn through just those, and
an estimate stands only where the number of deaths so far might stand itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from registry.stats.disclosure import State
from registry.stats.linked_tables import at_risk_table
from registry.stats.protection import protect


@dataclass(frozen=True)
class Guarded:
    """One group: which of its numbers stand. `at_risk` and `estimates` hold one value a day."""

    n: bool
    events: bool
    at_risk: tuple[bool, ...]
    estimates: tuple[bool, ...]


def guard(curves: Sequence[Any], days: Sequence[int], smallest: int) -> list[Guarded]:
    """What may be said of each group's curve on these days, everybody together included.

    Size, numbers at risk, deaths so far and all deaths are one family of linked tables, together with
    the losses and with what happens between the days, which nobody prints but anybody can reckon. The
    totals come first, as they stand where nothing is grouped.

    Parameters
    ----------
    curves : sequence of stats.survival.Curve
        One for each group, followed from the start.
    days : sequence of int, rising
    smallest : int
        Smallest count that may be shown.
    """
    # A day is a stretch of its own: those who die on it are at risk on it, and dead by it.
    stretches = np.array([edge for day in days for edge in (day - 0.5, day + 0.5)])
    within = [np.searchsorted(stretches, curve.times) for curve in curves]
    counted = [
        tuple(
            tuple(np.bincount(place, weights=values, minlength=stretches.size + 1).astype(int).tolist())
            for place, curve in zip(within, curves, strict=True)
            for values in [getattr(curve, name)]
        )
        for name in ("events", "censored")
    ]
    return list(_guard(counted[0], counted[1], smallest))


@lru_cache(maxsize=512)
def _guard(
    events: tuple[tuple[int, ...], ...], censored: tuple[tuple[int, ...], ...], smallest: int
) -> tuple[Guarded, ...]:
    k = len(events[0])
    at_risk = [3 * k - 1 - stretch for stretch in range(k)]  # as each stretch begins
    so_far = [0, *range(3 * k, 4 * k - 1)]  # by the end of each
    printed = np.zeros(4 * k, dtype=bool)
    printed[[at_risk[0], *at_risk[1::2], *so_far[1::2], so_far[-1]]] = True
    worth = np.ones(4 * k)
    worth[so_far] = 3  # estimates go with them
    worth[at_risk[0]] = 50  # nothing is said of a group whose size is not
    whole = [[sum(stretch) for stretch in zip(*rows, strict=True)] for rows in (events, censored)]
    everybody = protect(
        at_risk_table([whole[0]], [whole[1]]),
        smallest,
        unprinted=np.tile(~printed, 2),
        worth=np.tile(worth, 2),
    ).states[: 4 * k]
    if len(events) == 1:
        states = [everybody]
    else:
        settled = [state if seen else None for state, seen in zip(everybody, printed, strict=True)]
        found = protect(
            at_risk_table(events, censored),
            smallest,
            published=[None] * (4 * k * len(events)) + settled,
            unprinted=np.tile(~printed, len(events) + 1),
            worth=np.tile(worth, len(events) + 1),
        )
        rows = np.arange(4 * k * len(events)).reshape(len(events), -1)
        states = [tuple(found.states[cell] for cell in row) for row in rows]
        if found.exposed:  # too much is known of so few: the groups say nothing beyond the total
            states = [(State.PROTECTED,) * (4 * k)] * len(events)
    made = []
    for row in states:
        shown = [state is State.SHOWN for state in row]
        risk, deaths = [shown[at] for at in at_risk], [shown[at] for at in so_far]
        seen = tuple(risk[1::2])
        # Limits tell how many were at risk, so without these there is no estimate either.
        said = tuple(both and risk[0] for both in map(bool.__and__, seen, deaths[1::2]))
        made.append(Guarded(risk[0], deaths[-1], seen, said))
    return tuple(made)


def unless_few(number: int, smallest: int) -> int | None:
    """A count that stands by itself; None where it is hidden."""
    return None if 0 < number < smallest else number


def all_of(several: Sequence[Guarded]) -> Guarded:
    """What may be said where each of several tables of the same group must allow it."""
    return Guarded(
        all(one.n for one in several),
        all(one.events for one in several),
        tuple(map(all, zip(*(one.at_risk for one in several), strict=True))),
        tuple(map(all, zip(*(one.estimates for one in several), strict=True))),
    )
