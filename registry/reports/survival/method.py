"""What every method of survival is asked, and what it gives back to page, file and command line alike.

A method is one `Method` in a module of its own under `reports`; `survival_methods` lists them. The
page, the files and the terminal print the same `Sheet`s, so no two of them disagree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from registry.label import Label

YEARS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Wanted:
    """What was asked for. Every method reads `by` to `selection`; of the rest those in its `options`.

    `end` is "death" of any cause, or "cancer" with other deaths censored. `at` are years, `days`
    further days, `landmark` and `restricted` whole days; `selection` is what
    `queries.survival.by_days.followed` takes: site, start, end, invasive, role, centre_ids.
    """

    by: str | None = None
    at: tuple[float, ...] = YEARS
    days: tuple[int, ...] = ()
    smallest: int = 8
    selection: Mapping[str, Any] = field(default_factory=dict)
    interval: str = "log-log"
    origin: str = "diagnosis"
    end: str = "death"
    landmark: int = 0
    restricted: int | None = None
    strata: str | None = None
    covariates: tuple[str, ...] = ()
    life_table: str | None = None
    standard: str | None = None
    period: tuple[int, int] | None = None


@dataclass(frozen=True)
class Sheet:
    """One table in words, finished: cells are written as they are read; notes stand beneath it."""

    title: Label
    head: Sequence[Label | str]
    rows: Sequence[Sequence[Label | str]]
    notes: Sequence[Label] = ()


class Refused(ValueError):
    """What was asked cannot be had; says why in both languages."""

    def __init__(self, label: Label) -> None:
        super().__init__(label)
        self.label = label

    def __str__(self) -> str:
        return str(self.label)


class Answer(Protocol):
    """The result of a method."""

    @property
    def division(self) -> Label | None:
        """What the groups are."""

    @property
    def suppressed(self) -> bool:
        """Whether small numbers are hidden from this reader."""

    @property
    def death_certificate_only(self) -> int | None:
        """How many were left out because they were known after death only; None where hidden."""

    @property
    def not_followed(self) -> int | None:
        """How many were left out because nothing was known of their follow-up; None where hidden."""

    @property
    def empty(self) -> bool:
        """Whether there is nobody to speak of."""

    def as_dict(self) -> dict[str, Any]:
        """Everything as a JSON file holds it."""

    def flat(self) -> list[dict[str, Any]]:
        """The numbers as lines of a CSV file."""


@dataclass(frozen=True, eq=False)
class Method:
    """A way to make a curve: its name in addresses and on the command line, in words, and its makers.

    `answer` raises Refused where what is asked cannot be had, and ValueError for a site that is none.
    `draw(answer, as_of=…, smallest=…, file_format=…)` gives the bytes of a figure; `quote(answer)`
    the sentence for a methods section; `options` are the fields of `Wanted` that it understands
    beyond those which all do. `sheets` are the numbers as tables to be read, `figures` further
    figures by their names in addresses. Only what is `remembered` of releases is for readers of
    aggregates; its answer's `until` is the day up to which they were counted.
    """

    key: str
    label: Label
    says: Label
    answer: Callable[[Wanted], Any]
    sheets: Callable[[Any], Sequence[Sheet]]
    draw: Callable[..., bytes]
    quote: Callable[[Any], Label]
    options: frozenset[str] = frozenset()
    figures: Mapping[str, Callable[..., bytes]] = field(default_factory=dict)
    remembered: bool = False
