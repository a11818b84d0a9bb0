"""Rows that belong together become one case, ready to be stored whole or refused whole."""

import hashlib
import struct
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from itertools import chain, groupby
from typing import NamedTuple

from registry.exchange.gathering.assembly import assemble, refused
from registry.exchange.gathering.rows import RowReader, plain
from registry.exchange.gathering.spool import Spool
from registry.exchange.mapping import Mapping
from registry.exchange.readers import Row, Table
from registry.rules.identity import clean
from registry.services.imports.case import Case

# What is remembered of a row: key and person as digests, day, where it is put aside, line.
_ENTRY = struct.Struct(">16s16sIQII")
_KEY, _ORDER = 16, slice(16, 36)
_DATED = (
    ("examination", "performed_on"),
    ("listed", "listed_on"),
    ("vital_status", "as_of"),
    ("tumour", "incidence_on"),
)
_NAMED = (
    (("document", "value"),),
    (("enrolment", "record_number"),),
    (("enrolment", "name"), ("enrolment", "phone")),
)


class Counted(NamedTuple):
    """How far a reading has come: rows read so far, cases in all once every row is known."""

    rows: int
    cases: int | None


class Gathered(Iterator[Case]):
    """The cases of a file. `counted` says how far the file was read."""

    def __init__(self, table: Table | Iterable[Row], mapping: Mapping, *, today: date) -> None:
        self.counted = Counted(0, None)
        self._cases = self._read(table, mapping, today)

    def __next__(self) -> Case:
        return next(self._cases)

    def close(self) -> None:
        """Give up reading; what was put aside is gone."""
        self._cases.close()

    def _read(self, table: Table | Iterable[Row], mapping: Mapping, today: date) -> Generator[Case]:
        header, rows = _columns(table)
        reader = RowReader(mapping, header, today=today)
        with Spool() as spool:
            entries = []
            for row in rows:
                place, length = spool.put([row.whole, *(row.cells.get(name) for name in header)])
                entries.append(_entry(reader, row, place, length))
                self.counted = Counted(len(entries), None)
            groups = _groups(entries)
            self.counted = Counted(len(entries), len(groups))
            for found in groups:
                yield _case(reader, header, spool, entries, found)


def gather(table: Table | Iterable[Row], mapping: Mapping, *, today: date) -> Gathered:
    """The cases of a file, one person's together, by day.

    The whole file is read first, each row sealed in a temporary file, because the rows of a case may
    stand far apart; in memory stays what finds them again, some 90 bytes a row. So neither the order
    of rows nor their repetition matters. Rows of one key must say the same of what they share; where
    they do not, the case is refused and names both lines. A row without a key, or with more or fewer
    cells than the header, is a refused case of its own.
    """
    return Gathered(table, mapping, today=today)


def _columns(table: Table | Iterable[Row]) -> tuple[list[str], Iterator[Row]]:
    if isinstance(table, Table):
        return table.header, iter(table.rows)
    rows = iter(table)
    first = next(rows, None)
    if first is None:
        return [], iter(())
    return list(first.cells), chain([first], rows)


def _entry(reader: RowReader, row: Row, place: int, length: int) -> bytes:
    key = _key(reader, row)
    day = next((found for record, name in _DATED if (found := reader.day_of(row, record, name))), None)
    when = 0 if day is None else day.toordinal()
    return _ENTRY.pack(_digest(key), _digest(_person(reader, row, key)), when, place, length, row.line)


def _key(reader: RowReader, row: Row) -> tuple[str, ...]:
    """What the source knows the case by; the whole row where it does not say."""
    key = tuple(plain(reader.cell(row, column)) for column in reader.mapping.key)
    return key if all(key) and row.whole else ("", *(str(cell) for cell in row.cells.values()))


def _person(reader: RowReader, row: Row, key: tuple[str, ...]) -> tuple[str, ...]:
    """What tells one person from another in the file: document, record number, name with telephone."""
    for names in _NAMED:
        found = [reader.texts(row, record, name) for record, name in names]
        if all(found):
            return tuple(clean(one) for one in found)
    return key


def _digest(words: tuple[str, ...]) -> bytes:
    return hashlib.blake2b("\x1f".join(words).encode("utf-8", "replace"), digest_size=16).digest()


def _groups(entries: list[bytes]) -> list[tuple[bytes, int, int]]:
    """The rows of each case as (order, first entry, how many), by person, day and key."""
    entries.sort()
    groups, start = [], 0
    for key, found in groupby(entries, key=lambda entry: entry[:_KEY]):
        orders = [entry[_ORDER] for entry in found]
        groups.append((min(orders) + key, start, len(orders)))
        start += len(orders)
    groups.sort()
    return groups


def _case(
    reader: RowReader, header: list[str], spool: Spool, entries: list[bytes], found: tuple[bytes, int, int]
) -> Case:
    _, start, count = found
    rows = []
    for entry in entries[start : start + count]:
        _, _, _, place, length, line = _ENTRY.unpack(entry)
        whole, *cells = spool.get(place, length)
        named = {name: str(cell) for name, cell in zip(header, cells, strict=True) if cell is not None}
        rows.append(Row(line, named, bool(whole)))
    rows.sort(key=lambda row: row.line)
    key = _key(reader, rows[0])
    if key[0] == "":
        return refused(key, rows, reader.mapping)
    return assemble(key, rows, [reader.read(row) for row in rows], reader)
