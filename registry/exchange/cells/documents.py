"""Identity numbers as files hold them: cleaned, checked, and never guessed."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from registry.codes.person import DocumentOwner, DocumentType
from registry.exchange.cells.about import About, Unread, nothing
from registry.label import Label
from registry.rules import identity

_FIGURE = re.compile(r"\d(\.\d+)?E\+?\d+")
_PAPERS = (
    (re.compile(r"[HM]\d{8}(\d{2})?|\d{8}"), DocumentType.HMT_PERMIT),
    (re.compile(r"[A-Z]{1,2}\d{6,9}"), DocumentType.PASSPORT),
)


def document(cell: str, about: About) -> dict[str, Any]:
    """A document number with its kind: spaces and full-width forms go, a wrong number is kept as doubtful.

    A number that a spreadsheet turned into a figure has lost its last digits: `Unread`, never guessed.
    """
    number = identity.clean(cell)
    if nothing(cell) or not number:
        return {about.field: None}
    if _FIGURE.fullmatch(number):
        wrong = doubt(number, about.today)
        raise Unread(*(wrong or Label("号码已丢失", "the number is lost")))
    told: dict[str, Any] = {about.field: number, "owner": DocumentOwner.OWN, "doubtful": False}
    if not re.fullmatch(r"[0-9X]{14,20}", number):
        fits = [kind for shape, kind in _PAPERS if shape.fullmatch(number)]
        return told | {"type": fits[0] if fits else DocumentType.OTHER, "doubtful": not fits}
    found = told_by(number, about.today)
    if isinstance(found, Label):
        return told | {"type": DocumentType.RESIDENT_ID, "doubtful": True}
    return told | {"type": found.type}


@lru_cache(maxsize=16)  # the rows of a case say the same number; no more is kept in memory
def told_by(number: str, today: date) -> identity.Identity | Label:
    """What a resident's number tells of its owner, or else what is wrong with it."""
    try:
        return identity.read(number, today=today)
    except ValueError as wrong:
        said: Label = wrong.args[0]
        return said


def doubt(number: str, today: date) -> Label | None:
    """What is wrong with a resident's number; None where nothing is."""
    found = told_by(number, today)
    return found if isinstance(found, Label) else None
