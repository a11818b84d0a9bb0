"""Disclosure control over rows of rates, applied last and only for readers of aggregates."""

from collections.abc import Callable, Sequence
from typing import Any

from registry.stats.disclosure import State, suppress

RESULT = ("met", "not_met")
GAPS = ("unknown", "awaited")


def hide_small(
    rows: Sequence[Any], smallest: int, hidden: Callable[[Any, frozenset[str], frozenset[str]], Any]
) -> list[Any]:
    """Rows of one indicator without small counts, and without what would give them away.

    Where met or not met is 1 … smallest − 1, nothing of the row stays but how many were eligible.
    Where only unknown or awaited is, they go, and with them the count they could be told from. Where
    one row alone would lack something, the smallest other row lacks it too, or the total would tell.

    Parameters
    ----------
    rows : sequence
        With eligible, met, not_met, awaited, unknown and the indicator.
    hidden : callable
        Gives a row without the named counts; its third argument names those that are small themselves.
    """
    if not rows:
        return []
    states = suppress([row.eligible or 0 for row in rows], smallest).states
    result, gaps = (_with_company(rows, names, smallest) for names in (RESULT, GAPS))
    shown = []
    for place, row in enumerate(rows):
        lacking: set[str] = set() if states[place] is State.SHOWN else {"eligible"}
        if lacking or place in result:
            lacking |= {*RESULT, *GAPS, "denominator"}
        elif place in gaps:
            # Eligible less the rest is what is hidden: the one of them that the rate does not need goes too.
            lacking |= {*GAPS, "not_met" if row.indicator.unknown_in_denominator else "eligible"}
        small = {name for name in lacking if 0 < (getattr(row, name) or 0) < smallest}
        shown.append(hidden(row, frozenset(lacking), frozenset(small)) if lacking else row)
    return shown


def _with_company(rows: Sequence[Any], names: Sequence[str], smallest: int) -> set[int]:
    """The rows with a small count among these, never one alone where there are others."""
    found = {
        place
        for place, row in enumerate(rows)
        if any(0 < (getattr(row, name) or 0) < smallest for name in names)
    }
    if len(found) == 1:
        others = [place for place, row in enumerate(rows) if place not in found and row.eligible]
        found |= set(sorted(others, key=lambda place: rows[place].eligible)[:1])
    return found
