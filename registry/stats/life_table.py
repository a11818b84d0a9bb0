"""A population's mortality by sex, age and calendar year, and the way of each person through it.

Ages and follow-up are whole days, calendar days are counted from 1970-01-01. A year of age has
365.241 days, as in the tables of R's relsurv, so that a table made there means the same here.
"""

from dataclasses import dataclass

import numpy as np

DAYS_A_YEAR = 365.241


def hazard_per_day(probability):
    """The constant daily hazard under which a year is survived with probability 1 − q.

    Raises ValueError where a probability is not in [0, 1).

    >>> float(hazard_per_day(0.14939)).__round__(10)
    0.0004429994
    """
    probability = np.asarray(probability, dtype=float)
    if not ((probability >= 0) & (probability < 1)).all():
        raise ValueError("a yearly probability of death lies in [0, 1)")
    return -np.log1p(-probability) / DAYS_A_YEAR


def year_began(years):
    """The calendar day on which each year begins.

    >>> year_began([1970, 1971, 2000]).tolist()
    [0, 365, 10957]
    """
    return (
        (np.asarray(years, dtype="int64") - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(int)
    )


@dataclass(frozen=True, eq=False)
class RateTable:
    """Hazards of death per day, constant within a cell of sex, age and calendar time.

    Parameters
    ----------
    hazard : ndarray of float, shape (sexes, ages, years)
        Per day; finite and ≥ 0.
    age_from : ndarray of float, shape (ages,)
        Age in days at which each row begins, rising; the last has no end.
    day_from : ndarray of int, shape (years,)
        Calendar day on which each column begins, rising. The first column holds before, too, and
        the last after it: `beyond` says for whom.
    until : int
        The calendar day on which the last column ends.

    Raises
    ------
    ValueError
        If shapes do not fit, limits do not rise, or a hazard is negative or not finite.
    """

    hazard: np.ndarray
    age_from: np.ndarray
    day_from: np.ndarray
    until: int

    def __post_init__(self):
        if self.hazard.ndim != 3 or self.hazard.shape[1:] != (self.age_from.size, self.day_from.size):
            raise ValueError("hazards need the shape (sexes, ages, years)")
        if not self.hazard.size or not (np.isfinite(self.hazard) & (self.hazard >= 0)).all():
            raise ValueError("hazards must be finite and not negative")
        ends = np.append(self.day_from, self.until)
        if (np.diff(self.age_from) <= 0).any() or (np.diff(ends) <= 0).any():
            raise ValueError("ages and years of a life table must rise")

    def at(self, sex, age, day):
        """The hazard per day of persons of these sexes and ages on these calendar days."""
        rows = np.searchsorted(self.age_from, age, side="right") - 1
        columns = np.searchsorted(self.day_from, day, side="right") - 1
        return self.hazard[sex, np.maximum(rows, 0), np.maximum(columns, 0)]

    def beyond(self, people):
        """Who is followed on days that the table does not cover; its nearest year stands for those."""
        return (people.on < self.day_from[0]) | (people.on + people.days > self.until)


@dataclass(frozen=True, eq=False)
class People:
    """Persons as a life table needs them; arrays of int64 and one length.

    Parameters
    ----------
    sex : array_like of int
        Place in the table's first axis.
    age : array_like of int
        Days from birth to the start of follow-up, ≥ 0.
    on : array_like of int
        Calendar day of the start.
    days : array_like of int
        Days followed, ≥ 0.

    Raises
    ------
    ValueError
        If lengths differ, or a value is no whole number in its range.
    """

    sex: np.ndarray
    age: np.ndarray
    on: np.ndarray
    days: np.ndarray

    def __post_init__(self):
        for name in ("sex", "age", "on", "days"):
            given = np.asarray(getattr(self, name))
            if given.ndim != 1 or (given.size and given.dtype.kind not in "biu"):
                raise ValueError(f"{name} must hold whole numbers in one dimension")
            values = given.astype(np.int64)
            if name != "on" and values.size and values.min() < 0:
                raise ValueError(f"{name} must not be negative")
            object.__setattr__(self, name, values)
        if not self.sex.size == self.age.size == self.on.size == self.days.size:
            raise ValueError("sex, age, on and days must be of one length")

    def __len__(self):
        return self.sex.size

    def __getitem__(self, which):
        return People(self.sex[which], self.age[which], self.on[which], self.days[which])


@dataclass(frozen=True, eq=False)
class Stretches:
    """Follow-up cut where the hazard changes: whose, from, to, hazard per day, hazard cumulated before.

    In the order of persons, and of time within each.
    """

    who: np.ndarray
    start: np.ndarray
    end: np.ndarray
    hazard: np.ndarray
    before: np.ndarray


def stretches(table, people, *, whole_days=True, cuts=()):
    """Each person's follow-up, days 0 … days + 1, in stretches of constant hazard.

    Parameters
    ----------
    table : RateTable
    people : People
    whole_days : bool
        A day has the hazard of the cell in which it begins; otherwise a day that lies in two
        cells has a part of each, as R's `survexp` reckons.
    cuts : sequence of (who, day)
        Further places to cut: arrays of a person's place and a day of follow-up.

    Returns
    -------
    Stretches
        The last one of each person reaches one day beyond the follow-up, so that on every day of
        it, the last included, exactly one stretch holds.
    """
    end = people.days + 1
    everybody = np.arange(len(people))
    marks = [(everybody, np.zeros(len(people))), *cuts]
    marks.append(_crossings(table.age_from, people.age, end))
    marks.append(_crossings(table.day_from, people.on, end))
    who, start = (np.concatenate(parts) for parts in zip(*marks, strict=True))
    if whole_days:
        # A person and a day as one whole number are sorted several times faster than as two.
        width = int(end.max(initial=0)) + 1
        one = np.sort(who * width + np.ceil(start).astype(np.int64))
        who, start = np.divmod(one, width)
    else:
        order = np.lexsort((start, who))
        who, start = who[order], start[order]
    final = np.append(who[1:] != who[:-1], True) if who.size else np.zeros(0, dtype=bool)
    stop = np.where(final, end[who], np.append(start[1:], 0))
    seen = stop > start
    who, start, stop = who[seen], start[seen], stop[seen]
    looked = start if whole_days else (start + stop) / 2
    hazard = table.at(people.sex[who], people.age[who] + looked, people.on[who] + looked)
    spent = hazard * (stop - start)
    total = np.cumsum(spent) - spent
    first = np.flatnonzero(np.append(True, who[1:] != who[:-1])) if who.size else np.zeros(0, dtype=int)
    before = total - np.repeat(total[first], np.diff(np.append(first, who.size)))
    return Stretches(who, start, stop, hazard, before)


def _crossings(limits, begin, length):
    """Who crosses a limit of the table, and after how long: strictly after the start, before the end."""
    first = np.searchsorted(limits, begin, side="right")
    number = np.searchsorted(limits, begin + length, side="left") - first
    who = np.repeat(np.arange(begin.size), number)
    place = np.arange(who.size) - np.repeat(np.cumsum(number) - number, number) + first[who]
    return who, limits[place] - begin[who]


def cumulative_hazard(table, people, *, block=20_000):
    """Each person's expected cumulative hazard over the days followed, shape (n,).

    As R's `survexp(method="individual.h")`: a day that lies in two cells has a part of each.
    """
    found = np.zeros(len(people))
    for begin in range(0, len(people), block):
        some = people[begin : begin + block]
        way = stretches(table, some, whole_days=False)
        length = np.minimum(way.end, some.days[way.who]) - way.start
        spent = way.hazard * np.maximum(length, 0)
        found[begin : begin + block] = np.bincount(way.who, weights=spent, minlength=len(some))
    return found
