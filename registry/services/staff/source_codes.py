"""A centre's own table of what its sources write for doctors, devices and departments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.access import Permission, may, unscoped
from registry.codes.desk import SourceKind
from registry.extensions import db
from registry.models import Centre, SourceCode, User
from registry.services.unit import change

FIELDS = ("meaning", "active")


def parsed(word: str) -> SourceKind | None:
    """The kind that a word names; None where there is none."""
    try:
        return SourceKind.parse(word)
    except ValueError:
        return None


def compared(centre: Centre | None, values: Mapping[str, Any]) -> str:
    """Whether a code would be "new", "updated" or "unchanged"; what is None leaves things as they are."""
    stored = _stored(centre.id, values) if centre is not None else None
    if stored is None:
        return "new"
    told = {name: values[name] for name in FIELDS if values[name] is not None}
    same = all(getattr(stored, name) == value for name, value in told.items())
    named = stored.user.username if stored.user else None
    return "unchanged" if same and values["username"] in (None, named) else "updated"


def keep_code(centre_id: int | None, values: Mapping[str, Any], user: User | None) -> None:
    """Store a code of a centre, or change what it means.

    Raises
    ------
    Forbidden
        For a code of another centre, unless by the alliance's administrator.
    """
    if centre_id is None:
        raise ValueError("a code belongs to a centre")
    with change("source_code.keep") as unit:
        stored = _stored(centre_id, values)
        if stored is None:
            stored = SourceCode(centre_id=centre_id, kind=values["kind"], code=values["code"], active=True)
            unit.add(stored)
        else:
            unit.edit(stored)
        for name in FIELDS:
            if values[name] is not None:
                setattr(stored, name, values[name])
        if user is not None:
            stored.user_id = user.id


def every() -> list[SourceCode]:
    """The codes that the scope looks after: those of the own centre, of all for the alliance."""
    return list(_all(select(SourceCode).order_by(SourceCode.centre_id, SourceCode.kind, SourceCode.code)))


def _stored(centre_id: int, values: Mapping[str, Any]) -> SourceCode | None:
    same = select(SourceCode).where(
        SourceCode.centre_id == centre_id,
        SourceCode.kind == values["kind"],
        SourceCode.code == values["code"],
    )
    return next(iter(_all(same)), None)


def _all(statement: Any) -> Any:
    """Codes name no patient; the alliance's administrator, who has no patients, reads those of all."""
    if may(Permission.ALLIANCE):
        with unscoped("source codes"):
            return db.session.scalars(statement).all()
    return db.session.scalars(statement).all()
