"""A hospital's second file, of whose people four in five are known: brought in after the first.

The first file is a year's gastroscopies, as `bringing_in` makes them. The second has as many rows; every
fifth is of somebody new. Ratios are of processor time, of the process that writes: helpers are not begun.
"""

import argparse
import csv
import random
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.bringing_in import HEADER, apart, registry, row_of
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.services import imports, unit
from registry.services.imports import running, storing
from registry.services.values import today


def measure(asked: argparse.Namespace, place: Path) -> None:
    """Print the processor time of both files, their ratio, and how long the lock was held at most."""
    path = place / "first.csv"
    told = apart(_both, place / "again", path, asked.again)
    first, second = told["first"], told["second"]
    print(
        f"import of {asked.again:,} rows: {first['seconds']:.1f} s of processor time ({first['told']}); "
        f"as many again, four in five of people known by then: {second['seconds']:.1f} s ({second['told']}), "
        f"ratio {second['seconds'] / first['seconds']:.2f}; the lock was held "
        f"{1000 * second['batch']:.0f} ms at most for a batch and {1000 * second['finish']:.0f} ms to finish"
    )


def _write(path: Path, rows: int, *, first: int) -> None:
    """So many rows, numbered from `first`; of the later ones every fifth is of somebody new."""
    chance = random.Random(first)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for row in range(rows):
            out.writerow(row_of(first + row, first + row if row % 5 == 0 else row, chance))


def _both(place: Path, path: Path, rows: int, pipe: Any) -> None:
    registry(place, empty=True)
    told = {}
    for name, first in (("first", 0), ("second", 10 * rows)):
        _write(path, rows, first=first)
        told[name] = _brought_in(path)
    pipe.send(told)


def _brought_in(path: Path) -> dict[str, Any]:
    chosen = mapping.load(mapping.find("workstation_a"))
    held = {"import.batch": 0.0, "import.finish": 0.0}
    batch = unit.batch

    @contextmanager
    def timed(action: str, use: str) -> Any:
        with batch(action, use) as session:
            began = time.perf_counter()
            yield session
        held[action] = max(held.get(action, 0.0), time.perf_counter() - began)

    running.batch = storing.batch = timed
    began = time.process_time()
    found = cases.gather(readers.open_table(path), chosen, today=today())
    origin = imports.Origin(chosen.source, chosen.name, chosen.digest, readers.digest(path))
    receipt = imports.bring_in(found, origin)
    seconds = time.process_time() - began
    running.batch = storing.batch = batch
    return {
        "seconds": seconds,
        "told": f"{receipt.new:,} new, {len(receipt.refused):,} refused",
        "batch": held["import.batch"],
        "finish": held["import.finish"],
    }
