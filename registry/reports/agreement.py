"""How well a second entry from the papers agrees with the first, field by field."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from registry.label import Label
from registry.queries.review.reabstraction import Extent, Pair, extent, pairs
from registry.queries.review.reabstraction_fields import AGAIN, Again
from registry.stats.agreement import kappa
from registry.stats.proportions import wilson

FEWEST = 20  # pairs; with fewer a kappa's interval says next to nothing


class Said(Enum):
    """What may be said of a field."""

    ENOUGH = Label("可用", "enough to say")
    TOO_FEW = Label("太少，不作判断", "too few to say")
    ONE_CLASS = Label("几乎都是同一类，κ 无意义", "all but one class: kappa says nothing")
    NOTHING = Label("尚无", "none yet")

    @property
    def code(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Agreement:
    """One field. `pairs` are known on both sides; proportions are fractions, None where there is none."""

    field: Again
    pairs: int
    agreed: int
    share: float | None
    lower: float | None
    upper: float | None
    kappa: float | None
    kappa_lower: float | None
    kappa_upper: float | None
    weights: str
    only_first: int
    only_second: int
    said: Said

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it."""
        return {
            "field": self.field.key,
            "label": str(self.field.label),
            "pairs": self.pairs,
            "agreed": self.agreed,
            "share": self.share,
            "lower": self.lower,
            "upper": self.upper,
            "kappa": self.kappa,
            "kappa_lower": self.kappa_lower,
            "kappa_upper": self.kappa_upper,
            "weights": self.weights,
            "only_on_record": self.only_first,
            "only_on_papers": self.only_second,
            "status": self.said.code,
        }


@dataclass(frozen=True)
class Agreed:
    """The fields of some samples, and how far those have come."""

    rows: list[Agreement]
    extent: Extent


def agreement(
    *, first_month: str | None = None, last_month: str | None = None, centre_ids: Iterable[int] | None = None
) -> Agreed:
    """Agreement per field over the samples of these months and centres, as far as the scope sees them.

    Percent agreement is of pairs known on both sides, with Wilson's interval; numbers agree within the
    tolerance that the field states. Kappa counts in the field's classes, with linear weights where they
    are ordered. What stands on one side only is counted beside it.
    """
    asked: dict[str, Any] = {"first_month": first_month, "last_month": last_month}
    asked["centre_ids"] = None if centre_ids is None else list(centre_ids)
    by_field: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs(**asked):
        by_field[pair.field].append(pair)
    return Agreed([_row(field, by_field[field.key]) for field in AGAIN], extent(**asked))


def _row(field: Again, found: Sequence[Pair]) -> Agreement:
    table = np.zeros((field.categories, field.categories), dtype=int)
    agreed = only_first = only_second = 0
    for pair in found:
        if pair.first is not None and pair.second is not None:
            table[field.category(pair.first), field.category(pair.second)] += pair.times
            agreed += pair.times * field.agree(pair.first, pair.second)
        elif pair.first is not None:
            only_first += pair.times
        elif pair.second is not None:
            only_second += pair.times
    known = int(table.sum())
    weights = "linear" if field.ordered else "none"
    beside: dict[str, Any] = {"weights": weights, "only_first": only_first, "only_second": only_second}
    if not known:
        return Agreement(field, 0, 0, *(None,) * 6, **beside, said=Said.NOTHING)
    limits = wilson(agreed, known)
    share = (agreed / known, float(limits.lower), float(limits.upper))
    if known < FEWEST:
        return Agreement(field, known, agreed, *share, *(None,) * 3, **beside, said=Said.TOO_FEW)
    measured = kappa(table, weights=weights)
    if np.isnan(measured.kappa):
        return Agreement(field, known, agreed, *share, *(None,) * 3, **beside, said=Said.ONE_CLASS)
    figures = (measured.kappa, measured.lower, measured.upper)
    return Agreement(field, known, agreed, *share, *figures, **beside, said=Said.ENOUGH)
