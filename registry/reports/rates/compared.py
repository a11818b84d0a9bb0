"""Groups of one indicator beside each other: two of them, or each against the rest.

Everything is computed from the rows that are shown, so what is hidden stays hidden. "Too few to say" is
an answer of its own: no p is given where a group is too small, or not yet to be judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from registry.indicators import Indicator
from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.reports.rates.quality import FEWEST, LEVEL, Rate, Status
from registry.stats.comparison import difference, fisher_p, risk_ratio
from registry.stats.several import adjusted

SURE = 0.05  # false discovery rate below which a difference is said to be one
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


def compared(row: Rate, other: Rate) -> Compared:
    """One group of an indicator against another of the same."""
    return _filled([_two(row, other)])[0]


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
            found.append(_two(own[one], own[other]))
    return _together(_filled(found))


def against_the_rest(rows: Sequence[Rate]) -> list[Compared]:
    """Each group of one indicator against all others of its rows together, as many questions as groups.

    Rows without an estimate, or with too much unknown, neither are compared nor belong to the rest.
    Where persons are counted, somebody in two groups counts in each.
    """
    rows = [row for row in rows if row.indicator.counts.proportion]
    there = [row.estimate is not None and row.status is not Status.UNKNOWN for row in rows]
    all_met = sum(row.met or 0 for row, counts in zip(rows, there, strict=True) if counts)
    everybody = sum(row.denominator or 0 for row, counts in zip(rows, there, strict=True) if counts)
    found = []
    for row, counts in zip(rows, there, strict=True):
        rest: tuple[int | None, int | None] = (None, None)
        status = row.status
        if counts:
            rest = all_met - (row.met or 0), everybody - (row.denominator or 0)
            few = everybody - (row.denominator or 0) < FEWEST
            status = Status.TOO_FEW if few else row.status
        bare = (row.indicator, row.group, THE_REST, row.met, row.denominator, *rest)
        found.append((Compared(*bare, Measured(), Measured(), None, None, status), counts))
    return _together(_filled(found))


def _two(row: Rate, other: Rate) -> tuple[Compared, bool]:
    """Two groups without any number yet, and whether both have an estimate to compare."""
    if row.indicator is not other.indicator:
        raise ValueError("only groups of the same indicator are compared")
    judged = row.estimate is not None and other.estimate is not None
    status = next((one.status for one in (row, other) if one.status not in _JUDGED), None)
    if status is None:
        final = judged and row.status is other.status is Status.FINAL
        status = Status.FINAL if final else Status.PROVISIONAL
    counts = (row.met, row.denominator, other.met, other.denominator)
    bare = (row.indicator, row.group, other.group, *counts)
    return Compared(*bare, Measured(), Measured(), None, None, status), judged


def _filled(found: Sequence[tuple[Compared, bool]]) -> list[Compared]:
    """The comparisons with their numbers, computed all at once; those that cannot be stay as they are."""
    ready = [place for place, (one, judged) in enumerate(found) if judged and _whole(one)]
    done = [one for one, _ in found]
    for place, (one, judged) in enumerate(found):
        if judged and not _whole(one) and one.status in _JUDGED:
            done[place] = replace(one, status=Status.NOTHING)
    if not ready:
        return done
    counts = np.array([_counts(done[place]) for place in ready], dtype=float).T.astype(int)
    gaps, ratios = difference(*counts, level=LEVEL), risk_ratio(*counts, level=LEVEL)
    for at, place in enumerate(ready):
        one = done[place]
        p = float(fisher_p(*counts[:, at])) if one.status in _JUDGED else None
        measured = {"difference": _measured(gaps, at), "ratio": _measured(ratios, at)}
        done[place] = replace(one, **measured, p=p, q=p)  # type: ignore[arg-type]
    return done


def _counts(one: Compared) -> tuple[int | None, ...]:
    return one.met, one.denominator, one.other_met, one.other_denominator


def _whole(one: Compared) -> bool:
    """Whether both groups have somebody and nothing is hidden."""
    return None not in _counts(one) and bool(one.denominator) and bool(one.other_denominator)


def _measured(found: Any, at: int) -> Measured:
    parts = (found.estimate, found.lower, found.upper)
    return Measured(*(number(part[at]) for part in parts))


def _together(found: list[Compared]) -> list[Compared]:
    asked = adjusted([np.nan if one.p is None else one.p for one in found])
    return [replace(one, q=number(q)) for one, q in zip(found, asked, strict=True)]


def number(value: Any) -> float | None:
    """A number as rows hold it; None where it is infinite or none."""
    return float(value) if np.isfinite(value) else None
