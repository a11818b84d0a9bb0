"""Directly standardised rates beside the raw ones: everybody under the same age and sex."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from registry.access import Forbidden, Permission, may
from registry.codes.person import Sex
from registry.label import Label
from registry.queries.counting.strata import BANDS, FIRST, SEXES
from registry.queries.counting.tallies import Tally
from registry.reports.rates.quality import FEWEST, LEVEL, Rate, Status
from registry.reports.rates.strata import RARE, Counted, denominator, place, share
from registry.stats.standard_populations import SEGI, WHO, StandardPopulation
from registry.stats.standardise import direct

CARRIED_TOO_MUCH = 0.1  # of the weight: beyond it a rate rests on ages nobody of the group has

STANDARDS = {
    "segi": Label("Segi 世界人口（1960），40 岁及以上", "Segi's world population (1960), 40 and over"),
    "who": Label("WHO 世界人口（2000–2025），40 岁及以上", "WHO's world population (2000–2025), 40 and over"),
    "alliance": Label(
        "联盟同期受检者（年龄、性别）", "Those the whole alliance examined in the period, by age and sex"
    ),
}
_PUBLISHED: dict[str, StandardPopulation] = {"segi": SEGI, "who": WHO}


@dataclass(frozen=True)
class Standardised:
    """A directly standardised rate beside a raw one; fractions, None where there is none.

    `left_out` are the records without sex or age, or under 40 where a published standard is used;
    `carried` is the share of the standard's weight for which the group had nobody, so that the nearest
    age of the same sex spoke for it.
    """

    rate: Rate
    standard: str
    estimate: float | None
    lower: float | None
    upper: float | None
    method: str
    status: Status
    left_out: int = 0
    carried: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The columns as files hold them, after those of the raw rate."""
        return {
            "standard": self.standard,
            "standardised": self.estimate,
            "standardised_lower": self.lower,
            "standardised_upper": self.upper,
            "standardised_method": self.method,
            "standardised_status": self.status.code,
            "standardised_left_out": self.left_out,
            "standardised_carried": self.carried,
        }


def standardised(counted: Counted, standard: str) -> list[Standardised | None]:
    """Each row's rate under the age and sex of a standard population; None where it is no proportion.

    Parameters
    ----------
    counted : Counted
        Raw rates as `reports.rates.quality.rates` gives them, and the same grouping, period and centres.
    standard : str
        A key of `STANDARDS`. The published ones weigh either sex by one half.

    Raises
    ------
    KeyError
        If there is no such standard, or the grouping is by age or sex itself.
    access.Forbidden
        For readers of aggregates; and the alliance's own population for whoever may not compare centres.
    """
    if standard not in STANDARDS:
        raise KeyError(f"no standard is called {standard!r}; choose one of {', '.join(STANDARDS)}")
    if standard == "alliance" and not may(Permission.BENCHMARK):
        raise Forbidden("the alliance's own population is for those who compare centres")
    methods, weights = {}, {}
    for one in counted.indicators:
        of_all = [tally for own in counted.own[one.key].values() for tally in own]
        methods[one.key] = "fay-feuer" if share(of_all) < RARE else "wilson"
        weights[one.key] = _weights(standard, counted.everybody[one.key] if standard == "alliance" else [])
    return [
        _standardised(
            row,
            counted.own[row.indicator.key].get(row.group.code, []),
            standard,
            weights[row.indicator.key],
            methods[row.indicator.key],
        )
        if row.indicator.key in methods
        else None
        for row in counted.rows
    ]


def _standardised(
    row: Rate, own: list[Tally], standard: str, weights: dict[tuple[int, Sex], float], method: str
) -> Standardised:
    if row.estimate is None or not weights:
        status = row.status if row.estimate is None else Status.NOTHING
        return Standardised(row, standard, None, None, None, method, status)
    met, known = dict.fromkeys(weights, 0), dict.fromkeys(weights, 0)
    left_out = 0
    for one in own:
        at, below = place(one), denominator(one)
        if at in known:
            met[at] += one.met
            known[at] += below
        else:
            left_out += below
    carried, held = _carried(weights, known)
    if held is None:
        return Standardised(row, standard, None, None, None, method, Status.TOO_FEW, left_out, carried)
    places = list(held)
    rate = direct(
        [met[at] for at in places],
        [known[at] for at in places],
        [held[at] for at in places],
        level=LEVEL,
        method=method,
    )
    status = row.status
    if carried > CARRIED_TOO_MUCH or sum(known.values()) < FEWEST:
        status = Status.TOO_FEW
    upper = min(float(rate.upper), 1.0)
    return Standardised(
        row, standard, float(rate.estimate), float(rate.lower), upper, method, status, left_out, carried
    )


def _weights(standard: str, everybody: Iterable[Tally]) -> dict[tuple[int, Sex], float]:
    """What each age and sex weighs; strata of weight 0 are left away."""
    if standard in _PUBLISHED:
        ages, shares = _PUBLISHED[standard].over(FIRST)
        return {
            (int(age), sex): float(part) / len(SEXES)
            for sex in SEXES
            for age, part in zip(ages, shares, strict=True)
        }
    found: dict[tuple[int, Sex], float] = defaultdict(float)
    for one in everybody:
        at = place(one)
        if at is not None and denominator(one):
            found[at] += denominator(one)
    total = sum(found.values())
    return {at: weight / total for at, weight in found.items()}


def _carried(
    weights: dict[tuple[int, Sex], float], known: dict[tuple[int, Sex], int]
) -> tuple[float, dict[tuple[int, Sex], float] | None]:
    """The weights on strata that have somebody, each empty one's moved to the nearest age of its sex.

    The share that moved comes first; the weights are None where a sex has nobody at all.
    """
    held: dict[tuple[int, Sex], float] = {at: weight for at, weight in weights.items() if known[at]}
    moved = 0.0
    for (age, sex), weight in weights.items():
        if known[age, sex]:
            continue
        near = [other for other in held if other[1] is sex]
        if not near:
            return 1.0, None
        nearest = min(near, key=lambda other: (abs(BANDS.index(other[0]) - BANDS.index(age)), other[0]))
        held[nearest] += weight
        moved += weight
    return moved, held
