"""The worker that brings files in while their owner does something else.

One thread of the serving process takes runs one after another, each under the scope of who uploaded
the file. A process that dies leaves its run claimed; when the lease is over, whichever process sees it
next goes on with it.
"""

import os
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import closing

from flask import Flask, current_app

from registry.access import Forbidden, act_as, act_as_nobody
from registry.codes.desk import FileKind
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.exchange.returned import Returned, packed
from registry.exchange.uploaded import on_disk, opened
from registry.label import Label, reading
from registry.services import imports
from registry.services.imports.uploads import files, runs
from registry.services.people import likeness
from registry.services.values import today

BEAT = 2.0
GONE = Label(
    "上传的文件已过保留期，请重新上传；已导入的部分会认出来，不会重复",
    "The uploaded file is kept no longer: upload it again; what was brought in is found again",
)
NOT_ALLOWED = Label(
    "上传者已不在本中心，或不再有导入权限",
    "Who uploaded the file no longer works here, or may no longer import",
)
BROKEN = Label(
    "系统出错，已停下；已导入的部分完好，可以继续",
    "Something went wrong and the work stopped; what was brought in is safe, and it can go on",
)


class Worker:
    """The thread of one application; it ends when nothing waits, and `wake` begins another."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def wake(self) -> None:
        """See to it that somebody works."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._work, name="import", daemon=True)
                self.thread.start()

    def wait(self) -> None:
        """Until nothing is left to be done."""
        while (thread := self.thread) is not None and thread.is_alive():
            thread.join()

    def _work(self) -> None:
        with self.app.app_context():
            files.drop_expired()
        while True:
            with self.app.app_context():
                act_as_nobody()
                if (job := runs.claim()) is None:
                    with self.lock:
                        self.thread = None
                    return
                carry_out(job)


def worker(app: Flask) -> Worker:
    """The application's worker."""
    found: Worker = app.extensions.setdefault("registry.worker", Worker(app))
    return found


def carry_out(job: runs.Job) -> None:
    """Preview a claimed run or bring it in, and keep what it came to; a failure is kept with its reason."""
    with reading(runs.language_of(job)):
        try:
            act_as(runs.scope_of(job))
            _bring_in(job)
        except (mapping.MappingFault, readers.Unreadable, imports.Superseded) as wrong:
            runs.fail(job, wrong.said)
        except Stopped:
            runs.stopped(job)
        except files.Gone:
            runs.fail(job, GONE)
        except Forbidden:
            runs.fail(job, NOT_ALLOWED)
        except Exception:  # the run must not stay claimed; the log says where, and names nobody
            current_app.logger.exception("an import stopped")
            runs.fail(job, BROKEN)
        else:
            _look_for_doubles(job)
        finally:
            act_as_nobody()


def _look_for_doubles(job: runs.Job) -> None:
    """Whoever was brought in may be somebody known: a question for the queue, after the run is concluded."""
    if job.rehearsal:
        return
    try:
        likeness.seek(likeness.brought(job.run_id))
    except Exception:  # the run is finished all the same; `flask match` asks again
        current_app.logger.exception("the search for doubles stopped")


def _bring_in(job: runs.Job) -> None:
    chosen = mapping.parse(job.mapping, job.content)
    heart = _Heart(job)
    with on_disk(files.content(job.run_id, FileKind.UPLOADED), job.file_name) as path:
        table = opened(path, chosen)
        table.rows = heart.rows(table.rows)
        with closing(cases.gather(table, chosen, today=today())) as found:
            origin = imports.Origin(job.source, job.mapping, chosen.digest, job.file_digest, chosen.about)
            receipt = imports.bring_in(
                found,
                origin,
                run_id=job.run_id,
                dry_run=job.rehearsal,
                processes=(os.cpu_count() or 2) - 1,
                progress=heart.brought,
                stop=lambda: not heart.going,
            )
    if not receipt.complete:
        raise Stopped
    returned = Returned(tuple(table.header), tuple(receipt.refused), tuple(receipt.flagged))
    runs.conclude(job, receipt, rows=heart.total, returned=packed(returned))


class Stopped(Exception):
    """The run was asked to stop. What was brought stays; no rate counts it until the run goes on."""


class _Heart:
    """Counts what goes by and says every two seconds how far the work is; `going` until asked to stop."""

    def __init__(self, job: runs.Job) -> None:
        self.job, self.going = job, True
        self.total = self.done = 0
        self.read = False
        self.beaten = 0.0

    def rows(self, table: Iterable[readers.Row]) -> Generator[readers.Row]:
        """Every row of the file. Asked to stop it ends the work, not the file: half a case is no case."""
        for row in table:
            self.total += 1
            self._beat()
            if not self.going:
                raise Stopped
            yield row
        self.read = True

    def brought(self, _cases: int, rows: int) -> None:
        """So many more rows are done."""
        self.done += rows
        self._beat()

    def _beat(self) -> None:
        if time.monotonic() - self.beaten >= BEAT:
            self.beaten = time.monotonic()
            self.going = runs.beat(self.job, done=self.done, total=self.total if self.read else None)
