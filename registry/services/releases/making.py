"""Making a release: a year's tables counted at one moment, and parts of them let go when first asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from flask import current_app

from registry.access import Forbidden, Permission, demand, may, scope
from registry.indicators import INDICATORS, Indicator
from registry.indicators.released import GROUPINGS, base, columns
from registry.label import Label
from registry.models import CountedTable, Release, ReleasedPart
from registry.queries.counting.grouping import CENTRE_QUARTER, Grouping
from registry.queries.counting.tallies import Tally, tally
from registry.queries.releases import first_table
from registry.queries.releases import tables as queries
from registry.queries.releases.tables import CountedRow
from registry.queries.staff.places import places
from registry.services.releases.protecting import guard, says_something, shown_of
from registry.services.unit import change
from registry.services.values import today

MOST_LOST = 2  # a release that shows less than one cell for so many of an older one is not read
_GROUPINGS: dict[str, str | Grouping | None] = {name: name for part in GROUPINGS.values() for name in part}
_GROUPINGS |= {"centre-quarter": CENTRE_QUARTER}


def release(year: int, keys: Iterable[str], part: str) -> None:
    """Let a part of the tables of these indicators go, unless it has; count the year first, unless it was.

    Parameters
    ----------
    year : int
        A calendar year that has begun.
    keys : iterable of str
        Indicators.
    part
        One of `indicators.released.GROUPINGS`; those before it go first.

    Raises
    ------
    access.Forbidden
        For whoever sees neither aggregates nor keeps the review's record; for a year to come.
    """
    if not (may(Permission.AGGREGATE) or may(Permission.REVIEW)):
        demand(Permission.AGGREGATE)
    if not 1900 <= year <= today().year:
        raise Forbidden(f"there is no release of {year}")
    keys = list(dict.fromkeys(keys))
    newest = _fit(year, keys) or count_anew(year)
    parts = list(GROUPINGS)
    for one in parts[: parts.index(part) + 1]:
        _let_go(newest, keys, one)


def count_anew(year: int) -> Release:
    """Count every table of a year as it is now: what is asked for from now on is of these counts.

    Raises
    ------
    access.Forbidden
        As for `release`.
    """
    if not (may(Permission.AGGREGATE) or may(Permission.REVIEW)):
        demand(Permission.REVIEW)
    return keep_release(
        str(year), {key: (INDICATORS[key].edition, rows) for key, rows in _counted(year).items()}
    )


def keep_release(subject: str, tables: Mapping[str, tuple[str, Sequence[CountedRow]]]) -> Release:
    """Keep counted tables, by name with their editions, as the next release of a subject."""
    texts = {key: queries.as_text(rows) for key, (_, rows) in tables.items()}
    with change("release.count") as unit:
        before = queries.releases(subject)
        found = unit.add(
            Release(
                subject=subject,
                number=len(before) + 1,
                smallest=int(current_app.config["SMALLEST_CELL"]),
                until=today(),
                made_at=datetime.now(UTC),
                made_by=who(),
                digest=queries.digest(f"{key} {text}" for key, text in sorted(texts.items())),
            )
        )
        unit.session.flush()
        unit.index(  # the digest stands in the trail for all of them
            add=[
                CountedTable(release_id=found.id, name=key, edition=edition, counts=texts[key])
                for key, (edition, _) in tables.items()
            ]
        )
    return found


def _fit(year: int, keys: Sequence[str]) -> Release | None:
    """The latest release of a year, if it was made with today's definitions and the smallest count."""
    newest = next(iter(queries.releases(str(year))), None)
    if newest is None or newest.smallest < int(current_app.config["SMALLEST_CELL"]):
        return None
    tables = [queries.table_of(newest, key) for key in keys]
    same = all(
        one is not None and one.edition == INDICATORS[key].edition
        for key, one in zip(keys, tables, strict=True)
    )
    return newest if same else None


def _counted(year: int) -> dict[str, list[CountedRow]]:
    """Every indicator's year by all groupings."""
    wanted = [one for one in INDICATORS.values() if not one.variant_of]
    tables: dict[str, list[CountedRow]] = {one.key: [] for one in wanted}
    for name, by in _GROUPINGS.items():
        for one in tally(wanted, by=by, start=date(year, 1, 1), end=date(year, 12, 31)):
            tables[one.indicator.key].append(_row(name, one))
    expected = _expected(year)
    for key, rows in tables.items():
        there = {row.key for row in rows}
        width = len(base(INDICATORS[key]))
        rows += [
            CountedRow(grouping, code, *label, (0,) * width, (0, 0, None, None, None))
            for grouping, code, label in expected
            if f"{grouping}:{code}" not in there
        ]
        rows.sort(key=lambda row: row.code if row.grouping in ("quarter", "month") else "")
    return tables


