"""The parts of a workbook that matter: sheets, shared strings, date formats, and a sheet's cells as text."""

import math
import posixpath
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.parsers import expat

from registry.exchange.readers.table import MAX_CELL, MAX_COLUMNS, Unreadable
from registry.label import Label

EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - local days, no zone
_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,9})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
Chunks = Generator[bytes]


class _Reading:
    """An XML parser fed piece by piece: local names of elements, no entities, no document type."""

    def __init__(self, begin: Callable[[str, dict[str, str]], None], end: Callable[[str], None]) -> None:
        self.text: list[str] = []
        self.wanted = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = lambda name, given: begin(name.rpartition(":")[2], given)
        self.parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        self.parser.CharacterDataHandler = self._more
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _more(self, text: str) -> None:
        if self.wanted:
            self.text.append(text)

    def _refuse(self, *_declared: object) -> None:
        raise Unreadable(
            Label("工作簿含有外部实体或 DTD，已拒绝", "the workbook carries entities and was refused")
        )

    def take(self) -> str:
        """The text since the last time."""
        told = "".join(self.text)
        self.text.clear()
        return told


@dataclass
class Parts:
    """What the cells of a sheet need to be understood."""

    sheets: list[tuple[str, str]]
    strings: list[str]
    dates: set[int]
    from_1904: bool

    @classmethod
    def read(cls, whole: Callable[[str], Chunks]) -> "Parts":
        """Read the parts of a workbook; `whole` gives a part's bytes by name, none where it is absent."""
        targets = dict(_relations(whole("xl/_rels/workbook.xml.rels")))
        sheets, from_1904 = _sheets(whole("xl/workbook.xml"), targets)
        return cls(sheets, _strings(whole("xl/sharedStrings.xml")), _dates(whole("xl/styles.xml")), from_1904)

    def path(self, name: str) -> str:
        return dict(self.sheets)[name]


def cells_of(chunks: Iterator[bytes], parts: Parts) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as (row number, cells as text); rows and cells that are not there are not given."""
    reader = _Sheet(parts)
    for chunk in chunks:
        reader.xml.parser.Parse(chunk, False)
        yield from reader.rows
        reader.rows.clear()
    reader.xml.parser.Parse(b"", True)
    yield from reader.rows


class _Sheet:
    """Collects the rows of a sheet while its XML goes by."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.rows: list[tuple[int, list[str]]] = []
        self.number, self.cells, self.place = 0, [""], 0
        self.kind, self.style, self.value, self.formula = "n", 0, "", ""
        self.xml = _Reading(self.begin, self.end)

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self.number = int(given.get("r", self.number + 1))
            self.cells, self.place = [], 0
        elif name == "c":
            self.place = _column(given["r"]) if "r" in given else self.place + 1
            if self.place > MAX_COLUMNS:
                raise Unreadable(
                    Label(f"列数过多，最多 {MAX_COLUMNS} 列", f"too many columns; {MAX_COLUMNS} at most")
                )
            self.kind, self.style = given.get("t", "n"), int(given.get("s", 0))
            self.value = self.formula = ""
        elif name in {"v", "t", "f"}:
            self.xml.take()
            self.xml.wanted = True

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.value += self.xml.take()
            self.xml.wanted = False
        elif name == "f":
            self.formula = self.xml.take()
            self.xml.wanted = False
        elif name == "c":
            self.cells += [""] * (self.place - 1 - len(self.cells))
            self.cells.append(self._text()[:MAX_CELL])
        elif name == "row":
            self.rows.append((self.number, self.cells))

    def _text(self) -> str:
        if self.value == "" and self.formula:
            return f"={self.formula}"
        if self.kind == "s" and self.value:
            return self.parts.strings[abs(int(self.value))]
        if self.kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(self.value, self.value)
        if self.kind == "n" and self.value:
            return _number(
                float(self.value), self.value, self.style in self.parts.dates, self.parts.from_1904
            )
        return unescaped(self.value) if self.kind in {"inlineStr", "str"} else self.value


