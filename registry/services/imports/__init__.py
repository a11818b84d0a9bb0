"""Bringing a file's cases in: each whole or not at all, in short batches, and never twice.

A run's cases are committed as they come but no rate counts them, and nothing of people known before
moves, until the run is finished: see `held`. What changes a record itself waits for that. A run that
was killed is completed by the next reading of the same file. What was brought is remembered by
keyed digests of key and content, so that a second reading changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator

from registry.access import Permission, demand
from registry.services import health
from registry.services.imports import finishing, lists
from registry.services.imports.ahead import batches
from registry.services.imports.case import Batched, Case
from registry.services.imports.judging import check, followed
from registry.services.imports.later import Later
from registry.services.imports.receipt import Receipt, Refused
from registry.services.imports.running import Origin, Run, Superseded
from registry.services.imports.storing import Storing
from registry.services.values import today

__all__ = ["Case", "Origin", "Receipt", "Refused", "Superseded", "bring_in", "check", "followed"]

BATCH = 500
MANY = 1000  # new cases that may change how large the tables are beside each other


def bring_in(
    cases: Batched | Iterable[Case],
    origin: Origin,
    *,
    run_id: int | None = None,
    dry_run: bool = False,
    processes: int = 0,
    progress: Callable[[int, int], object] = lambda cases, rows: None,
    stop: Callable[[], bool] = lambda: False,
) -> Receipt:
    """Store the cases of one file at the centre that is acted for; say what became of each.

    Parameters
    ----------
    cases : Batched, or iterable of Case
        As exchange.gathering.cases.gather gives them: one person's cases beside each other.
    run_id : int or None
        A run that was made for this reading; None to find or make one.
    dry_run : bool
        Only say what would be stored and what refused; nothing is written.
    processes : int
        How many processes may work ahead of the writer where the file is large; see `ahead`.
    progress : callable
        Told after each batch how many cases it had, and how many rows of the file.
    stop : callable
        Asked before each batch; if it answers True the reading ends there, the run stays unfinished
        and may be gone on with.

    Raises
    ------
    Superseded
        When another reading of the same file finished the run meanwhile.
    """
    scope = demand(Permission.IMPORT)
    receipt = Receipt()
    with Later() as later, batches.seldom_collected():
        run = Run(origin, scope, run_id, later)
        for done in _worked(cases, run, processes):
            if stop():
                receipt.complete = False
                return receipt
            _bring(done, run, receipt, rehearsal=dry_run)
            progress(done.cases, done.rows)
        if dry_run:
            return receipt
        finishing.finish(run, receipt)
        run.finished = True
        for case, told in later:
            for done in _worked([case], run):
                _bring(done, run, aside := Receipt(), rehearsal=False)
            receipt.add(aside, told=told)
        run.conclude(receipt)
    if receipt.new >= MANY:
        health.measure_tables()
    receipt.run_id = run.id
    return receipt


def _worked(cases: Batched | Iterable[Case], run: Run, processes: int = 0) -> Iterator[batches.Work]:
    """Cases judged and prepared by the batch; entries of a list as they are."""
    if run.origin.about == "cases":
        return batches.worked(cases, BATCH, run.place(today()), processes=processes)
    return batches.unjudged(cases, BATCH)


def _bring(done: batches.Work, run: Run, receipt: Receipt, *, rehearsal: bool) -> None:
    """Store a batch of a file's cases, or of a list's entries; the receipt says what is wrong with any."""
    if run.origin.about != "cases":
        lists.bring(done.listed, run, receipt, rehearsal=rehearsal)
        return
    for case, problems in done.refused:
        receipt.refuse(case, problems)
    for one in done.ready:
        if one.flags:
            receipt.flag(one.case, one.flags)
    Storing(run, receipt, rehearsal=rehearsal).bring(done)
