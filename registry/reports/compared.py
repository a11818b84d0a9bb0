"""Groups of one indicator beside each other: two of them, each against the rest, and their trend.

Everything is computed from the rows that are shown, so what is hidden stays hidden. "Too few to say" is
an answer of its own: no p is given where a group is too small, or not yet to be judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from registry.indicators import Indicator
from registry.label import Label
from registry.queries.grouping import Group
from registry.reports.quality import FEWEST, LEVEL, Rate, Status
from registry.stats.comparison import adjusted, difference, fisher_p, risk_ratio
from registry.stats.trend import cochran_armitage

SURE = 0.05  # false discovery rate below which a difference is said to be one
FEWEST_GROUPS = 3  # two groups are compared, three have a trend
THE_REST = Group("rest", Label("其余各组", "the rest"))
_JUDGED = (Status.FINAL, Status.PROVISIONAL)


@dataclass(frozen=True)
class Measured:
    """An estimate with its limits; None where a number is infinite or there is none."""

    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Compared:
    """Two groups of one indicator: difference and ratio of fractions, first less or over the other.

    `p` is Fisher's exact two-sided one, `q` the same with several comparisons at once (false discovery
    rate by Benjamini and Hochberg); both None where there is too little to say. An infinite ratio, or one
    of nothing, is None.
    """

    indicator: Indicator
    group: Group
    other: Group
    met: int | None
    denominator: int | None
    other_met: int | None
    other_denominator: int | None
    difference: Measured
    ratio: Measured
    p: float | None
    q: float | None
    status: Status

    @property
    def direction(self) -> Label:
        """Higher, lower or no difference that chance would not make; or too few to say."""
        if self.p is None or self.difference.estimate is None:
            return self.status.value
        sure = (self.q if self.q is not None else self.p) < SURE
        if not sure:
            return Label("未见差别", "no difference shown")
        return Label("较高", "higher") if self.difference.estimate > 0 else Label("较低", "lower")

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it."""
        return {
            "indicator": self.indicator.key,
            "edition": self.indicator.edition,
            "label": str(self.indicator.label),
            "group": self.group.code,
            "group_label": str(self.group.label),
            "other": self.other.code,
            "other_label": str(self.other.label),
            "met": self.met,
            "denominator": self.denominator,
            "other_met": self.other_met,
            "other_denominator": self.other_denominator,
            "difference": self.difference.estimate,
            "difference_lower": self.difference.lower,
            "difference_upper": self.difference.upper,
            "difference_method": "newcombe",
            "ratio": self.ratio.estimate,
            "ratio_lower": self.ratio.lower,
            "ratio_upper": self.ratio.upper,
            "ratio_method": "koopman",
            "p": self.p,
            "q": self.q,
            "level": LEVEL,
            "status": self.status.code,
            "per": self.indicator.per,
        }


