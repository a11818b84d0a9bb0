"""A file on its way in: uploaded, previewed, brought in by a worker in the background, stopped, resumed.

A run waits until a worker claims it. While it works it says so every few seconds; one that has said
nothing for IMPORT_LEASE_SECONDS was killed, and the next worker goes on with its run. All of this is
small state of a desk; what the file brings is written by `bring_in` under the scope of who uploaded it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from registry.access import Forbidden, Permission, Scope, demand
from registry.codes.desk import FileKind, RunState
from registry.extensions import db
from registry.label import Label
from registry.models import ImportRun, User
from registry.rules.problem import Invalid, refusal
from registry.services.here import centre_here
from registry.services.imports.receipt import Receipt
from registry.services.imports.uploads import files
from registry.services.staff import sign_in
from registry.services.unit import keep, note

UNCLAIMED = datetime(1970, 1, 1, tzinfo=UTC)
SIZE = Label("上传文件的大小", "Size of an uploaded file")
READY = Label("先预览，再导入", "A file is previewed before it is brought in")


@dataclass(frozen=True)
class Job:
    """A run that a worker has claimed. `rehearsal`: say what would be stored, store nothing."""

    run_id: int
    user_id: int
    centre_id: int
    rehearsal: bool
    file_name: str
    file_digest: str
    mapping: str
    content: str
    source: str


def upload(*, name: str, content: bytes) -> int:
    """Keep a file, sealed, as a new run that has no mapping yet; the run's id.

    Raises `Invalid` where the file is empty or larger than IMPORT_MEGABYTES.
    """
    scope, centre_id = demand(Permission.IMPORT), centre_here()
    most = int(current_app.config["IMPORT_MEGABYTES"])
    if not content:
        raise Invalid([refusal("file", "文件是空的，请另选一个", "The file is empty: choose another", SIZE)])
    if len(content) > most * 1024 * 1024:
        zh = f"文件超过 {most} MB：请按月份或年份分成几个文件，分别导入"
        en = f"The file is larger than {most} MB: split it by month or year and bring the parts in one by one"
        raise Invalid([refusal("file", zh, en, SIZE)])
    files.drop_expired()
    at = datetime.now(UTC)
    with keep() as session:
        run = ImportRun(
            mapping="", mapping_digest="", source="", file_digest=hashlib.sha256(content).hexdigest(),
            actor=scope.actor, user_id=scope.actor_id, centre_id=centre_id, started_at=at, seen_at=UNCLAIMED,
            state=RunState.PREVIEW, file_name=name[-200:],
        )  # fmt: skip
        session.add(run)
        session.flush()
        files.put(
            session, import_id=run.id, centre_id=centre_id, kind=FileKind.UPLOADED, name=name, content=content
        )
    _note("import.upload", run.id)
    return run.id


def choose(run_id: int, *, name: str, source: str, content: str) -> None:
    """Take a mapping for a run and have its preview made."""
    with keep() as session:
        run = _own(session, run_id)
        if run.state is not RunState.PREVIEW and not _resumable(run):
            raise Invalid([_not_now()])
        run.mapping, run.source, run.content = name, source, content
        run.mapping_digest = hashlib.sha256(content.encode()).hexdigest()
        _queue(run, RunState.PREVIEW)
        run.receipt = None


def bring(run_id: int) -> None:
    """Have a previewed file brought in."""
    with keep() as session:
        run = _own(session, run_id)
        if run.state is not RunState.PREVIEW or run.receipt is None:
            raise Invalid([_not_now()])
        _queue(run, RunState.WAITING)
    _note("import.start", run_id)


def cancel(run_id: int) -> None:
    """Stop a run: at once where nobody works on it, else at the end of the batch under way."""
    with keep() as session:
        run = _own(session, run_id)
        if run.finished_at is not None:
            raise Invalid([_not_now()])
        run.stop = True
        if not working(run):
            run.state = RunState.CANCELLED
    _note("import.cancel", run_id)


def resume(run_id: int) -> None:
    """Go on with a run that was stopped or failed; what it has brought already is found again."""
    with keep() as session:
        run = _own(session, run_id)
        if not _resumable(run) or not run.content:
            raise Invalid([_not_now()])
        _queue(run, RunState.PREVIEW if run.receipt is None else RunState.WAITING)
    _note("import.start", run_id)


def working(run: ImportRun) -> bool:
    """Whether a worker has this run in hand and has said so lately."""
    lease = timedelta(seconds=int(current_app.config["IMPORT_LEASE_SECONDS"]))
    asked_for = run.state in (RunState.PREVIEW, RunState.RUNNING) and run.content is not None
    previewed = run.state is RunState.PREVIEW and run.receipt is not None
    return asked_for and not previewed and datetime.now(UTC) - run.seen_at < lease


def waits() -> bool:
    """Whether a run of the reader's centre is there to be worked on."""
    db.session.rollback()  # what was read before saw the runs as they were then
    return db.session.scalar(_claimable().limit(1)) is not None


