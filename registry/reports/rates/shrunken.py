"""Shrunken proportions beside the raw ones: what a small group's figure is likely to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from registry.reports.rates.quality import LEVEL, Rate
from registry.stats.shrinkage import beta_binomial


@dataclass(frozen=True)
class ShrunkenRate:
    """One group's proportion drawn towards the groups' mean, as a fraction with its credible limits.

    `weight` is the part that is the group's own; `mean` what all are drawn towards, None where there is
    one group only.
    """

    rate: Rate
    estimate: float
    lower: float
    upper: float
    weight: float
    mean: float | None

    def as_dict(self) -> dict[str, Any]:
        """The columns as files hold them, after those of the raw rate."""
        return {
            "shrunken": self.estimate,
            "shrunken_lower": self.lower,
            "shrunken_upper": self.upper,
            "shrunken_weight": self.weight,
            "shrunken_towards": self.mean,
        }


def shrunken(rows: Sequence[Rate]) -> list[ShrunkenRate | None]:
    """Empirical-Bayes proportions of the rows, indicator by indicator; None where a row has no estimate.

    They are computed from the rows that are shown, so what is hidden lends nothing and stays hidden.
    """
    found: list[ShrunkenRate | None] = [None] * len(rows)
    by_indicator: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row.estimate is not None and row.denominator and row.indicator.counts.proportion:
            by_indicator.setdefault(row.indicator.key, []).append(place)
    for places in by_indicator.values():
        met, known = [rows[at].met for at in places], [rows[at].denominator for at in places]
        fitted = beta_binomial(met, known, level=LEVEL)
        mean = None if np.isnan(fitted.mean) else fitted.mean
        for number, at in enumerate(places):
            estimate, lower, upper, weight = (
                float(part[number])
                for part in (
                    fitted.shrunken.estimate,
                    fitted.shrunken.lower,
                    fitted.shrunken.upper,
                    fitted.weight,
                )
            )
            found[at] = ShrunkenRate(rows[at], estimate, lower, upper, weight, mean)
    return found
