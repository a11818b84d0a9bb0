"""The trend of an indicator over groups that have an order: time and age."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from registry.indicators import Indicator
from registry.label import Label
from registry.reports.rates.compared import SURE, number
from registry.reports.rates.quality import FEWEST, Rate, Status
from registry.stats.trend import cochran_armitage

FEWEST_GROUPS = 3  # two groups are compared, three have a trend


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
        departure_p=number(found.departure_p),
        status=Status.PROVISIONAL if open_ended else Status.FINAL,
    )
