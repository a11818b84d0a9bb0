"""Cases read, judged and prepared ahead of the writer: here, or for a large file in processes of their own.

Only the writer touches the database. A helper process gets the key ring and the file's sealed rows
through a pipe, keeps nothing, and ends with the process that began it.
"""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from registry import keyring
from registry.keyring import KeyRing
from registry.rules.problem import Problem, refusals
from registry.services.imports.bulk import Writer
from registry.services.imports.case import Batch, Case
from registry.services.imports.drafted import Draft, draft
from registry.services.imports.judging import weigh
from registry.services.imports.prepared import Prepared, prepare
from registry.services.imports.receipt import contents
from registry.services.imports.rows import Rows
from registry.services.source_words import Staff

FEW = 4  # batches for which no process is begun
SELDOM = 50_000  # objects between two collections
WAITING = 2  # batches that may wait for the writer, for each process


@dataclass(frozen=True)
class Place:
    """Where cases are prepared for: whose staff and source, the day that they are judged on, who brings
    them in, and the database driver ("sqlite", "postgresql+psycopg") that takes their rows."""

    source: str
    centre_id: int
    staff: Staff
    day: date
    actor_id: int | None
    driver: str


class Told(NamedTuple):
    """What it takes to know whether a case and its person are on record, and to count it: digests of its
    key, content, the person's own document and record number; its records by kind."""

    key: str
    content: str
    paper: str | None
    number: str | None
    counts: dict[str, int]


@dataclass
class Ready:
    """A sound case, with what is unlikely about it; `drafted` says whose of the draft it is.

    A helper process keeps the whole of it, `held`: few cases of a large file are looked at again, and
    these are prepared `anew`.
    """

    told: Told
    flags: list[Problem]
    place: int
    held: Prepared | None
    drafted: int | None = None
    anew: Callable[[int], Prepared] | None = None

    @property
    def prepared(self) -> Prepared:
        if self.held is None:
            if self.anew is None:
                raise ValueError("a case that is held elsewhere cannot be opened")
            self.held = self.anew(self.place)
        return self.held

    @property
    def case(self) -> Case:
        return self.prepared.case


@dataclass
class Work:
    """A batch worked through: so many rows of the file; cases that are refused, and why; sound cases with
    the rows they would be; or entries of a list as they are."""

    rows: int
    refused: list[tuple[Case, list[Problem]]] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    draft: Draft | None = None
    listed: list[Case] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return len(self.refused) + len(self.ready) + len(self.listed)


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
    """Read a batch's cases, judge each, prepare those that may be stored and make their rows ready."""
    done = Work(batch.rows)
    ready = []
    for at, case in enumerate(batch.cases()):
        sound = weigh(case, today=place.day)
        if refused := refusals(sound.problems):
            done.refused.append((case, refused))
            continue
        one = prepare(sound, source=place.source, centre_id=place.centre_id, staff=place.staff)
        told = Told(one.key_digest, one.content_digest, sound.digest, one.number, contents(case))
        ready.append(one)
        done.ready.append(Ready(told, sound.problems, at, one))
    writer = Writer(Rows(), place.centre_id, place.source, place.actor_id)
    done.draft, whose = draft(ready, writer, place.driver)
    for each, person in zip(done.ready, whose, strict=True):
        each.drafted = person
    return done


def _again(batch: Batch, place: Place, at: int) -> Prepared:
    """One case of a batch, prepared as `work` does."""
    (case,) = batch.only(at).cases()
    sound = weigh(case, today=place.day)
    return prepare(sound, source=place.source, centre_id=place.centre_id, staff=place.staff)


def unjudged(batch: Batch) -> Work:
    """Read the entries of a list and no more."""
    return Work(batch.rows, listed=batch.cases())


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
                yield _taken(results.popleft().result(), kept[0], place)
                kept.popleft()
        while results:
            yield _taken(results.popleft().result(), kept[0], place)
            kept.popleft()
    except BrokenProcessPool:
        yield from (work(batch, place) for batch in chain(kept, batches))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _taken(done: Work, batch: Batch, place: Place) -> Work:
    """A helper's work, whose cases can be opened again."""
    anew = partial(_again, batch, place)
    for each in done.ready:
        each.anew = anew
    return done


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
    done = work(batch, _place)
    for each in done.ready:
        if not each.flags:
            each.held = None
    return done
