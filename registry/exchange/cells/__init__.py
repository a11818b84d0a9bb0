"""How a cell is read: each way a small function with a name, by which a mapping may ask for it.

A reader takes the cell, without full-width forms and space around it, and `About` the field; it
gives values by field – its own, and at times a neighbour's (3-5 is a size and its upper end) – or
raises `Unread`, which says what would be understood.
"""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from registry.exchange.cells import bowel, days, documents, numbers, words
from registry.exchange.cells.about import About, Unread, plain_cell

__all__ = ["AS_WRITTEN", "BY_THE_DAY", "READERS", "About", "Reader", "Unread", "fits", "plain_cell", "usual"]

Reader = Callable[[str, About], dict[str, Any]]

READERS: dict[str, Reader] = {
    "text": words.text,
    "words": words.words,
    "phone": words.phone,
    "code": words.code,
    "sex": words.sex,
    "yes": words.yes,
    "number": numbers.number,
    "minutes": numbers.minutes,
    "size": numbers.size,
    "distance": numbers.distance,
    "day": days.day,
    "moment": days.moment,
    "clock": days.clock,
    "age": days.age,
    "document": documents.document,
    "bbps": bowel.bbps,
    "extent": bowel.extent,
    "site": bowel.site,
    "paris": bowel.paris,
}
_BY_FIELD = {
    ("person", "sex"): "sex",
    ("enrolment", "phone"): "phone",
    ("document", "value"): "document",
    ("examination", "performed_on"): "moment",
    ("enrolment", "name"): "words",
    ("enrolment", "address"): "words",
    ("examination", "findings"): "words",
    ("examination", "diagnosis"): "words",
    ("examination", "operator_words"): "words",
    ("listed", "operator_words"): "words",
    ("lesion", "note"): "words",
    ("specimen", "origin"): "words",
    ("report", "wording"): "words",
    ("report", "laboratory"): "words",
    ("result", "origin"): "words",
    ("examination", "withdrawal_min"): "minutes",
    ("examination", "upper_minutes"): "minutes",
    ("examination", "bbps_total"): "bbps",
    ("examination", "extent"): "extent",
    ("lesion", "size_mm"): "size",
    ("lesion", "distance_cm"): "distance",
    ("lesion", "site"): "site",
    ("lesion", "paris"): "paris",
}
# Readers that take the cell untouched, and those that must know the day of the examination first.
AS_WRITTEN = frozenset({"words"})
BY_THE_DAY = frozenset({"age"})
_BY_KIND: dict[type, str] = {date: "day", time: "clock", bool: "yes", int: "number", float: "number"}


def usual(record: str, field: str, about: About) -> str:
    """The name of the reader that a field has unless its mapping asks for another."""
    if named := _BY_FIELD.get((record, field)):
        return named
    if "codes" in about.column:
        return "code"
    return _BY_KIND.get(about.kind, "text")


# Readers that speak of neighbouring fields, or of one code set: only where those are.
_OWN = {
    "sex": ("person", "sex"),
    "age": ("person", "born_on"),
    "document": ("document", "value"),
    "moment": ("examination", "performed_on"),
    "bbps": ("examination", "bbps_total"),
    "extent": ("examination", "extent"),
    "size": ("lesion", "size_mm"),
    "site": ("lesion", "site"),
    "paris": ("lesion", "paris"),
}
_FITS: dict[type, frozenset[str]] = {
    str: frozenset({"text", "words", "phone"}),
    date: frozenset({"day"}),
    time: frozenset({"clock"}),
    bool: frozenset({"yes"}),
    int: frozenset({"number"}),
    float: frozenset({"number", "minutes", "distance"}),
}


def fits(record: str, field: str, reader: str, column: dict[str, Any], kind: type) -> bool:
    """Whether a reader gives what a field can hold."""
    if reader in _OWN:
        return _OWN[reader] == (record, field)
    if "codes" in column:
        return reader == "code"
    return reader in _FITS.get(kind, frozenset())
