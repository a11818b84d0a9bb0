"""A report as what stands in it: words, tables, figures, and the rows behind them, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.label import Label


@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph; `small` for what is read last."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Grid:
    """A table of finished texts.

    `right` are the columns of numbers, `shares` the columns' parts of the width, `total` says that the
    last row is one.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]
    right: frozenset[int] = frozenset()
    total: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure as PNG, and what is seen in it for who cannot see it; `share` of the page's width."""

    content: bytes
    told: str
    share: float = 1.0


@dataclass(frozen=True)
class Sheet:
    """Rows as files hold them, with figures as they were computed."""

    name: str
    records: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Paper:
    """One report of one place and period; everything in it is in the language it was composed in."""

    stem: str
    title: str
    place: str
    period: str
    as_of: date
    language: str
    blocks: Sequence[Heading | Words | Grid | Picture]
    sheets: Sequence[Sheet] = field(default_factory=tuple)

    @property
    def dated(self) -> str:
        """What stands at the foot of every page."""
        name = Label("消化道早癌登记", "Early GI Cancer Registry")
        return f"{name} · {self.place} · {self.period} · {Label('数据截至', 'data as of')} {self.as_of}"
