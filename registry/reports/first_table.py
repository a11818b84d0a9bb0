"""The first table of a paper, as page, file and command tell it: a year's examinations and the cancers found.

Readers of aggregates get it of a release; whoever sees true counts gets it of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.access import Permission, demand, may
from registry.label import Label
from registry.queries.counting.grouping import by_name
from registry.queries.releases import tables
from registry.queries.releases.first_table import (
    COLUMNS,
    EDITION,
    NAME,
    ROWS,
    SECTIONS,
    YEAR,
    counted_rows,
    subject,
)
from registry.queries.releases.tables import STATES, CountedRow
from registry.reports.rates.quality import only_aggregates, this_day
from registry.reports.rates.shown import whole
from registry.stats.disclosure import State

TOTALS = {
    "examination": Label("合计", "All"),
    "stage": Label("合计", "All"),
}


class Unasked(LookupError):
    """Nobody has asked for this year's table since it was last counted; the release service lets it go."""

    def __init__(self, year: int) -> None:
        super().__init__(f"not released yet: {year}")
        self.year = year


@dataclass(frozen=True)
class Heading:
    """One printed column."""

    key: str
    section: str
    label: Label


HEADINGS = tuple(
    heading
    for section in SECTIONS
    for heading in (
        *(Heading(f"{section}s", section, TOTALS[section]) for _ in range(section in TOTALS)),
        *(Heading(one.key, section, one.label) for one in COLUMNS if one.section == section),
    )
)


@dataclass(frozen=True)
class Row:
    """One group: what it is divided by, its name, and counts by heading; None where one is hidden.

    `small` names those that are hidden because they are small themselves.
    """

    by: str
    code: str
    label: Label
    counts: dict[str, int | None]
    small: frozenset[str] = frozenset()

    def written(self, key: str, smallest: int) -> str:
        """A count as it is read: ≤7 for a small one, * for what would give one away."""
        count = self.counts[key]
        if count is not None:
            return whole(count)
        return f"≤{smallest - 1}" if key in self.small else "*"

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it; a hidden count is empty."""
        return {"by": self.by, "group": self.code, "label": str(self.label), **self.counts}


@dataclass(frozen=True)
class FirstTable:
    """The rows of a year, everybody first, and up to which day they were counted."""

    year: int
    rows: Sequence[Row]
    until: date
    suppressed: bool

    @property
    def empty(self) -> bool:
        """Whether nobody was examined, as far as may be said."""
        return all(row.counts["examinations"] == 0 for row in self.rows)

    def sections(self) -> list[tuple[Label | None, list[Row]]]:
        """The rows under what they are divided by."""
        return [
            (None if key == YEAR else grouping.label, [row for row in self.rows if row.by == key])
            for key, grouping in ROWS.items()
        ]

    def flat(self) -> list[dict[str, Any]]:
        """The lines of a CSV or JSON file."""
        return [row.as_dict() for row in self.rows]


def first_table(year: int, smallest: int = 8) -> FirstTable:
    """The first table of a calendar year.

    Raises
    ------
    Unasked
        If a reader of aggregates is the first to ask since the year was last counted.
    access.Forbidden
        For whoever sees neither aggregates nor all centres.
    """
    if not only_aggregates():
        if not may(Permission.BENCHMARK):
            demand(Permission.AGGREGATE)
        return FirstTable(year, [_row(one, None) for one in counted_rows(year)], this_day(), False)
    silent = None
    for place, release in enumerate(tables.releases(subject(year))):
        part = next(iter(tables.parts_of(release, [NAME])), None)
        if part is None or part.table.edition != EDITION or release.smallest < smallest:
            if place == 0:
                break
            continue
        signs = tables.signs_of(part)
        rows = _in_order([_row(one, signs[one.key]) for one in tables.rows_of(part.table)])
        found = FirstTable(year, rows, release.until, True)
        if part.shown:
            return found
        silent = silent or found
    if silent is None:
        raise Unasked(year)
    return silent


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """The rows with their centres by name in the reader's language; another's may have counted them."""
    places = iter(sorted((row for row in rows if row.by == "centre"), key=lambda row: by_name(row.label)))
    return [next(places) if row.by == "centre" else row for row in rows]


def _row(one: CountedRow, letters: str | None) -> Row:
    """A counted row with its sums, as far as its letters let it be said."""
    counts: dict[str, int | None] = {
        column.key: count for column, count in zip(COLUMNS, one.counts, strict=True)
    }
    for section in SECTIONS:
        inside = (n for column, n in zip(COLUMNS, one.counts, strict=True) if column.section == section)
        counts[f"{section}s"] = sum(inside)
    states = dict.fromkeys(counts, State.SHOWN)
    if letters is not None:
        states = dict(zip(counts, (STATES[letter] for letter in letters), strict=True))
    told = {
        heading.key: counts[heading.key] if states[heading.key] is State.SHOWN else None
        for heading in HEADINGS
    }
    small = frozenset(key for key in told if states[key] is State.HIDDEN)
    return Row(one.grouping, one.code, one.label, told, small)
