"""A method's answer with all that stands beside it: the same for page, files and command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.label import Label
from registry.reports.survival.method import Method, Sheet, Wanted
from registry.reports.survival.quality import Quality, quality, screening, sheet


@dataclass(frozen=True, eq=False)
class Told:
    """What was asked, the method and its answer, and the quality of what it stands on."""

    wanted: Wanted
    method: Method
    found: Any
    quality: Quality

    def as_dict(self) -> dict[str, Any]:
        """Everything as a JSON file holds it."""
        content: dict[str, Any] = self.found.as_dict()
        return content | {"quality": self.quality.as_dict(), "screening": [str(one) for one in self.caution]}

    def flat(self) -> list[dict[str, Any]]:
        """The lines of a CSV file."""
        lines: list[dict[str, Any]] = self.found.flat()
        return lines

    def sheets(self) -> Sequence[Sheet]:
        """The method's tables, and that of the quality beneath."""
        return [*self.method.sheets(self.found), sheet(self.quality)]

    @property
    def caution(self) -> tuple[Label, ...]:
        """What to keep in mind of screening."""
        return screening(self.wanted, self.quality)


def told(method: Method, wanted: Wanted) -> Told:
    """Ask a method and put the quality beside its answer. Raises what `Method.answer` raises."""
    found = method.answer(wanted)
    return Told(wanted, method, found, quality(wanted))
