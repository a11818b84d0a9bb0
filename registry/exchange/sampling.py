"""How the first rows of a file would be read through a mapping: cell by cell, with what would be refused."""

from contextlib import closing
from dataclasses import dataclass
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import Any

from registry.codes.code_set import CodeSet
from registry.exchange import readers
from registry.exchange.gathering.rows import RowReader, Told
from registry.exchange.mapping.fields import column_of
from registry.exchange.mapping.meaning import Mapping
from registry.label import Label
from registry.services.values import today

YES, NO = Label("是", "yes"), Label("否", "no")


@dataclass(frozen=True)
class Read:
    """One value that a cell gives: "record.field", its label, and the value as shown."""

    target: str
    label: Label
    value: str


@dataclass(frozen=True)
class Seen:
    """One cell: its text, what it is read as, and why not."""

    column: str
    text: str
    reads: tuple[Read, ...]
    problems: tuple[Label, ...]


@dataclass(frozen=True)
class SampleRow:
    """One row: its line in the file and its cells in the order of the header."""

    line: int
    cells: tuple[Seen, ...]


@dataclass(frozen=True)
class Sample:
    """The first rows; `missing` are columns that the mapping needs and the file has not."""

    header: tuple[str, ...]
    rows: tuple[SampleRow, ...]
    missing: tuple[str, ...]
    notes: tuple[Label, ...]


def sample(path: Path, mapping: Mapping, limit: int = 10) -> Sample:
    """Read the first `limit` rows of a file as an import would; `Unreadable` where it is no table."""
    missing: list[str] = []
    how = {"kind": mapping.kind, "encoding": mapping.encoding, "sheet": mapping.sheet}
    try:
        table = readers.open_table(path, **how, needed=mapping.columns)
    except readers.Unreadable:
        table = readers.open_table(path, sheet=mapping.sheet)
        there = {readers.fold(name) for name in table.header}
        missing = sorted(name for name in mapping.columns if readers.fold(name) not in there)
        if not missing:
            raise
    reader = RowReader(mapping, table.header, today=today())
    with closing(table.rows) as rows:
        read = tuple(_row(row, reader.read(row), table.header) for row in islice(rows, limit))
    return Sample(tuple(table.header), read, tuple(missing), tuple(table.notes))


def _row(row: readers.Row, told: Told, header: list[str]) -> SampleRow:
    values: dict[str, list[Read]] = {}
    problems: dict[str, list[Label]] = {}
    for path, (_, column) in told.where.items():
        record, _, name = path.partition("-")
        value = told.records.get(record, {}).get(name)
        if value is not None and not name.endswith("_precision"):
            label = column_of(record, name)[0]["label"]
            values.setdefault(column, []).append(Read(f"{record}.{name}", label, shown(value)))
    for problem in told.problems:
        if problem.field in told.where:
            problems.setdefault(told.where[problem.field][1], []).append(problem.message)
    return SampleRow(
        row.line,
        tuple(
            Seen(
                name,
                row.cells.get(name, "").strip(),
                tuple(values.get(name, ())),
                tuple(problems.get(name, ())),
            )
            for name in header
        ),
    )


def shown(value: Any) -> str:
    """A value as its reader reads it."""
    if isinstance(value, CodeSet):
        return str(value)
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)
