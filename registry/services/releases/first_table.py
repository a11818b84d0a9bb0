"""Releases of the first table: a year's examinations counted at one moment, protected as linked tables."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np
from flask import current_app

from registry.access import Forbidden, Permission, demand, may
from registry.indicators import INDICATORS
from registry.indicators.released import PARTS, columns, links
from registry.models import Release, ReleasedPart
from registry.queries.releases import first_table as query
from registry.queries.releases import tables as queries
from registry.queries.releases.first_table import AGAIN, COLUMNS, NAME, SECTIONS, subject
from registry.queries.releases.tables import SIGNS, STATES, CountedRow, Signs
from registry.services.releases.making import MOST_LOST, keep_release, who
from registry.services.releases.protecting import says_something
from registry.services.unit import change
from registry.services.values import today
from registry.stats.disclosure import State
from registry.stats.linked_tables import Family, by_row
from registry.stats.protection import protect

PART = "table"
_SUMS = tuple(
    tuple(place for place, column in enumerate(COLUMNS) if column.section == section) for section in SECTIONS
)
WIDTH = len(COLUMNS) + len(SECTIONS)
QUIET = SIGNS[State.PROTECTED] * WIDTH


def release_first_table(year: int) -> None:
    """Let the first table of a year go, unless it has; count it first, unless it was.

    Raises
    ------
    access.Forbidden
        For whoever sees neither aggregates nor keeps the review's record; for a year to come.
    """
    _ask(year)
    newest = next(iter(queries.releases(subject(year))), None)
    known = None if newest is None else queries.table_of(newest, NAME)
    if (
        newest is None
        or known is None
        or known.edition != query.EDITION
        or newest.smallest < int(current_app.config["SMALLEST_CELL"])
    ):
        newest = count_first_table(year)
    if not queries.parts_of(newest):
        _let_go(newest)


def count_first_table(year: int) -> Release:
    """Count a year's first table as it is now; raises Forbidden as `release_first_table`."""
    _ask(year)
    return keep_release(subject(year), {NAME: (query.EDITION, query.counted_rows(year))})


def _ask(year: int) -> None:
    if not (may(Permission.AGGREGATE) or may(Permission.REVIEW)):
        demand(Permission.AGGREGATE)
    if not 1900 <= year <= today().year:
        raise Forbidden(f"there is no first table of {year}")


def family_of(rows: Sequence[CountedRow], keys: Sequence[str], smallest: int) -> Family:
    """The rows of these keys as linked tables: kinds and indications of the same examinations, and stages.

    A group that is not there is nobody.
    """
    from scipy.sparse import csr_array, vstack

    there = {row.key: row.counts for row in rows}
    counts = [there.get(key, (0,) * len(COLUMNS)) for key in keys]
    made = by_row(counts, _SUMS, links(keys), shares=range(len(_SUMS)), threshold=smallest)
    lines, first = np.arange(len(keys)), np.arange(len(keys)) * WIDTH
    places = np.concatenate([first + len(COLUMNS), first + AGAIN])
    values = np.repeat([1.0, -1.0], len(keys))
    same = csr_array((values, (np.tile(lines, 2), places)), shape=(len(keys), made.counts.size))
    return Family(made.counts, csr_array(vstack([made.sums, same])), made.shape, made.withheld)


def signs_of(
    rows: Sequence[CountedRow],
    smallest: int,
    earlier: Sequence[tuple[Sequence[CountedRow], Signs]] = (),
    shared: Mapping[tuple[str, int], State] = MappingProxyType({}),
) -> dict[str, str]:
    """The letters of each row's columns and sums; all of them protected where only silence helps.

    Parameters
    ----------
    earlier : sequence of (rows, signs)
        The same table in earlier releases, as it left; a group that was not in it was nobody.
    shared : mapping
        By key of a row and place among its letters, what an indicator of the very same people has said.
    """
    keys = list(dict.fromkeys(row.key for table in (rows, *(one for one, _ in earlier)) for row in table))
    quiet = [at % WIDTH == AGAIN for at in range(WIDTH * len(keys))]
    there = {row.key for row in rows}
    family = family_of(rows, keys, smallest)
    gone = [
        shared.get((key, place)) if key in there else State.SHOWN for key in keys for place in range(WIDTH)
    ]

    def known(signs: Signs) -> list[State | None]:
        letters = "".join(signs.get(key, SIGNS[State.SHOWN] * WIDTH) for key in keys)
        return [None if unseen else STATES[one] for one, unseen in zip(letters, quiet, strict=True)]

    found = protect(
        family,
        smallest,
        published=[None if unseen else state for state, unseen in zip(gone, quiet, strict=True)],
        unprinted=quiet,
        worth=np.repeat([20.0 if key.startswith(query.YEAR) else 1.0 for key in keys], WIDTH),
        earlier=[(family_of(table, keys, smallest), known(signs)) for table, signs in earlier],
    )
    if found.exposed:
        return dict.fromkeys((row.key for row in rows), QUIET)
    letters = "".join(SIGNS[state] for state in found.states)
    made = {key: letters[at * WIDTH : (at + 1) * WIDTH] for at, key in enumerate(keys)}
    return {row.key: made[row.key] for row in rows}


def _let_go(newest: Release) -> None:
    """Settle a table that nobody has asked for yet, held against those that have left."""
    table = queries.table_of(newest, NAME)
    if table is None:
        raise LookupError(f"{newest.subject} has no table")
    past = []
    for release in queries.releases(newest.subject):
        for part in queries.parts_of(release, [NAME]) if release.number < newest.number else ():
            if part.shown:
                past.append((queries.rows_of(part.table), queries.signs_of(part)))
    rows = queries.rows_of(table)
    signs = signs_of(rows, newest.smallest, past, _said_by_indicators(newest.subject, rows))
    # Where too little has changed to say as much again, the older release stays the one that is read.
    if any(_shown(before) > MOST_LOST * _shown(signs) for _, before in past):
        signs = dict.fromkeys(signs, QUIET)
    text, shown = queries.signs_as_text(signs), _shown(signs)
    with change("release.let_go") as unit:
        if not queries.parts_of(newest, [NAME]):
            unit.add(
                ReleasedPart(
                    counted_table_id=table.id,
                    part=PART,
                    signs=text,
                    digest=queries.digest([text]),
                    shown=shown,
                    hidden=(WIDTH - 1) * len(signs) - shown,
                    asked_at=datetime.now(UTC),
                    asked_by=who(),
                )
            )


def _said_by_indicators(name: str, rows: Sequence[CountedRow]) -> dict[tuple[str, int], State]:
    """What the indicators of the year have said of who is eligible, where these are the very same people."""
    newest = next(iter(queries.releases(str(query.year_of_subject(name)))), None)
    found: dict[tuple[str, int], State] = {}
    for part in [] if newest is None else queries.parts_of(newest):
        indicator, signs = INDICATORS.get(part.table.name), queries.signs_of(part)
        if indicator is None or not says_something(signs):
            continue
        eligible = columns(indicator).index("eligible")
        sizes = {row.key: sum(row.counts[: len(PARTS)]) for row in queries.rows_of(part.table)}
        for place in query.same_people(rows, sizes):
            found |= {(key, place): STATES[letters[eligible]] for key, letters in signs.items()}
    return found


def _shown(signs: Signs) -> int:
    """How many of the printed cells are shown."""
    return sum((row[:AGAIN] + row[AGAIN + 1 :]).count(SIGNS[State.SHOWN]) for row in signs.values())
