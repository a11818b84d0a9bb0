"""A workbook as a zip of parts: checked before it is opened, read a part at a time."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO
from xml.parsers import expat

from registry.exchange.readers.sheet import Parts, cells_of
from registry.exchange.readers.table import Unreadable
from registry.label import Label

MAX_ENTRIES = 2000
MAX_UNZIPPED = 1 << 30
MAX_RATIO = 300
MAX_SMALL = 16 << 20
MAX_STRINGS = 160 << 20
CHUNK = 1 << 16
Cells = Generator[tuple[int, list[str]]]

DAMAGED = Label("工作簿已损坏或不是 .xlsx，请重新另存", "the workbook is damaged or no .xlsx; save it again")
BOMB = Label("工作簿解压后过大，已拒绝", "the workbook is far too large when unpacked and was refused")
BREAKS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    RuntimeError,
    OSError,
    LookupError,
    ValueError,
    ArithmeticError,
)


class Workbook:
    """A workbook that was found safe to open: its visible sheets, and the cells of each as text.

    Formulas are never evaluated: a cell gives the value that was stored with it, else the formula.
    """

    def __init__(self, path: Path) -> None:
        check(path)
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                self.parts = _parts(archive)
        except BREAKS as wrong:
            raise wrong if isinstance(wrong, Unreadable) else Unreadable(DAMAGED) from wrong
        self.sheets = [name for name, _ in self.parts.sheets]

    def cells(self, sheet: str) -> Cells:
        """The rows of a sheet, one after another."""
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.parts.path(sheet)) as source:
                yield from cells_of(_chunks(source), self.parts)
        except BREAKS as wrong:
            raise wrong if isinstance(wrong, Unreadable) else Unreadable(DAMAGED) from wrong

    def choose(self, wanted: str | None, fits: Callable[[Cells], bool]) -> str:
        """The sheet asked for; else the first that fits; else the first that holds anything.

        `fits` looks at a sheet's rows and says whether they hold what is needed.
        """
        if wanted in self.sheets:
            return wanted
        filled = [name for name in self.sheets if self._holds_data(name)]
        if fitting := next((name for name in filled if self._fits(name, fits)), None):
            return fitting
        if wanted is not None:
            listed = "、".join(self.sheets)
            raise Unreadable(
                Label(f"没有工作表 {wanted}；有：{listed}", f"no sheet {wanted}; there are: {listed}")
            )
        if not filled:
            raise Unreadable(Label("工作簿里没有数据", "the workbook holds no data"))
        return filled[0]

    def _holds_data(self, name: str) -> bool:
        with closing(self.cells(name)) as rows:
            return any(any(cell.strip() for cell in row) for _, row in rows)

    def _fits(self, name: str, fits: Callable[[Cells], bool]) -> bool:
        with closing(self.cells(name)) as rows:
            return fits(rows)


def check(path: Path) -> None:
    """Refuse what unpacks to too much, before anything is unpacked; sizes are those of the zip's list."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except BREAKS as wrong:
        raise Unreadable(DAMAGED) from wrong
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNZIPPED:
        raise Unreadable(BOMB)
    if total > MAX_SMALL and total > MAX_RATIO * max(packed, 1):
        raise Unreadable(BOMB)
    for entry in entries:
        heavy = MAX_STRINGS if entry.filename.endswith("sharedStrings.xml") else MAX_SMALL
        if (
            entry.file_size > heavy
            and "/worksheets/" not in f"/{entry.filename}"
            and "/media/" not in entry.filename
        ):
            raise Unreadable(BOMB)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unreadable(DAMAGED)
        if entry.flag_bits & 1:
            raise Unreadable(
                Label("工作簿有密码，请去掉后再传", "the workbook has a password; remove it first")
            )
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise Unreadable(Label("这是压缩包，不是 .xlsx 工作簿", "this is an archive, not an .xlsx workbook"))


def _parts(archive: zipfile.ZipFile) -> Parts:
    def whole(name: str) -> Generator[bytes]:
        if name in present:
            with archive.open(name) as source:
                yield from _chunks(source)

    present = {entry.filename for entry in archive.infolist()}
    return Parts.read(whole)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(CHUNK):
        yield piece
