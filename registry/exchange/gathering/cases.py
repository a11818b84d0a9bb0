"""Rows that belong together become one case, ready to be stored whole or refused whole."""

import hashlib
import secrets
import struct
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from registry.exchange.cells import plain_cell
from registry.exchange.gathering.assembly import assemble, refused
from registry.exchange.gathering.rows import RowReader
from registry.exchange.gathering.spool import Seal, Spool
from registry.exchange.mapping import Mapping
from registry.exchange.readers import Row, Table
from registry.rules.identity import clean
from registry.services.imports.case import Case

# What is remembered of a row: key and person as digests, day, where it is put aside, line.
_ENTRY = struct.Struct(">16s16sIQII")
_KEY, _ORDER = 16, slice(16, 36)
_PERSON = 16  # of an order: the digest of whom a case is about
FEW = 100
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


# The rows of a case: in which order it comes, its first entry, and how many there are.
_Group = tuple[bytes, int, int]


class Counted(NamedTuple):
    """How far a reading has come: rows read so far, cases in all once every row is known."""

    rows: int
    cases: int | None


@dataclass(frozen=True)
class Shape:
    """How the rows of one reading are read; equal only to itself, wherever it was sent."""

    mapping: Mapping = field(compare=False)
    header: tuple[str, ...]
    today: date
    token: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(frozen=True)
class Batch:
    """Some cases as they were put aside: read where they are worked on, here or in another process.

    `found` has for each case its rows, as line and sealed piece.
    """

    shape: Shape
    seal: Seal
    found: list[list[tuple[int, bytes]]]

    @property
    def rows(self) -> int:
        """How many rows of the file these are."""
        return sum(map(len, self.found))

    def cases(self) -> list[Case]:
        """Each put together from its rows."""
        reader = _reader(self.shape)
        return [_case(reader, [self._row(line, piece) for line, piece in rows]) for rows in self.found]

    def only(self, place: int) -> "Batch":
        """The batch of one of its cases."""
        return Batch(self.shape, self.seal, [self.found[place]])

    def _row(self, line: int, piece: bytes) -> Row:
        whole, *cells = self.seal.opened(piece)
        told = zip(self.shape.header, cells, strict=True)
        return Row(line, {name: str(cell) for name, cell in told if cell is not None}, bool(whole))


class Gathered(Iterator[Case]):
    """The cases of a file, one by one or in batches. `counted` says how far the file was read."""

    def __init__(self, table: Table | Iterable[Row], mapping: Mapping, *, today: date) -> None:
        self.counted = Counted(0, None)
        self._table, self._mapping, self._today = table, mapping, today
        self._batches: Generator[Batch] | None = None
        self._cases = (case for batch in self.batches(FEW) for case in batch.cases())

    def __next__(self) -> Case:
        return next(self._cases)

    def batches(
        self, size: int, *, many: Callable[[], object] = lambda: None, than: int = 0
    ) -> Generator[Batch]:
        """The cases of the file so many at a time; one person's stay together, up to twice as many.

        `many` is called, while the file is read, as soon as there are more rows `than` so many.
        """
        self._batches = self._read(size, many, than)
        return self._batches

    def close(self) -> None:
        """Give up reading; what was put aside is gone."""
        self._cases.close()
        if self._batches is not None:
            self._batches.close()

    def _read(self, size: int, many: Callable[[], object], than: int) -> Generator[Batch]:
        header, rows = _columns(self._table)
        shape = Shape(self._mapping, tuple(header), self._today)
        reader = _reader(shape)
        with Spool() as spool:
            entries = []
            for row in rows:
                place, length = spool.put([row.whole, *(row.cells.get(name) for name in header)])
                entries.append(_entry(reader, row, place, length))
                self.counted = Counted(len(entries), None)
                if len(entries) == than + 1:
                    many()
            groups = _groups(entries)
            self.counted = Counted(len(entries), len(groups))
            for some in _together(groups, size):
                yield Batch(shape, spool.seal, [_put_aside(spool, entries, group) for group in some])


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
    key = tuple(plain_cell(reader.cell(row, column)) for column in reader.mapping.key)
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


def _groups(entries: list[bytes]) -> list[_Group]:
    """The rows of each case, by person, day and key."""
    entries.sort()
    groups, start = [], 0
    for key, found in groupby(entries, key=lambda entry: entry[:_KEY]):
        orders = [entry[_ORDER] for entry in found]
        groups.append((min(orders) + key, start, len(orders)))
        start += len(orders)
    groups.sort()
    return groups


def _together(groups: list[_Group], size: int) -> Iterator[list[_Group]]:
    """Groups so many at a time; those of one person stay together, up to twice as many."""
    some: list[_Group] = []
    for group in groups:
        if len(some) >= size and (len(some) >= 2 * size or group[0][:_PERSON] != some[-1][0][:_PERSON]):
            yield some
            some = []
        some.append(group)
    if some:
        yield some


def _put_aside(spool: Spool, entries: list[bytes], group: _Group) -> list[tuple[int, bytes]]:
    """The rows of a case by line, still sealed."""
    _, start, count = group
    found = []
    for entry in entries[start : start + count]:
        _, _, _, place, length, line = _ENTRY.unpack(entry)
        found.append((line, spool.get(place, length)))
    return sorted(found)


@lru_cache(maxsize=2)
def _reader(shape: Shape) -> RowReader:
    """A reader that remembers what it read from one batch to the next."""
    return RowReader(shape.mapping, shape.header, today=shape.today)


def _case(reader: RowReader, rows: list[Row]) -> Case:
    key = _key(reader, rows[0])
    if key[0] == "":
        return refused(key, rows, reader.mapping)
    return assemble(key, rows, [reader.read(row) for row in rows], reader)
