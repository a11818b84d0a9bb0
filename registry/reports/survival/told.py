"""A method's answer with all that stands beside it: the same for page, files and command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.label import Label
from registry.queries.staff.places import named
from registry.reports.rates.quality import only_aggregates, this_day
from registry.reports.survival.method import Method, Refused, Sheet, Wanted
from registry.reports.survival.quality import Quality, quality, screening, sheet
from registry.reports.survival.remembered import NOT_REMEMBERED

OF_SOME = Label(
    "汇总数据使用者不能另选年份或单个中心：请改用“诊断时期”或“中心”分组，各组与合计一起保护。",
    "Readers of aggregates choose no years and no single centre: divide by period of diagnosis or by centre "
    "instead, where all groups are protected together with their total.",
)


@dataclass(frozen=True, eq=False)
class Told:
    """What was asked, the method and its answer, and the quality of what it stands on."""

    wanted: Wanted
    method: Method
    found: Any
    quality: Quality

    def as_dict(self) -> dict[str, Any]:
        """Everything as a JSON file holds it."""
        content: dict[str, Any] = {
            "asked": self._asked(),
            "data_as_of": (self.until or this_day()).isoformat(),
        }
        content |= self.found.as_dict()
        return content | {"quality": self.quality.as_dict(), "screening": [str(one) for one in self.caution]}

    def _asked(self) -> dict[str, Any]:
        """Method, groups and selection, so that the same can be asked again; centres by their codes."""
        given = self.wanted.selection
        start, end = (None if day is None else day.isoformat() for day in map(given.get, ("start", "end")))
        ids = given.get("centre_ids")
        return {
            "method": self.method.key,
            "by": self.wanted.by,
            "site": given.get("site"),
            "invasive": given.get("invasive", True),
            "from": start,
            "to": end,
            "centres": None if ids is None else sorted(one.code for one in named(ids).values()),
            "role": given.get("role", "detecting"),
        }

    def flat(self) -> list[dict[str, Any]]:
        """The lines of a CSV file."""
        lines: list[dict[str, Any]] = self.found.flat()
        return lines

    def sheets(self) -> Sequence[Sheet]:
        """The method's tables, and that of the quality beneath."""
        return [*self.method.sheets(self.found), sheet(self.quality)]

    @property
    def until(self) -> date | None:
        """Up to which day the release was counted that this is of; None where it is of today."""
        return getattr(self.found, "until", None)

    @property
    def caution(self) -> tuple[Label, ...]:
        """What to keep in mind of screening."""
        return screening(self.wanted, self.quality)


def told(method: Method, wanted: Wanted) -> Told:
    """Ask a method and put the quality beside its answer.

    Raises what `Method.answer` raises, and Refused where a reader of aggregates asks for some years or one
    centre, or for a method whose tables are not remembered: the difference of two such answers would tell of
    few. Periods and centres are divisions.
    """
    of_some = {name for name in ("start", "end", "centre_ids") if wanted.selection.get(name) is not None}
    if only_aggregates():
        if not method.remembered:
            raise Refused(NOT_REMEMBERED)
        if of_some:
            raise Refused(OF_SOME)
    found = method.answer(wanted)
    return Told(wanted, method, found, quality(wanted))
