"""Disclosure control over rows of rates, applied last and only for readers of aggregates."""

from collections.abc import Callable, Sequence
from typing import Any

from registry.stats.disclosure import State, suppress


def hide_small(rows: Sequence[Any], smallest: int, suppressed: Callable[[Any, bool], Any]) -> list[Any]:
    """Rows of one indicator without small counts, and without what would give them away.

    A row with any count of 1 … smallest − 1 shows at most how many were eligible. Where that leaves a
    single row without counts, the smallest other row goes too, or the total would give it away.

    Parameters
    ----------
    rows : sequence
        With eligible, met, not_met, awaited and unknown.
    suppressed : callable
        Gives the row without its counts; its second argument says whether `eligible` may stay.
    """
    eligible = suppress([row.eligible or 0 for row in rows], smallest).states if rows else ()
    shown = [state is State.SHOWN for state in eligible]
    hidden = {
        place
        for place, row in enumerate(rows)
        if not shown[place]
        or any(0 < (count or 0) < smallest for count in (row.met, row.not_met, row.awaited, row.unknown))
    }
    if len(hidden) == 1 and len(rows) > 1:
        others = [place for place, row in enumerate(rows) if place not in hidden and row.eligible]
        hidden |= set(sorted(others, key=lambda place: rows[place].eligible)[:1])
    return [suppressed(row, shown[place]) if place in hidden else row for place, row in enumerate(rows)]
