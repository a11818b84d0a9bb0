"""Survival as it was counted at one moment: tumours by organ, group, days followed and end.

What readers of aggregates see of survival comes from these tables and never from today's records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from registry.codes.lesion import COLORECTUM, Organ
from registry.models import Release
from registry.queries.counting.grouping import Group
from registry.queries.releases import tables as releases
from registry.queries.releases.tables import CountedRow
from registry.queries.survival.by_days import ROLES, divisions
from registry.queries.survival.rows import rows
from registry.stats.survival import year_day

EDITION = "1"  # of how tumours are counted and divided; older releases are not added to
DAYS = tuple(int(year_day(years)) for years in (1, 3, 5, 10))
KINDS = (
    "death",
    "cancer",
    "other",
    "unknown",
)  # a table at risk each: all deaths, and each `rules.cause.End`
SUBJECTS = {"survival invasive": True, "survival noninvasive": False}
ALL, WHOLE, BY_ORGAN, TOGETHER = "all", "none", "organ", "colorectum"


def subject(invasive: bool) -> str:
    """What a release of these tumours is called."""
    return next(name for name, one in SUBJECTS.items() if one is invasive)


def table_called(by: str | None, role: str) -> str:
    """The name of the table of a division; the centres have one for each role.

    >>> table_called(None, "treating"), table_called("sex", "treating"), table_called("centre", "treating")
    ('none', 'sex', 'centre-treating')
    """
    if not by or by == WHOLE:
        return WHOLE
    return f"centre-{role}" if by == "centre" else by


def organs_of(site: str) -> tuple[str, ...]:
    """The codes of the organs that a site is made of; nothing for one that is not offered.

    >>> organs_of("stomach"), organs_of("colorectum"), organs_of("C16.2")
    (('stomach',), ('colon', 'rectum'), ())
    """
    every = tuple(organ.code for organ in Organ)
    if site == ALL:
        return every
    if site == TOGETHER:
        return tuple(organ.code for organ in Organ if organ in COLORECTUM)
    return tuple(code for code in every if code == site)


def offered(table: str, site: str) -> bool:
    """Whether readers of aggregates may have a table of a site.

    Sites that are divided have nobody in common, and all of them together are divided by organ only: the
    difference of two would be a group that nobody protects.

    >>> offered("none", "colon"), offered("organ", "all"), offered("sex", "colorectum")
    (True, True, True)
    >>> offered("none", "C16.2"), offered("organ", "stomach"), offered("sex", "all"), offered("sex", "colon")
    (False, False, False, False)
    """
    if table == WHOLE:
        return bool(organs_of(site))
    if table == BY_ORGAN:
        return site == ALL
    return site == TOGETHER or (site != ALL and bool(organs_of(site)) and Organ(site) not in COLORECTUM)


def tables(invasive: bool) -> dict[str, list[CountedRow]]:
    """Every division of all tumours as it is now, by name.

    A row is a group within an organ: its counts are days followed, number of the end and how many, one
    after the other; `more` holds its place among the groups.
    """
    asked: list[tuple[str | None, str]] = [(None, "detecting")]
    for key in divisions(invasive):
        asked += [(key, role) for role in (ROLES if key == "centre" else ("detecting",))]
    found = {}
    for by, role in asked:
        counted = rows([by, BY_ORGAN], causes=True, invasive=invasive, role=role)
        groups, organs = counted.groups[str(by)], counted.groups[BY_ORGAN]
        table = []
        for organ_place, organ in enumerate(organs):
            within = counted.places[BY_ORGAN] == organ_place
            for place, group in enumerate(groups):
                own = within & (counted.places[str(by)] == place)
                if own.any():
                    numbers = np.stack([counted.days[own], counted.ends[own], counted.weight[own]], axis=1)
                    flat = tuple(numbers[np.lexsort(numbers.T[::-1])].ravel().tolist())
                    table.append(CountedRow(organ.code, group.code, *group.label, flat, (float(place),)))
        found[table_called(by, role)] = table
    return found


@dataclass(frozen=True, eq=False)
class Members:
    """One group: days followed, number of the end (0 alive) and for how many that holds, an array each."""

    group: Group
    days: np.ndarray
    ends: np.ndarray
    weight: np.ndarray


def members(table: Sequence[CountedRow], site: str) -> list[Members]:
    """The groups of a table within a site, in their order."""
    wanted = organs_of(site)
    parts: dict[str, list[CountedRow]] = {}
    for row in sorted(table, key=lambda row: row.more):
        if row.grouping in wanted:
            parts.setdefault(row.code, []).append(row)
    found = []
    for code, rows_of in parts.items():
        numbers = np.concatenate([np.array(row.counts, dtype=np.int64).reshape(-1, 3) for row in rows_of])
        group = Group(code, rows_of[0].label, tuple(rows_of[0].more))
        found.append(Members(group, *numbers.T))
    return found


def part_called(site: str, kind: str) -> str:
    """A part of a table: one site's table at risk of one kind of end."""
    return f"{site}:{kind}"


@dataclass(frozen=True, eq=False)
class Remembered:
    """The groups of a question as they were counted, and for each kind and group the letters of its cells."""

    groups: list[Members]
    letters: list[dict[str, str]]
    until: date


def remembered(
    invasive: bool, table: str, site: str, kinds: Sequence[str], smallest: int
) -> Remembered | None:
    """What has left of a question last; None where the latest release has not been asked for it.

    Where the latest was held back, all of it is of the release before.
    """
    silent = None
    for place, release in enumerate(releases.releases(subject(invasive))):
        found = _of(release, table, site, kinds)
        if place == 0 and (found is None or release.smallest < smallest):
            return None
        if found is not None:
            if found[1]:
                return found[0]
            silent = silent or found[0]
    return silent


def _of(release: Release, name: str, site: str, kinds: Sequence[str]) -> tuple[Remembered, bool] | None:
    """A question's parts of one release, and whether each of them says something; None unless all left."""
    parts = {one.part: one for one in releases.parts_of(release, [name])}
    left = [parts.get(part_called(site, kind)) for kind in kinds]
    there = [one for one in left if one is not None]
    if len(there) < len(kinds) or any(one.table.edition != EDITION for one in there):
        return None
    groups = members(releases.rows_of(there[0].table), site)
    letters = [releases.signs_of(one) for one in there]
    return Remembered(groups, letters, release.until), all(one.shown for one in there)
