"""Where a line of mixed Chinese and Latin text may end.

ReportLab breaks at spaces, which Chinese has none of, or anywhere, which cuts words and numbers in two.
"""

from collections.abc import Callable, Iterator

OPENS = "（《“‘【"
CLOSES = "，。；：、）》”’！？】％…"


def pieces(text: str) -> Iterator[str]:
    """What stays together: a Latin word with its space, a Chinese character with its punctuation."""
    held = ""
    for character in text:
        wide = character >= "\u2e80" or character in OPENS + CLOSES
        alone = held and (wide or held[-1] == " " or held[-1] >= "\u2e80" or held[-1] in CLOSES)
        if alone and character not in CLOSES and character != " " and held[-1] not in OPENS:
            yield held
            held = ""
        held += character
    if held:
        yield held


def broken(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """Lines no wider than `room`; one piece that is wider is cut where it must be.

    >>> broken("胃早癌 ESD 检出率，12/345", 6, len)
    ['胃早癌', 'ESD 检出', '率，', '12/345']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in pieces(paragraph):
            if line and width((line + piece).rstrip()) > room:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            while len(line) > 1 and width(line.rstrip()) > room:
                sizes = range(len(line) - 1, 0, -1)
                fits = next((size for size in sizes if width(line[:size]) <= room), 1)
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line.rstrip())
    return lines
