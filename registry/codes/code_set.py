"""The form every coded value set takes: code, two labels, source, edition."""

import unicodedata
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from registry.label import Label


class CodeSet(Enum):
    """A closed list of codes. A member's value is the text stored in the database.

    Members are written ``NAME = code, zh, en``; further words by which a source may call the
    same thing follow as a tuple: ``NAME = code, zh, en, ("alias", …)``. The class statement
    names where the list comes from: ``class Vienna(CodeSet, source="Dixon 2002, Gut 51:130")``.

    >>> class Answer(CodeSet, source="the registry"):
    ...     YES = "yes", "是", "Yes"
    >>> Answer("yes").label.zh, Answer.parse(" ＹＥＳ ") is Answer.YES
    ('是', True)
    """

    source: ClassVar[str]
    edition: ClassVar[str | None]
    checked: ClassVar[str | None]
    label: Label
    aliases: tuple[str, ...]

    if TYPE_CHECKING:  # calling a set finds a member by its code; the words stand only in the list

        def __new__(cls, code: object) -> Self: ...

    else:

        def __new__(cls, code: str, zh: str, en: str, aliases: tuple[str, ...] = ()) -> Self:
            member = object.__new__(cls)
            member._value_ = code
            member.label = Label(zh, en)
            member.aliases = aliases
            return member

    def __init_subclass__(
        cls, *, source: str, edition: str | None = None, checked: str | None = None, **rest: Any
    ) -> None:
        super().__init_subclass__(**rest)
        cls.source, cls.edition, cls.checked = source, edition, checked

    def __str__(self) -> str:
        return str(self.label)

    @property
    def code(self) -> str:
        return str(self._value_)

    @cached_property
    def rank(self) -> int:
        """Position in the list, from 0; ordered sets are written from least to worst."""
        return list(type(self)).index(self)

    @classmethod
    def parse(cls, cell: object) -> Self:
        """Read a member from its code, its name, either label or an alias.

        Full-width forms, case, spaces and hyphens do not matter.

        Raises
        ------
        ValueError
            If nothing in the set is called that.
        """
        if isinstance(cell, cls):
            return cell
        wanted = plain(str(cell))
        for member in cls:
            if wanted in (plain(word) for word in (member.code, member.name, *member.label, *member.aliases)):
                return member
        raise ValueError(f"{cell!r} is not in {cls.__name__}: {', '.join(member.code for member in cls)}")


def plain(word: str) -> str:
    """A word as it is compared: without case, width, spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(sign for sign in folded if sign not in " \t-–—－_·")
