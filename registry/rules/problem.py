"""What a rule has to say: a problem with a value, or a value that is still open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.label import Label


@dataclass(frozen=True)
class Problem:
    """One objection to a value.

    `field` is the column it belongs to, within a case with its path ("lesions-0-size_mm").
    A refusal is about the impossible and stops the record from being stored; a flag is about the
    unlikely, is shown, and may be accepted with a reason. `clause` is the rule in words, and `key` is
    what an accepted flag is known by: the same in every language, and stored.
    """

    field: str
    message: Label
    clause: Label
    refuse: bool

    @property
    def key(self) -> str:
        """The rule as it is stored: its English words."""
        return self.clause.en

    def under(self, path: str) -> "Problem":
        """The same problem inside a larger form.

        >>> warning("size_mm", "过大", "too large", "size").under("lesions-0").field
        'lesions-0-size_mm'
        """
        return replace(self, field=f"{path}-{self.field}")


@dataclass(frozen=True)
class Open:
    """A value that a complete case, or an answer, still needs. Never a reason to refuse."""

    field: str
    label: Label

    def under(self, path: str) -> "Open":
        """The same item inside a larger form."""
        return replace(self, field=f"{path}-{self.field}")


class Invalid(Exception):
    """A record contradicts itself or another; nothing was stored. `problems` says where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{problem.field}: {problem.message.en}" for problem in self.problems))


class Unaccepted(Invalid):
    """Nothing is impossible, but something unlikely was not yet accepted with a reason."""


def refusal(field: str, zh: str, en: str, clause: Label | str) -> Problem:
    """A problem that stops the record. A clause that reads the same in both languages may be plain text."""
    return Problem(field, Label(zh, en), _worded(clause), refuse=True)


def warning(field: str, zh: str, en: str, clause: Label | str) -> Problem:
    """A problem that is shown and stored with the record."""
    return Problem(field, Label(zh, en), _worded(clause), refuse=False)


def _worded(clause: Label | str) -> Label:
    return clause if isinstance(clause, Label) else Label(clause, clause)


def refusals(problems: Iterable[Problem]) -> list[Problem]:
    """Only what stops the record."""
    return [problem for problem in problems if problem.refuse]


def flags(problems: Iterable[Problem]) -> list[Problem]:
    """Only what is stored in spite of it."""
    return [problem for problem in problems if not problem.refuse]


def demand(problems: Iterable[Problem]) -> list[Problem]:
    """Let flags through and stop at refusals.

    Raises
    ------
    Invalid
        With every refusal, if there is one.
    """
    problems = list(problems)
    if refused := refusals(problems):
        raise Invalid(refused)
    return flags(problems)
