"""A closed month: what was reported of it, and what the record says of it today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.indicators import INDICATORS
from registry.label import Label
from registry.queries.counting.grouping import by_name
from registry.queries.counting.tallies import tally
from registry.queries.review import ledger as queries
from registry.reports.rates.quality import span

COUNTS = ("met", "not_met", "awaited", "unknown")


@dataclass(frozen=True)
class Standing:
    """The counts of one indicator at one centre."""

    met: int = 0
    not_met: int = 0
    awaited: int = 0
    unknown: int = 0

    @property
    def eligible(self) -> int:
        return self.met + self.not_met + self.awaited + self.unknown

    @classmethod
    def of(cls, row: Any) -> "Standing":
        """From whatever carries the four counts."""
        return cls(*(getattr(row, name) for name in COUNTS))


@dataclass(frozen=True)
class Later:
    """One indicator at one centre: as reported, and as of today.

    `now` is None where the registry no longer knows the indicator, or knows another edition of it: then
    today's counts would be counts of something else, and `why` says so.
    """

    key: str
    edition: str
    label: Label
    centre: str
    centre_label: Label
    then: Standing
    now: Standing | None
    why: Label | None = None

    @property
    def changed(self) -> bool:
        return self.now is not None and self.now != self.then

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it."""
        found: dict[str, Any] = {
            "centre": self.centre,
            "centre_label": str(self.centre_label),
            "indicator": self.key,
            "label": str(self.label),
            "edition": self.edition,
        }
        for when, counts in (("reported", self.then), ("today", self.now)):
            for name in ("eligible", *COUNTS):
                found[f"{name}_{when}"] = None if counts is None else getattr(counts, name)
        return found | {"changed": self.changed}


def as_reported(month: str) -> list[Later]:
    """Every figure of a closed month beside today's, by indicator, centres in the order of their names.

    Centres that the reader's scope does not hold are not in it.

    Parameters
    ----------
    month : str
        A closed month, "2026-10"; one that was not closed gives no rows.
    """
    closed = queries.closed(month)
    if not closed:
        return []
    houses = {one.centre_id: one.centre for one in closed}
    kept = queries.figures(month)
    days, keys = span(month) or (date.max, date.max), {row.indicator for row in kept}
    wanted = [one for one in INDICATORS.values() if one.key in keys]
    counted = tally(wanted, by="centre", start=days[0], end=days[1], centre_ids=sorted(houses))
    now = {(one.indicator.key, one.group.code): Standing.of(one) for one in counted}
    rows = []
    for row in kept:
        house, known, why = houses[row.centre_id], INDICATORS.get(row.indicator), _why(row)
        today = None if why else now.get((row.indicator, house.code), Standing())
        label = known.label if known else Label(row.indicator, row.indicator)
        rows.append(
            Later(
                row.indicator,
                row.edition,
                label,
                house.code,
                house.label,
                Standing.of(row),
                today,
                why,
            )
        )
    return sorted(rows, key=lambda one: (_place(one.key), by_name(one.centre_label)))


def _place(key: str) -> tuple[int, str]:
    """Where an indicator stands in the catalogue; one that is gone comes last."""
    known = list(INDICATORS)
    return (known.index(key) if key in INDICATORS else len(known), key)


def _why(row: Any) -> Label | None:
    known = INDICATORS.get(row.indicator)
    if known is None:
        return Label("该指标已不再计算", "this indicator is no longer counted")
    if known.edition != row.edition:
        return Label("定义已改版，不能相比", "its definition has a new edition: not to be compared")
    return None
