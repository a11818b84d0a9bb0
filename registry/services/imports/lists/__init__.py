"""Files whose cases are no examinations: a day's list, pathology by number, deaths, a register."""

from collections.abc import Callable
from datetime import date

from registry.rules.problem import Invalid, flags, refusals
from registry.services.imports.case import Case
from registry.services.imports.lists import day, linkage, pathology
from registry.services.imports.receipt import Receipt, contents
from registry.services.imports.rehearsed import Rehearsed
from registry.services.imports.running import Run
from registry.services.unit import change

Store = Callable[..., str]
STORES: dict[str, Store] = {
    "day_list": day.store,
    "pathology": pathology.store,
    "deaths": linkage.store,
    "register": linkage.store,
}


def bring(chunk: list[Case], run: Run, receipt: Receipt, *, rehearsal: bool) -> None:
    """Store each case in a change of its own, or try to; the receipt says what became of it."""
    store = STORES[run.origin.about]
    for case in chunk:
        until = case.vital_status.get("complete_until")
        if isinstance(until, date):
            run.closing = min(until, run.closing or until)
        if refused := refusals(case.problems):
            receipt.refuse(case, refused)
            continue
        if doubts := flags(case.problems):
            receipt.flag(case, doubts)
        try:
            fate = _store(store, case, run, rehearsal=rehearsal)
        except Invalid as invalid:
            if isinstance(invalid, linkage.InDoubt):
                run.doubtful.update(invalid.person_ids)
            receipt.refuse(case, invalid.problems)
            continue
        if fate == linkage.PUT_OFF:
            continue
        if fate == linkage.UNMATCHED:
            receipt.count({"unmatched": 1}, "unchanged")
            receipt.unchanged += 1
            continue
        receipt.count(contents(case), fate)
        setattr(receipt, fate, getattr(receipt, fate) + 1)


def _store(store: Store, case: Case, run: Run, *, rehearsal: bool) -> str:
    if not rehearsal:
        run_id = run.begin()
        if run.holds and store is linkage.store:
            return linkage.store(case, run_id=run_id, source=run.origin.source, later=run.later)
        return store(case, run_id=run_id, source=run.origin.source)
    try:
        with change("import.rehearsal") as unit:
            run_id = run.id if run.id is not None else run.pretend(unit)
            fate = store(case, run_id=run_id, source=run.origin.source)
            unit.session.flush()
            raise Rehearsed
    except Rehearsed:
        return fate
