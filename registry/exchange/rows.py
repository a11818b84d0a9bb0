"""One row's cells as the registry's values: each read by its field's reader, with a reason where not."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.codes.person import Precision
from registry.exchange.cells import AS_WRITTEN, BY_THE_DAY, READERS, About, Unread, usual
from registry.exchange.checking import Source
from registry.exchange.fields import column_of, is_date_with_precision
from registry.exchange.mapping import Mapping
from registry.exchange.readers import Row, fold
from registry.label import Label
from registry.rules.dates import PartialDate
from registry.rules.problem import Problem, refusal

CELL = Label("文件单元格的内容", "What a cell of the file says")
DAYS = (("examination", "performed_on"), ("listed", "listed_on"), ("enrolment", "enrolled_on"))
NAMING = {"person", "enrolment", "document"}
REMEMBERED = 4096
# What a cell says of its field's neighbours: record, values, and where it stands.
Implied = tuple[str, dict[str, Any], tuple[int, str]]


@dataclass
class Told:
    """What one row says: record → field → value, None where it says nothing.

    `filled` are the records of which a cell says something; `where` and `problems` go by
    "record-field".
    """

    line: int
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    agrees: dict[str, int] = field(default_factory=dict)
    where: dict[str, tuple[int, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def plain(cell: str) -> str:
    """A cell without full-width forms and without space around it."""
    return cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


class RowReader:
    """Reads the rows of one file through a mapping; words that come again are looked up, not read again."""

    def __init__(self, mapping: Mapping, header: Iterable[str], *, today: date) -> None:
        names = {fold(name): name for name in header}
        self.today, self.mapping = today, mapping
        self.names = {column: names.get(fold(column), column) for column in mapping.columns}
        columns = [
            _Field(record, name, sources, self.names, today)
            for record, fields in mapping.fields.items()
            for name, sources in fields.items()
        ]
        self.first = [one for one in columns if not one.by_the_day]
        self.last = [one for one in columns if one.by_the_day]
        self.known = {(one.record, one.name): one for one in columns}

    def cell(self, row: Row, column: str) -> str:
        """A cell by the name that the mapping has for its column."""
        return row.cells.get(self.names[column], "")

    def read(self, row: Row) -> Told:
        """Everything that the row says; nothing is raised, what cannot be read is a problem."""
        told = Told(row.line)
        implied: list[Implied] = []
        for one in self.first:
            one.tell(row, told, implied, None)
        day = self.day(told.records)
        for one in self.last:
            one.tell(row, told, implied, day)
        for record, values, place in implied:
            into = told.records[record]
            for name, value in values.items():
                if into.get(name) is None:
                    into[name] = value
                    told.where.setdefault(f"{record}-{name}", place)
        self._agreed(row, told)
        return told

    def one(self, row: Row, record: str, name: str) -> Any:
        """A single field of a row; None where the mapping has no such field or the cell cannot be read."""
        if (found := self.known.get((record, name))) is None:
            return None
        told = Told(row.line)
        found.tell(row, told, [], None)
        return told.records[record].get(name)

    @staticmethod
    def day(records: dict[str, dict[str, Any]]) -> date | None:
        """The day that an age is counted from."""
        for record, name in DAYS:
            if found := records.get(record, {}).get(name):
                return found if isinstance(found, date) else None
        return None

    def _agreed(self, row: Row, told: Told) -> None:
        for name, column in self.mapping.agrees.items():
            if (cell := plain(self.cell(row, column))) == "":
                continue
            try:
                about = About(name, self.today, {}, int)
                told.agrees[name] = READERS["number"](cell, about)[name]
            except Unread as wrong:
                told.problems.append(_problem(name, column, wrong.said))
                told.where[name] = (row.line, self.names[column])


class _Field:
    """One field and where it comes from."""

    def __init__(
        self,
        record: str,
        name: str,
        sources: tuple[Source, ...],
        names: dict[str, str],
        today: date,
    ) -> None:
        self.record, self.name, self.sources, self.names = record, name, sources, names
        info, kind = column_of(record, name)
        self.precision = is_date_with_precision(record, name)
        self.abouts = [About(name, today, info, kind, order=source.order) for source in sources]
        self.readers = [
            source.read or usual(record, name, about)
            for source, about in zip(sources, self.abouts, strict=True)
        ]
        self.by_the_day = any(reader in BY_THE_DAY for reader in self.readers)
        self.words = [
            None if source.values is None else {plain(word): value for word, value in source.values.items()}
            for source in sources
        ]
        self.remembered: dict[tuple[int, str], dict[str, Any] | Unread] = {}

    def tell(
        self,
        row: Row,
        told: Told,
        implied: list[Implied],
        day: date | None,
    ) -> None:
        """Put the first source's value that is there into `told`; its neighbours into `implied`."""
        path = f"{self.record}-{self.name}"
        into = told.records.setdefault(self.record, {})
        into[self.name] = None
        if self.precision:
            into[self.precision] = None
        for number, source in enumerate(self.sources):
            cell = self._cell(source, row, written=self.readers[number] in AS_WRITTEN)
            if cell is None:
                continue
            place = (row.line, self.names[source.reads[0]]) if source.reads else (row.line, "")
            try:
                values = self._value(number, cell, day)
            except Unread as wrong:
                told.problems.append(_problem(path, place[1] or "always", wrong.said))
                told.where[path] = place
                told.filled.add(self.record)
                return
            if not values or all(value is None for value in values.values()):
                continue
            if source.reads:
                told.where[path] = place
                told.filled.add(self.record)
            own = {self.name, self.precision}
            into.update({name: value for name, value in values.items() if name in own})
            if beside := {name: value for name, value in values.items() if name not in own}:
                implied.append((self.record, beside, place))
            return

    def _cell(self, source: Source, row: Row, *, written: bool) -> str | None:
        """What the source says in this row, None where nothing."""
        if source.given and not any(self._text(row, column) for column in source.given):
            return None
        if source.always is not None:
            return str(source.always)
        if source.columns:
            said = [(column, self._text(row, column)) for column in source.columns]
            return "；".join(f"{column}：{text}" for column, text in said if text) or None
        raw = self._text(row, source.reads[0])
        cell = plain(raw)
        if cell == "" or cell in source.empty or raw in source.empty:
            return None
        return raw if written and source.values is None else cell

    def _text(self, row: Row, column: str) -> str:
        return row.cells.get(self.names[column], "").strip()

    def _value(self, number: int, cell: str, day: date | None) -> dict[str, Any]:
        if self.by_the_day:
            return self._read(number, cell, day)
        if self.record in NAMING:
            return self._read(number, cell, None)
        found = self.remembered.get((number, cell))
        if found is None:
            try:
                found = self._read(number, cell, None)
            except Unread as wrong:
                found = wrong
            if len(self.remembered) < REMEMBERED:
                self.remembered[number, cell] = found
        if isinstance(found, Unread):
            raise found
        return found

    def _read(self, number: int, cell: str, day: date | None) -> dict[str, Any]:
        about, words = self.abouts[number], self.words[number]
        if words is not None:
            if cell not in words:
                raise Unread(f"“{cell}” 不在映射的取值中", f"“{cell}” is not among the values of the mapping")
            cell = str(words[cell])
            if cell == "":
                return {}
        if day is not None:
            about = About(about.field, about.today, about.column, about.kind, day, about.order)
        return self._days(READERS[self.readers[number]](cell, about))

    def _days(self, values: dict[str, Any]) -> dict[str, Any]:
        """Days with how exactly they are known, where the record has a column for that."""
        value = values.get(self.name)
        if not isinstance(value, date | PartialDate):
            return values
        how, exact = (
            (value.precision, value.day) if isinstance(value, PartialDate) else (Precision.DAY, value)
        )
        if self.precision:
            return values | {self.name: exact, self.precision: how}
        if how is not Precision.DAY:
            raise Unread("这里需要完整日期", "the whole day is needed here")
        return values | {self.name: exact}


def _problem(path: str, column: str, said: Label) -> Problem:
    return refusal(path, f"{column}：{said.zh}", f"{column}: {said.en}", CELL)
