"""The 1,384 patients of mgus2.csv: months to progression (end 1) or death without it (end 2)."""

import csv
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[1] / "data"
with (DATA / "mgus2.csv").open(newline="") as file:
    PEOPLE = list(csv.DictReader(file))
PROGRESSED = np.array([row["pstat"] == "1" for row in PEOPLE])
MONTHS = np.array([int(row["ptime"] if row["pstat"] == "1" else row["futime"]) for row in PEOPLE])
ENDS = np.where(PROGRESSED, 1, [2 * int(row["death"]) for row in PEOPLE])
SEX = np.array([row["sex"] for row in PEOPLE])
