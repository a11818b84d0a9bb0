"""Identity documents and contacts as given at enrolment: read, checked, and ready to be stored."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from registry.codes.person import DocumentOwner, DocumentType, Precision
from registry.label import Label
from registry.models import Contact, IdentityDocument
from registry.queries.record import matching
from registry.queries.record.people import persons_with
from registry.rules import identity
from registry.rules.problem import Problem, refusal
from registry.services.values import lacking, read

NUMBERED = frozenset({DocumentType.RESIDENT_ID, DocumentType.HMT_RESIDENCE, DocumentType.FOREIGN_PERMANENT})
ONE_PERSON = Label("一人的证件只属于一人", "One person's document belongs to one person")


def numbered(
    kind: DocumentType, value: str | None, today: date, *, doubtful: bool = False
) -> tuple[DocumentType, str | None, identity.Identity | None, list[Problem]]:
    """A document's number cleaned and, where its kind has a check character, read."""
    number = identity.clean(value) if isinstance(value, str) else value
    if kind is DocumentType.NONE or not number:
        needs = (
            []
            if kind is DocumentType.NONE
            else [refusal("value", "请填写号码", "The number is needed", ONE_PERSON)]
        )
        return kind, None, None, needs
    old_card = kind is DocumentType.FOREIGN_PERMANENT and len(str(number)) != 18
    if kind not in NUMBERED or old_card or doubtful:
        return kind, str(number), None, []
    try:
        found = identity.read(value, today=today)
    except ValueError as error:
        zh, en = error.args[0]
        return kind, None, None, [refusal("value", zh, en, identity.STANDARD)]
    return found.type, found.number, found, []


def documents(
    given: Iterable[Mapping[str, Any]], today: date
) -> tuple[list[dict[str, Any]], identity.Identity | None, list[Problem]]:
    """Each document ready to be stored, what the own one tells of its owner, and what is wrong."""
    papers: list[dict[str, Any]] = []
    told: identity.Identity | None = None
    problems: list[Problem] = []
    for place, document in enumerate(given):
        values, wrong = read(IdentityDocument, document, without={"id", "value"}, path=f"documents-{place}")
        kind = values.get("type") or DocumentType.NONE
        doubtful = bool(values.get("doubtful"))
        kind, number, found, bad = numbered(kind, document.get("value"), today, doubtful=doubtful)
        owner = values.get("owner") or DocumentOwner.OWN
        if found and owner is DocumentOwner.OWN:
            told = told or found
        problems += [*wrong, *(problem.under(f"documents-{place}") for problem in bad)]
        papers.append(
            {
                **values,
                "model": IdentityDocument,
                "id": document.get("id"),
                "type": kind,
                "owner": owner,
                "doubtful": doubtful,
                "value": number,
                "digest": matching.document_digest(kind, number) if number and not doubtful else None,
            }
        )
    return papers, told, problems


def contacts(given: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Each contact ready to be stored, and what is wrong."""
    kin: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for place, contact in enumerate(given):
        values, wrong = read(Contact, contact, without={"id", "name", "phone"}, path=f"contacts-{place}")
        problems += [*wrong, *lacking(Contact, values, "relation", path=f"contacts-{place}")]
        told = {key: contact[key] for key in ("name", "phone") if key in contact}
        kin.append({"model": Contact, "id": contact.get("id"), **values, **told})
    return kin, problems


def completed(personal: dict[str, Any], told: identity.Identity | None) -> dict[str, Any]:
    """Sex and birth date as given, or else as the own identity number tells them."""
    if told is None:
        return personal
    filled = dict(personal)
    filled["sex"] = personal.get("sex") or told.sex
    if personal.get("born_on") is None:
        filled["born_on"], filled["born_precision"] = told.birth, Precision.DAY
    return filled


def claimants(paper: Mapping[str, Any]) -> list[int]:
    """Ids of the persons on record as the owners of this document; a relative's or doubtful one has none."""
    if paper["digest"] is None or paper["owner"] is not DocumentOwner.OWN:
        return []
    return persons_with(paper["type"], paper["value"])


def taken(papers: list[dict[str, Any]], person_id: int | None) -> Problem:
    """The refusal of a document that is another person's."""
    place = next(n for n, paper in enumerate(papers) if set(claimants(paper)) - {person_id})
    return refusal(
        f"documents-{place}-value",
        "该证件号码已登记为另一人的本人证件；请核对号码，确有疑问时标为“号码存疑”",
        "This number is on record as another person's own; check it, or mark the number as doubtful",
        ONE_PERSON,
    )
