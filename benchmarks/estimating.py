"""Restricted means of a million tumours, and models of a hundred thousand rows beside R."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from registry.queries.counting import kept
from registry.reports.survival.curves import curves
from registry.reports.survival.method import Wanted
from registry.stats.competing import gray
from registry.stats.cox import cox

# R 4.2.2, survival 3.5-3, two busy cores: stated, not run.
COXPH = 0.764  # 100,000 rows, 5 covariates, Efron
ROWS = 100_000


def means(runs: int) -> None:
    """Curves with their restricted means, from the database to the result."""

    def work() -> None:
        kept.forget()
        curves("summary_stage", wanted=Wanted(restricted=1826, interval="log"))

    print(f"the same with restricted means: {1000 * _median(work, runs):.0f} ms")


def models(runs: int) -> None:
    """A Cox model of five covariates, and Gray's test of four groups."""
    chance = np.random.default_rng(1)
    days, dead = chance.integers(0, 3650, ROWS), chance.random(ROWS) < 0.3
    design = np.column_stack([chance.normal(size=(ROWS, 2)), chance.integers(0, 2, (ROWS, 3))])
    cox(days[:500], dead[:500], design[:500])  # imports
    taken = _median(lambda: cox(days, dead, design), runs)
    print(
        f"Cox model of {ROWS:,} rows and 5 covariates: {1000 * taken:.0f} ms; R's coxph, stated not run: "
        f"{1000 * COXPH:.0f} ms; ratio {taken / COXPH:.2f}"
    )
    ends, group = dead * chance.integers(1, 3, ROWS), chance.integers(0, 4, ROWS)
    rows = [(days[group == one], ends[group == one], None) for one in range(4)]
    print(f"Gray's test of {ROWS:,} rows in 4 groups: {1000 * _median(lambda: gray(rows), runs):.0f} ms")


def _median(work: Callable[[], Any], runs: int) -> float:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
