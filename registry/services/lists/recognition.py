"""Whom a line of a list means: by the own document, else by the record number here; never by name alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.codes.person import DocumentOwner, DocumentType, Sex
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, Person
from registry.queries.record import matching
from registry.queries.record.people import find, search
from registry.rules.dates import certainly_before, partial
from registry.rules.problem import Problem, refusal
from registry.services.here import centre_here
from registry.services.people import documents as papers_of

SAME_PERSON = Label(
    "证件、登记号与姓名、性别、出生日期指同一人", "Document or record number, name, sex and birth agree"
)


@dataclass(frozen=True)
class Recognised:
    """Whom a line means. `likely` are namesakes enrolled here whom nothing proves or rules out."""

    enrolment: Enrolment | None = None
    elsewhere: bool = False
    likely: list[Enrolment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def recognise(
    person: Mapping[str, Any], enrolment: Mapping[str, Any], document: Mapping[str, Any], *, today: date
) -> Recognised:
    """Find the person of a line among those enrolled here; the records are those of an import's case.

    A doubtful number, or a relative's, proves nothing. Where document or record number find somebody
    whose name, sex or birth is another, that is a problem, not a match.
    """
    name = enrolment.get("name")
    if paper := _number(document, today):
        found = find(*paper)
        if found.enrolment is not None:
            return Recognised(found.enrolment, problems=contradictions(found.enrolment, person, name))
        if found.person_id is not None:
            return Recognised(elsewhere=True)
    if (number := enrolment.get("record_number")) and (known := _numbered(number)) is not None:
        return Recognised(known, problems=contradictions(known, person, name))
    return Recognised(likely=_namesakes(name, person) if name else [])


def contradictions(known: Enrolment, person: Mapping[str, Any], name: str | None) -> list[Problem]:
    """Where name, sex or birth of a line cannot be those of somebody enrolled here."""
    problems = []
    if name and known.name and matching.plain(name) != matching.plain(known.name):
        problems.append(_another("enrolment-name", "姓名", "name"))
    known_sex, sex = known.person.sex, person.get("sex")
    if {known_sex, sex} == {Sex.MALE, Sex.FEMALE}:
        problems.append(_another("person-sex", "性别", "sex"))
    stored = partial(known.person.born_on, known.person.born_precision)
    told = partial(person.get("born_on"), person.get("born_precision"))
    if certainly_before(stored, told) or certainly_before(told, stored):
        problems.append(_another("person-born_on", "出生日期", "birth date"))
    return problems


def _another(path: str, zh: str, en: str) -> Problem:
    return refusal(
        path,
        f"证件或登记号是本中心另一{zh}的人，请核对该行，或先在档案中更正",
        f"The document or record number here belongs to somebody of another {en}: "
        "check the line, or correct the enrolment first",
        SAME_PERSON,
    )


def _number(document: Mapping[str, Any], today: date) -> tuple[DocumentType, str] | None:
    """The own, undoubted number of a line."""
    kind = document.get("type")
    own = document.get("owner") in (None, DocumentOwner.OWN)
    if kind is None or not own or document.get("doubtful") or not document.get("value"):
        return None
    kind, number, _, problems = papers_of.numbered(kind, document["value"], today)
    return None if problems or number is None else (kind, number)


def _numbered(number: str) -> Enrolment | None:
    digest = matching.record_number_digest(centre_here(), number.strip())
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.centre_id == centre_here(), Enrolment.record_number_digest == digest
        )
    )


def _namesakes(name: str, person: Mapping[str, Any]) -> list[Enrolment]:
    return [
        one
        for one in search(name)
        if one.name
        and matching.plain(one.name) == matching.plain(name)
        and not contradictions(one, person, name)
    ]


def person_of(known: Enrolment) -> int:
    """The person of an enrolment; who was found to be somebody else's double is that person."""
    return known.person.merged_into_id or known.person_id


def certain(known: Enrolment, person: Mapping[str, Any]) -> bool:
    """Whether sex and the whole birth date are known of both and the same: a namesake to be offered first."""
    row: Person = known.person
    exact = row.born_on is not None and row.born_on == person.get("born_on")
    whole = {getattr(row.born_precision, "code", "day"), getattr(person.get("born_precision"), "code", "day")}
    return exact and whole == {"day"} and row.sex is person.get("sex")
