"""Disclosure control over rows of rates, applied last and only for readers of aggregates."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from registry.stats.disclosure import State
from registry.stats.linked_tables import crossed, total
from registry.stats.protection import protect

PARTS = ("met", "not_met", "awaited", "unknown")
# What can be reckoned from the parts: who is known, who is or will be, who is not yet, everybody.
SUMS = {"known": (0, 1), "expected": (4, 2), "gaps": (2, 3), "eligible": (5, 3)}
# Whether too much is unknown is said beside a rate: with fewer known than this many times the largest
# hidden count, that would say how many are unknown.
TELLING = 4
Hide = Callable[[Any, frozenset[str], frozenset[str]], Any]


def hide_small(rows: Sequence[Any], smallest: int, hidden: Hide) -> list[Any]:
    """Rows of one indicator without small counts, and without what would give them away.

    Every part of a row, every sum of its parts and the totals over all rows are one family of tables
    (`stats.protection`). The totals come first, alone, as they stand where nothing is grouped, so that
    every grouping of the same records hides the same ones.

    Parameters
    ----------
    rows : sequence
        With eligible, met, not_met, awaited, unknown, denominator, method and the indicator.
    smallest : int
        Smallest count that may be shown.
    hidden : callable
        Gives a row without the named counts; its third argument names those that are small themselves.
    """
    if not rows:
        return []
    counts = tuple(tuple(getattr(row, name) or 0 for name in PARTS) for row in rows)
    if any(sum(parts) != (row.eligible or 0) for parts, row in zip(counts, rows, strict=True)):
        return _unlinked(rows, smallest, hidden)
    by_row = _states(counts, bool(rows[0].indicator.unknown_in_denominator), smallest)
    shown = []
    for row, states in zip(rows, by_row, strict=True):
        told = dict(zip((*PARTS, *SUMS), states, strict=False))
        told["denominator"] = told[_below(row)]
        lacking = {name for name in (*PARTS, "eligible", "denominator") if told[name] is not State.SHOWN}
        known = (row.met or 0) + (row.not_met or 0)
        if "unknown" in lacking and known < TELLING * (smallest - 1):
            lacking |= {"met", "not_met", "denominator"}
        small = {name for name in lacking if told[name] is State.HIDDEN}
        shown.append(hidden(row, frozenset(lacking), frozenset(small)) if lacking else row)
    return shown


def _below(row: Any) -> str:
    """Which of the counts a row is divided by."""
    if row.indicator.unknown_in_denominator:
        return "eligible"
    if row.method == "bounds":
        return "expected"
    return "met" if row.method == "mean" else "known"


@lru_cache(maxsize=2048)
def _states(
    counts: tuple[tuple[int, ...], ...], unknown_counts: bool, smallest: int
) -> tuple[tuple[State, ...], ...]:
    """The state of each part and sum of each row; those of all rows together are settled first."""
    # Where the unknown are divided by too, nobody prints who is known, but who is without the thing can
    # be reckoned. Nobody ever prints the gaps.
    sums = (*SUMS.values(), (1, 6)) if unknown_counts else tuple(SUMS.values())
    width = len(PARTS) + len(sums)
    silent = [6, *((4, 5, 8) if unknown_counts else ())]
    unprinted = [at in silent for at in range(width)]
    ways: Any = {"shares": (1, 0), "threshold": smallest}
    together = crossed([[sum(part) for part in zip(*counts, strict=True)]], (), sums, **ways)
    everybody = protect(together, smallest, unprinted=unprinted).states
    if len(counts) == 1:
        return (everybody,)
    settled = [None if quiet else state for quiet, state in zip(unprinted, everybody, strict=True)]
    found = protect(
        crossed(counts, total(len(counts)), sums, **ways),
        smallest,
        published=[None] * (width * len(counts)) + settled,
        unprinted=unprinted * (len(counts) + 1),
    )
    if found.exposed:  # too much is known of so few: the groups say nothing beyond the total
        return ((State.PROTECTED,) * width,) * len(counts)
    return tuple(found.states[at : at + width] for at in range(0, width * len(counts), width))


def _unlinked(rows: Sequence[Any], smallest: int, hidden: Hide) -> list[Any]:
    """Rows whose counts are of different things, such as procedures and who did them."""
    states: dict[str, tuple[State, ...]] = {}
    for name in ("eligible", "met"):
        family = crossed([getattr(row, name) or 0 for row in rows], total(len(rows)))
        states[name] = protect(family, smallest).states
    lacking = frozenset((*PARTS, "eligible", "denominator"))
    shown = []
    for place, row in enumerate(rows):
        mine = {name: found[place] for name, found in states.items()}
        small = frozenset(name for name, state in mine.items() if state is State.HIDDEN)
        gone = any(state is not State.SHOWN for state in mine.values())
        shown.append(hidden(row, lacking, small) if gone else row)
    return shown
