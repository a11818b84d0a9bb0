"""The 5,971 Slovene patients of colrec.csv as arrays, and counted as a database counts them."""

import csv
from pathlib import Path

import numpy as np

with (Path(__file__).parents[1] / "data" / "colrec.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))
DAYS = np.array([int(row["time_days"]) for row in ROWS])
DEAD = np.array([row["dead"] == "1" for row in ROWS])


def column(name):
    """One column as texts."""
    return np.array([row[name] for row in ROWS])


def grouped(days, dead):
    """One row for each day and event, with the persons that it holds for."""
    pairs, weight = np.unique(np.column_stack([days, dead]), axis=0, return_counts=True)
    return pairs[:, 0], pairs[:, 1], weight


def of(name, value, **further):
    """The counted rows of those who have a value, and further ones; "all" is everybody."""
    wanted = {name: value} | further
    who = np.ones(DAYS.size, dtype=bool)
    for each, given in wanted.items():
        who &= (given == "all") | (column(each) == given)
    return grouped(DAYS[who], DEAD[who])
