"""Rows on their way into the database, many at a time: numbered from nought first, then moved to ids.

So they can be made ready where no database is. The writers' lock is held while they are written, so the
next ids are nobody else's.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Table, func, make_url, select, text
from sqlalchemy.orm import Session

from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Covering,
    Enrolment,
    Examination,
    IdentityDocument,
    ImportedCase,
    ImportRun,
    Lesion,
    MatchKey,
    Person,
    PersonKey,
    Proposal,
    Reading,
    Report,
    Result,
    SearchToken,
    Specimen,
    Tumour,
    VitalStatus,
)

Row = dict[str, Any]
ORDER: tuple[type[Base], ...] = (
    Person, PersonKey, Enrolment, IdentityDocument, SearchToken, MatchKey, Examination, Background,
    AdverseEvent, Lesion, Specimen, Covering, Report, Result, Reading, Proposal, Tumour, VitalStatus,
    ImportedCase,
)  # fmt: skip
POINTS: dict[str, type[Base]] = {
    "person_id": Person, "enrolment_id": Enrolment, "examination_id": Examination, "lesion_id": Lesion,
    "specimen_id": Specimen, "report_id": Report, "reading_id": Reading, "import_id": ImportRun,
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """Rows of one table as the driver takes them, without the columns that are empty in all of them."""

    model: type[Base]
    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Block:
    """Rows of many tables under numbers from nought, with a digest over all.

    `ends` says for each person in turn where their rows end in each of `tables`.
    """

    tables: list[Filled]
    ends: list[tuple[int, ...]]
    digest: str

    def only(self, people: Iterable[int]) -> "Block":
        """The rows of some of its persons; the numbers stay."""
        begins, chosen = [(0,) * len(self.tables), *self.ends], sorted(people)
        tables = []
        for place, table in enumerate(self.tables):
            pieces = (slice(begins[one][place], self.ends[one][place]) for one in chosen)
            if rows := [row for piece in pieces for row in table.rows[piece]]:
                tables.append(Filled(table.model, table.names, rows))
        return Block(tables, [], _digest(tables))


class Rows:
    """Rows of many tables that point to each other, gathered under numbers from nought."""

    def __init__(self) -> None:
        self._waiting: dict[type[Base], list[Row]] = {model: [] for model in ORDER}
        self._ends: list[tuple[int, ...]] = []

    def add(self, model: type[Base], row: Row) -> int:
        """Keep a row; its number, which is the row's id where the table has one."""
        rows = self._waiting[model]
        number = len(rows)
        if model is not PersonKey:
            row["id"] = number
        rows.append(row)
        return number

    def end(self) -> None:
        """All rows of one more person were added."""
        self._ends.append(tuple(map(len, self._waiting.values())))

    def block(self, dialect: str) -> Block:
        """All of them as the driver of a dialect takes them."""
        used = [place for place, rows in enumerate(self._waiting.values()) if rows]
        tables = [_filled(ORDER[place], self._waiting[ORDER[place]], dialect) for place in used]
        ends = [tuple(end[place] for place in used) for end in self._ends]
        return Block(tables, ends, _digest(tables))


class Ids:
    """The next free ids of every table, while the lock is held."""

    def __init__(self, session: Session, run_id: int) -> None:
        self._session = session
        self._next: dict[type[Base], int] = {ImportRun: run_id}

    def next(self, model: type[Base]) -> int:
        """The id that the number nought of the next block stands for."""
        if model not in self._next:
            self._next[model] = _first_free(self._session, model)
        return self._next[model]

    def write(self, block: Block) -> dict[str, int]:
        """Write a block; how many rows of each table."""
        connection, counts = self._session.connection(), {}
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        for table in block.tables:
            statement = self._statement(table, mark)
            connection.exec_driver_sql(statement, table.rows)
            counts[table.model.__tablename__] = len(table.rows)
        for table in block.tables:
            if "id" in table.names:
                last = max(row[table.names.index("id")] for row in table.rows)
                self._next[table.model] = self.next(table.model) + last + 1
                _count_on(self._session, table.model, self._next[table.model])
        return counts

    def _statement(self, table: Filled, mark: str) -> str:
        """An insert that moves the numbers to the ids that are free."""
        places = []
        for name in table.names:
            model = table.model if name == "id" else POINTS.get(name)
            places.append(mark if model is None else f"{mark} + {self.next(model)}")
        into = f"{table.model.__tablename__} ({', '.join(table.names)})"
        return f"INSERT INTO {into} VALUES ({', '.join(places)})"  # noqa: S608 – our own names and numbers


def _filled(model: type[Base], rows: list[Row], dialect: str) -> Filled:
    """Column by column, because most columns of a file's cases are empty."""
    table = _columns(model, dialect)
    if strange := set().union(*rows) - table.keys():
        raise TypeError(f"{model.__tablename__} has no columns {sorted(strange)}")
    names, columns = [], []
    for name, (otherwise, bind) in table.items():
        column = [row.get(name, otherwise) for row in rows]
        if column.count(None) == len(column):
            continue
        if bind is not None:
            column = [None if value is None else bind(value) for value in column]
        names.append(name)
        columns.append(column)
    return Filled(model, tuple(names), list(zip(*columns, strict=True)))


def _digest(tables: list[Filled]) -> str:
    found = hashlib.sha256()
    for table in tables:
        found.update(repr((table.model.__tablename__, table.names, table.rows)).encode())
    return found.hexdigest()


@cache
def _columns(model: type[Base], dialect: str) -> dict[str, tuple[Any, Callable[[Any], Any] | None]]:
    """A table's columns: what each holds where nothing is said, and how a value becomes the driver's."""
    driver = _driver(dialect)
    found: dict[str, tuple[Any, Callable[[Any], Any] | None]] = {}
    for column in cast(Table, model.__table__).columns:
        default: Any = column.default
        otherwise = default.arg if default is not None and default.is_scalar else None
        found[str(column.name)] = otherwise, column.type.dialect_impl(driver).bind_processor(driver)
    return found


@cache
def _driver(dialect: str) -> Dialect:
    return make_url(f"{dialect}://").get_dialect()()


def _first_free(session: Session, model: type[Base]) -> int:
    table = cast(Table, model.__table__)
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text(_SEQUENCE % ("nextval", table.name, ""))) or 1)
    return int(session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0) + 1


def _count_on(session: Session, model: type[Base], next_free: int) -> None:
    """PostgreSQL's sequences know nothing of ids that were given; let them go on from there."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(_SEQUENCE % ("setval", model.__tablename__, f", {next_free - 1}")))


_SEQUENCE = "SELECT %s(pg_get_serial_sequence('%s', 'id')%s)"