# ---- the worker's side: no scope yet, so each of these names its run ---------------------------------


def claim() -> Job | None:
    """Take the oldest run that waits, or whose worker was killed; None where there is none."""
    with keep() as session:
        run = session.scalar(_claimable().order_by(ImportRun.id).limit(1))
        if run is None:
            return None
        run.seen_at = datetime.now(UTC)
        if run.state is RunState.WAITING:
            run.state = RunState.RUNNING
        return Job(
            run.id, run.user_id or 0, run.centre_id, run.state is RunState.PREVIEW, run.file_name or "",
            run.file_digest, run.mapping, run.content or "", run.source,
        )  # fmt: skip


def scope_of(job: Job) -> Scope:
    """The scope of who uploaded the file, as their roles are now; `Forbidden` if they may no longer."""
    user = db.session.get(User, job.user_id)
    here = sign_in.places(user) if user is not None and user.active else []
    place = next((place for place in here if place.centre_id == job.centre_id), None)
    if user is None or place is None:
        raise Forbidden("who uploaded the file works there no longer")
    scope = Scope.of(user, job.centre_id, place.label.zh)
    if Permission.IMPORT not in scope.may:
        raise Forbidden("who uploaded the file may no longer import")
    return scope


def language_of(job: Job) -> str:
    """The language of who uploaded the file."""
    user = db.session.get(User, job.user_id)
    return user.language if user is not None else "zh"


def beat(job: Job, *, done: int, total: int | None) -> bool:
    """Say that the work goes on, and how far it is; False when it was asked to stop."""
    with keep() as session:
        run = session.get_one(ImportRun, job.run_id)
        run.seen_at, run.done, run.total = datetime.now(UTC), done, total
        return not run.stop


def conclude(job: Job, receipt: Receipt, *, rows: int, returned: bytes) -> None:
    """Keep what a preview or an import came to, and the rows that come back."""
    with keep() as session:
        run = session.get_one(ImportRun, job.run_id)
        run.receipt = json.dumps(_counts(receipt, rows, job.rehearsal))
        run.state = RunState.PREVIEW if job.rehearsal else RunState.FINISHED
        run.seen_at, run.done, run.total = datetime.now(UTC), rows, rows
        files.put(
            session, import_id=run.id, centre_id=run.centre_id, kind=FileKind.RETURNED,
            name=run.file_name or "", content=returned,
        )  # fmt: skip


def stopped(job: Job) -> None:
    """Leave a run as it is, because it was asked to stop."""
    with keep() as session:
        run = session.get_one(ImportRun, job.run_id)
        run.state, run.seen_at = RunState.CANCELLED, datetime.now(UTC)


def fail(job: Job, why: Label) -> None:
    """Put a run aside that cannot go on, with the reason; nothing of it is in any rate."""
    with keep() as session:
        run = session.get_one(ImportRun, job.run_id)
        run.state, run.why, run.seen_at = RunState.FAILED, why, datetime.now(UTC)


def _claimable() -> Any:
    lease = timedelta(seconds=int(current_app.config["IMPORT_LEASE_SECONDS"]))
    unpreviewed = and_(ImportRun.state == RunState.PREVIEW, ImportRun.receipt.is_(None))
    under_way = or_(unpreviewed, ImportRun.state.in_([RunState.WAITING, RunState.RUNNING]))
    return select(ImportRun).where(
        under_way,
        ImportRun.content.is_not(None),
        ImportRun.user_id.is_not(None),
        ImportRun.seen_at < datetime.now(UTC) - lease,
    )


def _queue(run: ImportRun, state: RunState) -> None:
    run.state, run.seen_at, run.stop, run.fault = state, UNCLAIMED, False, None
    run.done, run.total = 0, None


def _resumable(run: ImportRun) -> bool:
    return run.state in (RunState.CANCELLED, RunState.FAILED) and run.finished_at is None


def _own(session: Session, run_id: int) -> ImportRun:
    """The run, of the centre that is acted for; the apart session is not narrowed for us."""
    demand(Permission.IMPORT)
    run = session.get(ImportRun, run_id)
    if run is None or run.centre_id != centre_here():
        raise Forbidden("this import is another centre's")
    return run


def _not_now() -> Any:
    return refusal(
        "run", "这次导入现在不能这样做；请刷新页面", "This import is not at that step: reload the page", READY
    )


def _counts(receipt: Receipt, rows: int, rehearsal: bool) -> dict[str, Any]:
    return {
        "rehearsal": rehearsal,
        "rows": rows,
        "cases": receipt.cases,
        "new": receipt.new,
        "updated": receipt.updated,
        "unchanged": receipt.unchanged,
        "refused": len(receipt.refused),
        "flagged": len(receipt.flagged),
        "questions": receipt.questions,
        "kinds": receipt.table(),
    }


def _note(action: str, run_id: int) -> None:
    note({"action": action, "kind": "file", "subject": "import_run", "subject_id": run_id})
