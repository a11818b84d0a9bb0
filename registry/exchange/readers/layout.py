"""Where a table begins and ends on its sheet: titles above the header, totals and signatures below."""

import re
import unicodedata
from collections.abc import Collection, Generator, Iterable, Iterator
from itertools import chain, islice

from registry.exchange.readers.table import MAX_COLUMNS, Row, Unreadable
from registry.label import Label

LOOKED_AT = 50
Cells = Iterator[tuple[int, list[str]]]
_FOOTER = re.compile(
    r"(合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|制\s*表|填\s*表|审\s*核|打\s*印|导\s*出|统\s*计|签\s*名|注|备注|说明"
    r"|以下空白|total|sum|subtotal|note)s?\s*(?:$|[:：\d(（]|人|时间|日期)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[\d\s.,:/%+-]*")


def fold(name: str) -> str:
    """A column's name as it is compared: without width, case and space.

    >>> fold(" 大小（mm）\\n") == fold("大小(MM)")
    True
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def header_of(cells: Cells, needed: Collection[str]) -> tuple[list[str], int, int, Cells]:
    """The header, its line, how many cells it has with those that name nothing, and the rows after it.

    With `needed`, the first row that names all these columns; else the first that looks like one: more
    than half as wide as the widest, all words, none twice. `Unreadable` says what is missing.
    """
    first = [(line, [cell.strip() for cell in row]) for line, row in islice(cells, LOOKED_AT)]
    if not any(any(row) for _, row in first):
        raise Unreadable(Label("文件里没有数据", "the file holds no data"))
    place = _named(first, needed) if needed else _likely(first)
    line, found = first[place]
    header = _distinct(found)
    rest = chain(iter(first[place + 1 :]), cells)
    if len(header) > MAX_COLUMNS:
        said = Label(f"列数过多，最多 {MAX_COLUMNS} 列", f"too many columns; {MAX_COLUMNS} at most")
        raise Unreadable(said)
    return header, line, len(found), rest


def names(cells: Cells, needed: Collection[str]) -> bool:
    """Whether one of the first rows names all these columns."""
    wanted = {fold(name) for name in needed}
    return any(_hits(row, wanted) == len(wanted) for _, row in islice(cells, LOOKED_AT))


def _named(first: list[tuple[int, list[str]]], needed: Collection[str]) -> int:
    wanted = {fold(name): name for name in needed}
    place = max(range(len(first)), key=lambda at: (_hits(first[at][1], wanted), -at))
    absent = [name for name in sorted(needed) if fold(name) not in {fold(cell) for cell in first[place][1]}]
    if absent:
        listed = ", ".join(absent)
        raise Unreadable(Label(f"缺少列：{listed}", f"there is no column {listed}"))
    return place


def _hits(row: list[str], wanted: Collection[str]) -> int:
    return len({fold(cell) for cell in row} & set(wanted))


def _likely(first: list[tuple[int, list[str]]]) -> int:
    widest = max(sum(map(bool, row)) for _, row in first)
    for place, (_, row) in enumerate(first):
        filled = [cell for cell in row if cell]
        words = all(not _FIGURE.fullmatch(cell) for cell in filled)
        if 2 * len(filled) > widest and words and len(set(filled)) == len(filled):
            return place
    raise Unreadable(Label("找不到表头行", "no header row was found"))


def _distinct(names: list[str]) -> list[str]:
    """Names for all columns: one without a name is called by its place, a second of a name counted."""
    while names and not names[-1]:
        names = names[:-1]
    seen: dict[str, int] = {}
    told = []
    for place, name in enumerate(names, 1):
        called = re.sub(r"\s+", " ", name) or f"#{place}"
        seen[called] = seen.get(called, 0) + 1
        told.append(called if seen[called] == 1 else f"{called} ({seen[called]})")
    return told


def rows_of(
    header: list[str], width: int, cells: Iterable[tuple[int, list[str]]], notes: list[Label]
) -> Generator[Row]:
    """The rows under a header of `width` cells.

    Blank lines, totals, signatures and repeated headers are passed over; at the end `notes` learns which.
    """
    folded = [fold(name) for name in header]
    passed: list[int] = []
    for line, row in cells:
        filled = [cell for cell in row if cell.strip()]
        if not filled:
            continue
        if _footer(row, filled, len(header)) or _again(row, folded):
            passed.append(line)
            continue
        beyond = any(cell.strip() for cell in row[width:])
        whole = len(row) >= len(header) and not beyond
        yield Row(line, dict(zip(header, row, strict=False)), whole)
    if passed:
        listed = ", ".join(map(str, passed[:10]))
        notes.append(Label(f"不是数据的行：{listed}", f"lines that are no data: {listed}"))


def _again(row: list[str], folded: list[str]) -> bool:
    """Whether a row is the header once more, as at the top of each printed page."""
    return fold(row[0]) == folded[0] and [fold(cell) for cell in row[: len(folded)]] == folded


def _footer(row: list[str], filled: list[str], width: int) -> bool:
    """A total or a signature: begins with such a word and fills but a few of the cells."""
    sparse = len(filled) <= max(2, width // 3)
    return sparse and row[0].strip() in {"", filled[0].strip()} and bool(_FOOTER.match(filled[0].strip()))
