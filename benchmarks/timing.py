"""Seconds of a piece of work, by the clock and of the processor; other jobs lengthen the first only."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Taken:
    """Median seconds by the clock, and of the processor of this process."""

    clock: float
    used: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s ({self.used:.2f} s at work)"


def together(works: Sequence[Callable[[], Any]], runs: int) -> list[Taken]:
    """Each piece of work in turn, again and again, so that what else goes on falls on all alike."""
    taken: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(runs):
        for work, times in zip(works, taken, strict=True):
            began, busy = time.perf_counter(), time.process_time()
            work()
            times.append((time.perf_counter() - began, time.process_time() - busy))
    return [Taken(*map(statistics.median, zip(*times, strict=True))) for times in taken]
