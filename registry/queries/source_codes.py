"""What the centres' sources write for their doctors, devices and departments."""

from collections.abc import Sequence

from sqlalchemy import select

from registry.codes.desk import SourceKind
from registry.extensions import db
from registry.models import SourceCode


def source_codes(centre_id: int | None = None, kind: SourceKind | None = None) -> Sequence[SourceCode]:
    """The codes in scope, by centre, kind and code."""
    statement = select(SourceCode).order_by(SourceCode.centre_id, SourceCode.kind, SourceCode.code)
    if centre_id is not None:
        statement = statement.where(SourceCode.centre_id == centre_id)
    if kind is not None:
        statement = statement.where(SourceCode.kind == kind)
    return db.session.scalars(statement).all()
