"""Every quality indicator of the registry, as data: what is eligible, what is met, by which edition.

Each source has a file and a set, which is switched on or off as a whole. `queries.tallies` counts them,
`reports.quality` divides, and the reference page prints their words.
"""

from registry.indicators import alliance, nhc_2022
from registry.indicators.indicator import (
    Counts,
    Direction,
    Evidence,
    Indicator,
    IndicatorSet,
    Mark,
    NotCounted,
    Source,
    State,
    Words,
)
from registry.indicators.unconfirmed import UNCONFIRMED

SETS: dict[str, IndicatorSet] = {one.key: one for one in (nhc_2022.SET, alliance.SET)}
# What is shown unless somebody asks for more: the sets that are on.
FIRST: tuple[Indicator, ...] = tuple(
    indicator for one in SETS.values() if one.on for indicator in one.indicators
)
VARIANTS: tuple[Indicator, ...] = nhc_2022.VARIANTS
INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (*(each for one in SETS.values() for each in one.indicators), *VARIANTS)
}

__all__ = [
    "FIRST",
    "INDICATORS",
    "SETS",
    "UNCONFIRMED",
    "Counts",
    "Direction",
    "Evidence",
    "Indicator",
    "IndicatorSet",
    "Mark",
    "NotCounted",
    "Source",
    "State",
    "Words",
    "indicator_called",
]


def indicator_called(key: str) -> Indicator:
    """The indicator with this key, in any case; KeyError names those there are."""
    for known, indicator in INDICATORS.items():
        if known.casefold() == key.strip().casefold():
            return indicator
    raise KeyError(f"no indicator is called {key!r}; there are {', '.join(INDICATORS)}")
