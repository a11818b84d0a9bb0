"""Files as rows of named cells, whatever kind of file it is: found from its bytes, read as it streams."""

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from registry.exchange.readers.encoding import kind_of
from registry.exchange.readers.layout import Cells, fold, header_of, names, rows_of
from registry.exchange.readers.table import MAX_COLUMNS, Row, Table, Unreadable
from registry.exchange.readers.text import open_text
from registry.exchange.readers.workbook import Workbook
from registry.label import Label

__all__ = ["KINDS", "Row", "Table", "Unreadable", "digest", "fold", "open_table", "read"]

KINDS = ("csv", "tsv", "xlsx")


def open_table(
    path: Path,
    *,
    kind: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    needed: Collection[str] = (),
) -> Table:
    """Open a file and find its header; what is not said is found from the file itself.

    `needed` are the columns that the header must name. A workbook is a workbook whatever `kind` says,
    because people save what they export under another kind. Of a workbook's sheets the one asked for is
    taken; where there is none of that name, the first that names what is needed.

    Raises
    ------
    Unreadable
        With what is wrong in both languages: no such columns, no table, damaged, or unsafe to open.
    """
    found = kind_of(path)
    if found == "xlsx":
        book = Workbook(path)
        sheet, sheets = book.choose(sheet, lambda rows: bool(needed) and names(rows, needed)), book.sheets
        cells: Cells = book.cells(sheet)
        kind, encoding, notes = "xlsx", None, [Label(f"工作表 {sheet}", f"sheet {sheet}")]
    else:
        wanted = kind if kind in {"csv", "tsv"} else None
        cells, kind, encoding, notes = open_text(path, wanted, encoding)
        sheet, sheets = None, []
    try:
        header, line, width, rest = header_of(cells, needed)
    except Unreadable as wrong:
        raise Unreadable(Label(f"{path.name}：{wrong.said.zh}", f"{path.name}: {wrong.said.en}")) from wrong
    if line > 1:
        notes.append(Label(f"表头在第 {line} 行", f"the header is on line {line}"))
    if found == "xlsx":  # what somebody noted beside a table is no cell of it
        width, rest = MAX_COLUMNS, _padded(rest, len(header))
    rows = rows_of(header, width, rest, notes)
    return Table(header, rows, kind, encoding, sheet, sheets, line, notes)


def read(path: Path, kind: str | None, encoding: str | None, needed: Collection[str]) -> Iterator[Row]:
    """The rows of a file, one after another."""
    return open_table(path, kind=kind, encoding=encoding, needed=needed).rows


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _padded(cells: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """A sheet's rows end with their last cell; the rest of the row is empty, not absent."""
    for line, row in cells:
        yield line, row + [""] * (width - len(row))
