"""Finding a person at the own centre, and whether they are known elsewhere."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from registry.access import Scope, scope, unscoped
from registry.codes.person import DocumentOwner, DocumentType
from registry.extensions import db
from registry.models import Enrolment, IdentityDocument, Person, SearchToken
from registry.queries.record.matching import document_digest, plain, word_digest

MOST = 50


@dataclass(frozen=True)
class Match:
    """What a document number finds: the person, the own enrolment, and whether other centres know them."""

    person_id: int | None = None
    enrolment: Enrolment | None = None
    elsewhere: bool = False


def enrolment_of(person_id: int) -> Enrolment | None:
    """The enrolment of a person at the centre that is acted for."""
    current = scope()
    if current is None or current.centre_id is None:
        return None
    return db.session.scalar(
        select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.centre_id == current.centre_id)
    )


def person_or_none(person_id: int) -> Person | None:
    """A person within scope; None for one who is enrolled elsewhere only, as for one who does not exist.

    Whoever was merged into another is not a person any more.
    """
    return db.session.scalar(select(Person).where(Person.id == person_id, Person.merged_into_id.is_(None)))


def kept(person_id: int) -> int | None:
    """Into whom somebody within scope was merged; None where nobody."""
    return db.session.scalar(select(Person.merged_into_id).where(Person.id == person_id))


def persons_with(kind: DocumentType, value: str) -> list[int]:
    """Ids of the persons whose own document this is, at any centre; the lowest first."""
    statement = (
        select(IdentityDocument.person_id)
        .where(
            IdentityDocument.digest == document_digest(kind, value),
            IdentityDocument.owner == DocumentOwner.OWN,
        )
        .distinct()
        .order_by(IdentityDocument.person_id)
    )
    with unscoped("document match"):
        return list(db.session.scalars(statement))


def centres_knowing(person_id: int) -> set[int]:
    """Ids of the centres at which a person is enrolled."""
    with unscoped("document match"):
        return set(db.session.scalars(select(Enrolment.centre_id).where(Enrolment.person_id == person_id)))


def find(kind: DocumentType, value: str) -> Match:
    """Whom a cleaned document number belongs to, without any look being written."""
    persons = persons_with(kind, value)
    if not persons:
        return Match()
    enrolment = next((found for person_id in persons if (found := enrolment_of(person_id))), None)
    person_id = enrolment.person_id if enrolment else persons[0]
    current = scope()
    own = current.centres if current else frozenset()
    return Match(person_id, enrolment, bool(centres_knowing(person_id) - own))


def search(text: str, *, most: int = MOST) -> list[Enrolment]:
    """Enrolments at the own centre that a text finds: the newest first, at most `most`.

    The text may be a name, its pinyin or initials, a record number, a document or phone number or
    the last four places of either. Several words must all fit, unless they are one name.
    """
    current = scope()
    if current is None or current.centre_id is None or not plain(text):
        return []
    asked = or_(_has(current, text), and_(*(_has(current, word) for word in text.split() if plain(word))))
    found = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.centre_id == current.centre_id, asked)
        .order_by(Enrolment.id.desc())
        .limit(most)
    )
    return list(found)


def _has(current: Scope, text: str) -> ColumnElement[bool]:
    """A search word as a condition on enrolments."""
    digest = word_digest(current.centre_id or 0, plain(text))
    return Enrolment.id.in_(
        select(SearchToken.enrolment_id).where(
            SearchToken.centre_id == current.centre_id, SearchToken.digest == digest
        )
    )
