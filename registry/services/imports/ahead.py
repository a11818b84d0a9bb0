"""Cases read, judged and prepared ahead of the writer: here, or for a large file in processes of their own.

Only the writer touches the database. A helper process gets the key ring and the file's sealed rows
through a pipe, keeps nothing, and ends with the process that began it.
"""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import NamedTuple

from registry import keyring
from registry.keyring import KeyRing
from registry.rules.problem import Problem, refusals
from registry.services.imports.case import Batch, Case
from registry.services.imports.judging import weigh
from registry.services.imports.prepared import Prepared, prepare
from registry.services.source_words import Staff

FEW = 4  # batches for which no process is begun
SELDOM = 50_000  # objects between two collections
WAITING = 2  # batches that may wait for the writer, for each process


@dataclass(frozen=True)
class Place:
    """Where cases are prepared for: whose staff and source, and the day that they are judged on."""

    source: str
    centre_id: int
    staff: Staff
    day: date


class Judged(NamedTuple):
    """A case with what is wrong or unlikely; `prepared` where it may be stored."""

    case: Case
    problems: list[Problem]
    prepared: Prepared | None


@dataclass
class Work:
    """A batch worked through."""

    rows: int
    judged: list[Judged] = field(default_factory=list)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While it lasts Python looks for cycles less often: a tenth of an import's time went there for none."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def work(batch: Batch, place: Place) -> Work:
    """Read a batch's cases, judge each, and prepare those that may be stored."""
    done = Work(batch.rows)
    for case in batch.cases():
        sound = weigh(case, today=place.day)
        if refused := refusals(sound.problems):
            done.judged.append(Judged(case, refused, None))
            continue
        ready = prepare(sound, source=place.source, centre_id=place.centre_id, staff=place.staff)
        done.judged.append(Judged(case, sound.problems, ready))
    return done


def unjudged(batch: Batch) -> Work:
    """Read a batch's cases and no more."""
    return Work(batch.rows, [Judged(case, [], None) for case in batch.cases()])


def worked(batches: Iterator[Batch], place: Place, *, processes: int = 0) -> Iterator[Work]:
    """Every batch worked through, in order; by so many processes beside this one where there are many."""
    first = list(islice(batches, FEW + 1))
    found = chain(first, batches)
    if len(first) <= FEW or processes < 1 or multiprocessing.current_process().daemon:
        yield from (work(batch, place) for batch in found)  # a daemon may have no children
    else:
        yield from _beside(found, place, processes)


def _beside(batches: Iterator[Batch], place: Place, processes: int) -> Iterator[Work]:
    """As `worked`, by other processes; where they cannot be begun or die, this one does what is left."""
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(keyring.current(), place),
    )
    kept: deque[Batch] = deque()
    results: deque[Future[Work]] = deque()
    try:
        for batch in batches:
            kept.append(batch)
            results.append(pool.submit(_work, batch))
            if len(results) > processes * WAITING:
                yield results.popleft().result()
                kept.popleft()
        while results:
            yield results.popleft().result()
            kept.popleft()
    except BrokenProcessPool:
        yield from (work(batch, place) for batch in chain(kept, batches))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_place: Place | None = None


def _begin(ring: KeyRing, place: Place) -> None:
    """In the process: open the ring, and leave when the process that began it does."""
    global _place
    keyring.use(ring)
    _place = place
    gc.freeze()
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
    os._exit(0)


def _work(batch: Batch) -> Work:
    if _place is None:
        raise RuntimeError("this process was not begun for an import")
    return work(batch, _place)
