"""Whether the database, the key file and the trail fit together: asked before anybody is let in."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text, update

from registry.access import open_ring, unscoped
from registry.extensions import db
from registry.keyring import Closed
from registry.models import AuditEntry, Draft, ImportFile, PersonKey
from registry.services import chain
from registry.services.unit import batch, keep

BATCH = 500
_KEYED = ((PersonKey, PersonKey.person_id), (Draft, Draft.id), (ImportFile, ImportFile.id))


def migrated() -> bool:
    """Whether the database stands at the newest migration."""
    directory = current_app.extensions["migrate"].directory
    newest = ScriptDirectory(directory).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def keys_fit() -> bool:
    """Whether the key file is the one that sealed the trail: its last entry verifies."""
    ring = open_ring()
    with unscoped("audit chain"):
        last = db.session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))
        fits = last is None or chain.seal(ring, last) == last.hash
    db.session.rollback()
    return fits


def measure_tables() -> None:
    """Let SQLite learn how large its tables are, from some hundred rows of each index: by that it chooses
    with which of them a statement begins. PostgreSQL keeps itself informed."""
    if db.engine.dialect.name == "sqlite":
        with keep() as session:
            session.execute(text("PRAGMA analysis_limit = 400"))
            session.execute(text("ANALYZE"))


def data_keys() -> dict[str, int]:
    """How many data keys the key file opens, how many of those by an old master key, how many not at all."""
    ring = open_ring()
    newest = max(ring.masters)
    found = {"open": 0, "old": 0, "closed": 0}
    with unscoped("keys"):
        for model, _ in _KEYED:
            for wrapped in db.session.scalars(select(model.wrapped).where(model.wrapped.is_not(None))):
                sealed = bytes(wrapped or b"")
                try:
                    ring.unwrap(sealed)
                    found["open"] += 1
                    found["old"] += int.from_bytes(sealed[:2], "big") != newest
                except Closed:
                    found["closed"] += 1
    db.session.rollback()
    return found


def rewrap(limit: int = BATCH) -> int:
    """Wrap some data keys anew under the newest master key, in one short transaction; how many were.

    No row that holds an identifier is touched. Safe to stop at any moment and to begin again.
    """
    ring = open_ring()
    mark = max(ring.masters).to_bytes(2, "big")
    done = 0
    with batch("keys.rotate", "keys") as session:
        for model, identity in _KEYED:
            old = (
                select(identity, model.wrapped)
                .where(model.wrapped.is_not(None), func.substr(model.wrapped, 1, 2) != mark)
                .limit(limit - done)
            )
            for key, wrapped in session.execute(old).all():
                fresh = ring.rewrap(bytes(wrapped or b""))
                session.execute(update(model).where(identity == key).values(wrapped=fresh))
                done += 1
        if done:
            session.info["entries"].append({"subject": "person_key", "changes": {"rewrapped": [None, done]}})
    return done
