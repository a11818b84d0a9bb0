"""Two editions of an indicator side by side over the same cases, before one takes the place of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.access import Forbidden
from registry.indicators import INDICATORS, Indicator
from registry.queries.counting.grouping import Group
from registry.reports.rates.quality import Rate, only_aggregates, rates


@dataclass(frozen=True)
class Pair:
    """One group by both editions. `change` is new less old, in fractions; None where either has no rate."""

    group: Group
    old: Rate
    new: Rate

    @property
    def change(self) -> float | None:
        if self.old.estimate is None or self.new.estimate is None:
            return None
        return self.new.estimate - self.old.estimate


def editions(indicator: Indicator) -> list[Indicator]:
    """The other editions and variants of the same indicator, the one that it replaces first."""
    main = indicator.variant_of or indicator.key
    family = [
        one for one in INDICATORS.values() if main in (one.key, one.variant_of) and one is not indicator
    ]
    return sorted(family, key=lambda one: one.key != indicator.replaces)


def side_by_side(
    old: Indicator,
    new: Indicator,
    *,
    by: str | None = "centre",
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
) -> list[Pair]:
    """Both editions by group, counted in the same passes; groups in the order of their names.

    Raises
    ------
    access.Forbidden
        For a reader of aggregates, who could tell small counts from the difference.
    """
    if only_aggregates():
        raise Forbidden("editions are not compared for aggregates")
    found = rates([old.key, new.key], by=by, start=start, end=end, centre_ids=centre_ids)
    olds = {row.group: row for row in found if row.indicator is old}
    return [Pair(row.group, olds[row.group], row) for row in found if row.indicator is new]
