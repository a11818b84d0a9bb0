"""The life tables as page, file and command line show them: what each covers, its mortality, its rates."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from registry.label import Label
from registry.models import LifeTable
from registry.queries.survival import life_tables as queries
from registry.reports.survival.method import Sheet
from registry.rules.life_table import SEXES
from registry.stats.life_table import DAYS_A_YEAR

AGES = (0, 1, 20, 40, 50, 60, 70, 80, 90, 100)  # at which the mortality of a table is shown


@dataclass(frozen=True)
class Listed:
    """One table as a list holds it."""

    name: str
    covers: Label
    loaded: str
    source: str
    digest: str


def listed(table: LifeTable) -> Listed:
    """What a table covers, when it was loaded and where it is from."""
    covered = queries.extent(table)
    said = Label(
        "%(first)s–%(last)s 年，%(youngest)s–%(oldest)s 岁，%(rows)s 行",
        "%(first)s–%(last)s, ages %(youngest)s–%(oldest)s, %(rows)s rows",
    )
    covers = said % {**vars(covered), "rows": table.cells}
    loaded = table.loaded_at.astimezone().strftime("%Y-%m-%d")
    return Listed(table.name, covers, loaded, table.source, table.digest)


def mortality(table: LifeTable) -> Sheet:
    """Of a thousand people of each sex, how many die within the last year of the table, at some ages."""
    rates = queries.rates(table, SEXES)
    rows = []
    for age in AGES:
        place = int(rates.ages.searchsorted(age, side="right")) - 1
        if place >= 0 and age <= rates.ages[-1]:
            yearly = -np.expm1(-DAYS_A_YEAR * rates.hazard[:, place, -1])
            rows.append([str(age), *(f"{1000 * each:.2f}" for each in yearly)])
    year = Label("%(year)s 年每千人死亡", "deaths per 1000 in %(year)s") % {"year": rates.years[-1]}
    head: list[Label | str] = [Label("年龄", "Age"), *(f"{sex.label} · {year}" for sex in SEXES)]
    return Sheet(Label(table.name, table.name), head, rows)


def records(table: LifeTable) -> list[dict[str, Any]]:
    """Every rate, as a file that can be loaded again and is then the same table."""
    found = sorted(queries.rows(table), key=lambda rate: (rate.sex.code, rate.age, rate.year))
    return [
        {"sex": rate.sex.code, "age": rate.age, "year": rate.year, "hazard_per_day": rate.hazard}
        for rate in found
    ]
