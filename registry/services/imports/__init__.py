"""Bringing a file's cases in: each whole or not at all, in short batches, and never twice.

A run's cases are committed as they come but no rate counts them, and nothing of people known before
moves, until the run is finished: see `held`. What changes a record itself waits for that. A run that
was killed is completed by the next reading of the same file. What was brought is remembered by
keyed digests of key and content, so that a second reading changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator

from registry.access import Permission, demand
from registry.rules.problem import refusals
from registry.services.imports import finishing, lists
from registry.services.imports.case import Case
from registry.services.imports.judging import check, followed, weigh
from registry.services.imports.later import Later
from registry.services.imports.receipt import Receipt, Refused
from registry.services.imports.running import Origin, Run, Superseded
from registry.services.values import today

__all__ = ["Case", "Origin", "Receipt", "Refused", "Superseded", "bring_in", "check", "followed"]

BATCH = 500


def bring_in(
    cases: Iterable[Case],
    origin: Origin,
    *,
    run_id: int | None = None,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda cases: None,
    stop: Callable[[], bool] = lambda: False,
) -> Receipt:
    """Store the cases of one file at the centre that is acted for; say what became of each.

    Parameters
    ----------
    cases : iterable of Case
        As exchange.cases.gather yields them: one person's cases beside each other.
    run_id : int or None
        A run that was made for this reading; None to find or make one.
    dry_run : bool
        Only say what would be stored and what refused; nothing is written.
    progress : callable
        Told after each batch how many cases it had.
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
    receipt = Receipt()
    with Later() as later:
        run = Run(origin, scope.centre_id, scope.actor, run_id, later)
        for chunk in _chunks(iter(cases)):
            if stop():
                receipt.complete = False
                return receipt
            _bring(chunk, run, receipt, rehearsal=dry_run)
            progress(len(chunk))
        if dry_run:
            return receipt
        finishing.finish(run, receipt)
        run.finished = True
        for case, told in later:
            _bring([case], run, aside := Receipt(), rehearsal=False)
            receipt.add(aside, told=told)
        run.conclude(receipt)
    receipt.run_id = run.id
    return receipt


def _bring(chunk: list[Case], run: Run, receipt: Receipt, *, rehearsal: bool) -> None:
    """Store a batch of a file's cases, or of a list's entries."""
    if run.origin.about != "cases":
        lists.bring(chunk, run, receipt, rehearsal=rehearsal)
        return
    sound, day = [], today()
    for case in chunk:
        one = weigh(case, today=day)
        if refused := refusals(one.problems):
            receipt.refuse(case, refused)
            continue
        if one.problems:
            receipt.flag(case, one.problems)
        sound.append(one)
    run.bring(sound, receipt, rehearsal=rehearsal)


def _chunks(cases: Iterator[Case]) -> Iterator[list[Case]]:
    """Cases a batch at a time; one person's cases stay together, up to twice as many."""
    chunk: list[Case] = []
    for case in cases:
        if len(chunk) >= BATCH and (len(chunk) >= 2 * BATCH or _who(case) != _who(chunk[-1])):
            yield chunk
            chunk = []
        chunk.append(case)
    if chunk:
        yield chunk


def _who(case: Case) -> object:
    """By which neighbouring cases are one person's; each its own where nothing says."""
    return case.document.get("value") or case.enrolment.get("record_number") or object()
