"""The extensions, created bare, and how the two engines begin a transaction.

SQLite has one writer and Python's driver would begin late: every transaction begins here, deferred
for reading and IMMEDIATE for writing, so that a write never finds its snapshot overtaken and DDL
rolls back. PostgreSQL is pinned to READ COMMITTED; writers queue on an advisory lock (services.unit).
"""

import sqlite3
import time
from contextvars import ContextVar
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from registry.models import Base

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "cache_size=-32000",  # 32 MB: with the default 2, a large import writes its index pages over and over
    "wal_autocheckpoint=32000",  # pages; 128 MB of log before it is carried over, for the same reason
)
PATIENCE = 15.0  # seconds that a writer waits for another
# SQLite looks for its turn ever more seldom, at last ten times a second, and so misses the moment between
# two batches of an import; told to wait a little only, and asked again, it looks a hundred times a second.
GLANCE, AGAIN = "PRAGMA busy_timeout=20", "PRAGMA busy_timeout=15000"
writing: ContextVar[bool] = ContextVar("writing", default=False)


class Unguarded(RuntimeError):
    """A statement that the centre scope could not narrow was refused."""


class GuardedSession(Session):
    """A session without the side doors that escape the centre scope."""

    def connection(self, *args: Any, **options: Any) -> Connection:
        if not self.info.get("bypass"):
            raise Unguarded("session.connection() escapes the centre scope; use access.unscoped(…)")
        return super().connection(*args, **options)

    def _refuse(self, *args: Any, **options: Any) -> Any:
        raise Unguarded("bulk session methods escape the centre scope and the trail; use services.unit")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _refuse


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": GuardedSession})
migrate = Migrate(render_as_batch=True)
csrf = CSRFProtect()


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    else:  # compiling a counting statement takes PostgreSQL 20 s, running it some milliseconds
        connection.autocommit = True
        connection.execute("SET jit = off")
        connection.autocommit = False


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        if writing.get():
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Wait for the turn to write, looking often; what SQLite says when it never comes, after PATIENCE."""
    until = time.monotonic() + PATIENCE
    connection.exec_driver_sql(GLANCE)
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as busy:
                code = getattr(
                    busy.orig, "sqlite_errorcode", 0
                )  # the last byte is the kind, the rest the why
                if code & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
    finally:
        connection.exec_driver_sql(AGAIN)
