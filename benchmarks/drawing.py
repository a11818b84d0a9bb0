"""The first byte of a page with a figure, the figure itself, and the figure once it is drawn."""

import argparse
import time
from pathlib import Path
from typing import Any

from benchmarks import alliance, registries
from registry.access import act_as
from registry.queries.counting import kept
from registry.reports.rates.drawn import rates_figure
from registry.reports.rates.quality import rates, this_day
from registry.reports.variation.drawn import funnel_figure
from registry.reports.variation.funnel import funnel

INDICATOR = "CDEI-07"
EXAMINATIONS = 10_000


def measure(asked: argparse.Namespace, place: Path) -> None:
    """Print what the rows of a page cost, what its figure costs, and both again."""
    with registries.registry(place / "figures.sqlite", None, None):
        alliance.make(min(asked.examinations, EXAMINATIONS))
        act_as(alliance.EVERYTHING)

        def rows() -> Any:
            found = rates([INDICATOR], by="centre")
            return found, rates([INDICATOR])[0]

        def bars() -> bytes:
            found, total = rows()
            return rates_figure(found, as_of=this_day(), total=total)

        def points() -> bytes:
            return funnel_figure(funnel(INDICATOR, by="centre"), as_of=this_day())

        for name, figure in (("rates by centre", bars), ("funnel by centre", points)):
            kept.forget()
            page = _seconds(
                rows
            )  # all that stands before the page's first byte; the figure is a request apart
            first, again = _seconds(figure), _seconds(figure)
            print(
                f"{name}: rows of the page {1000 * page:.0f} ms; its figure the first time "
                f"{1000 * first:.0f} ms, again {1000 * again:.0f} ms"
            )


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