def _expected(year: int) -> list[tuple[str, str, Label]]:
    """Rows that every table has, though there be nobody: times that have begun, and centres in use."""
    months = 12 if year < today().year else today().month
    times = [("year", f"{year}")]
    times += [("quarter", f"{year}-Q{place + 1}") for place in range((months + 2) // 3)]
    times += [("month", f"{year}-{place + 1:02d}") for place in range(months)]
    found = [(grouping, code, Label(code, code)) for grouping, code in times]
    for place in places():
        found.append(("centre", place.code, place.label))
        found += [
            ("centre-quarter", f"{place.code}/{code}", Label(code, code))
            for grouping, code in times
            if grouping == "quarter"
        ]
    return found


def _row(grouping: str, one: Tally) -> CountedRow:
    counts = [one.met, one.not_met, one.awaited, one.unknown]
    if len(base(one.indicator)) > len(counts):
        counts.append(one.endoscopists or 0)
    days = (day.isoformat() if day else None for day in one.days)
    more = (*one.tissue, one.minutes, *days)
    return CountedRow(grouping, one.group.code, *one.group.label, tuple(counts), more)


def _let_go(newest: Release, keys: Sequence[str], part: str) -> None:
    """Settle a part of each table that nobody has asked for yet."""
    there = {one.table.name for one in queries.parts_of(newest, keys) if one.part == part}
    found = {key: queries.table_of(newest, key) for key in keys if key not in there}
    missing = {key: table for key, table in found.items() if table is not None}
    if not missing:
        return
    known = _Known(newest)
    before = [one for one in queries.releases(newest.subject) if one.number < newest.number]
    earlier = [_Known(one) for one in before]
    made = []
    for key, table in missing.items():
        indicator, rows = INDICATORS[key], queries.rows_of(table)
        past = [(one.rows(key), one.signs[key]) for one in earlier if key in one.signs]
        guarded = guard(
            indicator,
            rows,
            part,
            smallest=newest.smallest,
            settled=known.signs[key],
            eligible=known.eligible(indicator, rows),
            earlier=past,
        )
        # Where too little has changed to say as much again, the older release stays the one that is read.
        less = any(shown_of(signs, part) > MOST_LOST * guarded.shown for _, signs in past)
        signs = {row: "p" * len(letters) for row, letters in guarded.signs.items()} if less else guarded.signs
        shown = 0 if less else guarded.shown
        if says_something(signs):
            known.signs[key] |= signs
        text = queries.signs_as_text(signs)
        made.append(
            ReleasedPart(
                counted_table_id=table.id,
                part=part,
                signs=text,
                digest=queries.digest([text]),
                shown=shown,
                hidden=guarded.cells - shown,
                asked_at=datetime.now(UTC),
                asked_by=who(),
            )
        )
    with change("release.let_go") as unit:
        taken = {one.table.name for one in queries.parts_of(newest, keys) if one.part == part}
        unit.add(*(one for key, one in zip(missing, made, strict=True) if key not in taken))


class _Known:
    """What has left of one release: the signs of each table's rows."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.signs: dict[str, dict[str, str]] = defaultdict(dict)
        self._rows: dict[str, list[CountedRow]] = {}
        self._first_table: tuple[list[CountedRow], dict[str, str]] | None = None
        for part in queries.parts_of(release):
            signs = queries.signs_of(part)
            if says_something(signs):
                self.signs[part.table.name] |= signs

    def rows(self, key: str) -> list[CountedRow]:
        if key not in self._rows:
            table = queries.table_of(self.release, key)
            self._rows[key] = [] if table is None else queries.rows_of(table)
        return self._rows[key]

    def eligible(self, indicator: Indicator, rows: Sequence[CountedRow]) -> dict[str, str]:
        """The signs of who is eligible in tables of the very same people, group by group."""
        mine = _sizes(indicator, rows)
        found: dict[str, str] = {}
        for key, signs in list(self.signs.items()):
            other = INDICATORS.get(key)
            if other is None or other is indicator or _sizes(other, self.rows(key)) != mine:
                continue
            place = columns(other).index("eligible")
            found |= {row: letters[place] for row, letters in signs.items()}
        return found | self._of_first_table(dict(mine))

    def _of_first_table(self, sizes: Mapping[str, int]) -> dict[str, str]:
        """The signs of a column of the year's first table, where that counts the very same people."""
        if self._first_table is None:
            newest = next(iter(queries.releases(first_table.subject(int(self.release.subject)))), None)
            parts = [] if newest is None else queries.parts_of(newest)
            told = [(queries.rows_of(one.table), queries.signs_of(one)) for one in parts if one.shown]
            self._first_table = told[0] if told else ([], {})
        rows, signs = self._first_table
        found: dict[str, str] = {}
        for place in first_table.same_people(rows, sizes):
            found |= {key: letters[place] for key, letters in signs.items()}
        return found


def _sizes(indicator: Indicator, rows: Sequence[CountedRow]) -> tuple[tuple[str, int], ...]:
    """How many are eligible in each group that has anybody."""
    return tuple((row.key, sum(row.counts[:4])) for row in rows if sum(row.counts[:4]))


def who() -> str:
    """Under whose name something is counted or let go."""
    current = scope()
    return current.actor[:120] if current else ""
