"""Who a page is about, in one line: name, sex, age, tails of numbers, and whether others know them."""

from dataclasses import dataclass
from typing import Any

from flask import abort

from registry.access import Permission, may
from registry.codes.person import DocumentOwner, Vital
from registry.label import Label
from registry.queries.record.people import enrolment_of, person_or_none
from registry.rules.dates import age_on
from registry.services.people.enrolling import history_elsewhere
from registry.services.values import today


@dataclass(frozen=True)
class Strip:
    """The person of a page; what names them only for readers who may see it."""

    person_id: int
    pseudonym: str
    sex: Any
    age: int | None
    name: str | None = None
    record_number: str | None = None
    document_tail: str | None = None
    dead: Label | None = None
    elsewhere: Any = None
    enrolment: Any = None


def strip(person_id: int) -> Strip:
    """The line about a person; 404 outside of one's scope."""
    person = person_or_none(person_id)
    if person is None:
        abort(404)
    enrolment = enrolment_of(person_id) if may(Permission.IDENTIFY) else None
    if enrolment is None:
        return Strip(**_line(person))
    elsewhere = history_elsewhere(person_id)
    return _named(enrolment, elsewhere[0] if elsewhere else None)


def found(enrolment: Any) -> Strip:
    """The line about somebody whom the search found, without asking what others know."""
    return _named(enrolment, None)


def _named(enrolment: Any, elsewhere: Any) -> Strip:
    own = [paper for paper in enrolment.documents if paper.owner is DocumentOwner.OWN and paper.value]
    return Strip(
        **_line(enrolment.person),
        name=enrolment.name,
        record_number=enrolment.record_number,
        document_tail=own[0].value[-4:] if own else None,
        elsewhere=elsewhere,
        enrolment=enrolment,
    )


def _line(person: Any) -> dict[str, Any]:
    """What may be said of a person to any reader in scope."""
    return {
        "person_id": person.id,
        "pseudonym": person.pseudonym[:8],
        "sex": person.sex,
        "age": age_on(person.born_on, person.died_on or today()) if person.born_on else None,
        "dead": Label("已故", "Died") if person.vital is Vital.DEAD else None,
    }
