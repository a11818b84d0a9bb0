"""How the groups of a calendar year add up: which rows of a released table are sums of which others."""

from collections.abc import Sequence

from registry.indicators.indicator import Counts, Indicator

# The parts of every rate. For the workload, how many endoscopists did it is one more.
PARTS = ("met", "not_met", "awaited", "unknown")
WHOLE, BY_CENTRE, BY_QUARTER = "whole", "centre", "centre-quarter"
# Groupings of each part. The parts leave in this order, each given those before it: what readers would
# miss most comes first.
GROUPINGS = {
    WHOLE: ("year", "quarter", "month", "sex", "age", "age5"),
    BY_CENTRE: ("centre",),
    BY_QUARTER: ("centre-quarter",),
}
# How many times as much it costs to hide a cell of these.
WORTH = {"year": 20.0, "quarter": 4.0}
AGES = 10


def base(indicator: Indicator) -> tuple[str, ...]:
    """The counts that are stored of each group."""
    staffed = indicator.counts is Counts.PROCEDURES_A_YEAR
    return (*PARTS, "staff") if staffed else PARTS


def sums(indicator: Indicator) -> dict[str, tuple[int, int]]:
    """What can be reckoned from the parts, each as the places of the two columns that it adds up.

    Who is known, who is or will be, who is not yet, everybody; where the unknown are divided by too,
    who is without the thing.
    """
    k = len(base(indicator))
    found = {"known": (0, 1), "expected": (k, 2), "gaps": (2, 3), "eligible": (k + 1, 3)}
    if indicator.unknown_in_denominator:
        found["without"] = (1, k + 2)
    return found


def columns(indicator: Indicator) -> tuple[str, ...]:
    """The columns of a released table, in the order of its signs."""
    return (*base(indicator), *sums(indicator))


def unprinted(indicator: Indicator) -> tuple[bool, ...]:
    """Which columns nobody prints; where the unknown are divided by too, not who is known either."""
    quiet = {"gaps", *(("known", "expected", "without") if indicator.unknown_in_denominator else ())}
    return tuple(name in quiet for name in columns(indicator))


def shares(indicator: Indicator) -> tuple[int, ...]:
    """The numbers of the sums whose parts part people."""
    names = list(sums(indicator))
    return tuple(names.index(name) for name in ("known", "without") if name in names)


def links(keys: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Which rows, by their keys, add up to which other.

    >>> links(["year:2025", "quarter:2025-Q1", "month:2025-02", "centre:a", "centre-quarter:a/2025-Q1"])
    [(0, [1]), (1, [2]), (0, [3]), (3, [4]), (1, [4])]
    """
    at = {key: place for place, key in enumerate(keys)}
    rows: dict[str, list[tuple[str, int]]] = {}
    for key, place in at.items():
        grouping, _, code = key.partition(":")
        rows.setdefault(grouping, []).append((code, place))
    found: list[tuple[int, list[int]]] = []

    def bind(whole: int, parts: list[int]) -> None:
        if parts:
            found.append((whole, parts))

    def all_of(grouping: str) -> list[int]:
        return [place for _, place in rows.get(grouping, [])]

    ((_, year),) = rows["year"]
    bind(year, all_of("quarter"))
    for code, place in rows.get("quarter", []):
        bind(place, [month for name, month in rows.get("month", []) if _quarter_of(name) == code])
    bind(year, all_of("sex"))
    bind(year, all_of("age"))
    for code, place in rows.get("age", []):
        bind(place, [band for name, band in rows.get("age5", []) if _decade(name) == code])
    bind(year, all_of("centre"))
    for code, place in rows.get("centre", []):
        bind(place, [one for name, one in rows.get("centre-quarter", []) if name.partition("/")[0] == code])
    for code, place in rows.get("quarter", []):
        bind(place, [one for name, one in rows.get("centre-quarter", []) if name.partition("/")[2] == code])
    return found


def _quarter_of(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}-Q{(int(number) + 2) // 3}"


def _decade(band: str) -> str:
    """The ten years in which five lie; the open band and the unknown are their own.

    >>> _decade("45–49"), _decade("<40"), _decade("unknown")
    ('40–49', '<40', 'unknown')
    """
    first = band.partition("–")[0]
    if not first.isdigit():
        return band
    start = int(first) - int(first) % AGES
    return f"{start}–{start + AGES - 1}"
