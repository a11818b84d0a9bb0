"""The centre that is acted for, and the people enrolled there."""

from typing import Any

from registry.access import Forbidden, scope
from registry.models import Person
from registry.queries.record.people import person_or_none


def centre_here() -> int:
    """The id of the centre that is acted for; `Forbidden` at the alliance."""
    current = scope()
    if current is None or current.centre_id is None:
        raise Forbidden("people and cases are recorded at a centre, not at the alliance")
    return current.centre_id


def person_here(person_id: int) -> Person:
    """A person enrolled here; `Forbidden` for one who is not, as for one who does not exist."""
    if (person := person_or_none(person_id)) is None:
        raise Forbidden("the person is not enrolled here")
    return person


def dates_of(person: Person) -> dict[str, Any]:
    """Birth and death of a person as rules take them."""
    names = ("born_on", "born_precision", "died_on", "died_precision")
    return {name: getattr(person, name) for name in names}
