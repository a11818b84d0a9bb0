"""Files that name people, kept for a while under keys of their own: as uploaded, or as they come back."""

import zlib
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry import keyring
from registry.codes.desk import FileKind
from registry.extensions import db
from registry.models import ImportFile
from registry.services.unit import keep

PLACE = "ImportFile.content"


class Gone(LookupError):
    """The file was kept for its time and is no longer there; it can be uploaded again."""


def put(
    session: Session, *, import_id: int, centre_id: int, kind: FileKind, name: str, content: bytes
) -> None:
    """Keep a file of a run, inside a `keep`; an earlier one of the same kind is replaced."""
    ring = keyring.current()
    key = ring.new_data_key()
    session.execute(delete(ImportFile).where(ImportFile.import_id == import_id, ImportFile.kind == kind))
    session.add(
        ImportFile(
            import_id=import_id,
            centre_id=centre_id,
            kind=kind,
            name=name[-200:],
            content=ring.seal_bytes(key, zlib.compress(content, 3), PLACE),
            wrapped=key,
            kept_until=datetime.now(UTC) + timedelta(days=int(current_app.config["IMPORT_FILE_DAYS"])),
        )
    )


def kept(import_id: int, kind: FileKind) -> ImportFile | None:
    """The file of a run in the reader's scope, unless its time is over."""
    found = db.session.scalar(
        select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.kind == kind)
    )
    return found if found is not None and found.kept_until > datetime.now(UTC) else None


def content(import_id: int, kind: FileKind) -> bytes:
    """What a kept file holds; `Gone` where it is kept no longer."""
    found = kept(import_id, kind)
    if found is None:
        raise Gone(kind.code)
    return zlib.decompress(keyring.current().open_bytes(found.wrapped, found.content, PLACE))


def overdue() -> bool:
    """Whether a file of the reader's centre is still here though its time is over."""
    over = select(ImportFile.id).where(ImportFile.kept_until <= datetime.now(UTC)).limit(1)
    return db.session.scalar(over) is not None


def drop_expired() -> int:
    """Remove every file whose time is over, at all centres; how many there were."""
    with keep() as session:
        gone = session.execute(delete(ImportFile).where(ImportFile.kept_until <= datetime.now(UTC)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
