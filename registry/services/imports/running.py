"""One reading of a file into one centre: which run it belongs to, and its batches."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from registry.access import Scope, unscoped
from registry.codes.desk import RunState
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, Examination, ImportedCase, ImportRun, Person, Tumour, VitalStatus
from registry.services.imports.ahead.batches import Place
from registry.services.imports.held import Held
from registry.services.imports.later import Later
from registry.services.imports.receipt import Receipt
from registry.services.staff.source_words import staff_of
from registry.services.unit import Unit, batch

RECENT = 2000


class Superseded(RuntimeError):
    """Another reading of the same file finished this run meanwhile; start again, nothing is lost."""

    said = Label(
        "同一文件已由另一次导入完成；请重新开始，数据不会丢失或重复",
        "Another reading of this file was finished meanwhile: start again, nothing is lost or stored twice",
    )

    def __init__(self) -> None:
        super().__init__(str(self.said))


class Origin:
    """Where cases come from: the source's name, the mapping and the file, by name and digest.

    `about` is what the file's cases are (see exchange.mapping).
    """

    def __init__(
        self, source: str, mapping: str, mapping_digest: str, file_digest: str, about: str = "cases"
    ) -> None:
        self.source, self.mapping, self.about = source, mapping, about
        self.mapping_digest, self.file_digest = mapping_digest, file_digest


class Run:
    """The run that a reading writes to: the given one, an unfinished one of this file, or a fresh one."""

    def __init__(self, origin: Origin, scope: Scope, run_id: int | None, later: Later) -> None:
        if scope.centre_id is None:
            raise ValueError("an import needs one centre to act for")
        centre_id = scope.centre_id
        self.later = later
        self.origin, self.centre_id = origin, centre_id
        self.actor, self.actor_id = scope.actor, scope.actor_id
        self.staff = staff_of(centre_id)
        self._seen: dict[int, None] = {}
        self.closing: date | None = None  # the day until which a list of deaths is complete
        self.doubtful: set[int] = set()  # whom such a list may mean, not surely
        begun = ImportRun.centre_id == centre_id, ImportRun.source == origin.source
        unfinished = select(ImportRun.id).where(*begun, ImportRun.finished_at.is_(None))
        same = unfinished.where(
            ImportRun.file_digest == origin.file_digest, ImportRun.state != RunState.PREVIEW
        )
        with unscoped("import"):
            session = db.session()
            self.id: int | None = run_id or session.scalar(same.order_by(ImportRun.id.desc()).limit(1))
            self.unfinished = set(session.scalars(unfinished)) - {self.id}
            row = session.get(ImportRun, self.id) if self.id is not None else None
            self.superseded = row is not None and row.finished_at is not None
            # killed when it was finished and not all was done that waited for that
            broken_off = select(ImportRun.id).where(
                *begun, ImportRun.finished_at.is_not(None), ImportRun.state == RunState.RUNNING
            )
            self.broken_off = set(session.scalars(broken_off))
        session.rollback()
        self.finished = self.done = False
        if self.id in self.broken_off:
            self.id, self.superseded = None, False

    @property
    def driver(self) -> str:
        """Dialect and driver of the database, as its address begins."""
        dialect = db.engine.dialect
        return f"{dialect.name}+{dialect.driver}"

    def place(self, day: date) -> Place:
        """Where the run's cases are prepared for."""
        return Place(self.origin.source, self.centre_id, self.staff, day, self.actor_id, self.driver)

    def tell_of(self, person_ids: Iterable[int]) -> bool:
        """Remember of whom the receipt told lately; whether it had told of any of them before."""
        before = False
        for person_id in person_ids:
            before |= person_id in self._seen
            self._seen[person_id] = None
        while len(self._seen) > RECENT:
            del self._seen[next(iter(self._seen))]
        return before

    def begin(self) -> int:
        """The run's id, made where there is none yet."""
        if self.id is None:
            with batch("import.batch", "import") as session:
                run_id = self.open(session)
                self.entry(session, run_id, {})
            self.id = run_id
        return self.id

    @property
    def holds(self) -> bool:
        """Whether what was there before the run still stays as it was."""
        return not self.finished

    def finish(self, held: Held, receipt: Receipt, *, done: bool) -> None:
        """From here rates count what the run brought, and what it means for people known before.

        `done` is false where something waits for this; `conclude` follows then. Raises held.Moved,
        changing nothing, where somebody changed one of those people since.
        """
        run_id = self.begin()
        with batch("import.finish", "import") as session:
            self.open(session)
            counts = self._counts(receipt)
            now = datetime.now(UTC)
            state = RunState.FINISHED if done else RunState.RUNNING
            told = {"finished_at": now, "seen_at": now, "state": state, **counts}
            session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**told))
            self.entry(session, run_id, counts | held.write(session))
        self.finished, self.done = True, done

    def conclude(self, receipt: Receipt) -> None:
        """Nothing waits any more, of this run or of one that was broken off."""
        waited: dict[int, dict[str, int]] = {one: {} for one in self.broken_off}
        if self.id is not None and not self.superseded and not self.done:
            waited[self.id] = self._counts(receipt)
        if not waited:
            return
        with batch("import.concluded", "import") as session:
            for run_id, counts in waited.items():
                told = {"state": RunState.FINISHED, "seen_at": datetime.now(UTC)} | counts
                session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**told))
                self.entry(session, run_id, counts)

    def _counts(self, receipt: Receipt) -> dict[str, int]:
        return {
            "rows": receipt.cases,
            "new": receipt.new,
            "unchanged": receipt.unchanged,
            "updated": receipt.updated,
            "refused": len(receipt.refused),
        }

    def open(self, session: Session) -> int:
        """The run's id, inside a batch: made at the first one; `Superseded` if somebody finished it."""
        now = datetime.now(UTC)
        if self.id is not None:
            row = session.get_one(ImportRun, self.id)
            if row.finished_at is not None and not self.finished:
                raise Superseded
            row.seen_at, row.actor, row.state = now, self.actor, RunState.RUNNING
            row.mapping_digest = self.origin.mapping_digest
            return row.id
        made = insert(ImportRun).values(**self._columns(now))
        return int(session.scalars(made.returning(ImportRun.id)).one())

    def pretend(self, unit: Unit) -> int:
        """A run for a rehearsal's one change, gone with it."""
        row = unit.add(ImportRun(**self._columns(datetime.now(UTC))))
        unit.session.flush()
        return row.id

    def _columns(self, now: datetime) -> dict[str, Any]:
        return {
            "centre_id": self.centre_id,
            "mapping": self.origin.mapping,
            "mapping_digest": self.origin.mapping_digest,
            "file_digest": self.origin.file_digest,
            "source": self.origin.source,
            "actor": self.actor,
            "started_at": now,
            "seen_at": now,
        }

    def adopt(self, orphans: list[Any]) -> None:
        """Cases of another, unfinished reading of the source are this one's now: rates wait for it."""
        people = {row.person_id for row in orphans}
        examinations = {row.examination_id for row in orphans} - {None}
        with batch("import.adopt", "import") as session:
            run_id = self.open(session)
            for model, rows in (
                (ImportedCase, ImportedCase.id.in_([row.id for row in orphans])),
                (Examination, Examination.id.in_(examinations)),
                (Person, Person.id.in_(people)),
                (Enrolment, Enrolment.person_id.in_(people)),
                (Tumour, Tumour.person_id.in_(people)),
                (VitalStatus, VitalStatus.person_id.in_(people)),
            ):
                session.execute(
                    update(model)
                    .where(rows, model.import_id.in_(self.unfinished))
                    .values(import_id=run_id)
                    .execution_options(synchronize_session=False)
                )
            self.entry(session, run_id, {"adopted": len(orphans)})
        self.id = run_id

    def entry(self, session: Session, run_id: int, counts: dict[str, Any]) -> None:
        session.info["entries"].append(
            {
                "changes": {name: [None, value] for name, value in counts.items()},
                "subject": "import_run",
                "subject_id": run_id,
                "centre_id": self.centre_id,
            }
        )
