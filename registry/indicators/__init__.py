"""Every quality indicator of the registry, as data: what is eligible, what is met, by which edition.

Each source has a file and a set, which is switched on or off as a whole. `queries.counting.tallies` counts
them, `reports.rates.quality` divides, and the reference page prints their words.
"""

from registry.indicators import (
    aga_2021,
    alliance,
    asge_2024,
    esge,
    follow_up,
    missed,
    nhc_2022,
    programme_cn,
    programme_eu,
    uk,
)
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

SETS: dict[str, IndicatorSet] = {
    one.key: one
    for one in (
        nhc_2022.SET,
        alliance.SET,
        programme_cn.SET,
        follow_up.SET,
        missed.SET,
        programme_eu.SET,
        asge_2024.SET,
        esge.LOWER_SET,
        esge.UPPER_SET,
        esge.UPPER_2025_SET,
        aga_2021.SET,
        uk.KPI_SET,
        uk.BCSP_SET,
        uk.OGD_SET,
    )
}
# What is shown unless somebody asks for more: the sets that are on.
FIRST: tuple[Indicator, ...] = tuple(
    indicator for one in SETS.values() if one.on for indicator in one.indicators
)
VARIANTS: tuple[Indicator, ...] = (
    *nhc_2022.VARIANTS,
    *missed.VARIANTS,
    *asge_2024.VARIANTS,
    *programme_cn.VARIANTS,
    *programme_eu.VARIANTS,
    *alliance.VARIANTS,
    *follow_up.VARIANTS,
)
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
    "switched_on",
]


def switched_on(keys: str = "") -> tuple[Indicator, ...]:
    """The indicators of the sets with these keys, separated by commas; of those on by default without any.

    Raises
    ------
    KeyError
        If there is no such set; it names those there are.
    """
    wanted = [key.strip() for key in keys.split(",") if key.strip()]
    if missing := [key for key in wanted if key not in SETS]:
        raise KeyError(f"no set is called {missing[0]!r}; there are {', '.join(SETS)}")
    chosen = [SETS[key] for key in wanted] or [one for one in SETS.values() if one.on]
    return tuple(indicator for one in chosen for indicator in one.indicators)


def indicator_called(key: str) -> Indicator:
    """The indicator with this key, in any case; KeyError names those there are."""
    for known, indicator in INDICATORS.items():
        if known.casefold() == key.strip().casefold():
            return indicator
    raise KeyError(f"no indicator is called {key!r}; there are {', '.join(INDICATORS)}")
