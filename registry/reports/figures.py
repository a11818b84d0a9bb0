"""Figures once drawn, kept as long as their numbers, their definition and the reader's language are the same.

A figure is its data: whoever changes a case changes the numbers, so nothing has to be told to forget.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Any

from registry.label import Label, language

FORMATS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
MOST_BYTES = 16_000_000

_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


def drawn(what: str, content: Any, draw: Callable[[], bytes]) -> bytes:
    """The figure of this content, drawn unless it was before.

    Parameters
    ----------
    what : str
        The kind of figure and its format.
    content : jsonable
        Everything that is seen in it: rows, definition, day.
    draw : callable
        Gives the file; called without a lock, so two readers may draw the same at once.
    """
    written = json.dumps([what, language.get(), content], ensure_ascii=False, default=str)
    key = hashlib.sha256(written.encode()).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = draw()
    with _lock:
        _kept[key] = made
        while sum(map(len, _kept.values())) > MOST_BYTES and len(_kept) > 1:
            _kept.popitem(last=False)
    return made


def corner(as_of: date, what: str) -> str:
    """What stands in the lower right corner of every figure."""
    return f"{Label('数据截至', 'data as of')} {as_of} · {what}"
