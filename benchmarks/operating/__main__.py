"""`python -m benchmarks.operating`: writes docs/operating-characteristics.md with its pictures."""

import argparse
import time
from pathlib import Path

from benchmarks.operating import coverage, page, pictures

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Read what is asked for."""
    told = argparse.ArgumentParser(prog="python -m benchmarks.operating", description=__doc__)
    told.add_argument("--runs", type=int, default=4000, help="simulated charts or alliances (4000)")
    told.add_argument("--into", type=Path, default=DOCS, help="the folder of the page (docs)")
    asked = told.parse_args()
    write(asked.runs, asked.into)


def write(runs: int = 4000, into: Path = DOCS) -> None:
    """Compute, draw, write the page into a folder."""
    began = time.perf_counter()
    (into / "pictures").mkdir(parents=True, exist_ok=True)
    pictures.coverage(into / "pictures" / "coverage.png")
    pictures.power(into / "pictures" / "power.png")
    found = page.covered(runs)
    rows = [row for each in (coverage.table(), *found.values()) for row in each]
    pictures.intervals(into / "pictures" / "intervals.png", rows)
    written = page.write(runs, found)
    (into / "operating-characteristics.md").write_text(written, "utf-8")
    print(f"{into / 'operating-characteristics.md'} in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
