"""Queries to centres as their readers see them: about what, what the record holds, whose turn it is."""

from dataclasses import dataclass
from typing import Any

from registry.codes.review import InquiryMove
from registry.label import Label
from registry.queries.review import inquiries as queries
from registry.reports.questions import worded


@dataclass(frozen=True)
class Shown:
    """One query in the words of a page."""

    inquiry: Any
    about: Label
    check: Any

    @property
    def number(self) -> str | None:
        found: str | None = self.inquiry.examination.number
        return found

    @property
    def last(self) -> Any:
        """The latest step."""
        return self.inquiry.steps[-1] if self.inquiry.steps else None

    @property
    def again(self) -> int:
        """How often it was put to the centre after the first time."""
        return sum(step.move is InquiryMove.AGAIN for step in self.inquiry.steps)


def shown(inquiry: Any) -> Shown:
    """A query as a line of a list."""
    return Shown(inquiry, queries.called(inquiry.field, inquiry.place), queries.check_of(inquiry.check_key))


def held_today(inquiry: Any) -> Label | str | None:
    """What the record holds today, in words; None where a query shows none, such as texts."""
    found = queries.held(inquiry)
    return None if found is None else worded(*found)
