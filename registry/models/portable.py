"""What the two engines spell differently: days between two dates, and parts of a date as whole numbers."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, extract
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


def year(column: Any) -> ColumnElement[int]:
    """The year of a date."""
    return cast(extract("year", column), Integer)


def month(column: Any) -> ColumnElement[int]:
    """The month of a date, 1 to 12."""
    return cast(extract("month", column), Integer)


def quarter(column: Any) -> ColumnElement[int]:
    """The quarter of a date, 1 to 4."""
    return (month(column) + 2) // 3


def months_on(column: Any) -> ColumnElement[int]:
    """A date as a number that grows by 31 with each month and by 1 with each day within it.

    So a day is more than six months after another where its number is more than 6 * 31 above it, and
    31 August lies six months before 28 February as well as before 3 March: no day is skipped.
    """
    return (year(column) * 12 + month(column)) * 31 + cast(extract("day", column), Integer)
