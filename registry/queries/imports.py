"""Imports and mappings of the centre that is acted for."""

from sqlalchemy import func, select

from registry.extensions import db
from registry.models import ImportRun, SavedMapping
from registry.queries.centre import here

PAGE = 30


def runs(page: int = 1) -> tuple[list[ImportRun], int]:
    """The newest runs first, and how many pages of them there are."""
    at = here(ImportRun)
    total = db.session.scalar(select(func.count()).select_from(ImportRun).where(at)) or 0
    found = select(ImportRun).where(at).order_by(ImportRun.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(found)), max(1, -(-total // PAGE))


def run_or_none(run_id: int) -> ImportRun | None:
    """One run; None for another centre's."""
    return db.session.scalar(select(ImportRun).where(ImportRun.id == run_id))


def mappings() -> list[SavedMapping]:
    """The newest version of each mapping saved here, in the order of their names."""
    newest = (
        select(SavedMapping.name, func.max(SavedMapping.version).label("version"))
        .where(here(SavedMapping))
        .group_by(SavedMapping.name)
        .subquery()
    )
    found = (
        select(SavedMapping)
        .join(newest, (SavedMapping.name == newest.c.name) & (SavedMapping.version == newest.c.version))
        .where(here(SavedMapping))
        .order_by(SavedMapping.name)
    )
    return list(db.session.scalars(found))


def mapping_or_none(mapping_id: int) -> SavedMapping | None:
    """One version of a saved mapping; None for another centre's."""
    return db.session.scalar(select(SavedMapping).where(SavedMapping.id == mapping_id))


def versions(name: str) -> list[SavedMapping]:
    """Every version of a mapping saved here, the newest first."""
    found = select(SavedMapping).where(here(SavedMapping), SavedMapping.name == name)
    return list(db.session.scalars(found.order_by(SavedMapping.version.desc())))
