"""Yes, no and not known: logic that never takes the third for the second (Kleene 1952)."""

from collections.abc import Iterable


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """True if one is true; False if all are false; otherwise not known.

    >>> any_of([False, None, True]), any_of([False, None]), any_of([False, False])
    (True, None, False)
    """
    answers = list(answers)
    if any(answer is True for answer in answers):
        return True
    return None if None in answers else False


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """False if one is false; True if all are true; otherwise not known.

    >>> all_of([True, None, False]), all_of([True, None]), all_of([True, True])
    (False, None, True)
    """
    answers = list(answers)
    if any(answer is False for answer in answers):
        return False
    return None if None in answers else True


def opposite(answer: bool | None) -> bool | None:
    """Not known stays not known."""
    return None if answer is None else not answer


def at_least(value: float | None, limit: float) -> bool | None:
    """Whether a measurement reaches a limit."""
    return None if value is None else value >= limit
