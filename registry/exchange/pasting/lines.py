"""A pasted text as lines of named cells: a table from a spreadsheet, or words one after another."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.exchange.cells import READERS, About, Unread, plain_cell, usual
from registry.label import Label
from registry.models import Base
from registry.rules.problem import Problem, refusal, warning
from registry.services.imports.case import Case

MOST_LINES = 200
Sort = Callable[[list[str]], tuple[dict[str, str], list[str]]]
_WORD = re.compile(r"[^\s,，、;；|]+")
CELL = Label("粘贴的内容", "What was pasted")


@dataclass(frozen=True)
class PastedLine:
    """One line: its number, its cells by field, and those that nothing understood."""

    number: int
    cells: Mapping[str, str]
    rest: tuple[str, ...]


def plain(text: str) -> str:
    """Words as they are compared: without width, case, spaces and signs around headings.

    >>> plain(" 证件号码（必填）："), plain("Record No.")
    ('证件号码', 'recordno')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s:：._*/-]|\(.*?\)", "", folded)


def split_words(line: str) -> list[str]:
    """The words of a line without tabs: parted by spaces and commas."""
    return _WORD.findall(line)


def lines_of(
    text: str,
    headings: Mapping[str, tuple[str, ...]],
    sort: Sort,
    split: Callable[[str], list[str]] = split_words,
) -> list[PastedLine]:
    """The lines of a pasted text.

    `headings` are the words by which a column of each field may be headed; where the first line has
    none of them, `sort` says of each line which of its cells is which field, and what is left over.
    Cells are parted by tabs; in a text without any tab `split` parts each line.
    """
    rows = _rows(text, split)
    if not rows:
        return []
    by_word = {plain(word): field for field, words in headings.items() for word in words}
    header = [by_word.get(plain(cell)) for cell in rows[0][1]]
    if sum(field is not None for field in header) < min(2, len(header)):
        return [_sorted(number, cells, sort) for number, cells in rows]
    found = []
    for number, cells in rows[1:]:
        named: dict[str, str] = {}
        rest = []
        for place, cell in enumerate(cells):
            field = header[place] if place < len(header) else None
            if field is not None and cell:
                named.setdefault(field, cell)
            elif place >= len(header) and cell:
                rest.append(cell)
        found.append(PastedLine(number, named, tuple(rest)))
    return found


def _sorted(number: int, cells: list[str], sort: Sort) -> PastedLine:
    named, rest = sort([cell for cell in cells if cell])
    return PastedLine(number, named, tuple(rest))


def _rows(text: str, split: Callable[[str], list[str]]) -> list[tuple[int, list[str]]]:
    """The lines that hold anything, each with its number and its cells; a quoted cell may hold line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if "\t" not in text:
        parted = [(number, split(line)) for number, line in enumerate(text.split("\n"), 1)]
        return [row for row in parted if row[1]]
    reader = csv.reader(io.StringIO(text), delimiter="\t", strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        begins = 1
        for row in reader:
            found.append((begins, [cell.strip() for cell in row]))
            begins = reader.line_num + 1
    except csv.Error:  # a quotation mark that never closes swallows the rest: then no mark is one
        lines = enumerate(text.split("\n"), 1)
        found = [(number, [cell.strip() for cell in line.split("\t")]) for number, line in lines]
    return [row for row in found if any(row[1])]


def case_of(line: PastedLine) -> Case:
    """An empty case for a line, warned of the words that nothing understood."""
    case = Case(str(line.number), [line.number], {}, rows=[(line.number, dict(line.cells))])
    case.problems += [left_out("row", word) for word in line.rest]
    return case


def left_out(path: str, word: str) -> Problem:
    """The warning that a word was not understood."""
    zh, en = f"“{word}”没有看懂，未采用", f"“{word}” was not understood and is left out"
    return warning(path, zh, en, CELL)


def read_cell(
    model: type[Base],
    path: str,
    cell: str | None,
    problems: list[Problem],
    *,
    today: date,
    day: date | None = None,
    reader: str | None = None,
) -> dict[str, Any]:
    """What a cell says of the column that `path` ("person-born_on") ends in, and of its neighbours.

    A cell that its reader does not understand gives nothing and adds a refusal to `problems`.
    """
    if cell is None:
        return {}
    record, _, field = path.rpartition("-")
    columns = model.__table__.columns
    column = columns[field] if field in columns else columns[f"{field}_sealed"]
    about = About(field, today, dict(column.info), column.type.python_type, day)
    try:
        return READERS[reader or usual(record, field, about)](plain_cell(cell), about)
    except Unread as wrong:
        problems.append(refusal(path, *wrong.said, CELL))
        return {}
