"""`python -m benchmarks`: ratios, each measured in one run over one schema, engine and scope.

Name the parts that are wanted, or none for all but the slowest:
rates, figures, survival, net-survival, models, reading, import, again; growth, linkage, operating.
The last simulates intervals, funnels and charts, and writes docs/operating-characteristics.md anew.
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    bringing_in,
    coming_again,
    drawing,
    estimating,
    everything,
    linkage,
    machine,
    net_survival,
    reading,
    surviving,
)
from benchmarks.operating import __main__ as operating

Part = Callable[[argparse.Namespace, Path], None]
PARTS: dict[str, Part] = {
    "rates": everything.measure,
    "figures": drawing.measure,
    "survival": surviving.measure,
    "net-survival": lambda asked, place: net_survival.measure(asked.runs),
    "models": lambda asked, place: estimating.models(asked.runs),
    "reading": lambda asked, place: reading.measure(asked.reports, asked.runs),
    "import": bringing_in.measure,
    "again": coming_again.measure,
}
SLOWER: dict[str, Part] = {
    "growth": everything.growth,
    "linkage": linkage.measure,
    "operating": lambda asked, place: operating.write(),
}


def main() -> None:
    """Make the data, measure, print."""
    told = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    told.add_argument("parts", nargs="*", metavar="PART", help="what to measure")
    told.add_argument("--all", action="store_true", help="the slow parts too, which take hours")
    told.add_argument("--examinations", type=int, default=100_000, help="made-up examinations (100000)")
    told.add_argument("--sizes", type=_sizes, default=[10_000, 100_000, 1_000_000],
                      help="examinations for the growth of the cost (10000,100000,1000000)")  # fmt: skip
    told.add_argument("--tumours", type=int, default=1_000_000, help="made-up tumours (1000000)")
    told.add_argument("--reports", type=int, default=10_000, help="made-up reports to read (10000)")
    told.add_argument("--runs", type=int, default=5, help="runs of each, of which the median counts (5)")
    told.add_argument("--rows", type=int, default=100_000, help="rows of a file that is imported (100000)")
    told.add_argument("--again", type=int, default=20_000, help="rows of a file of people known (20000)")
    told.add_argument("--known", type=int, default=1_000_000, help="known enrolments to match with (1000000)")
    told.add_argument("--new", type=int, default=100_000, help="new enrolments to match (100000)")
    told.add_argument("--database", help="measure the rates on this registry instead of a made-up one")
    told.add_argument("--keys", type=Path, help="its key file")
    asked = told.parse_args()
    known = PARTS | SLOWER
    if unknown := [name for name in asked.parts if name not in known]:
        told.error(f"there is no part {unknown[0]!r}; there are {', '.join(known)}")
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n{machine.told()}\n")
    for name in asked.parts or (known if asked.all else PARTS):
        with tempfile.TemporaryDirectory() as place:
            known[name](asked, Path(place))
    if not (asked.parts or asked.all):
        print(f"\nnot run: {', '.join(SLOWER)}; name them, or --all")


def _sizes(given: str) -> list[int]:
    return [int(size) for size in given.split(",")]


if __name__ == "__main__":
    main()
