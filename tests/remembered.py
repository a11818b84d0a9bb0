"""A registry as it was once made, put back for each test: what the services made is not made again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from registry.extensions import db
from registry.models import Base


def plain(address: str) -> str:
    """The address of a PostgreSQL database as its own driver reads it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def remember(address: str, heads: Path) -> Callable[[Path], None]:
    """Keep what the database of this application holds, and its file of heads; the answer puts both back.

    It is called inside the application's context, with the place of the heads.
    """
    noted = heads.read_bytes()
    put = _file(address) if address.startswith("sqlite") else _tables(address)

    def put_back(heads: Path) -> None:
        put()
        heads.write_bytes(noted)

    return put_back


def _file(address: str) -> Callable[[], None]:
    path = Path(str(make_url(address).database))
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    content = path.read_bytes()

    def put() -> None:
        db.engine.dispose()
        for beside in path.parent.glob(f"{path.name}-*"):
            beside.unlink()
        path.write_bytes(content)

    return put


def _tables(address: str) -> Callable[[], None]:
    with psycopg.connect(plain(address)) as connection:
        connection.execute("DROP SCHEMA IF EXISTS remembered CASCADE")
        connection.execute("CREATE SCHEMA remembered")
        for name in filled(connection):
            made = sql.SQL("CREATE TABLE remembered.{0} AS TABLE public.{0}").format(sql.Identifier(name))
            connection.execute(made)
        put_back = sql.SQL("; ").join(
            [
                sql.SQL("SET session_replication_role = replica"),
                *(
                    sql.SQL("INSERT INTO public.{0} TABLE remembered.{0}").format(sql.Identifier(name))
                    for name in filled(connection)
                ),
                *(
                    sql.SQL("SELECT setval({}::regclass, {})").format(name, last)
                    for name, last in _numbers(connection)
                ),
            ]
        )

    def put() -> None:
        with psycopg.connect(plain(address)) as connection:
            connection.execute(put_back)

    return put


def _numbers(connection: psycopg.Connection[Any]) -> list[Any]:
    """Every sequence that was drawn from, with the last number that it gave."""
    return connection.execute(
        "SELECT sequencename::text, last_value FROM pg_sequences "
        "WHERE schemaname = 'public' AND last_value IS NOT NULL"
    ).fetchall()


def filled(connection: psycopg.Connection[Any]) -> list[str]:
    """The tables that hold something."""
    held = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(table.name, sql.Identifier(table.name))
        for table in Base.metadata.sorted_tables
    )
    return [name for (name,) in connection.execute(held).fetchall()]
