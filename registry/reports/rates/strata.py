"""Tallies by stratum as adjusted rates take them: who may have them, what they divide, where they stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from registry.access import Forbidden
from registry.codes.endoscopy import Indication
from registry.codes.person import Sex
from registry.indicators import Indicator
from registry.queries.counting.strata import WITHIN, Stratum, stratified
from registry.queries.counting.tallies import Tally
from registry.reports.rates.quality import Rate, only_aggregates

RARE = 0.1  # met by fewer than this share of all: they vary as Poisson's law says

ByGroup = dict[str, dict[str, list[Tally]]]


def adjustable(by: str | None) -> bool:
    """Whether rates by this grouping can be adjusted: not where age or sex are the groups themselves."""
    return by in (None, "", "none") or by in WITHIN


def refuse_aggregates() -> None:
    """A reader of aggregates could tell small strata from a figure whose weights are known: Forbidden."""
    if only_aggregates():
        raise Forbidden("adjusted rates are not for aggregates")


def _by_group(tallies: Sequence[Tally]) -> ByGroup:
    """The tallies of each indicator, by its key, and in it by the code of their stratum's group."""
    found: ByGroup = defaultdict(lambda: defaultdict(list))
    for one in tallies:
        found[one.indicator.key][_of(one).group.code].append(one)
    return found


@dataclass(frozen=True)
class Counted:
    """The tallies by stratum that adjusted rates are made of.

    `own` are those of the groups, by indicator and group; `everybody` those of all the reader may count
    in the period, by indicator; each is read when it is first needed, and once.
    """

    rows: Sequence[Rate]
    by: str | None = None
    start: date | None = None
    end: date | None = None
    centre_ids: Sequence[int] | None = None
    operator_id: int | None = None

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The indicators of the rows that divide a part by a whole, each once."""
        return list(dict.fromkeys(row.indicator for row in self.rows if row.indicator.counts.proportion))

    @cached_property
    def own(self) -> ByGroup:
        """The groups' tallies by stratum, of each indicator by the code of their group."""
        refuse_aggregates()
        return _by_group(
            stratified(
                self.indicators,
                by=self.by,
                start=self.start,
                end=self.end,
                centre_ids=self.centre_ids,
                operator_id=self.operator_id,
            )
        )

    @cached_property
    def everybody(self) -> dict[str, list[Tally]]:
        """The tallies by stratum of all whom the reader may count, of each indicator."""
        refuse_aggregates()
        found = _by_group(stratified(self.indicators, start=self.start, end=self.end))
        return {one.key: found[one.key].get("all", []) for one in self.indicators}


def place(one: Tally) -> tuple[int, Sex] | None:
    """Age band and sex of a tally; None where one of them is not known."""
    stratum = _of(one)
    return None if stratum.age is None or stratum.sex is None else (stratum.age, stratum.sex)


def whole_place(one: Tally) -> tuple[int | None, Sex | None, Indication | None]:
    """Age band, sex and indication of a tally, unknown as a value of its own."""
    stratum = _of(one)
    return stratum.age, stratum.sex, stratum.indication


def denominator(one: Tally) -> int:
    """What a rate of this tally is divided by."""
    return one.eligible if one.indicator.unknown_in_denominator else one.met + one.not_met


def share(tallies: Iterable[Tally]) -> float:
    """The crude fraction of all tallies together, 0 where there is nobody."""
    counted = list(tallies)
    below = sum(denominator(one) for one in counted)
    return sum(one.met for one in counted) / below if below else 0.0


def _of(one: Tally) -> Stratum:
    if not isinstance(one.group, Stratum):
        raise TypeError("only tallies by stratum can be adjusted")
    return one.group
