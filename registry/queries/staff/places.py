"""The centres as a list to choose from."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from registry.extensions import db
from registry.label import Label
from registry.models import Centre


@dataclass(frozen=True)
class Place:
    """A centre by its number, its code and its name."""

    id: int
    code: str
    label: Label


def places() -> list[Place]:
    """Every centre in use."""
    found = db.session.scalars(select(Centre).where(Centre.active))
    return [Place(centre.id, centre.code, centre.label) for centre in found]


def named(centre_ids: Collection[int]) -> dict[int, Place]:
    """These centres by id, in use or not."""
    found = db.session.scalars(select(Centre).where(Centre.id.in_(centre_ids)))
    return {centre.id: Place(centre.id, centre.code, centre.label) for centre in found}
