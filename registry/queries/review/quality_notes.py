"""Why a figure of data quality stands where it stands, as the quality-control centre wrote it down."""

from collections.abc import Sequence

from sqlalchemy import func, select

from registry.extensions import db
from registry.models import QualityNote


def latest() -> dict[tuple[str, int], QualityNote]:
    """The newest note on each check at each centre in scope."""
    newest = select(func.max(QualityNote.id)).group_by(QualityNote.check_key, QualityNote.centre_id)
    found = db.session.scalars(select(QualityNote).where(QualityNote.id.in_(newest)))
    return {(note.check_key, note.centre_id): note for note in found}


def notes(check_key: str, centre_id: int | None = None, *, limit: int = 50) -> Sequence[QualityNote]:
    """The notes on a check in scope, the newest first; of one centre where one is named."""
    statement = select(QualityNote).where(QualityNote.check_key == check_key)
    if centre_id is not None:
        statement = statement.where(QualityNote.centre_id == centre_id)
    return db.session.scalars(statement.order_by(QualityNote.id.desc()).limit(limit)).all()
