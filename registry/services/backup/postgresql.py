"""Dumping a PostgreSQL database as of one snapshot, and restoring a dump in one transaction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from registry.label import Label


class Failed(RuntimeError):
    """PostgreSQL's own program stopped; the text is its last word."""


@contextmanager
def copied(engine: Engine, path: Path) -> Iterator[Connection]:
    """A dump in the custom format, read back whole; and a connection that sees exactly what is in it."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run(engine, "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", f"--file={path}")
        _run(engine, "pg_restore", "--file=/dev/null", str(path), connect=False)
        yield connection


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """A dump cannot be asked before it is restored; that it reads to its end was seen to."""
    yield None


def replace(engine: Engine, path: Path) -> None:
    """Restore the dump in one transaction: all of it, or nothing."""
    engine.dispose()
    _run(
        engine,
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--dbname",
        _address(engine),
        str(path),
        connect=False,
    )


def tables(engine: Engine) -> set[str]:
    """The tables there are."""
    return set(inspect(engine).get_table_names())


def _address(engine: Engine) -> str:
    plain = engine.url.set(drivername="postgresql")
    return plain._replace(password=None).render_as_string()


def _run(engine: Engine, program: str, *options: str, connect: bool = True) -> None:
    found = shutil.which(program)
    if found is None:
        told = Label(
            "找不到 %(program)s，请安装 PostgreSQL 客户端",
            "%(program)s is not installed: PostgreSQL's client",
        )
        raise Failed(str(told % {"program": program}))
    where = [f"--dbname={_address(engine)}"] if connect else []
    environment = os.environ | ({"PGPASSWORD": engine.url.password} if engine.url.password else {})
    command = [found, *options, *where]  # PostgreSQL's own program, no shell
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Failed(
            f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
        )
