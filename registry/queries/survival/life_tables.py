"""The life tables that were loaded, and their rates as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from registry.codes.person import Sex
from registry.extensions import db
from registry.models import LifeTable, MortalityRate


@dataclass(frozen=True)
class Extent:
    """What a table covers: youngest and oldest age that it names, first and last year."""

    youngest: int
    oldest: int
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Rates:
    """A table as arrays: hazard per day by sex, age and year; ages and years rise and may have gaps."""

    hazard: NDArray[np.float64]
    ages: NDArray[np.int64]
    years: NDArray[np.int64]


def all_tables() -> Sequence[LifeTable]:
    """Every table, by name."""
    return db.session.scalars(select(LifeTable).order_by(LifeTable.name)).all()


def named(name: str) -> LifeTable | None:
    """The table of this name."""
    return db.session.scalar(select(LifeTable).where(LifeTable.name == name.strip()))


def extent(table: LifeTable) -> Extent:
    """Ages and years of a table."""
    columns = (
        limit(column) for column in (MortalityRate.age, MortalityRate.year) for limit in (func.min, func.max)
    )
    row = db.session.execute(select(*columns).where(MortalityRate.life_table_id == table.id)).one()
    return Extent(*(int(limit) for limit in row))


def rates(table: LifeTable, sexes: Sequence[Sex]) -> Rates:
    """The rates of a table, in the order of these sexes."""
    where = MortalityRate.life_table_id == table.id
    columns = select(MortalityRate.sex, MortalityRate.age, MortalityRate.year, MortalityRate.hazard)
    found = db.session.execute(columns.where(where)).all()
    ages, years = sorted({row.age for row in found}), sorted({row.year for row in found})
    of_sex, of_age, of_year = (
        {value: place for place, value in enumerate(values)} for values in (sexes, ages, years)
    )
    hazard = np.full((len(sexes), len(ages), len(years)), np.nan)
    for sex, age, year, rate in found:
        hazard[of_sex[sex], of_age[age], of_year[year]] = rate
    return Rates(hazard, np.array(ages), np.array(years))


def rows(table: LifeTable) -> Sequence[MortalityRate]:
    """The rates of a table as records."""
    return db.session.scalars(select(MortalityRate).where(MortalityRate.life_table_id == table.id)).all()
