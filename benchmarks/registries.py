"""A registry of its own for a bench: made, migrated, and closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate

from registry import create_app
from registry.extensions import db


@contextmanager
def registry(path: Path, database: str | None, keys: Path | None) -> Iterator[None]:
    """Inside, an application works on a new SQLite file, or on the database that is named."""
    app = create_app(
        {
            "DATABASE": database or f"sqlite:///{path}",
            "KEYS": keys or path.parent / "keys.json",
            "AUDIT_HEADS": path.parent / "heads",
        }
    )
    with app.app_context():
        if not database:
            flask_migrate.upgrade()
        yield
        db.session.remove()
        db.engine.dispose()
