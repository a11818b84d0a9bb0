"""Net survival of real patients beside relsurv, of 100,000 with its memory, and rows from a database."""

import multiprocessing
import resource
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from registry.queries.survival.one_by_one import one_by_one
from registry.stats.life_table import People
from registry.stats.net_survival import pohar_perme
from tests.slovene import life_table, patients

RELSURV_SECONDS = 1.67  # the loop of rs.surv(method="pohar-perme") alone, built with R 4.2.2's own flags
MANY = 100_000
ROOM = 1_000  # megabytes
AT_LEAST = 5


def measure(runs: int) -> None:
    """Pohar Perme on 5,971 patients and on 100,000; prints time, ratio and peak memory."""
    people, dead, table = patients().people, patients().dead, life_table()
    taken, used = _median(lambda: pohar_perme(table, people, dead), runs)
    print(
        f"net survival of {len(people):,} patients: {1000 * taken:.0f} ms, {1000 * used:.0f} ms of processor "
        f"time; relsurv, stated not run: {1000 * RELSURV_SECONDS:.0f} ms; "
        f"{RELSURV_SECONDS / used:.0f} times as fast (at least {AT_LEAST})"
    )
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_apart, args=(there,))
    process.start()
    taken, used, before, peak = here.recv()
    process.join()
    print(
        f"net survival of {MANY:,} patients in their own process: {taken:.1f} s, {used:.1f} s of processor "
        f"time; {peak} MB at its peak (less than {ROOM}), of which {before} MB before it began"
    )


def _apart(pipe: Any) -> None:
    """Many patients where nothing else takes room; tells seconds and megabytes."""
    people, dead = _many(patients().people, patients().dead)
    table, before = life_table(), _megabytes()
    began, busy = time.perf_counter(), time.process_time()
    pohar_perme(table, people, dead)
    pipe.send((time.perf_counter() - began, time.process_time() - busy, before, _megabytes()))


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def reading_one_by_one(tumours: int) -> None:
    """All tumours of a database as columns of numbers; prints time and peak memory."""
    began, used = time.perf_counter(), time.process_time()
    found = one_by_one("summary_stage")
    taken, used = time.perf_counter() - began, time.process_time() - used
    assert sum(group.days.size for group in found.groups) == tumours
    del found
    tracemalloc.start()  # for itself: watching every allocation takes several times as long as the reading
    one_by_one("summary_stage")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"{tumours:,} tumours one by one: {taken:.1f} s, {used:.1f} s of processor time, "
        f"at most {peak / 1e6:.0f} MB more"
    )


def _many(people: People, dead: Any) -> tuple[People, Any]:
    """The real patients again and again, each time with another age, day and follow-up."""
    chance = np.random.default_rng(1)
    times = -(-MANY // len(people))
    who = np.tile(np.arange(len(people)), times)[:MANY]
    moved = chance.integers(-700, 700, (3, MANY))
    days = np.maximum(people.days[who] + moved[2], 1)
    age = np.maximum(people.age[who] + moved[0], 0)
    return People(people.sex[who], age, people.on[who] + moved[1], days), dead[who]


def _median(work: Callable[[], Any], runs: int) -> tuple[float, float]:
    """Seconds by the clock and of the processor; other jobs lengthen the first only."""
    work()
    taken, used = [], []
    for _ in range(runs):
        began, busy = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - began)
        used.append(time.process_time() - busy)
    return statistics.median(taken), statistics.median(used)
