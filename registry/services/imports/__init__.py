"""Bringing a file's cases in: each whole or not at all, in short batches, and never twice.

A run's cases are committed as they come but no rate counts them until the run is finished. A run
that was killed is taken up again by the next reading of the same source. What was brought is
remembered by keyed digests of key and content, so that a second reading changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from registry.access import Permission, demand, unscoped
from registry.extensions import db
from registry.models import ImportRun
from registry.rules.problem import Invalid, refusals
from registry.services.imports.amend import amend, number_taken
from registry.services.imports.bulk import (
    Prepared,
    content_digest,
    key_digest,
    known,
    numbers_in_use,
    prepare,
    store,
)
from registry.services.imports.case import Case
from registry.services.imports.judging import check, followed, judge
from registry.services.imports.receipt import Receipt, Refused
from registry.services.unit import batch
from registry.services.values import today

__all__ = ["Case", "Origin", "Receipt", "Refused", "Superseded", "bring_in", "check", "followed"]

BATCH = 500


class Superseded(RuntimeError):
    """Another reading of the same source finished this run meanwhile; start again, nothing is lost."""


class Origin:
    """Where cases come from: the source's name, the mapping and the file, by name and digest."""

    def __init__(self, source: str, mapping: str, mapping_digest: str, file_digest: str) -> None:
        self.source, self.mapping = source, mapping
        self.mapping_digest, self.file_digest = mapping_digest, file_digest


def bring_in(
    cases: Iterable[Case],
    origin: Origin,
    *,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda cases: None,
) -> Receipt:
    """Store the cases of one file at the centre that is acted for; say what became of each.

    `dry_run` only says. `progress` is told how many cases each batch had.
    """
    scope = demand(Permission.IMPORT)
    if scope.centre_id is None:
        raise ValueError("an import needs one centre to act for")
    run = _Run(origin, scope.centre_id, scope.actor)
    receipt = Receipt()
    day = today()
    waiting = iter(cases)
    while chunk := list(islice(waiting, BATCH)):
        new, changed = _sort(chunk, run, receipt, day)
        if dry_run:
            run.rehearse(new, changed, receipt)
        else:
            run.store(new, receipt)
            run.amend(changed, receipt)
        progress(len(chunk))
    if not dry_run:
        run.finish(receipt)
    return receipt


def _sort(
    chunk: list[Case], run: "_Run", receipt: Receipt, today: date
) -> tuple[list[Case], list[tuple[Case, int]]]:
    """The chunk's new and changed cases; what is refused or unchanged goes to the receipt."""
    sound = []
    for case in chunk:
        problems = judge(case, today=today)
        if refused := refusals(problems):
            receipt.refuse(case, refused)
            continue
        if problems:
            receipt.flag(case, problems)
        sound.append(case)
    digests = {key_digest(run.origin.source, case): case for case in sound}
    with unscoped("import"):
        memories = known(db.session(), list(digests), source=run.origin.source, centre_id=run.centre_id)
    db.session().rollback()
    new, changed = [], []
    for digest, case in digests.items():
        memory = memories.get(digest)
        if memory is None:
            new.append(case)
        elif memory.content_digest != content_digest(case):
            changed.append((case, memory.id))
        elif memory.import_id != run.id:
            receipt.unchanged += 1
        else:
            receipt.new += 1
    return new, changed


