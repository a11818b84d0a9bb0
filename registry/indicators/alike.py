"""Which indicators count the same: several sources ask one question, each with a name and target of its own.

What counts the same is counted once, so a catalogue that holds five editions of one rate costs as one.
"""

from collections.abc import Hashable, Sequence
from functools import cache

from sqlalchemy import ClauseElement, null, tuple_

from registry.indicators.indicator import Indicator


def first_alike(indicators: Sequence[Indicator]) -> dict[Indicator, Indicator]:
    """For each indicator the first of them whose every number is its own, too; often that is itself."""
    first: dict[Hashable, Indicator] = {}
    return {one: first.setdefault(_counted_as(one), one) for one in indicators}


@cache
def _counted_as(indicator: Indicator) -> Hashable:
    """Everything that decides what an indicator counts, whatever it is called or aims at.

    SQLAlchemy knows equal expressions by the key under which it keeps their SQL, and by their parameters;
    `compare()`, which is meant for this, fails on the models' columns.
    """
    said = [indicator.eligible, indicator.met, indicator.awaited, indicator.minutes, indicator.specimens]
    for mark in indicator.marks:
        said += [mark.where, mark.met, mark.awaited]
    whole: ClauseElement = tuple_(*(null() if one is None else one for one in said))
    key = whole._generate_cache_key()
    if key is None:
        return indicator
    values = tuple(
        tuple(value) if isinstance(value := one.effective_value, list) else value for one in key.bindparams
    )
    lacking = tuple(one is None for one in said)  # left out is not NULL: it means no
    marks = tuple((mark.source, mark.excludes) for mark in indicator.marks)
    return indicator.counts, indicator.base, marks, lacking, key.key, values
