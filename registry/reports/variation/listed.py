"""Rates with where each lies in the funnel of its own groups, and the day on which they were counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from registry.reports.rates.quality import Rate, this_day
from registry.reports.variation.funnel import BY, against
from registry.reports.variation.placed import CODES, Placed


def placed(rates: Sequence[Rate], by: str | None) -> dict[int, Placed]:
    """The place of each rate by its `id`: against the average of the groups of its own indicator.

    Empty where the groups have no funnel (months, persons' groups), or a rate is no proportion.
    """
    if by not in BY:
        return {}
    of_each: dict[str, list[Rate]] = {}
    for rate in rates:
        if rate.indicator.counts.proportion:
            of_each.setdefault(rate.indicator.key, []).append(rate)
    found: dict[int, Placed] = {}
    for several in of_each.values():
        indicator = several[0].indicator
        funnel = against(indicator, several, by=by, target=None, stretch=True, order="name")
        found |= {id(row.rate): row for row in funnel.rows}
    return found


def listed(
    rates: Sequence[Rate], rows: Sequence[Mapping[str, Any]], by: str | None, today: date | None = None
) -> list[dict[str, Any]]:
    """`rows`, which are those of `rates`, as files hold them: with position in the funnel and day."""
    places, day = placed(rates, by), (today or this_day()).isoformat()
    codes = [CODES[places[id(rate)].position] if id(rate) in places else None for rate in rates]
    return [{**row, "position": code, "as_of": day} for row, code in zip(rows, codes, strict=True)]
