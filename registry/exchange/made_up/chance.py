"""Choosing by chance, the same way for the same seed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Among(Generic[Item]):
    """One of several, by weight; weights need not add up to one.

    >>> Among({"never": 0, "always": 1}).pick(Random(1))
    'always'
    """

    def __init__(self, weights: Mapping[Item, float]) -> None:
        self.items: Sequence[Item] = list(weights)
        self.reach = list(accumulate(weights.values()))

    def pick(self, rng: Random) -> Item:
        return rng.choices(self.items, cum_weights=self.reach)[0]


def around(rng: Random, mean: float, spread: float, low: float, high: float) -> float:
    """A number from a bell curve, kept within limits."""
    return min(high, max(low, rng.gauss(mean, spread)))


def later(rng: Random, day: date, least: int, most: int) -> date:
    """A day some days after another."""
    return day + timedelta(days=rng.randint(least, most))
