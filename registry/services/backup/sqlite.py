"""Copying an SQLite file while it is in use, and putting a copy in its place."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.pool import NullPool

from registry.label import Label

WAIT = 60


class Damaged(RuntimeError):
    """A copy that SQLite itself finds fault with."""


@contextmanager
def copied(engine: Engine, path: Path) -> Iterator[Engine]:
    """A compact copy as of one moment; writers are not held up. Checked, and open for reading."""
    with closing(sqlite3.connect(_file(engine), timeout=WAIT)) as source:
        source.execute("VACUUM INTO ?", (str(path),))
    with opened(path) as copy:
        yield copy


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """A copy open for reading, once SQLite has walked all of it and every reference."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        faults = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    if faults or orphans:
        raise Damaged(str(Label("SQLite 检查未通过", "SQLite finds the copy damaged")))
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


def replace(engine: Engine, path: Path) -> None:
    """Write the copy over the database in one transaction; who has it open reads the new content next."""
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(_file(engine), timeout=WAIT)) as target,
    ):
        source.backup(target)


def tables(engine: Engine) -> set[str]:
    """The tables there are, none in a file that does not exist yet."""
    return set(inspect(engine).get_table_names()) if Path(_file(engine)).exists() else set()


def _file(engine: Engine) -> str:
    return str(engine.url.database)
