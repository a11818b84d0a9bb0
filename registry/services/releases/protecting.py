"""Which cells of a counted table may leave, given all that has left before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from registry.indicators import Indicator
from registry.indicators.released import (
    GROUPINGS,
    WORTH,
    base,
    columns,
    links,
    shares,
    sums,
    unprinted,
)
from registry.queries.releases.tables import SIGNS, STATES, CountedRow, Signs
from registry.stats.disclosure import State
from registry.stats.linked_tables import Family, by_row
from registry.stats.protection import protect

Part = tuple[Sequence[CountedRow], Signs]


@dataclass(frozen=True)
class Guarded:
    """The signs of a part's rows; `refused` where only silence keeps what has left before."""

    signs: dict[str, str]
    refused: bool

    @property
    def shown(self) -> int:
        return sum(letters.count("s") for letters in self.signs.values())

    @property
    def cells(self) -> int:
        return sum(map(len, self.signs.values()))


def guard(
    indicator: Indicator,
    rows: Sequence[CountedRow],
    part: str,
    *,
    smallest: int,
    settled: Signs,
    eligible: Signs,
    earlier: Sequence[Part],
) -> Guarded:
    """Decide what of one part of a table may leave.

    Parameters
    ----------
    rows : sequence of CountedRow
        The whole table.
    part
        One of `indicators.released.GROUPINGS`; those before it have been settled.
    smallest : int
        Smallest count that may be shown.
    settled : mapping
        The signs of rows of this table that have left.
    eligible : mapping
        For rows whose number of eligible another table has shown or hidden, that sign.
    earlier : sequence of (rows, signs)
        The same table in earlier releases, and what of it has left.
    """
    wanted = [row.key for row in rows if row.grouping in GROUPINGS[part]]
    parts = list(GROUPINGS)
    upper = parts[: parts.index(part) + 1]  # centres add up to the whole, whatever it says
    there = {grouping for one in upper for grouping in GROUPINGS[one]}
    keys = [row.key for row in rows if row.grouping in there or row.key in settled]
    earlier = [(table, signs) for table, signs in earlier if signs]
    for _, signs in earlier:
        keys += [key for key in signs if key not in keys]
    family = family_of(indicator, keys, rows, smallest)
    quiet = unprinted(indicator)
    found = protect(
        family,
        smallest,
        published=_published(indicator, family, keys, settled, eligible),
        unprinted=_unprinted(quiet, keys, {*wanted, *settled}, family),
        worth=_worth(family, keys, indicator),
        earlier=_earlier(indicator, family, keys, earlier, smallest),
    )
    width = len(quiet)
    at = {key: place * width for place, key in enumerate(keys)}
    if found.exposed:
        return Guarded(dict.fromkeys(wanted, SIGNS[State.PROTECTED] * width), True)
    letters = "".join(SIGNS[state] for state in found.states)
    return Guarded({key: letters[at[key] : at[key] + width] for key in wanted}, False)


def family_of(
    indicator: Indicator,
    keys: Sequence[str],
    rows: Sequence[CountedRow],
    smallest: int,
) -> Family:
    """The rows of these keys as linked tables; a group that is not there is nobody."""
    there = {row.key: row.counts for row in rows}
    nobody = (0,) * len(base(indicator))
    counts = [there.get(key, nobody) for key in keys]
    return by_row(
        counts,
        tuple(sums(indicator).values()),
        links(keys),
        shares=shares(indicator),
        threshold=smallest,
    )


def _unprinted(quiet: Sequence[bool], keys: Sequence[str], printed: set[str], family: Family) -> list[bool]:
    """Cells that nobody prints: some columns of every row, and all of rows that are not asked for."""
    found = [silent or key not in printed for key in keys for silent in quiet]
    return found + [False] * (family.counts.size - len(found))


def _differences(family: Family, keys: Sequence[str], indicator: Indicator) -> int:
    return family.counts.size - len(keys) * len(columns(indicator))


def _published(
    indicator: Indicator, family: Family, keys: Sequence[str], settled: Signs, eligible: Signs
) -> list[State | None]:
    """What is known already: printed cells of rows that have left, who is eligible, who counts twice."""
    quiet, place = unprinted(indicator), columns(indicator).index("eligible")
    known: list[State | None] = []
    for key in keys:
        letters = settled.get(key)
        row = [None if letters is None or silent else STATES[letters[at]] for at, silent in enumerate(quiet)]
        if row[place] is None and key in eligible:
            row[place] = STATES[eligible[key]]
        known += row
    return known + [State.SHOWN] * _differences(family, keys, indicator)


def _worth(family: Family, keys: Sequence[str], indicator: Indicator) -> np.ndarray:
    each = [WORTH.get(key.partition(":")[0], 1.0) for key in keys]
    return np.concatenate(
        [np.repeat(each, len(columns(indicator))), np.ones(_differences(family, keys, indicator))]
    )


def _earlier(
    indicator: Indicator,
    family: Family,
    keys: Sequence[str],
    earlier: Sequence[Part],
    smallest: int,
) -> list[tuple[Family, list[State | None]]]:
    """Earlier releases in the shape of the new one; a group of a part that had left, but was not in it,
    was nobody, and the reader knows that."""
    quiet = unprinted(indicator)
    found = []
    for rows, signs in earlier:
        left = {grouping for key in signs for grouping in [key.partition(":")[0]]}
        parts = {part for part, names in GROUPINGS.items() if left & set(names)}
        groupings = {name for part in parts for name in GROUPINGS[part]}
        known: list[State | None] = []
        for key in keys:
            letters = signs.get(key)
            if letters is not None:
                known += [None if silent else STATES[letters[at]] for at, silent in enumerate(quiet)]
            elif key.partition(":")[0] in groupings:
                known += [None if silent else State.SHOWN for silent in quiet]
            else:
                known += [None] * len(quiet)
        table = family_of(indicator, keys, rows, smallest)
        found.append(_same_shape(family, table, known, len(keys) * len(quiet)))
    return found


def _same_shape(
    family: Family, table: Family, known: list[State | None], cells: int
) -> tuple[Family, list[State | None]]:
    """An earlier table with the sums of the new one: who counts twice is known, so it moves in neither."""
    counts = np.zeros(family.counts.size, dtype=family.counts.dtype)
    counts[:cells] = table.counts[:cells]
    withheld = np.zeros(family.counts.size, dtype=bool)
    return (
        Family(counts, family.sums, family.shape, withheld),
        known + [State.SHOWN] * (family.counts.size - cells),
    )


def says_something(signs: Signs) -> bool:
    """Whether anything is said: that a cell is protected says nothing of it."""
    return any(set(letters) - {SIGNS[State.PROTECTED]} for letters in signs.values())


def shown_of(parts: Mapping[str, str], part: str) -> int:
    """How many cells of a part's rows are shown."""
    return sum(
        letters.count("s") for key, letters in parts.items() if key.partition(":")[0] in GROUPINGS[part]
    )
