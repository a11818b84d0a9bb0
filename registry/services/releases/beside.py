"""Releases that take a minute are made in a thread, so that nobody waits before an empty screen.

A thread that is killed leaves what it has let go so far; whoever asks next begins the rest.
"""

import threading
from collections.abc import Callable

from flask import Flask, current_app

from registry.access import Scope, act_as, act_as_nobody, scope
from registry.extensions import db

Work = Callable[[], object]


class Releasing:
    """The one thread of an application that lets go what was asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._failed: Exception | None = None

    def let_go(self, work: Work, *, patience: float) -> bool:
        """Do the work under the asker's scope; whether that was done after so many seconds.

        Where the thread is at something else the work is not begun: ask again. What went wrong is raised
        to whoever asks next.
        """
        with self._lock:
            failed, self._failed = self._failed, None
            if failed is not None:
                raise failed
            busy = self._thread is not None and self._thread.is_alive()
            if not busy:
                self._thread = threading.Thread(
                    target=self._work, args=(work, scope()), name="release", daemon=True
                )
                self._thread.start()
        if self._thread is not None:
            self._thread.join(patience)
        over = self._thread is not None and not self._thread.is_alive()
        return over and not busy and self._failed is None

    def wait(self) -> None:
        """Until nothing is left to be done."""
        if self._thread is not None:
            self._thread.join()

    def _work(self, work: Work, asker: Scope | None) -> None:
        with self._app.app_context():
            try:
                act_as(asker)
                work()
            except Exception as wrong:  # noqa: BLE001 – raised to whoever asks next
                self._failed = wrong
            finally:
                act_as_nobody()


def let_go(work: Work) -> bool:
    """Let go what nobody has asked for before; False where that takes longer than RELEASE_PATIENCE_SECONDS
    and goes on in a thread. Where that setting is None it is done here."""
    patience = current_app.config["RELEASE_PATIENCE_SECONDS"]
    if patience is None:
        work()
        return True
    done = releasing().let_go(work, patience=float(patience))
    db.session.rollback()  # what was read before the thread wrote is read again
    return done


def releasing() -> Releasing:
    """The application's thread."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    found: Releasing = app.extensions.setdefault("registry.releasing", Releasing(app))
    return found
