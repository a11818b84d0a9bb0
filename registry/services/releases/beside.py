"""Releases that take a minute are made in a thread, so that nobody waits before an empty screen.

A thread that is killed leaves what it has let go so far; whoever asks next begins the rest.
"""

import threading
from collections.abc import Sequence

from flask import Flask, current_app

from registry.access import Scope, act_as, act_as_nobody, scope
from registry.services.releases.making import release

Wanted = Sequence[tuple[int, tuple[str, ...], str]]  # year, keys of indicators, part of their tables


class Releasing:
    """The one thread of an application that lets go what was asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._failed: Exception | None = None

    def let_go(self, wanted: Wanted, *, patience: float) -> bool:
        """Let go what was asked for under the asker's scope; whether that was done after so many seconds.

        What went wrong in the thread is raised to whoever asks next.
        """
        with self._lock:
            failed, self._failed = self._failed, None
            if failed is not None:
                raise failed
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._work, args=(wanted, scope()), name="release", daemon=True
                )
                self._thread.start()
            thread = self._thread
        thread.join(patience)
        return not thread.is_alive()

    def wait(self) -> None:
        """Until nothing is left to be done."""
        if self._thread is not None:
            self._thread.join()

    def _work(self, wanted: Wanted, asker: Scope | None) -> None:
        with self._app.app_context():
            try:
                act_as(asker)
                for year, keys, part in wanted:
                    release(year, keys, part)
            except Exception as wrong:  # noqa: BLE001 – raised to whoever asks next
                self._failed = wrong
            finally:
                act_as_nobody()


def let_go(wanted: Wanted) -> bool:
    """Let go what nobody has asked for before; False where that takes longer than RELEASE_PATIENCE_SECONDS
    and goes on in a thread. Where that setting is None it is done here."""
    patience = current_app.config["RELEASE_PATIENCE_SECONDS"]
    if patience is None:
        for year, keys, part in wanted:
            release(year, keys, part)
        return True
    return releasing().let_go(wanted, patience=float(patience))


def releasing() -> Releasing:
    """The application's thread."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    found: Releasing = app.extensions.setdefault("registry.releasing", Releasing(app))
    return found
