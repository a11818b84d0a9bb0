"""Which records count already: those that no import under way has brought."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from registry.models.desk import ImportRun


def arrived(imported: Any) -> ColumnElement[bool]:
    """Whether a record is of no import, or of one that is finished: one condition, no query of its own."""
    under_way = select(ImportRun.id).where(ImportRun.finished_at.is_(None))
    return or_(imported.import_id.is_(None), imported.import_id.not_in(under_way))
