"""An uploaded file on disk for as long as it is read, and a first glance at its columns."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from registry.exchange import readers
from registry.exchange.mapping import Mapping
from registry.label import Label

PREFIX = "registry-import-"
LEFT_BEHIND = 24 * 60 * 60  # seconds after which a folder belongs to a process that was killed
LOOKED_AT = 300
EXAMPLES = 4


@dataclass(frozen=True)
class Glance:
    """The columns of a file, and by column what its first rows say, each once."""

    header: tuple[str, ...]
    examples: dict[str, list[str]]
    notes: tuple[Label, ...]
    encoding: str | None = None


@contextmanager
def on_disk(content: bytes, name: str) -> Iterator[Path]:
    """A file that only this process's user can read, gone at the end.

    What a killed process left behind is removed a day later.
    """
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        path = Path(folder) / (re.sub(r'[\x00-\x1f\\/:*?"<>|]', "_", name)[-70:] or "file")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        yield path


def glance(path: Path, mapping: Mapping | None = None) -> Glance:
    """Look at the first rows of a file, on the sheet and below the header that a mapping means.

    `Unreadable` where it cannot be read; a mapping whose columns are not there is left aside.
    """
    try:
        table = opened(path, mapping) if mapping else readers.open_table(path)
    except readers.Unreadable:
        if mapping is None:
            raise
        table = readers.open_table(path)
    seen: dict[str, dict[str, None]] = {name: {} for name in table.header}
    with closing(table.rows) as rows:
        for row in islice(rows, LOOKED_AT):
            for name, cell in row.cells.items():
                if (shown := cell.strip()) and len(seen.setdefault(name, {})) < EXAMPLES:
                    seen[name][shown] = None
    examples = {name: list(words) for name, words in seen.items()}
    return Glance(tuple(table.header), examples, tuple(table.notes), table.encoding)


def opened(path: Path, mapping: Mapping, *, encoding: str | None = None) -> readers.Table:
    """The file as a mapping would have it read; `Unreadable` where it lacks a column.

    `encoding` is what was found out before, where the mapping is silent: a large file takes half a second.
    """
    how = {"kind": mapping.kind, "encoding": mapping.encoding or encoding, "sheet": mapping.sheet}
    return readers.open_table(path, **how, needed=mapping.columns)


def fits(path: Path, mapping: Mapping, *, encoding: str | None) -> bool:
    """Whether a file has every column of a mapping."""
    try:
        table = opened(path, mapping, encoding=encoding)
    except readers.Unreadable:
        return False
    with closing(table.rows):
        return True


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            old = time.time() - folder.stat().st_mtime > LEFT_BEHIND
        except FileNotFoundError:  # another process has just removed its own
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True)
