"""What becomes of a batch's sound cases: new persons in bulk, known ones through the services of the forms,
what is unchanged left alone, and changed rows put off until the run is finished."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from registry.access import unscoped
from registry.extensions import db
from registry.models import Enrolment, Person
from registry.rules.problem import Invalid, Problem
from registry.services.imports import memory
from registry.services.imports.ahead import persons
from registry.services.imports.ahead.batches import Ready, Work
from registry.services.imports.ahead.bulk import Writer
from registry.services.imports.ahead.drafted import Draft, Groups
from registry.services.imports.ahead.prepared import Prepared
from registry.services.imports.ahead.returning import judged
from registry.services.imports.ahead.rows import Block, Ids, Rows
from registry.services.imports.amending import amend
from registry.services.imports.entering import enter
from registry.services.imports.receipt import Receipt, contents
from registry.services.imports.running import Run
from registry.services.unit import batch


class Storing:
    """Stores batches for a run, or in a rehearsal only tries to; the receipt says what became of each."""

    def __init__(self, run: Run, receipt: Receipt, *, rehearsal: bool) -> None:
        self._run, self._receipt, self._rehearsal = run, receipt, rehearsal

    def bring(self, done: Work) -> None:
        """Store the sound cases of a batch; a key that comes twice is a later state of the same case."""
        first: dict[str, Ready] = {}
        again = [one for one in done.ready if first.setdefault(one.told.key, one) is not one]
        self._bring(first, done.draft)
        if again:
            self.bring(Work(0, ready=again))

    def _bring(self, some: dict[str, Ready], draft: Draft | None) -> None:
        new, changed = self._sort(some)
        if new and self._rehearsal:
            with unscoped("import"):
                whole, groups = self._grouped(db.session(), new, draft)
            db.session().rollback()
            self._count(new, whole, groups, None, None)
            self._enter(groups.later)
        elif new:
            self._store(new, draft)
        for one, memory_id in changed:
            if self._rehearsal or self._run.finished:
                self._amend(one, memory_id)
            else:
                self._run.later.put(one.case)

    def _sort(self, some: dict[str, Ready]) -> tuple[list[Ready], list[tuple[Ready, int]]]:
        """New and changed cases; what is unchanged goes to the receipt."""
        run = self._run
        with unscoped("import"):
            memories = memory.known(db.session(), some, source=run.origin.source, centre_id=run.centre_id)
        db.session().rollback()
        new, changed, orphans = [], [], []
        for key, one in some.items():
            before = memories.get(key)
            if before is None:
                new.append(one)
                continue
            orphaned = before.import_id in run.unfinished
            if orphaned:
                orphans.append(before)
            if before.content_digest != one.told.content:
                changed.append((one, before.id))
            else:
                ours = before.import_id in {run.id, *run.broken_off}
                self._tell(one.told.counts, "new" if orphaned or ours else "unchanged", before.person_id)
        if orphans and not self._rehearsal:
            run.adopt(orphans)
        return new, changed

    # ---- new cases

    def _store(self, new: list[Ready], draft: Draft | None) -> None:
        run = self._run
        with batch("import.batch", "import") as session:
            run_id = run.open(session)
            keys = [one.told.key for one in new]
            meanwhile = memory.known(session, keys, source=run.origin.source, centre_id=run.centre_id)
            fresh = [one for one in new if one.told.key not in meanwhile]
            whole, groups = self._grouped(session, fresh, draft)
            ids = Ids(session, run_id)
            blocks = _drafted(draft, whole)
            first = ids.next(Person) if blocks else None
            written = [ids.write(block) for block in blocks]
            second = ids.next(Person) if groups.people else None
            if groups.people or groups.again:
                writer = Writer(Rows(), run.centre_id, run.origin.source, run.actor_id, ids.next(Enrolment))
                for cases in groups.people.values():
                    writer.person(cases)
                for known, cases in groups.again.items():
                    writer.again((known.person_id or 0) - ids.next(Person), cases)
                blocks.append(writer.rows.block(run.driver))
                written.append(ids.write(blocks[-1]))
            if blocks:
                many = sum(draft.sizes[place] for place in whole) if draft is not None else 0
                many += sum(map(len, [*groups.people.values(), *groups.again.values()]))
                run.entry(session, run_id, {"cases": many} | _said(blocks, written))
        run.id = run_id
        self._count(fresh, whole, groups, first, second)
        for one in new:
            if one.told.key in meanwhile:
                self._tell(one.told.counts, "unchanged", meanwhile[one.told.key].person_id)
        self._enter(groups.later)

    def _grouped(
        self, session: Session, fresh: Sequence[Ready], draft: Draft | None
    ) -> tuple[set[int], Groups]:
        """Persons of the draft that are new indeed; the cases of all others, by person or one by one."""
        papers = {one.told.paper for one in fresh if one.told.paper}
        numbers = {one.told.number for one in fresh if one.told.number}
        met = persons.lookup(session, papers, numbers, centre_id=self._run.centre_id)
        left = Counter(one.drafted for one in fresh if not met.knows(one.told.paper, one.told.number))
        sizes = draft.sizes if draft is not None else []
        whole = {place for place, size in enumerate(sizes) if left[place] == size}
        groups = Groups(met)
        others = [one for one in fresh if one.drafted not in whole]
        named = {name for one in others for name in (one.told.paper, one.told.number) if name}
        seen: set[int] = set()
        for one in fresh:
            if one.drafted is None or one.drafted not in whole:
                try:
                    groups.take(one.prepared)
                except Invalid as invalid:
                    self._receipt.refuse(one.case, invalid.problems)
            elif one.drafted not in seen:
                seen.add(one.drafted)
                if {one.told.paper, one.told.number} & named:
                    met.add(one.prepared.sound, one.prepared.number)
        if self._run.holds:
            groups.again = judged(session, groups.again, self._refuse)
        else:  # nothing is worked out any more at the end of the run
            groups.later += chain.from_iterable(groups.again.values())
            groups.again = {}
        return whole, groups

    # ---- the receipt

    def _refuse(self, one: Prepared, problems: list[Problem]) -> None:
        self._receipt.refuse(one.case, problems)

    def _count(
        self, fresh: Sequence[Ready], whole: set[int], groups: Groups, first: int | None, second: int | None
    ) -> None:
        """Tell of new persons and their cases; `first` and `second` are the ids that those of the draft
        and the others begin with."""
        seen: set[int] = set()
        for one in fresh:
            if one.drafted is None or one.drafted not in whole:
                continue
            self._new(one.told.counts, known=one.drafted in seen)
            seen.add(one.drafted)
        for cases in groups.people.values():
            for place, prepared in enumerate(cases):
                self._new(contents(prepared.case), known=place > 0)
        for known, cases in groups.again.items():
            for prepared in cases:
                self._new(contents(prepared.case), known=True)
            if not self._run.tell_of([known.person_id or 0]):
                self._receipt.count({"persons": 1}, "unchanged")
        if first is not None:
            self._run.tell_of(first + place for place in sorted(whole))
        if second is not None:
            self._run.tell_of(range(second, second + len(groups.people)))

    def _new(self, counts: dict[str, int], *, known: bool) -> None:
        self._receipt.count(counts | {"persons": 0} if known else counts, "new")
        self._receipt.new += 1

    def _tell(self, counts: dict[str, int], fate: str, person_id: int | None) -> None:
        """Count a case and its records; a person once, though several cases in a row are theirs."""
        told = person_id is not None and self._run.tell_of([person_id])
        self._receipt.count(counts | {"persons": 0} if told else counts, fate)
        setattr(self._receipt, fate, getattr(self._receipt, fate) + 1)

    # ---- one by one

    def _enter(self, later: list[Prepared]) -> None:
        for one in later:
            try:
                person_id, known, more = enter(
                    one,
                    run_id=self._run.id,
                    source=self._run.origin.source,
                    rehearsal=self._rehearsal,
                    hold=self._run.holds,
                )
            except Invalid as invalid:
                self._receipt.refuse(one.case, invalid.problems)
                continue
            if more and not self._rehearsal:
                self._run.later.put(one.case, told=True)
            self._new(contents(one.case), known=True)
            if not self._run.tell_of([person_id]):
                self._receipt.count({"persons": 1}, "unchanged" if known else "new")

    def _amend(self, one: Ready, memory_id: int) -> None:
        source = self._run.origin.source
        try:
            self._receipt.questions += amend(
                one.prepared, memory_id, source=source, rehearsal=self._rehearsal
            )
        except Invalid as invalid:
            self._receipt.refuse(one.case, invalid.problems)
            return
        self._tell(one.told.counts, "updated", None)


def _drafted(draft: Draft | None, whole: set[int]) -> list[Block]:
    if draft is None or not whole:
        return []
    return [draft.block if len(whole) == len(draft.sizes) else draft.block.only(whole)]


def _said(blocks: list[Block], written: list[dict[str, int]]) -> dict[str, Any]:
    """What the batch's audit entry says: how many rows of each table, and a digest over all of them."""
    counts = sum(map(Counter, written), Counter[str]())
    digests = [block.digest for block in blocks]
    return counts | {"digest": digests[0] if len(digests) == 1 else _over(digests)}


def _over(digests: list[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()
