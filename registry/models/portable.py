"""What the two engines spell differently: days between two dates, and parts of a date as whole numbers."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):
    """Whole days from the first date to the second; negative where the second is earlier."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between, "sqlite")
def _sqlite(element: days_between, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _postgresql(element: days_between, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(cast(each, Date), **options) for each in element.clauses)
    return f"({second} - {first})"


class _Part(FunctionElement[int]):
    """A part of a date as a whole number: a class for each, as statements are kept by their classes."""

    type = Integer()
    inherit_cache = True
    part: str


class _Year(_Part):
    name, part = "year_of", "year"
    inherit_cache = True


class _Month(_Part):
    name, part = "month_of", "month"
    inherit_cache = True


class _Day(_Part):
    name, part = "day_of", "day"
    inherit_cache = True


_PLACES = {"year": (1, 4), "month": (6, 2), "day": (9, 2)}


@compiles(_Part, "sqlite")
def _cut_out(element: _Part, compiler: Any, **options: Any) -> str:
    """Cut out of the text that SQLite keeps a date as: strftime takes a date apart and makes it anew."""
    (column,) = element.clauses
    begin, length = _PLACES[element.part]
    return f"CAST(substr({compiler.process(column, **options)}, {begin}, {length}) AS INTEGER)"


@compiles(_Part, "postgresql")
def _extracted(element: _Part, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    return f"CAST(extract({element.part} FROM {compiler.process(column, **options)}) AS INTEGER)"


def year(column: Any) -> ColumnElement[int]:
    """The year of a date."""
    return _Year(column)


def month(column: Any) -> ColumnElement[int]:
    """The month of a date, 1 to 12."""
    return _Month(column)


class unsought(FunctionElement[Any]):
    """A column as it is, by whose index nobody should begin.

    SQLite takes a period for a small part of any table, and would look at every examination of two years
    for the sake of a few hundred operations. PostgreSQL knows better, and sees the column.
    """

    inherit_cache = True
    name = "unsought"


@compiles(unsought, "sqlite")
def _unindexed(element: unsought, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    return f"+{compiler.process(column, **options)}"


@compiles(unsought, "postgresql")
def _as_it_is(element: unsought, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    return str(compiler.process(column, **options))


def quarter(column: Any) -> ColumnElement[int]:
    """The quarter of a date, 1 to 4."""
    return (month(column) + 2) // 3


def months_on(column: Any) -> ColumnElement[int]:
    """A date as a number that grows by 31 with each month and by 1 with each day within it.

    So a day is more than six months after another where its number is more than 6 * 31 above it, and
    31 August lies six months before 28 February as well as before 3 March: no day is skipped.
    """
    return (year(column) * 12 + month(column)) * 31 + _Day(column)
