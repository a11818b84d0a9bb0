"""One row's cells as the registry's values: each read by its field's reader, with a reason where not."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from registry.codes.person import Precision
from registry.exchange.cells import AS_WRITTEN, BY_THE_DAY, READERS, About, Unread, plain_cell, usual
from registry.exchange.mapping import Mapping
from registry.exchange.mapping.fields import column_of, is_date_with_precision
from registry.exchange.mapping.meaning import Source
from registry.exchange.readers import Row, fold
from registry.label import Label
from registry.rules.dates import PartialDate
from registry.rules.problem import Problem, refusal

CELL = Label("文件单元格的内容", "What a cell of the file says")
DAYS = (("examination", "performed_on"), ("listed", "listed_on"), ("enrolment", "enrolled_on"))
NAMING = {"enrolment", "document"}
REMEMBERED = 4096
# What a cell says of its field's neighbours: record, values, and where it stands.
Implied = tuple[str, dict[str, Any], tuple[int, str]]
# A field's own values, and those of its neighbours.
Found = tuple[dict[str, Any], dict[str, Any]] | None


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


class RowReader:
    """Reads the rows of one file through a mapping; words that come again are looked up, not read again."""

    def __init__(self, mapping: Mapping, header: Iterable[str], *, today: date) -> None:
        names = {fold(name): name for name in header}
        self.today, self.mapping = today, mapping
        self.names = {column: names.get(fold(column), column) for column in mapping.columns}
        columns = [
            _Field(record, name, [_Source(record, name, one, self.names, today) for one in sources])
            for record, fields in mapping.fields.items()
            for name, sources in fields.items()
        ]
        self.first = [one for one in columns if not one.by_the_day]
        self.last = [one for one in columns if one.by_the_day]
        self.known = {(one.record, one.name): one for one in columns}
        self.blank: dict[str, dict[str, Any]] = {}
        for one in columns:
            self.blank.setdefault(one.record, {}).update(dict.fromkeys(one.own))

    def cell(self, row: Row, column: str) -> str:
        """A cell by the name that the mapping has for its column."""
        return row.cells.get(self.names[column], "")

    def read(self, row: Row) -> Told:
        """Everything that the row says; nothing is raised, what cannot be read is a problem."""
        told = Told(row.line, {record: blank.copy() for record, blank in self.blank.items()})
        implied: list[Implied] = []
        for one in self.first:
            one.tell(row, told, implied, None)
        day = self.day(told.records) if self.last else None
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

    def day_of(self, row: Row, record: str, name: str) -> date | None:
        """One day of a row; None where the mapping has none or it cannot be read."""
        if (found := self.known.get((record, name))) is None:
            return None
        told = Told(row.line, {record: {}})
        found.tell(row, told, [], None)
        value = told.records[record].get(name)
        return value if isinstance(value, date) else None

    def texts(self, row: Row, record: str, name: str) -> str:
        """What the first filled column of a field says, as it stands."""
        found = self.known.get((record, name))
        columns = [source.column for source in found.sources if source.column] if found else []
        return next((cell for column in columns if (cell := row.cells.get(column, "").strip())), "")

    @staticmethod
    def day(records: dict[str, dict[str, Any]]) -> date | None:
        """The day that an age is counted from."""
        for record, name in DAYS:
            if found := records.get(record, {}).get(name):
                return found if isinstance(found, date) else None
        return None

    def _agreed(self, row: Row, told: Told) -> None:
        for name, column in self.mapping.agrees.items():
            if (cell := plain_cell(self.cell(row, column))) == "":
                continue
            try:
                about = About(name, self.today, {}, int)
                told.agrees[name] = READERS["number"](cell, about)[name]
            except Unread as wrong:
                told.problems.append(_problem(name, column, wrong.said))
                told.where[name] = (row.line, self.names[column])


class _Field:
    """One field and where it comes from, the first choice first."""

    def __init__(self, record: str, name: str, sources: "list[_Source]") -> None:
        self.record, self.name, self.sources = record, name, sources
        self.path = f"{record}-{name}"
        self.own = (name, precision) if (precision := is_date_with_precision(record, name)) else (name,)
        self.paths = {one: f"{record}-{one}" for one in self.own}
        self.by_the_day = any(source.by_the_day for source in sources)

    def tell(self, row: Row, told: Told, implied: list[Implied], day: date | None) -> None:
        """Put the first source's value that is there into `told`; its neighbours into `implied`."""
        for source in self.sources:
            try:
                found = source.value(row.cells, day)
            except Unread as wrong:
                told.problems.append(_problem(self.path, source.shown or "always", wrong.said))
                told.where[self.path] = (row.line, source.shown)
                told.filled.add(self.record)
                return
            if found is None:
                continue
            own, beside = found
            if source.shown:
                for name in own:
                    told.where[self.paths[name]] = (row.line, source.shown)
                told.filled.add(self.record)
            told.records[self.record].update(own)
            if beside:
                implied.append((self.record, beside, (row.line, source.shown)))
            return


class _Source:
    """One place that a field may come from, with its reader, and what its words meant before."""

    def __init__(self, record: str, name: str, source: Source, names: dict[str, str], today: date) -> None:
        info, kind = column_of(record, name)
        self.name, self.source = name, source
        self.about = About(name, today, info, kind, order=source.order)
        self.reader = source.read or usual(record, name, self.about)
        self.precision = is_date_with_precision(record, name)
        self.by_the_day = self.reader in BY_THE_DAY
        self.as_written = self.reader in AS_WRITTEN and source.values is None
        self.column = names[source.column] if source.column else ""
        self.columns = [(column, names[column]) for column in source.columns]
        self.given = [names[column] for column in source.given]
        self.shown = names[source.reads[0]] if source.reads else ""
        self.empty = source.empty | {plain_cell(word) for word in source.empty}
        self.words = source.values and {plain_cell(word): value for word, value in source.values.items()}
        self.remembers = record not in NAMING and not self.by_the_day and self.reader not in {"text", "words"}
        self.remembered: dict[str, Found | Unread] = {}

    def value(self, cells: dict[str, str], day: date | None) -> "Found":
        """Its own values and those of neighbours, None where the row says nothing here."""
        if self.given and not any(cells.get(column, "").strip() for column in self.given):
            return None
        if self.column:
            raw = cells.get(self.column, "")
        elif self.columns:
            said = [(told, cells.get(column, "").strip()) for told, column in self.columns]
            raw = "；".join(f"{told}：{text}" for told, text in said if text)
        else:
            raw = str(self.source.always)
        if not raw:
            return None
        if not self.remembers:
            return self._read(raw, day)
        if raw not in self.remembered:
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            try:
                self.remembered[raw] = self._read(raw, None)
            except Unread as wrong:
                self.remembered[raw] = wrong
        found = self.remembered[raw]
        if isinstance(found, Unread):
            raise found
        return found

    def _read(self, raw: str, day: date | None) -> "Found":
        raw = raw.strip()
        cell = plain_cell(raw)
        if cell == "" or cell in self.empty or raw in self.empty:
            return None
        if self.words is not None:
            if cell not in self.words:
                raise Unread(f"“{cell}” 不在映射的取值中", f"“{cell}” is not among the values of the mapping")
            cell = str(self.words[cell])
            if cell == "":
                return None
        about = self.about if day is None else replace(self.about, day=day)
        values = self._days(READERS[self.reader](raw if self.as_written else cell, about))
        if all(value is None for value in values.values()):
            return None
        own = {name: value for name, value in values.items() if name in (self.name, self.precision)}
        return own, {name: value for name, value in values.items() if name not in own}

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