@dataclass(frozen=True)
class TrendOver:
    """The trend of one indicator over ordered groups; `slope` is the fraction's change from one to the next.

    `left_out` groups had no estimate, because results are awaited or nobody is known. `departure_p` says
    whether the groups stray from a straight line.
    """

    indicator: Indicator
    by: str
    groups: int
    left_out: int
    denominator: int
    slope: float | None
    chi2: float | None
    p: float | None
    departure_p: float | None
    status: Status

    @property
    def direction(self) -> Label:
        """Rising, falling or no trend that chance would not make; or too few to say."""
        if self.p is None or self.slope is None:
            return self.status.value
        if self.p >= SURE:
            return Label("未见趋势", "no trend shown")
        return Label("上升", "rising") if self.slope > 0 else Label("下降", "falling")

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it."""
        return {
            "indicator": self.indicator.key,
            "edition": self.indicator.edition,
            "label": str(self.indicator.label),
            "by": self.by,
            "groups": self.groups,
            "left_out": self.left_out,
            "denominator": self.denominator,
            "slope": self.slope,
            "chi2": self.chi2,
            "p": self.p,
            "departure_p": self.departure_p,
            "method": "cochran-armitage",
            "status": self.status.code,
            "per": self.indicator.per,
        }


def compared(row: Rate, other: Rate) -> Compared:
    """One group of an indicator against another of the same."""
    if row.indicator is not other.indicator:
        raise ValueError("only groups of the same indicator are compared")
    counts = (row.met, row.denominator, other.met, other.denominator)
    judged = row.estimate is not None and other.estimate is not None
    status = next((one.status for one in (row, other) if one.status not in _JUDGED), None)
    if status is None:
        final = judged and row.status is other.status is Status.FINAL
        status = Status.FINAL if final else Status.PROVISIONAL
    return _of(row.indicator, row.group, other.group, counts, status, judged)


def chosen(rows: Sequence[Rate], one: str, other: str) -> list[Compared]:
    """The same two groups of every indicator in the rows, several questions at once where there are several.

    Raises
    ------
    KeyError
        If no row has such a group; it names those there are.
    """
    groups = {row.group.code for row in rows}
    for code in (one, other):
        if code not in groups:
            raise KeyError(f"there is no group {code!r}; there are {', '.join(sorted(groups))}")
    found = []
    for indicator in dict.fromkeys(row.indicator for row in rows if row.indicator.counts.proportion):
        own = {row.group.code: row for row in rows if row.indicator is indicator}
        if one in own and other in own:
            found.append(compared(own[one], own[other]))
    return _together(found)


def against_the_rest(rows: Sequence[Rate]) -> list[Compared]:
    """Each group of one indicator against all others of its rows together, as many questions as groups.

    Rows without an estimate neither are compared nor belong to the rest. Where persons are counted,
    somebody in two groups counts in each.
    """
    there = [row for row in rows if row.estimate is not None and row.indicator.counts.proportion]
    all_met = sum(row.met or 0 for row in there)
    everybody = sum(row.denominator or 0 for row in there)
    found = []
    for row in rows:
        if row not in there:
            nothing = (row.met, row.denominator, None, None)
            found.append(_of(row.indicator, row.group, THE_REST, nothing, row.status, False))
            continue
        met, known = row.met or 0, row.denominator or 0
        rest = (all_met - met, everybody - known)
        status = row.status if rest[1] >= FEWEST else Status.TOO_FEW
        found.append(_of(row.indicator, row.group, THE_REST, (met, known, *rest), status, True))
    return _together(found)


def _of(
    indicator: Indicator,
    group: Group,
    other: Group,
    counts: tuple[int | None, int | None, int | None, int | None],
    status: Status,
    judged: bool,
) -> Compared:
    if not judged or None in counts or not counts[1] or not counts[3]:
        if status in _JUDGED and judged:
            status = Status.NOTHING
        return Compared(indicator, group, other, *counts, Measured(), Measured(), None, None, status)
    gap = _measured(difference(*counts, level=LEVEL))
    ratio = _measured(risk_ratio(*counts, level=LEVEL))
    p = float(fisher_p(*counts)) if status in _JUDGED else None
    return Compared(indicator, group, other, *counts, gap, ratio, p, p, status)


def _measured(found: Any) -> Measured:
    return Measured(_number(found.estimate), _number(found.lower), _number(found.upper))


def _together(found: list[Compared]) -> list[Compared]:
    asked = adjusted([np.nan if one.p is None else one.p for one in found])
    return [replace(one, q=_number(q)) for one, q in zip(found, asked, strict=True)]


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _of_month(code: str) -> int:
    return int(code[:4]) * 12 + int(code[5:])


def _of_age(width: int) -> Callable[[str], int]:
    """Bands in steps of one; the open band at the lower end stands one step below the first."""
    return lambda code: (
        int(code[1:]) // width - 1 if code.startswith("<") else int(code.split("–")[0]) // width
    )


ORDERED: dict[str, Callable[[str], int]] = {
    "month": _of_month,
    "quarter": lambda code: int(code[:4]) * 4 + int(code[6:]),
    "year": int,
    "age": _of_age(10),
    "age5": _of_age(5),
}


def trends(rows: Sequence[Rate], by: str) -> list[TrendOver]:
    """The trend of every proportion in the rows over groups that have an order, one step apart each.

    Raises
    ------
    KeyError
        If the groups have no order; it names the groupings that do.
    """
    if by not in ORDERED:
        raise KeyError(f"{by!r} has no order; there is one in {', '.join(ORDERED)}")
    wanted = dict.fromkeys(row.indicator for row in rows if row.indicator.counts.proportion)
    return [_trend([row for row in rows if row.indicator is one], by) for one in wanted]


def _trend(rows: list[Rate], by: str) -> TrendOver:
    placed = [row for row in rows if row.group.code != "unknown"]
    there = [row for row in placed if row.estimate is not None and row.met is not None and row.denominator]
    known = sum(row.denominator or 0 for row in there)
    less = len(placed) - len(there)
    said = TrendOver(rows[0].indicator, by, len(there), less, known, None, None, None, None, Status.TOO_FEW)
    if len(there) < FEWEST_GROUPS or known < FEWEST * FEWEST_GROUPS:
        return said
    score = [ORDERED[by](row.group.code) for row in there]
    found = cochran_armitage([row.met for row in there], [row.denominator for row in there], score)
    if not np.isfinite(found.chi2):
        return replace(said, status=Status.NOTHING)
    open_ended = less or any(row.status is Status.PROVISIONAL for row in there)
    return replace(
        said,
        slope=found.slope,
        chi2=found.chi2,
        p=found.p,
        departure_p=_number(found.departure_p),
        status=Status.PROVISIONAL if open_ended else Status.FINAL,
    )
