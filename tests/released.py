"""Asking as a reader of aggregates: what nobody has asked for before is released, as a page would do."""

from collections.abc import Callable
from datetime import date
from typing import Any

from registry.indicators.released import BY_CENTRE, PARTS, WHOLE, columns
from registry.queries.releases.tables import STATES, CountedRow
from registry.reports.first_table import Unasked
from registry.reports.rates import quality
from registry.reports.rates.disclosed import hide_small
from registry.reports.rates.released import Unreleased
from registry.reports.survival.remembered import Unremembered
from registry.services.releases.first_table import release_first_table
from registry.services.releases.making import release
from registry.services.releases.protecting import guard
from registry.services.releases.survival import release_survival

YEAR = {"start": date(2001, 1, 1), "end": date(2001, 12, 31)}


def answered(ask: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """What the question is answered in the end."""
    asked: list[Any] = []
    while True:
        try:
            return ask(*given, **more)
        except Unreleased as lacking:
            if lacking.wanted in asked:
                raise
            asked.append(lacking.wanted)
            for year, keys, part in lacking.wanted:
                release(year, keys, part)
        except Unasked as lacking:
            if lacking.year in asked:
                raise
            asked.append(lacking.year)
            release_first_table(lacking.year)
        except Unremembered as lacking:
            if lacking.wanted in asked:
                raise
            asked.append(lacking.wanted)
            release_survival(*lacking.wanted)


def told(rows: Any, smallest: int = 8) -> tuple[list[Any], Any]:
    """What of the rows of one indicator, as if of centres, may be said in a year; and of all together."""
    rows, indicator = list(rows), rows[0].indicator
    counts = [tuple(getattr(row, name) or 0 for name in PARTS) for row in rows]
    total = tuple(map(sum, zip(*counts, strict=True)))
    table = [CountedRow("year", "2001", "", "", total)]
    table += [CountedRow("centre", str(place), "", "", one) for place, one in enumerate(counts)]
    asked: dict[str, Any] = {"smallest": smallest, "eligible": {}, "earlier": []}
    whole = guard(indicator, table, WHOLE, settled={}, **asked).signs
    signs = whole | guard(indicator, table, BY_CENTRE, settled=whole, **asked).signs

    def states(key: str) -> dict[str, Any]:
        return dict(zip(columns(indicator), (STATES[letter] for letter in signs[key]), strict=True))

    by_row = [
        hide_small(row, states(f"centre:{place}"), smallest, quality._without)
        for place, row in enumerate(rows)
    ]
    return by_row, states("year:2001")
