"""The end of a reading: what it brought begins to count, all of it at once."""

from registry.services.imports import held, plain, tissue
from registry.services.imports.held import Held, Moved
from registry.services.imports.lists import closing
from registry.services.imports.receipt import Receipt
from registry.services.imports.running import Run
from registry.services.unit import Unit


def finish(run: Run, receipt: Receipt) -> None:
    """Let rates count what a run brought, in one transaction with what follows for people known before.

    Nothing is written where somebody changed one of them since it was worked out: then it is worked out
    again for these. A reading that brought nothing leaves no run.
    """
    day = run.closing if run.origin.about == "deaths" else None
    if day is not None:
        run.begin()
    if run.id is None or run.superseded:
        return
    run_id, reason = run.id, run.origin.source
    but_not = run.doubtful | run.later.named
    tissue.settle(run_id, reason=reason)
    searched = set(closing.followed(day, but_not=but_not)) if day is not None else set()

    def note(unit: Unit, person_id: int) -> None:
        if day is not None and person_id in searched:
            closing.note(unit, person_id, run_id, day)

    found, people = Held(), {*held.touched(run_id), *searched}
    done = not run.later.count and day is None
    while not run.finished:
        simple = plain.among(people - searched, run_id)
        plain.work_out(found, simple, run_id)
        found.work_out(sorted(people - {*simple}), run_id, note)
        try:
            run.finish(found, receipt, done=done)
        except Moved as moved:
            people = {*moved.person_ids, *held.touched(run_id)} - (found.seen.keys() - {*moved.person_ids})
    held.settle(found.rest, reason=reason)
    if day is not None:
        closing.close(run_id, day, source=reason, but_not=but_not)
