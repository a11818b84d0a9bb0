"""Comma- or tab-separated text as rows of cells, a line at a time."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from registry.exchange.readers.encoding import encoding_of, separator_of
from registry.exchange.readers.table import MAX_CELL, MAX_COLUMNS, Unreadable
from registry.label import Label

MAX_LINE = 1_000_000
Cells = Iterator[tuple[int, list[str]]]
SIGNS = {"csv": ",", "tsv": "\t"}


def open_text(path: Path, kind: str | None, encoding: str | None) -> tuple[Cells, str, str, list[Label]]:
    """The cells of a text file by line, its kind and encoding, and notes on how they were found."""
    notes: list[Label] = []
    if encoding is None:
        encoding, why = encoding_of(path)
        notes.append(why)
    if kind is None:
        with _opened(path, encoding) as file:
            sign, why = separator_of(list(islice(_lines(file, path, encoding), 40)))
        notes.append(why)
        kind = "tsv" if sign == "\t" else "csv"
    else:
        sign = SIGNS[kind]
    return _cells(path, encoding, sign), kind, encoding, notes


def _opened(path: Path, encoding: str) -> TextIO:
    try:
        return path.open(encoding=encoding, newline="")
    except LookupError as wrong:
        raise Unreadable(Label(f"没有编码 {encoding}", f"there is no encoding {encoding}")) from wrong


def _lines(file: TextIO, path: Path, encoding: str) -> Iterator[str]:
    """The lines of a file; `Unreadable` for one without end, NULs, or bytes that do not fit."""
    first = True
    try:
        while line := file.readline(MAX_LINE):
            if len(line) >= MAX_LINE:
                raise Unreadable(Label("有一行过长，不像表格", "one line is too long for a table"))
            if "\0" in line:
                raise Unreadable(Label("文件含有空字节", "the file holds NUL bytes"))
            yield line.removeprefix("\ufeff") if first else line
            first = False
    except UnicodeError as wrong:
        raise _unfit(path, encoding, str(wrong)) from wrong


def _cells(path: Path, encoding: str, sign: str) -> Cells:
    with _opened(path, encoding) as file:
        reader = csv.reader(_lines(file, path, encoding), delimiter=sign, strict=True)
        end = 0
        try:
            for cells in reader:
                line, end = end + 1, reader.line_num
                if len(cells) > MAX_COLUMNS:
                    said = f"一行有 {len(cells)} 个单元格，最多 {MAX_COLUMNS} 个"
                    raise Unreadable(Label(said, f"a row has {len(cells)} cells; {MAX_COLUMNS} at most"))
                if any(len(cell) > MAX_CELL for cell in cells):
                    raise Unreadable(
                        Label(f"第 {line} 行有过长的单元格", f"a cell of line {line} is too long")
                    )
                yield line, cells
        except csv.Error as wrong:
            line = reader.line_num
            raise Unreadable(
                Label(
                    f"{path.name} 第 {line} 行附近的引号不成对，请在原系统重新导出或另存为 .xlsx",
                    f"{path.name} cannot be read near line {line}: its quotes do not match ({wrong})",
                )
            ) from wrong


def _unfit(path: Path, encoding: str, why: str) -> Unreadable:
    return Unreadable(
        Label(
            "%(file)s 无法按 %(encoding)s 读取：%(why)s", "%(file)s cannot be read as %(encoding)s: %(why)s"
        )
        % {"file": path.name, "encoding": encoding, "why": why}
    )
