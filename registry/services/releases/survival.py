"""Releases of survival: all tables at risk counted at one moment, each let go when first asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from flask import current_app

from registry.access import Forbidden, Permission, demand, may
from registry.models import Release, ReleasedPart
from registry.queries.releases import survival
from registry.queries.releases import tables as queries
from registry.queries.releases.survival import ALL, BY_ORGAN, KINDS, TOGETHER, WHOLE, part_called
from registry.queries.releases.tables import SIGNS, STATES, CountedRow
from registry.services.releases.making import MOST_LOST, keep_release, who
from registry.services.releases.protecting import says_something
from registry.services.unit import change
from registry.stats.disclosure import State
from registry.stats.followed_tables import Layout, Left, cut, protected

LAYOUT = Layout(2 * len(survival.DAYS) + 1)
QUIET = SIGNS[State.PROTECTED] * LAYOUT.width


def count_survival(invasive: bool) -> Release:
    """Count every table of survival as it is now: what is asked for from now on is of these counts.

    Raises
    ------
    access.Forbidden
        For whoever sees neither aggregates nor keeps the review's record.
    """
    if not (may(Permission.AGGREGATE) or may(Permission.REVIEW)):
        demand(Permission.REVIEW)
    tables = survival.tables(invasive)
    return keep_release(
        survival.subject(invasive), {name: (survival.EDITION, rows) for name, rows in tables.items()}
    )


def release_survival(invasive: bool, table: str, site: str, kinds: Sequence[str]) -> None:
    """Let the tables at risk of one question go, unless they have; count survival first, unless it was.

    Parameters
    ----------
    table, site
        A name of `queries.releases.survival.tables`, and "all", "colorectum" or an organ.
    kinds : sequence of str
        Of `KINDS`; those before them go first.

    Raises
    ------
    access.Forbidden
        As for `count_survival`; for what is not offered.
    """
    if not (may(Permission.AGGREGATE) or may(Permission.REVIEW)):
        demand(Permission.AGGREGATE)
    newest = next(iter(queries.releases(survival.subject(invasive))), None)
    known = None if newest is None else queries.table_of(newest, WHOLE)
    if (
        newest is None
        or known is None
        or known.edition != survival.EDITION
        or newest.smallest < int(current_app.config["SMALLEST_CELL"])
    ):
        newest = count_survival(invasive)
    if (
        not survival.offered(table, site)
        or queries.table_of(newest, table) is None
        or not set(kinds) <= {*KINDS}
    ):
        raise Forbidden(f"there is no table at risk of {table} and {site}")
    wanted = [(WHOLE, ALL), *([(BY_ORGAN, ALL), (WHOLE, site)] if site != ALL else []), (table, site)]
    for kind in KINDS[: 1 + max(KINDS.index(one) for one in kinds)]:
        for name, where in dict.fromkeys(wanted):
            _let_go(newest, name, where, kind)


@dataclass(frozen=True)
class _Asked:
    """One part: a table's name, a site and a kind of end."""

    name: str
    site: str
    kind: str

    @property
    def part(self) -> str:
        return part_called(self.site, self.kind)

    @property
    def sums(self) -> tuple[str, ...]:
        """Rows behind the groups that are several of them: colon and rectum stand as one site, too."""
        return (TOGETHER,) if self.name == BY_ORGAN and self.site == ALL else ()


@dataclass(frozen=True, eq=False)
class _Cut:
    """A part's counts by group, and the letters of its rows that have left; None where it never did."""

    events: dict[str, np.ndarray]
    censored: dict[str, np.ndarray]
    letters: dict[str, str] | None
    total: str | None


