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
        self._failed: tuple[Scope | None, Exception] | None = None

    def let_go(self, work: Work, *, patience: float) -> bool:
        """Do the work under the asker's scope; whether that was done after so many seconds.

        Where the thread is at something else the work is not begun: ask again. What went wrong is logged
        at once, and raised to the one who had asked for it: now, or when that one asks again.
        """
        asker = scope()
        with self._lock:
            self._raise_to(asker)
            thread = self._thread
            begun = thread is None or not thread.is_alive()
            if thread is None or begun:
                thread = self._thread = threading.Thread(
                    target=self._work, args=(work, asker), name="release", daemon=True
                )
                thread.start()
        thread.join(patience)
        if not begun or thread.is_alive():
            return False
        with self._lock:
            self._raise_to(asker)
        return True

    def _raise_to(self, asker: Scope | None) -> None:
        """What went wrong with this asker's work, once; another's waits for that other."""
        if self._failed is not None and self._failed[0] == asker:
            (_, wrong), self._failed = self._failed, None
            raise wrong

    def wait(self) -> None:
        """Until nothing is left to be done."""
        if self._thread is not None:
            self._thread.join()

    def _work(self, work: Work, asker: Scope | None) -> None:
        with self._app.app_context():
            try:
                act_as(asker)
                work()
            except Exception as wrong:  # raised to the asker; the log says where, and names nobody
                current_app.logger.exception("a release stopped")
                self._failed = asker, wrong
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
