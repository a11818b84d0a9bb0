"""Imports under way, and how to leave out what they have brought so far.

What a run brings is in no rate, no survival figure and no list of what is to be done, and moves no
settled fact, until the run is finished: half a file would be a figure about nobody.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from registry.access import unscoped
from registry.extensions import db
from registry.models import ImportRun


def unfinished_imports() -> list[int]:
    """Ids of the imports that nothing may count yet."""
    with unscoped("unfinished imports"):
        return list(db.session.scalars(select(ImportRun.id).where(ImportRun.finished_at.is_(None))))


def counted(imported: Any, unfinished: Collection[int] | None = None) -> list[ColumnElement[bool]]:
    """Conditions by which records stay that none of these imports brought; those under way by default."""
    hidden = unfinished_imports() if unfinished is None else unfinished
    return [or_(imported.import_id.is_(None), imported.import_id.not_in(hidden))] if hidden else []