class _Run:
    """The run that a reading writes to: an unfinished one of the same source, else a fresh one."""

    def __init__(self, origin: Origin, centre_id: int, actor: str) -> None:
        self.origin, self.centre_id, self.actor = origin, centre_id, actor
        unfinished = select(func.max(ImportRun.id)).where(
            ImportRun.centre_id == centre_id,
            ImportRun.source == origin.source,
            ImportRun.finished_at.is_(None),
        )
        with unscoped("import"):
            self.id: int | None = db.session().scalar(unfinished)

    def store(self, cases: list[Case], receipt: Receipt) -> None:
        """Write new cases in one batch, sealed beforehand."""
        prepared = [prepare(case, source=self.origin.source, centre_id=self.centre_id) for case in cases]
        if not prepared:
            return
        with batch("import.batch", "import") as session:
            run_id = self._open(session)
            fit = list(self._fit(session, prepared, receipt))
            if fit:
                entry = store(
                    session, fit, run_id=run_id, centre_id=self.centre_id, source=self.origin.source
                )
                session.info["entries"].append(entry | self._subject(run_id))
        self.id = run_id
        receipt.new += len(fit)

    def rehearse(self, cases: list[Case], changed: list[tuple[Case, int]], receipt: Receipt) -> None:
        """What storing would come to; writes nothing."""
        prepared = [prepare(case, source=self.origin.source, centre_id=self.centre_id) for case in cases]
        with unscoped("import"):
            receipt.new += len(list(self._fit(db.session(), prepared, receipt)))
        receipt.updated += len(changed)

    def amend(self, changed: list[tuple[Case, int]], receipt: Receipt) -> None:
        """Bring changed cases up to date, each in a change of its own."""
        if changed and self.id is None:
            with batch("import.batch", "import") as session:
                run_id = self._open(session)
                session.info["entries"].append(self._subject(run_id))
            self.id = run_id
        for case, memory_id in changed:
            try:
                amend(case, memory_id, source=self.origin.source)
                receipt.updated += 1
            except Invalid as invalid:
                receipt.refuse(case, invalid.problems)

    def finish(self, receipt: Receipt) -> None:
        """From here rates count what the run brought. A reading that brought nothing leaves no run."""
        if self.id is None:
            return
        with batch("import.finish", "import") as session:
            self._open(session)
            counts = {
                "rows": receipt.cases,
                "new": receipt.new,
                "unchanged": receipt.unchanged,
                "updated": receipt.updated,
                "refused": len(receipt.refused),
            }
            now = datetime.now(UTC)
            session.execute(
                update(ImportRun)
                .where(ImportRun.id == self.id)
                .values(finished_at=now, seen_at=now, **counts)
            )
            entry = {"changes": {name: [None, number] for name, number in counts.items()}}
            session.info["entries"].append(entry | self._subject(self.id))

    def _open(self, session: Session) -> int:
        """The run's id, inside a batch: made at the first one; `Superseded` if somebody finished it."""
        now = datetime.now(UTC)
        if self.id is not None:
            row = session.get_one(ImportRun, self.id)
            if row.finished_at is not None:
                raise Superseded(f"import run {self.id} was finished by another reading of the same source")
            row.seen_at, row.actor = now, self.actor
            row.mapping_digest, row.file_digest = self.origin.mapping_digest, self.origin.file_digest
            return row.id
        made = insert(ImportRun).values(
            centre_id=self.centre_id,
            mapping=self.origin.mapping,
            mapping_digest=self.origin.mapping_digest,
            file_digest=self.origin.file_digest,
            source=self.origin.source,
            actor=self.actor,
            started_at=now,
            seen_at=now,
        )
        return int(session.scalars(made.returning(ImportRun.id)).one())

    def _fit(self, session: Session, prepared: list[Prepared], receipt: Receipt) -> Iterator[Prepared]:
        """Those that are still new under the write lock and whose record number is free."""
        digests = [one.key_digest for one in prepared]
        meanwhile = known(session, digests, source=self.origin.source, centre_id=self.centre_id)
        numbers = [one.enrolment["record_number_digest"] for one in prepared]
        taken = numbers_in_use(
            session, [number for number in numbers if number is not None], centre_id=self.centre_id
        )
        for one in prepared:
            number = one.enrolment["record_number_digest"]
            if one.key_digest in meanwhile:
                receipt.unchanged += 1
            elif number is not None and number in taken:
                receipt.refuse(one.case, [number_taken()])
            else:
                if number is not None:
                    taken.add(number)
                yield one

    def _subject(self, run_id: int) -> dict[str, object]:
        return {"subject": "import_run", "subject_id": run_id, "centre_id": self.centre_id}
