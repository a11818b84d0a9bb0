"""How migrations run: one transaction, foreign keys switched off on SQLite and checked before the commit.

SQLite changes a table by building it anew. With foreign keys on, that empties or refuses the tables that
refer to it; the pragma is ignored inside a transaction, so it is set on the raw connection before BEGIN.
"""

from typing import Any

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from registry.extensions import writing

migrate = current_app.extensions["migrate"]
database = migrate.db


def as_stored(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write a column's type as the database knows it, so that old migrations need no code of ours."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def tell(*, step: Any, **_: Any) -> None:
    """One line for each migration, up or down."""
    direction, revision = ("up to", step.up_revision) if step.is_upgrade else ("down from", step.up_revision)
    click.echo(f"Database {direction} {revision.revision}: {revision.doc}")


def check_references(connection: Connection) -> None:
    """Refuse to commit a migration that left a row without the row it refers to."""
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise RuntimeError(f"rows without the row they refer to, in: {tables}; nothing was changed")


def options() -> dict[str, Any]:
    return {
        "target_metadata": database.metadata,
        "render_item": as_stored,
        "on_version_apply": tell,
        "transactional_ddl": True,
        **migrate.configure_args,
    }


def run() -> None:
    engine = create_engine(database.engine.url, poolclass=NullPool)
    sqlite = engine.dialect.name == "sqlite"
    token = writing.set(True)
    try:
        with engine.connect() as connection:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            context.configure(connection=connection, **options())
            with connection.begin(), context.begin_transaction():
                context.run_migrations()
                if sqlite:
                    check_references(connection)
    finally:
        writing.reset(token)


if context.is_offline_mode():
    context.configure(url=database.engine.url, literal_binds=True, **options())
    with context.begin_transaction():
        context.run_migrations()
else:
    run()
