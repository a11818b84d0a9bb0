"""The Slovene patients and the Slovene life table as arrays, and R's numbers on both."""

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from registry.stats.life_table import DAYS_A_YEAR, People, RateTable, stretches, year_began

DATA = Path(__file__).parent / "data"
SEXES = ("male", "female")


def calendar_day(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


@cache
def life_table():
    with (DATA / "slopop.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    ages, years = (sorted({int(row[name]) for row in rows}) for name in ("age", "year"))
    hazard = np.full((2, len(ages), len(years)), np.nan)
    for row in rows:
        place = SEXES.index(row["sex"]), ages.index(int(row["age"])), years.index(int(row["year"]))
        hazard[place] = float(row["hazard_per_day"])
    return RateTable(hazard, np.array(ages) * DAYS_A_YEAR, year_began(years), int(year_began(years[-1] + 1)))


@cache
def patients():
    """`rows` as in the file, `people` for the life table, `dead`, and `which(stratum)`."""
    with (DATA / "colrec.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    people = People(
        np.array([SEXES.index(row["sex"]) for row in rows]),
        np.array([int(row["age_days"]) for row in rows]),
        np.array([calendar_day(row["diag_date"]) for row in rows]),
        np.array([int(row["time_days"]) for row in rows]),
    )
    dead = np.array([row["dead"] == "1" for row in rows])

    def which(stratum):
        return np.array([stratum == "all" or row["stage"] == stratum for row in rows])

    return SimpleNamespace(rows=rows, people=people, dead=dead, which=which)


def hazards_passed(people):
    """For each person in turn, what gives the hazard cumulated until some days of the follow-up.

    As R reckons it: a day that lies in two cells of the table has a part of each.
    """
    way = stretches(life_table(), people, whole_days=False)
    first = np.flatnonzero(np.append(True, way.who[1:] != way.who[:-1]))
    for begin, end in zip(first, np.append(first[1:], way.who.size), strict=True):
        start, before, hazard = (part[begin:end] for part in (way.start, way.before, way.hazard))

        def passed(days, start=start, before=before, hazard=hazard):
            place = np.searchsorted(start, days, side="right") - 1
            return before[place] + hazard[place] * (days - start[place])

        yield passed


@cache
def oracle():
    return json.loads((DATA / "relative_survival_colrec.json").read_text("utf-8"))
