"""Tables in a terminal, with Chinese taking the two columns that it takes there."""

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from registry.label import Label


def width(text: str) -> int:
    """How many columns a text takes in a terminal.

    >>> width("甲县A")
    5
    """
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def table(
    head: Sequence[Label | str], rows: Sequence[Sequence[Any]], *, empty: Label, right: Sequence[int] = ()
) -> str:
    """The rows under their heads, two spaces apart; `empty` where there are none.

    The columns whose places are in `right` hold numbers and end flush.

    >>> print(table(["组", "n"], [["局限", 889], ["远处", 61]], empty=Label("无", "none"), right=[1]))
    组      n
    局限  889
    远处   61
    """
    if not rows:
        return str(empty)
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(width(line[column]) for line in lines) for column in range(len(head))]

    def padded(line: list[str]) -> str:
        gaps = [" " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)]
        cells = [gap + line[at] if at in right else line[at] + gap for at, gap in enumerate(gaps)]
        return "  ".join(cells).rstrip()

    return "\n".join(padded(line) for line in lines)
