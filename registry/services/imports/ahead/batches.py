"""Cases read, judged and prepared ahead of the writer: here, or for a large file in processes of their own.

Only the writer touches the database. A helper process gets the key ring and the file's sealed rows
through a pipe, keeps nothing, and ends with the process that began it.
"""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
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
from registry.services.imports.ahead.bulk import Writer
from registry.services.imports.ahead.drafted import Draft, draft
from registry.services.imports.ahead.prepared import Prepared, prepare
from registry.services.imports.ahead.rows import Rows
from registry.services.imports.case import Batch, Batched, Case, batches
from registry.services.imports.judging import weigh
from registry.services.imports.receipt import contents
from registry.services.staff.source_words import Staff

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


def unjudged(cases: Batched | Iterable[Case], size: int) -> Iterator[Work]:
    """Read the entries of a list by the batch, and no more."""
    for batch in batches(cases, size, many=lambda: None, than=0):
        yield Work(batch.rows, listed=batch.cases())


def worked(cases: Batched | Iterable[Case], size: int, place: Place, *, processes: int = 0) -> Iterator[Work]:
    """Every batch worked through, in order; by so many processes beside this one where there are many.

    Where these cannot be begun or die, this one does what is left.
    """
    others = _Processes(place, processes)
    try:
        found = batches(cases, size, many=others.begin, than=FEW * size)
        first = list(islice(found, FEW + 1))
        if len(first) > FEW:
            others.begin()
            yield from others.work(chain(first, found))
        else:
            yield from (work(batch, place) for batch in first)
    finally:
        others.end()


class _Processes:
    """Processes that work batches through; none where none are wanted."""

    def __init__(self, place: Place, processes: int) -> None:
        self._place = place
        self._processes = 0 if multiprocessing.current_process().daemon else processes  # it may have none
        self._pool: ProcessPoolExecutor | None = None

    def begin(self) -> None:
        """Begin them; that takes a second or two, in which a file may be read."""
        if self._pool is not None or self._processes < 1:
            return
        self._pool = ProcessPoolExecutor(
            self._processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(keyring.current(), self._place),
        )
        for _ in range(self._processes):  # each is begun when there is something for it
            self._pool.submit(os.getpid)

    def work(self, found: Iterator[Batch]) -> Iterator[Work]:
        """Work batches through, by the helpers while there are any."""
        kept: deque[Batch] = deque()
        if self._pool is not None:
            try:
                yield from self._beside(self._pool, found, kept)
            except BrokenProcessPool:
                self.end()
        yield from (work(batch, self._place) for batch in chain(kept, found))

    def _beside(
        self, pool: ProcessPoolExecutor, found: Iterator[Batch], kept: deque[Batch]
    ) -> Iterator[Work]:
        """What the helpers made of the batches; `kept` holds those of which that is not known."""
        results: deque[Future[Work]] = deque()
        for batch in chain(found, [None] * self._processes * WAITING):
            if batch is not None:
                kept.append(batch)
                results.append(pool.submit(_work, batch))
            if results and (batch is None or len(results) > self._processes * WAITING):
                done = results.popleft().result()
                yield _taken(done, kept.popleft(), self._place)

    def end(self) -> None:
        """Stop them, whatever they are at."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


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
