"""Disclosure control over rows of rates, applied last and only for readers of aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from registry.stats.disclosure import State

# Whether too much is unknown is said beside a rate: with fewer known than this many times the largest
# hidden count, that would say how many are unknown.
TELLING = 4
COUNTS = ("met", "not_met", "awaited", "unknown", "eligible", "denominator")
Hide = Callable[[Any, frozenset[str], frozenset[str]], Any]


def hide_small(row: Any, states: Mapping[str, State], smallest: int, hidden: Hide) -> Any:
    """A row without small counts, and without what would give them away.

    Parameters
    ----------
    row
        With eligible, met, not_met, awaited, unknown, denominator, method and the indicator.
    states : mapping
        What its release says of its parts and of their sums, by `indicators.released.columns`.
    smallest : int
        Smallest count that may be shown.
    hidden : callable
        Gives a row without the named counts; its third argument names those that are small themselves.
    """
    told = dict(states)
    if "staff" in told:  # procedures and who did them: both or none
        told["eligible"] = told["denominator"] = told["staff"]
        if any(told[name] is not State.SHOWN for name in ("met", "staff")):
            small = frozenset(name for name in ("eligible", "met") if told[name] is State.HIDDEN)
            return hidden(row, frozenset(COUNTS), small)
        return row
    told["denominator"] = told[_below(row)]
    lacking = {name for name in COUNTS if told[name] is not State.SHOWN}
    known = (row.met or 0) + (row.not_met or 0)
    if "unknown" in lacking and known < TELLING * (smallest - 1):
        lacking |= {"met", "not_met", "denominator"}
    small = frozenset(name for name in lacking if told[name] is State.HIDDEN)
    return hidden(row, frozenset(lacking), small) if lacking else row


def _below(row: Any) -> str:
    """Which of the counts a row is divided by."""
    if row.indicator.unknown_in_denominator:
        return "eligible"
    if row.method == "bounds":
        return "expected"
    return "met" if row.method == "mean" else "known"
