"""Counts once made, kept in this process for as long as the registry stays as it was.

What was counted holds until somebody changes a record. Every change leaves an entry in the trail, in the
same transaction and under one lock, so the newest entry that is no mere look or sign-in names a state of
the registry, whichever process wrote it. Its hash hangs on everything before it: another database, or the
same one brought back from a backup, has another. Numbers are kept and nothing else, no record and no name.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import func, select

from registry.access import scope, unscoped
from registry.extensions import db
from registry.label import language
from registry.models import AuditEntry

UNCHANGED = ("look", "session", "refuse", "file")  # kinds of entries that leave every record as it was
MOST = 400_000  # numbers kept in all; about as many as two views of everything by centre and month

Found = TypeVar("Found")
_kept: "OrderedDict[Hashable, tuple[Any, int]]" = OrderedDict()
_lock = Lock()


def kept(wanted: tuple[Hashable, ...], count: Callable[[], Found], size: Callable[[Found], int]) -> Found:
    """What `count` gives, unless it was counted before in the same state of the registry.

    Parameters
    ----------
    wanted : tuple
        What is counted: definitions, grouping, limits, and which imports are under way, whose end no
        entry need tell. Who asks, in which language and on which day come beside it of themselves.
    count : callable
        Counts; called without a lock, so that two readers may count the same at once.
    size : callable
        How many numbers a result holds.

    Returns
    -------
    The result, which the next reader may get too: nobody may change it. Inside a change, and while the
    trail is empty, everything is counted anew.
    """
    state = _state()
    if state is None:
        return count()
    key = (*wanted, *state)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Found = _kept[key][0]
            return found
    made = count()
    _keep(key, made, size(made))
    return made


def forget() -> None:
    """Keep nothing of what was counted so far."""
    with _lock:
        _kept.clear()


def _keep(key: Hashable, made: Any, size: int) -> None:
    with _lock:
        _kept[key] = (made, size)
        while sum(one for _, one in _kept.values()) > MOST:
            _kept.popitem(last=False)


def _state() -> tuple[Hashable, ...] | None:
    """What a count depends on besides what is wanted; None where nothing may be kept."""
    session = db.session()
    if session.info.get("unit") is not None:
        return None  # what a change under way has written has no entry yet
    newest = (
        select(AuditEntry.seq, AuditEntry.hash, func.current_date())
        .where(AuditEntry.kind.not_in(UNCHANGED))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    across = bool(session.info.get("bypass"))
    with unscoped("audit chain"):
        row = session.execute(newest).first()
    if row is None:
        return None
    current = scope()
    seen = None if current is None else (current.centres, current.everywhere, current.may)
    return (tuple(row), across, seen, language.get())
