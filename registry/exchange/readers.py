"""Files as rows of named cells, whatever kind of file it is: one reader a kind."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from registry.label import Label


class Unreadable(ValueError):
    """A file that is not what its mapping says."""


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, as an editor counts them, and its cells by column.

    `whole` is False for a row with more or fewer cells than the header.
    """

    line: int
    cells: dict[str, str]
    whole: bool = True


def read(path: Path, kind: str, encoding: str, needed: set[str]) -> Iterator[Row]:
    """The rows of a file, one after another; `Unreadable` where columns are missing or it is another kind."""
    return KINDS[kind](path, encoding, needed)


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _separated(path: Path, encoding: str, needed: set[str], *, separator: str) -> Iterator[Row]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=separator, strict=True)
            header = [name.strip().lstrip("\ufeff") for name in next(reader, [])]
            if absent := sorted(needed - set(header)):
                raise Unreadable(
                    str(
                        Label("%(file)s 缺少列：%(columns)s", "%(file)s has no column %(columns)s")
                        % {"file": path.name, "columns": ", ".join(absent)}
                    )
                )
            end = reader.line_num
            for cells in reader:
                line, end = end + 1, reader.line_num
                if any(cell.strip() for cell in cells):
                    yield Row(line, dict(zip(header, cells, strict=False)), len(cells) == len(header))
    except (csv.Error, UnicodeDecodeError) as wrong:
        raise Unreadable(
            str(
                Label(
                    "%(file)s 无法按 %(encoding)s 读取：%(why)s",
                    "%(file)s cannot be read as %(encoding)s: %(why)s",
                )
                % {"file": path.name, "encoding": encoding, "why": wrong}
            )
        ) from wrong


KINDS: dict[str, Callable[[Path, str, set[str]], Iterator[Row]]] = {
    "csv": partial(_separated, separator=","),
    "tsv": partial(_separated, separator="\t"),
}
