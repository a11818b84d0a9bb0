"""Rows on their way into the database, many at a time, under ids taken beforehand.

The writers' lock is held while this runs, so the next ids are nobody else's.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Table, func, select, text
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


class Rows:
    """Rows of many tables that point to each other, gathered first and written at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.waiting: dict[type[Base], list[Row]] = defaultdict(list)
        self._next: dict[type[Base], int] = {}

    def add(self, model: type[Base], row: Row) -> int:
        """Keep a row for writing; its id, where the table has one."""
        self.waiting[model].append(row)
        if model is PersonKey:
            return 0
        if model not in self._next:
            self._next[model] = _first_free(self.session, model)
        row["id"] = number = self._next[model]
        self._next[model] = number + 1
        return number

    def write(self) -> dict[str, Any]:
        """Write everything; what the batch's audit entry says: how many of each, and a digest over all."""
        digest = hashlib.sha256()
        counts: dict[str, int] = {}
        connection = self.session.connection()
        for model in ORDER:
            if not (rows := self.waiting.get(model)):
                continue
            names, statement, convert = _statement(model, connection.dialect)
            values = [convert(row) for row in rows]
            connection.exec_driver_sql(statement, values)
            digest.update(repr((model.__tablename__, names, values)).encode())
            counts[model.__tablename__] = len(rows)
            if model is not PersonKey:
                _count_on(self.session, model, self._next[model])
        self.waiting.clear()
        return counts | {"digest": digest.hexdigest()}


@cache
def _statement(
    model: type[Base], dialect: Dialect
) -> tuple[tuple[str, ...], str, Callable[[Row], tuple[Any, ...]]]:
    """A table's columns, its insert, and how a row becomes what the driver takes."""
    table = cast(Table, model.__table__)
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    names = tuple(column.name for column in table.columns)
    marks = ", ".join([mark] * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 – our own names
    empty = {}
    for column in table.columns:
        default: Any = column.default
        empty[column.name] = default.arg if default is not None and default.is_scalar else None
    otherwise = tuple(empty.values())
    bound = [
        (place, column.name, bind)
        for place, column in enumerate(table.columns)
        if (bind := column.type.dialect_impl(dialect).bind_processor(dialect))
    ]

    def convert(row: Row) -> tuple[Any, ...]:
        if not row.keys() <= empty.keys():
            raise TypeError(f"{table.name} has no columns {sorted(row.keys() - empty.keys())}")
        values = list(map(row.get, names, otherwise))
        for place, _name, bind in bound:
            if values[place] is not None:
                values[place] = bind(values[place])
        return tuple(values)

    return names, statement, convert


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
