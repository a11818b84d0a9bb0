"""Every quality indicator of the registry, as data: what is eligible, what is met, by which edition.

`queries.tallies` counts them, `reports.quality` divides, and the reference page prints their words.
"""

from registry.indicators import detection, endoscopy, resection
from registry.indicators.indicator import Counts, Direction, Indicator, Mark, Source, State, Words
from registry.indicators.unconfirmed import UNCONFIRMED

FIRST: tuple[Indicator, ...] = (
    *endoscopy.INDICATORS,
    *detection.INDICATORS,
    *resection.INDICATORS,
    *detection.DETECTION,
)
INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in (*FIRST, *detection.VARIANTS)}

__all__ = [
    "FIRST",
    "INDICATORS",
    "UNCONFIRMED",
    "Counts",
    "Direction",
    "Indicator",
    "Mark",
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
