"""Bringing a file's cases in: each whole or not at all, in short batches, and never twice.

A run's cases are committed as they come but no rate counts them until the run is finished. A run
that was killed is completed by the next reading of the same file. What was brought is remembered by
keyed digests of key and content, so that a second reading changes nothing.
"""

from collections.abc import Callable, Iterable

from registry.access import Permission, demand
from registry.services.imports import ahead, closing, lists, tissue
from registry.services.imports.case import Batched, Case, batches
from registry.services.imports.judging import check, followed
from registry.services.imports.prepared import Prepared
from registry.services.imports.receipt import Receipt, Refused
from registry.services.imports.running import Origin, Run, Superseded
from registry.services.values import today

__all__ = ["Case", "Origin", "Receipt", "Refused", "Superseded", "bring_in", "check", "followed"]

BATCH = 500


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
    if scope.centre_id is None:
        raise ValueError("an import needs one centre to act for")
    run = Run(origin, scope.centre_id, scope.actor, run_id)
    receipt, day = Receipt(), today()
    found = batches(cases, BATCH)
    if origin.about == "cases":
        for done in ahead.worked(found, run.place(day), processes=processes):
            if stop():
                receipt.complete = False
                return receipt
            run.bring(_sound(done, receipt), receipt, rehearsal=dry_run)
            progress(len(done.judged), done.rows)
    else:
        for batch in found:
            if stop():
                receipt.complete = False
                return receipt
            chunk = batch.cases()
            lists.bring(chunk, run, receipt, rehearsal=dry_run)
            progress(len(chunk), batch.rows)
    if not dry_run:
        if run.id is not None and not run.finished:
            tissue.settle(run.id, reason=origin.source)
        if origin.about == "deaths" and run.closing is not None:
            closing.close(run.begin(), run.closing, source=origin.source, but_not=run.doubtful)
        run.finish(receipt)
        receipt.run_id = run.id
    return receipt


def _sound(done: ahead.Work, receipt: Receipt) -> list[Prepared]:
    """The cases that may be stored; the receipt says what is wrong or unlikely with any."""
    found = []
    for case, problems, prepared in done.judged:
        if prepared is None:
            receipt.refuse(case, problems)
            continue
        if problems:
            receipt.flag(case, problems)
        found.append(prepared)
    return found
