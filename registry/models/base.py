"""The declarative base, constraint names, and the two kinds of ownership.

Columns carry what is known of them in ``column.info`` (label, codes, limits, unit); a CHECK of the
same name is added to the table when the column joins it, so a limit or a code list has one home.
"""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model of the registry. Not a dataclass: Flask-SQLAlchemy cannot carry those."""

    metadata = MetaData(naming_convention=NAMING)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('id', 'new')}>"


@event.listens_for(Column, "after_parent_attach")
def _check_what_the_column_says(column: Column[Any], table: Table) -> None:
    if not isinstance(table, Table) or table.metadata is not Base.metadata:
        return  # a copy of the table, made elsewhere, brings its CHECKs along
    rule = None
    if codes := column.info.get("codes"):
        listed = ", ".join(f"'{member.code}'" for member in codes)
        rule = f"{column.name} IN ({listed})"
    elif limits := column.info.get("limits"):
        rule = f"{column.name} BETWEEN {limits[0]} AND {limits[1]}"
    if rule:
        table.append_constraint(CheckConstraint(rule, name=column.name))


class CentreOwned:
    """What happened in one house; read and changed there only."""

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)


class PersonOwned:
    """What is true of a person wherever it was done.

    `centre_id` recorded it and alone may change it; it is readable wherever the person is enrolled.
    """

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)


class Versioned:
    """The root of a case: its version moves with every change to it or to what it contains."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Imported:
    """A record that a file may have brought; while that import is unfinished no rate counts it."""

    @declared_attr
    @classmethod
    def import_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("import_run.id"))


def inside(parent: str) -> ForeignKeyConstraint:
    """A child belongs to the same centre as the parent that contains it."""
    return ForeignKeyConstraint([f"{parent}_id", "centre_id"], [f"{parent}.id", f"{parent}.centre_id"])


def contains() -> UniqueConstraint:
    """What `inside` refers to: a parent's id together with its centre."""
    return UniqueConstraint("id", "centre_id")