def _let_go(newest: Release, name: str, site: str, kind: str) -> None:
    """Settle one part that nobody has asked for yet."""
    asked = _Asked(name, site, kind)
    now = _cut(newest, asked)
    table = queries.table_of(newest, name)
    if now.letters is not None or table is None:
        return
    before = [one for one in queries.releases(newest.subject) if one.number < newest.number]
    past = [_cut(one, asked) for one in before]
    letters = _guarded(now, past, asked, newest) if now.events else {}
    shown = _shown(letters)
    if any(_shown(one.letters or {}) > MOST_LOST * shown for one in past):
        letters, shown = dict.fromkeys(letters, QUIET), 0
    text = queries.signs_as_text(letters)
    with change("release.let_go") as unit:
        if not any(one.part == asked.part for one in queries.parts_of(newest, [name])):
            unit.add(
                ReleasedPart(
                    counted_table_id=table.id,
                    part=asked.part,
                    signs=text,
                    digest=queries.digest([text]),
                    shown=shown,
                    hidden=int(LAYOUT.printed.sum()) * len(letters) - shown,
                    asked_at=datetime.now(UTC),
                    asked_by=who(),
                )
            )


def _guarded(now: _Cut, past: Sequence[_Cut], asked: _Asked, newest: Release) -> dict[str, str]:
    """The letters of a part's rows. A site's total is the row that it is among the organs."""
    if asked.name == WHOLE and asked.site != ALL:
        organs = _cut(newest, _Asked(BY_ORGAN, ALL, asked.kind)).letters or {}
        return {code: organs.get(asked.site, QUIET) for code in now.events}
    past = [one for one in past if one.letters is not None or one.total is not None]
    codes = list(dict.fromkeys(code for one in (now, *past) for code in one.events))
    sums = [tuple(at for at, code in enumerate(codes) if code in survival.organs_of(s)) for s in asked.sums]
    rows = [*codes, *(name for name, parts in zip(asked.sums, sums, strict=True) if parts)]
    states, _ = protected(
        *_filled(now, codes),
        newest.smallest,
        total=None if now.total is None else [STATES[letter] for letter in now.total],
        sums=[parts for parts in sums if parts],
        gone=[at for at, code in enumerate(codes) if code not in now.events],
        earlier=[Left(*_filled(one, codes), _known(one, rows)) for one in past],
    )
    found = {row: "".join(SIGNS[one] for one in said) for row, said in zip(rows, states, strict=True)}
    return {row: letters for row, letters in found.items() if row in now.events or row in asked.sums}


def _cut(release: Release, asked: _Asked) -> _Cut:
    """A part of a release as it was counted, and as it left."""
    table = queries.table_of(release, asked.name)
    table_rows: list[CountedRow] = [] if table is None else queries.rows_of(table)
    events, censored = {}, {}
    for one in survival.members(table_rows, asked.site):
        ended = one.ends > 0 if asked.kind == KINDS[0] else one.ends == KINDS.index(asked.kind)
        events[one.group.code], censored[one.group.code] = cut(one.days, ended, one.weight, survival.DAYS)
    letters = _letters(release, asked.name, asked.part)
    total = None if asked.name == WHOLE else (_letters(release, WHOLE, asked.part) or {}).get("all")
    return _Cut(events, censored, letters, total)


def _letters(release: Release, name: str, part: str) -> dict[str, str] | None:
    parts = queries.parts_of(release, [name])
    return next((queries.signs_of(one) for one in parts if one.part == part), None)


def _filled(one: _Cut, codes: Sequence[str]) -> tuple[list[list[int]], list[list[int]]]:
    """Events and losses of these groups; one that was not there was nobody."""
    nobody = np.zeros(LAYOUT.k, dtype=int)
    return (
        [one.events.get(code, nobody).tolist() for code in codes],
        [one.censored.get(code, nobody).tolist() for code in codes],
    )


def _known(one: _Cut, rows: Sequence[str]) -> list[list[State | None]]:
    """What has left of an earlier part, row by row, the total last; a group that was not in it was nobody."""
    nothing: list[State | None] = [None] * LAYOUT.width
    said = one.letters is not None and (says_something(one.letters) or not one.letters)
    found: list[list[State | None]] = []
    for row in rows:
        letters = (one.letters or {}).get(row, SIGNS[State.SHOWN] * LAYOUT.width)
        found.append([STATES[letter] for letter in letters] if said else nothing)
    found.append(nothing if one.total is None else [STATES[letter] for letter in one.total])
    return found


def _shown(letters: dict[str, str]) -> int:
    """How many of the printed cells are shown."""
    return sum(
        letter == SIGNS[State.SHOWN]
        for row in letters.values()
        for letter, seen in zip(row, LAYOUT.printed, strict=True)
        if seen
    )
