"""Tumours one by one as columns of numbers: what a comparison with a life table needs and counts cannot hold.

Rows come from the database a few thousand at a time and are kept as small whole numbers, so a
million tumours take some 30 MB, and no row is ever an object.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Date, case, literal

from registry import models
from registry.codes.person import Precision, Sex
from registry.extensions import db
from registry.models import Person
from registry.models.portable import days_between
from registry.queries.counting.grouping import ALL, Group
from registry.queries.counting.tallies import counting
from registry.queries.survival.by_days import (
    Division,
    chosen,
    division_of,
    finished,
    known_after_death,
    started_on,
)

Tumour: Any = models.Tumour
SEXES = (Sex.MALE, Sex.FEMALE)
AT_ONCE = 5_000
_EPOCH = literal(date(1970, 1, 1), Date)
_IN_PART = {Precision.MONTH: 1, Precision.YEAR: 2, Precision.AGE: 2}


@dataclass(frozen=True, eq=False)
class Columns:
    """One group; an array each, of one length.

    `sex` is a place in `SEXES`, `age` days from birth to the start, `on` the calendar day of the start
    since 1970-01-01, `days` those followed, `dead` whether dead then.
    """

    group: Group
    sex: NDArray[np.int8]
    age: NDArray[np.int32]
    on: NDArray[np.int32]
    days: NDArray[np.int32]
    dead: NDArray[np.bool_]


@dataclass(frozen=True)
class OneByOne:
    """The groups in their order, and the tumours left out by reason."""

    groups: list[Columns]
    death_certificate_only: int
    not_followed: int
    not_comparable: int


def one_by_one(by: str | None = None, **selection: Any) -> OneByOne:
    """Read tumours with the age, sex and calendar day at which survival starts.

    Parameters
    ----------
    by, selection
        As for `queries.survival.by_days.followed`, with the same errors.

    Returns
    -------
    OneByOne
        Beside those whom nobody followed, tumours are left out and counted as not comparable
        whose person has no birth date, no sex that a life table knows, or a birth after the start.
        A month stands for its 15th and a year for its 1 July.
    """
    invasive, role = selection.get("invasive", True), selection.get("role", "detecting")
    division = division_of(by, invasive, role)
    begun = started_on(invasive)
    proved = Tumour.invasive_on if invasive else Tumour.noninvasive_on
    of_start = case((proved.is_not(None), 0), else_=_precision(Tumour.incidence_precision))
    numbers = [
        case(*((Person.sex == sex, place) for place, sex in enumerate(SEXES)), else_=None),
        days_between(_EPOCH, Person.born_on),
        _precision(Person.born_precision),
        days_between(_EPOCH, begun),
        of_start,
        Tumour.followed_days,
        case((Tumour.dead, 1), (Tumour.dead.is_(None), None), else_=0),
    ]
    with counting():
        statement = finished(chosen(numbers, division, with_person=True, **selection))
        kept = _Kept(division)
        for values, rows in _read(statement, division is not None):
            kept.take(values, rows)
        after_death = known_after_death(statement) if kept.not_followed else 0
        lost = kept.not_followed - after_death
        return OneByOne(kept.groups(), after_death, lost, kept.not_comparable)


def _precision(column: Any) -> Any:
    """0 for a whole day, 1 for a month, 2 for a year."""
    return case(*((column == precision, number) for precision, number in _IN_PART.items()), else_=0)


def _read(statement: Any, grouped: bool) -> Iterator[tuple[list[Any], NDArray[np.float64]]]:
    """Values that are divided by, and the numbers as rows; NaN where there is none."""
    session = db.session()
    bypassed = session.info.get("bypass")
    options = {"stream_results": True}
    result = (
        session.connection().execute(statement, execution_options=options)
        if bypassed
        else session.execute(statement, execution_options=options)
    )
    first = int(grouped)
    for rows in result.partitions(AT_ONCE):
        numbers = np.array([row[first:] for row in rows], dtype=np.float64)
        yield [row[0] for row in rows] if grouped else [None] * len(rows), numbers


class _Kept:
    """What is kept of the rows as they pass."""

    def __init__(self, division: Division | None) -> None:
        self.division = division
        self.named: dict[str, Group] = {}
        self.place: dict[Any, int] = {}
        self.parts: list[tuple[NDArray[Any], ...]] = []
        self.not_followed = self.not_comparable = 0

    def take(self, values: list[Any], rows: NDArray[np.float64]) -> None:
        """Keep those of these rows that can be compared."""
        for value in dict.fromkeys(values):
            if value not in self.place:
                group = Group("all", ALL) if self.division is None else self.division.group(value)
                self.named.setdefault(group.code, group)
                self.place[value] = list(self.named).index(group.code)
        places = np.array([self.place[value] for value in values], dtype=np.int16)
        sex, born, born_as, begun, begun_as, days, dead = rows.T
        followed = ~(np.isnan(days) | np.isnan(dead))
        born, begun = _middle(born, born_as), _middle(begun, begun_as)
        with np.errstate(invalid="ignore"):
            comparable = ~np.isnan(sex) & (begun - born >= 0)
        self.not_followed += int((~followed).sum())
        self.not_comparable += int((followed & ~comparable).sum())
        kept = followed & comparable
        columns = zip((sex, begun - born, begun, days, dead), _TYPES, strict=True)
        self.parts.append((places[kept], *(column[kept].astype(kind) for column, kind in columns)))

    def groups(self) -> list[Columns]:
        """The groups that have anybody, in their order."""
        if not self.parts:
            return []
        places, *columns = (np.concatenate(each) for each in zip(*self.parts, strict=True))
        found = []
        for place, group in enumerate(self.named.values()):
            own = places == place
            if own.any():
                found.append(Columns(group, *(column[own] for column in columns)))
        return sorted(found, key=lambda one: one.group.order)


_TYPES = (np.int8, np.int32, np.int32, np.int32, np.bool_)


def _middle(days: NDArray[np.float64], known_to: NDArray[np.float64]) -> NDArray[np.float64]:
    """Calendar days to calculate with: the 15th of a month, 1 July of a year."""
    in_part = (known_to > 0) & ~np.isnan(days)
    if not in_part.any():
        return days
    day = days[in_part].astype("int64").astype("datetime64[D]")
    of_month = day.astype("datetime64[M]").astype("datetime64[D]") + 14
    of_year = (day.astype("datetime64[Y]").astype("datetime64[M]") + 6).astype("datetime64[D]")
    middle = np.where(known_to[in_part] == 1, of_month, of_year).astype("int64")
    moved = days.copy()
    moved[in_part] = middle
    return moved
