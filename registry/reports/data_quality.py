"""Data quality: how many records are fine of those judged, by check and centre, against a threshold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from registry.indicators.checks import CHECKS, Check
from registry.label import Label
from registry.queries.counting.grouping import by_name
from registry.queries.review import quality_notes
from registry.queries.review.data_quality import Period, counted
from registry.queries.staff.places import named
from registry.stats.proportions import proportion, wilson

ALL = Label("合计", "All")
LEVEL = 0.95
FEWEST = 10  # with fewer nobody should judge, however low the share, as of rates


class Standing(Enum):
    """Where a figure stands against its threshold."""

    MEETS = Label("达到", "meets it")
    BELOW = Label("低于", "below")
    TOO_FEW = Label("低于，但记录太少，不能断定", "below, but too few to be sure")
    NOTHING = Label("没有应查的记录", "nothing to judge")

    @property
    def code(self) -> str:
        return self.name.lower()


POORER = (Standing.BELOW, Standing.TOO_FEW)


@dataclass(frozen=True)
class Figure:
    """One check at one centre, or at all of them together where `centre` is None.

    `share`, `lower` and `upper` are fractions of the records judged, by Wilson; None where none was judged.
    `below` is the number of centres that stand below, of a figure of several.
    """

    check: Check
    centre: str | None
    centre_label: Label
    judged: int
    fine: int
    share: float | None
    lower: float | None
    upper: float | None
    standing: Standing
    below: int | None = None
    centres: int | None = None
    note: Any = None

    @property
    def failing(self) -> int:
        return self.judged - self.fine

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it."""
        return {
            "check": self.check.key,
            "kind": self.check.kind.code,
            "records": self.check.records.name.lower(),
            "label": str(self.check.label),
            "denominator": str(self.check.whom),
            "fine_when": str(self.check.fine_when),
            "centre": self.centre,
            "centre_label": str(self.centre_label),
            "judged": self.judged,
            "fine": self.fine,
            "failing": self.failing,
            "share": self.share,
            "lower": self.lower,
            "upper": self.upper,
            "threshold": self.check.threshold.share,
            "threshold_source": str(self.check.threshold.source),
            "standing": self.standing.code,
            "centres_below": self.below,
            "centres": self.centres,
            "note": self.note.note if self.note else None,
            "noted_on": f"{self.note.noted_at.astimezone():%Y-%m-%d}" if self.note else None,
        }


@dataclass(frozen=True)
class Found:
    """Every check that was asked for: at each centre with such records, and all centres together."""

    by_centre: list[Figure]
    together: list[Figure]


def data_quality(
    checks: Sequence[Check] = tuple(CHECKS.values()),
    *,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    today: date,
) -> Found:
    """The figures of these checks, in their order; centres in the order of their names, each with its note.

    Parameters
    ----------
    start, end : date or None
        First and last day: of the examination; of a tumour's detection or else its incidence; of an
        assessment; of a contact.
    centre_ids : sequence of int or None
        The centres; a reader who may not compare centres gets the own one whatever is asked.
    today : date
        The day up to which what is late counts as late.

    Raises
    ------
    access.Forbidden
        If rates are not for this reader.
    """
    rows = counted(checks, Period(start, end, centre_ids), today=today)
    places = named({row.centre_id for row in rows})
    notes = quality_notes.latest()
    found: dict[Check, list[Figure]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: by_name(places[row.centre_id].label)):
        place = places[row.centre_id]
        one = _figure(row.check, place.code, place.label, row.judged, row.fine)
        found[row.check].append(replace(one, note=notes.get((row.check.key, row.centre_id))))
    return Found(
        [one for check in checks for one in found[check]],
        [_together(check, found[check]) for check in checks],
    )


def _figure(check: Check, code: str | None, label: Label, judged: int, fine: int) -> Figure:
    if not judged:
        return Figure(check, code, label, 0, 0, None, None, None, Standing.NOTHING)
    share = float(proportion(fine, judged))
    lower, upper = (float(limit) for limit in wilson(fine, judged, level=LEVEL))
    wanted = check.threshold.share
    sure = judged >= FEWEST and upper < wanted
    standing = Standing.MEETS if share >= wanted else Standing.BELOW if sure else Standing.TOO_FEW
    return Figure(check, code, label, judged, fine, share, lower, upper, standing)


def _together(check: Check, rows: Sequence[Figure]) -> Figure:
    one = _figure(check, None, ALL, sum(row.judged for row in rows), sum(row.fine for row in rows))
    below = sum(row.standing is Standing.BELOW for row in rows)
    return replace(one, below=below, centres=len(rows))
