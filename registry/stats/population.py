"""What a life table expects of a group, day by day: those at risk, their hazard, their weights.

A weight is 1/S, S being the survival that the life table expects of a person until that day. Within
a stretch of constant hazard λ it is e^(λt); its Taylor series is added up for all persons at once by
differences, block of days by block of days, so the work grows with the stretches (some six a year)
and not with the days that somebody is followed.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np

from registry.stats.life_table import Stretches, stretches

BLOCK = 128  # days over which one series holds; its centre is at most 64 days away
PERSONS = 5_000  # taken together; bounds the memory, not the result
EXACT = 1e-15  # what a series may leave out, of a weight


@dataclass(frozen=True, eq=False)
class AtRisk:
    """Sums over a group for each day 0 … last of follow-up; persons are at risk on entry < day ≤ exit.

    Parameters
    ----------
    number : ndarray of int
        At risk on that day.
    hazard : ndarray of float
        Sum of the hazards, on the day before, of those at risk on this: between both days
        nobody enters or leaves.
    weight : ndarray of float
        Sum of the weights on that day of those at risk on it.
    began : ndarray of float
        Sum of the weights of the same persons a day earlier.
    own : ndarray of float, shape (n,)
        Each person's weight on the last day followed.
    """

    number: np.ndarray
    hazard: np.ndarray
    weight: np.ndarray
    began: np.ndarray
    own: np.ndarray


def at_risk(table, people, entry):
    """Go through the life table with everybody.

    Parameters
    ----------
    table : registry.stats.life_table.RateTable
    people : registry.stats.life_table.People
    entry : ndarray of int, shape (n,)
        Day of follow-up after which a person is at risk; −1 for those observed from the start.

    Returns
    -------
    AtRisk
    """
    last = int(people.days.max(initial=-1))
    number = np.bincount(entry + 1, minlength=last + 2) - np.bincount(people.days + 1, minlength=last + 2)
    number = np.cumsum(number)[: last + 1]
    hazard, weight, began = (np.zeros(last + 1) for _ in range(3))
    own = np.empty(len(people))
    for first in range(0, len(people), PERSONS):
        some, since = people[first : first + PERSONS], entry[first : first + PERSONS]
        late = np.flatnonzero(since >= 0)
        way = stretches(
            table, some, cuts=[*_blocks(some.days + 1), (late, since[late]), (late, since[late] + 1)]
        )
        final = np.append(way.who[1:] != way.who[:-1], True)
        exits = np.exp(way.before + way.hazard * (way.end - 1 - way.start))[final]
        own[first : first + PERSONS] = exits
        within = way.start > since[way.who]
        weight += _sum_of_exponentials(way, within, last)
        hazard += _sum_of_hazards(way, way.start >= since[way.who], some.days, last)
        # What those at risk on a day weighed a day earlier: all at risk then, less who left, and who came.
        began[1:] -= np.bincount(some.days, exits, last + 1)[:-1]
        enters = (way.start == since[way.who]) & (way.start < some.days[way.who])
        began[1:] += np.bincount(way.start[enters], np.exp(way.before[enters]), last + 1)[:-1]
    began[1:] += weight[:-1]
    return AtRisk(number, hazard, weight, began, own)


def mean_survival(table, people, last):
    """The survival a life table expects if nobody left, on days 0 … last: the mean over the group.

    That is expected survival after Ederer I, as R's `survexp(method="ederer")`: a day that lies in two
    cells of the table has a part of each. NaN without anybody.
    """
    total = np.zeros(last + 1)
    for first in range(0, len(people), PERSONS):
        some = people[first : first + PERSONS]
        some = type(some)(some.sex, some.age, some.on, np.full(len(some), last))
        way = _from_whole_days(stretches(table, some, whole_days=False, cuts=_blocks(some.days + 1)))
        total += _sum_of_exponentials(way, np.ones(way.who.size, dtype=bool), last, sign=-1)
    return total / (len(people) or np.nan)


def _from_whole_days(way):
    """The stretches on which a day begins, each from the first such day on."""
    start, end = (np.ceil(day).astype(np.int64) for day in (way.start, way.end))
    seen = end > start
    before = way.before + way.hazard * (start - way.start)
    return Stretches(way.who[seen], start[seen], end[seen], way.hazard[seen], before[seen])


def _blocks(length):
    """Where follow-ups of these lengths pass from one block of days to the next."""
    number = (length - 1) // BLOCK
    who = np.repeat(np.arange(length.size), number)
    return [(who, BLOCK * (1 + np.arange(who.size) - np.repeat(np.cumsum(number) - number, number)))]


def _sum_of_exponentials(way, within, last, sign=1):
    """Σ exp(± hazard cumulated) over persons for each day 0 … last; every stretch lies in one block."""
    start, end, rate = way.start[within], way.end[within], way.hazard[within]
    block = start // BLOCK
    centre = block * BLOCK + BLOCK // 2
    blocks = last // BLOCK + 1
    places = np.concatenate((start, end)) + np.concatenate((block, block))  # one more day for each block
    term = np.exp(sign * (way.before[within] + rate * (centre - start)))
    away = (np.arange(BLOCK) - BLOCK // 2) / (BLOCK // 2)
    reach = sign * rate * (BLOCK // 2)
    widest = float(np.abs(reach).max(initial=0))
    total, power, order = np.zeros((blocks, BLOCK)), np.ones(BLOCK), 0
    while True:
        changes = np.bincount(places, np.concatenate((term, -term)), blocks * (BLOCK + 1))
        total += power * np.cumsum(changes.reshape(blocks, BLOCK + 1), axis=1)[:, :-1]
        order += 1
        if widest**order / factorial(order) < EXACT:
            return total.ravel()[: last + 1]
        term, power = term * reach / order, power * away


def _sum_of_hazards(way, within, days, last):
    """Σ hazard over persons for each day 1 … last, of the day before it; day 0 has none."""
    who, rate = way.who[within], way.hazard[within]
    start, end = way.start[within], np.minimum(way.end[within], days[who])
    end = np.maximum(start, end)
    changes = np.bincount(start, rate, last + 2) - np.bincount(end, rate, last + 2)
    return np.append(0.0, np.cumsum(changes)[:last])
