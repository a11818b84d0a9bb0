"""A random sample that anybody can draw again: by digest, so that it needs no generator and no luck."""

import hashlib
import math
from collections.abc import Iterable

METHOD = "SHA-256(seed:id), first n in ascending order"


def drawn(ids: Iterable[int], *, seed: str, share: float, least: int) -> list[int]:
    """The ids drawn, in the order of the draw.

    Every id has the same chance, and one more or one less in `ids` moves only itself: who adds a record
    after the draw changes nothing about the others.

    Parameters
    ----------
    ids : iterable of int
        Everything that could be drawn.
    seed : str
        Recorded with the sample.
    share : float
        Per cent of `ids`, in (0, 100]; rounded up.
    least : int
        So many at least, as far as there are so many.

    Raises
    ------
    ValueError
        If `share` or `least` is out of bounds.

    >>> drawn(range(1, 101), seed="2026", share=5, least=0)
    [52, 24, 96, 47, 66]
    >>> len(drawn(range(1, 101), seed="2026", share=5, least=10)), drawn([7], seed="a", share=5, least=10)
    (10, [7])
    """
    if not 0 < share <= 100 or least < 0:
        raise ValueError("a share lies above 0 and up to 100 per cent, and the least is no negative number")
    ordered = sorted(set(ids), key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).digest(), one))
    wanted = max(math.ceil(round(len(ordered) * share / 100, 9)), least)
    return ordered[:wanted]
