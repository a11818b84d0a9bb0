"""What comes back: the rows that could not be stored, as a workbook with the reason beside each cell.

The corrected workbook is read again by the mapping that read the first file: it has the same column
names. Nothing in it is a formula, a number or a date; every cell is text as the source wrote it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.label import Label
from registry.rules.problem import Problem
from registry.services.imports import Refused

LINE = Label("原文件行号", "Line in the file")
REASON = Label("退回原因", "Why it came back")
ROWS = Label("退回的行", "Rows returned")
DOUBTS = Label("已存请核对", "Stored, please check")
COLUMN = Label("列", "Column")
WRITTEN = Label("原文", "As written")
AUTHOR = Label("登记系统", "Registry")
LONGEST = 32_767  # characters that a cell can hold
WIDE = 40


@dataclass(frozen=True)
class Returned:
    """The columns of a file, the cases of it that came back, and those that were stored with a doubt."""

    header: tuple[str, ...]
    refused: tuple[Refused, ...]
    flagged: tuple[Refused, ...]


@dataclass(frozen=True)
class Reason:
    """One objection to a case: in which line and column, what stands there, and why it is wrong."""

    line: int
    column: str | None
    cell: str
    why: Label
    rule: Label


def reasons(refused: Refused) -> list[Reason]:
    """The objections to a case, each beside its cell where it has one, in the order of the lines."""
    cells = dict(refused.rows)
    found = []
    for problem in refused.problems:
        line, column = _place(refused, problem.field)
        cell = cells.get(line, {}).get(column or "", "")
        found.append(Reason(line, column, cell, problem.message, problem.clause))
    return sorted(found, key=lambda reason: reason.line)


def workbook(returned: Returned) -> bytes:
    """The returned rows as .xlsx, in the reader's language: first the reason, then the row as it was."""
    content = BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, {"in_memory": True, **safe})
    formats = _Formats(book)
    _write_rows(book.add_worksheet(str(ROWS)), returned, formats)
    if returned.flagged:
        _write_doubts(book.add_worksheet(str(DOUBTS)), returned.flagged, formats)
    book.close()
    return content.getvalue()


def packed(returned: Returned) -> bytes:
    """The same as bytes to be kept, in both languages; `unpacked` reads them."""
    told = {
        "header": returned.header,
        "refused": [_plain(one) for one in returned.refused],
        "flagged": [_plain(one) for one in returned.flagged],
    }
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()


def unpacked(content: bytes) -> Returned:
    """What `packed` made."""
    told = json.loads(content)
    refused, flagged = (tuple(_refused(one) for one in told[name]) for name in ("refused", "flagged"))
    return Returned(tuple(told["header"]), refused, flagged)


class _Formats:
    def __init__(self, book: Any) -> None:
        ground = {"num_format": "@", "valign": "top", "text_wrap": True}
        self.text = book.add_format(ground)
        self.head = book.add_format(ground | {"bold": True, "bottom": 1})
        self.wrong = book.add_format(ground | {"bg_color": "#FCE4E2", "font_color": "#A3211D", "border": 1})
        self.reason = book.add_format(ground | {"font_color": "#A3211D"})


def _write_rows(sheet: Any, returned: Returned, formats: _Formats) -> None:
    names = [str(REASON), str(LINE), *returned.header]
    for column, name in enumerate(names):
        _text(sheet, 0, column, name, formats.head)
    widths = [WIDE, 10, *(_width(name, returned.refused) for name in returned.header)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, formats.text)
    place = {name: number for number, name in enumerate(returned.header, 2)}
    below = 1
    for refused in returned.refused:
        told = reasons(refused)
        for line, cells in refused.rows:
            own = [reason for reason in told if reason.line == line]
            why = "\n".join(_sentence(reason) for reason in own) or str(_elsewhere(told))
            _text(sheet, below, 0, why, formats.reason)
            _text(sheet, below, 1, str(line), formats.text)
            wrong = {reason.column: reason for reason in reversed(own)}
            for name, column in place.items():
                _text(
                    sheet,
                    below,
                    column,
                    cells.get(name, ""),
                    formats.wrong if name in wrong else formats.text,
                )
                if name in wrong:
                    comment = _clean(f"{wrong[name].why}\n{wrong[name].rule}")
                    sheet.write_comment(below, column, comment, {"author": str(AUTHOR), "x_scale": 2})
            below += 1
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(below - 1, 0), len(names) - 1)


def _write_doubts(sheet: Any, flagged: Iterable[Refused], formats: _Formats) -> None:
    for column, (name, width) in enumerate(((LINE, 10), (COLUMN, 16), (WRITTEN, WIDE), (REASON, 2 * WIDE))):
        _text(sheet, 0, column, str(name), formats.head)
        sheet.set_column(column, column, width, formats.text)
    told = (reason for one in flagged for reason in reasons(one))
    for below, reason in enumerate(told, 1):
        for column, text in enumerate((str(reason.line), reason.column or "", reason.cell, str(reason.why))):
            _text(sheet, below, column, text, formats.text)
    sheet.freeze_panes(1, 0)


def _sentence(reason: Reason) -> str:
    """Why, beginning with the column where the reason does not name it already."""
    if not reason.column or str(reason.why).startswith(reason.column):
        return str(reason.why)
    told = Label("%(column)s：%(why)s", "%(column)s: %(why)s")
    return str(told % {"column": reason.column, "why": reason.why})


def _elsewhere(told: Sequence[Reason]) -> Label:
    lines = ", ".join(dict.fromkeys(str(reason.line) for reason in told))
    return Label("同一病例，见第 %(lines)s 行", "The same case: see line %(lines)s") % {"lines": lines}


def _place(refused: Refused, path: str) -> tuple[int, str | None]:
    """Line and column of a path; of the nearest part of the record that has one where it has none."""
    if path in refused.where:
        line, column = refused.where[path]
        return line, column
    first = refused.lines[0] if refused.lines else 0
    parts = path.split("-")
    for length in range(len(parts) - 1, 1, -1):
        start = "-".join(parts[:length]) + "-"
        if lines := [line for known, (line, _) in refused.where.items() if known.startswith(start)]:
            return min(lines), None
    return first, None


def _width(name: str, refused: Iterable[Refused]) -> int:
    texts = [name, *(cells.get(name, "") for one in list(refused)[:200] for _, cells in one.rows)]
    return min(WIDE, max(8, *(sum(1 + (sign > "\u2e80") for sign in text) + 2 for text in texts)))


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    sheet.write_string(row, column, _clean(text), style)


def _clean(text: str) -> str:
    """A text as a workbook can hold it: no half characters, and no more than fit."""
    return text.encode("utf-8", "replace").decode()[:LONGEST]


def _plain(refused: Refused) -> dict[str, Any]:
    return {
        "lines": refused.lines,
        "problems": [[one.field, *one.message, *one.clause, one.refuse] for one in refused.problems],
        "where": refused.where,
        "rows": refused.rows,
    }


def _refused(told: dict[str, Any]) -> Refused:
    problems = (
        Problem(field, Label(zh, en), Label(*clause), refuse)
        for field, zh, en, *clause, refuse in told["problems"]
    )
    where = {path: (line, column) for path, (line, column) in told["where"].items()}
    rows = tuple((line, cells) for line, cells in told["rows"])
    return Refused(tuple(told["lines"]), tuple(problems), where, rows)
