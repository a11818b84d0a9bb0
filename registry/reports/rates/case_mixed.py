"""Observed over expected beside the raw rates: everybody with the same age, sex and indication."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from registry.queries.counting.tallies import Tally
from registry.reports.rates.quality import LEVEL, Rate, Status
from registry.reports.rates.strata import RARE, Counted, denominator, whole_place
from registry.stats.case_mix import case_mix


@dataclass(frozen=True)
class CaseMixed:
    """Observed over expected beside a raw rate, and the rate the group would have with everybody's people."""

    rate: Rate
    observed: int | None
    expected: float | None
    ratio: float | None
    lower: float | None
    upper: float | None
    adjusted: float | None
    method: str
    status: Status

    def as_dict(self) -> dict[str, Any]:
        """The columns as files hold them, after those of the raw rate."""
        return {
            "observed": self.observed,
            "expected": self.expected,
            "observed_over_expected": self.ratio,
            "ratio_lower": self.lower,
            "ratio_upper": self.upper,
            "ratio_method": self.method,
            "case_mix_adjusted": self.adjusted,
            "case_mix_status": self.status.code,
        }


def case_mixed(counted: Counted) -> list[CaseMixed | None]:
    """What each group found over what its people's age, sex and indication led one to expect.

    Expected is the proportion of all the reader may see in the period, group by group the same; whoever
    sees one centre only has nobody to be compared with, and gets ratios near 1 by construction.
    Unknown age, sex and indication are strata of their own, so nobody is left out. Argument and errors
    as `standardised`.
    """
    found: list[CaseMixed | None] = []
    for row in counted.rows:
        if row.indicator not in counted.indicators:
            found.append(None)
            continue
        own = counted.own[row.indicator.key].get(row.group.code, [])
        found.append(_case_mixed(row, own, counted.everybody[row.indicator.key]))
    return found


def _case_mixed(row: Rate, own: list[Tally], everybody: list[Tally]) -> CaseMixed:
    nothing = CaseMixed(row, None, None, None, None, None, None, "score", row.status)
    strata = {whole_place(one): place for place, one in enumerate(everybody)}
    # Somebody recorded between the two counts would have a stratum of nobody.
    own = [one for one in own if whole_place(one) in strata]
    if row.estimate is None or not own:
        return nothing
    met, known = np.zeros((2, 1, len(strata)), dtype=int)
    for one in own:
        met[0, strata[whole_place(one)]] += one.met
        known[0, strata[whole_place(one)]] += denominator(one)
    above, below = [one.met for one in everybody], [denominator(one) for one in everybody]
    mixed = case_mix(met, known, above, below, level=LEVEL)
    ratio, expected = float(mixed.ratio.estimate[0]), float(mixed.expected[0])
    if np.isnan(ratio):
        return nothing
    rare = mixed.overall < RARE
    limits = (mixed.ratio.lower, mixed.ratio.upper) if rare else (mixed.score.lower, mixed.score.upper)
    lower, upper = (float(limit[0]) for limit in limits)
    method = "exact" if rare else "score"
    adjusted = min(ratio * mixed.overall, 1.0)
    observed = int(mixed.observed[0])
    return CaseMixed(row, observed, expected, ratio, lower, upper, adjusted, method, row.status)
