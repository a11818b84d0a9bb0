"""A text in both languages of the registry, which prints itself in the reader's.

The reader's language reaches every room sideways, by a context variable that the web request or
the command sets at its start; nothing passes it along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

LANGUAGES = {"zh": "中文", "en": "English"}
language: ContextVar[str] = ContextVar("language", default="zh")


class Label(NamedTuple):
    """A Chinese and an English text that say the same.

    >>> str(Label("病变", "Lesion"))
    '病变'
    >>> with reading("en"):
    ...     str(Label("病变", "Lesion"))
    'Lesion'
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language.get() == "en" else self.zh

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    @property
    def inside(self) -> "Label":
        """The same words inside a sentence: English begins small, except with an abbreviation.

        >>> Label("概要分期", "Summary stage").inside.en, Label("TNM 分期", "TNM stage").inside.en
        ('summary stage', 'TNM stage')
        """
        if self.en[:2].isupper():
            return self
        return Label(self.zh, self.en[:1].lower() + self.en[1:])

    def __mod__(self, values: dict[str, Any]) -> "Label":
        """Fill both texts with named values; a value that is a Label fills each with its own text.

        >>> (Label("共 %(n)s 块", "%(n)s pieces") % {"n": 3}).en
        '3 pieces'
        """
        with reading("zh"):
            zh = self.zh % {key: str(value) for key, value in values.items()}
        with reading("en"):
            en = self.en % {key: str(value) for key, value in values.items()}
        return Label(zh, en)


# Units that are words; every other sign is read the same in both languages.
UNITS = {"张": Label("张", "photos"), "岁": Label("岁", "y")}


def measured_in(unit: str) -> Label:
    """A unit of measurement as its reader reads it.

    >>> measured_in("张").en, measured_in("mm").en
    ('photos', 'mm')
    """
    return UNITS.get(unit, Label(unit, unit))


@contextmanager
def reading(chosen: str) -> Iterator[None]:
    """Everything printed inside the block is in the chosen language, "zh" or "en"."""
    if chosen not in LANGUAGES:
        raise ValueError(f"no such language: {chosen!r}; choose one of {', '.join(LANGUAGES)}")
    token = language.set(chosen)
    try:
        yield
    finally:
        language.reset(token)
