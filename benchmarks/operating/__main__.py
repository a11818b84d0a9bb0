"""`python -m benchmarks.operating`: writes docs/operating-characteristics.md with its pictures."""

import argparse
import time
from pathlib import Path

from benchmarks.operating import coverage, page, pictures

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Compute, draw, write."""
    told = argparse.ArgumentParser(prog="python -m benchmarks.operating", description=__doc__)
    told.add_argument("--runs", type=int, default=4000, help="simulated charts or alliances (4000)")
    told.add_argument("--into", type=Path, default=DOCS, help="the folder of the page (docs)")
    asked = told.parse_args()
    began = time.perf_counter()
    (asked.into / "pictures").mkdir(parents=True, exist_ok=True)
    pictures.coverage(asked.into / "pictures" / "coverage.png")
    pictures.power(asked.into / "pictures" / "power.png")
    found = page.covered(asked.runs)
    rows = [row for each in (coverage.table(), *found.values()) for row in each]
    pictures.intervals(asked.into / "pictures" / "intervals.png", rows)
    written = page.write(asked.runs, found)
    (asked.into / "operating-characteristics.md").write_text(written, "utf-8")
    print(f"{asked.into / 'operating-characteristics.md'} in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