def _number(value: float, written: str, dated: bool, from_1904: bool) -> str:
    """A figure as text; one with more places than a spreadsheet keeps shows that it lost some."""
    if not math.isfinite(value):
        return written
    if dated and 0 <= value < 2_958_466:
        moment = EPOCHS[from_1904] + timedelta(seconds=round(value * 86_400))
        if value < 1:
            return moment.strftime("%H:%M:%S")
        return moment.date().isoformat() if value == int(value) else moment.isoformat(" ", "seconds")
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    if value == int(value):
        return str(int(value))
    return f"{value:.12g}"


def unescaped(text: str) -> str:
    """A workbook's way of writing control signs (_x000D_) undone; what XML cannot hold becomes a space."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _sign(int(found[1], 16)), text)


def _sign(number: int) -> str:
    return "\n" if number in {10, 13} else " " if number < 32 or 0xD800 <= number <= 0xDFFF else chr(number)


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def _elements(chunks: Chunks) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part, with its attributes, in order."""
    found: list[tuple[str, dict[str, str]]] = []
    xml = _Reading(lambda name, given: found.append((name, given)), lambda name: None)
    _feed(xml, chunks)
    return found


def _feed(xml: _Reading, chunks: Chunks) -> None:
    fed = False
    with closing(chunks):
        for chunk in chunks:
            xml.parser.Parse(chunk, False)
            fed = True
    if fed:
        xml.parser.Parse(b"", True)


def _relations(chunks: Chunks) -> Iterator[tuple[str, str]]:
    for name, given in _elements(chunks):
        if name == "Relationship" and "Id" in given and given.get("TargetMode") != "External":
            target = given.get("Target", "")
            inside = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield given["Id"], posixpath.normpath(inside)


def _sheets(chunks: Chunks, targets: dict[str, str]) -> tuple[list[tuple[str, str]], bool]:
    sheets, from_1904 = [], False
    for name, given in _elements(chunks):
        plain: dict[str, Any] = {key.rpartition(":")[2]: value for key, value in given.items()}
        if name == "workbookPr":
            from_1904 = plain.get("date1904") in {"1", "true"}
        shown = plain.get("state", "visible") == "visible"
        if name == "sheet" and shown and "worksheets" in targets.get(plain.get("id", ""), ""):
            sheets.append((str(plain["name"]), targets[plain["id"]]))
    return sheets, from_1904


def _strings(chunks: Chunks) -> list[str]:
    """The shared strings; what is spoken beside a text (phonetic runs) is left out."""
    found: list[str] = []
    depth = [0]

    def begin(name: str, given: dict[str, str]) -> None:
        if name == "rPh":
            depth[0] += 1
        elif name == "si":
            xml.take()
        xml.wanted = name == "t" and not depth[0]

    def end(name: str) -> None:
        if name == "rPh":
            depth[0] -= 1
        elif name == "si":
            found.append(unescaped(xml.take()))
        xml.wanted = False

    xml = _Reading(begin, end)
    _feed(xml, chunks)
    return found


def _dates(chunks: Chunks) -> set[int]:
    """The styles that show a number as a day or a time."""
    own: dict[int, str] = {}
    dates: set[int] = set()
    inside, place = False, 0
    for name, given in _elements(chunks):
        if name == "numFmt" and "numFmtId" in given:
            own[int(given["numFmtId"])] = given.get("formatCode", "")
        elif name in {"cellStyleXfs", "cellXfs", "cellStyles"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            number = int(given.get("numFmtId", 0))
            if number in _BUILT_IN or shows_date(own.get(number, "")):
                dates.add(place)
            place += 1
    return dates


def shows_date(form: str) -> bool:
    """Whether a number format shows a day or a time.

    >>> shows_date('yyyy"年"m"月"d"日"'), shows_date('0.00" days"'), shows_date("[Red]0;-0")
    (True, False, False)
    """
    plain = re.sub(r"\"[^\"]*\"|\[(?!h|m|s)[^\]]*\]|\\.|_.|\*.", "", form.split(";")[0].casefold())
    return bool(re.search(r"[ymdhs]", plain)) and "general" not in plain
