"""People: who they are, by document, and how each centre enrols them.

A person is one across the alliance. Names, documents and phones belong to the centre that took
them; a keyed digest of the person's own document joins what two centres know.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from registry import keyring
from registry.access import Permission, demand
from registry.codes.person import DocumentType, Precision, Sex
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, IdentityDocument, Person, PersonKey, SearchToken
from registry.queries.record import elsewhere, matching
from registry.queries.record.elsewhere import Line
from registry.queries.record.people import Match, centres_knowing, enrolment_of, find
from registry.rules import person as person_rules
from registry.rules.problem import Invalid, Problem, refusal
from registry.rules.problem import demand as stop_at
from registry.services import births
from registry.services.here import centre_here
from registry.services.people import documents as papers_of
from registry.services.people import likeness
from registry.services.people.documents import ONE_PERSON
from registry.services.unit import Unit, change, look
from registry.services.values import put, read, today

ONE_RECORD = Label("一人在一个中心只建档一次", "A person is enrolled once at a centre")
ALLIANCE_WIDE = Label(
    "联盟共有的人口信息，说明理由才可修改", "What the alliance knows of a person is changed with a reason"
)
PERSONAL = ("sex", "born_on", "born_precision")
SEALED = ("name", "phone", "address", "record_number")


def match(document_type: DocumentType | str, value: str) -> Match:
    """Whom a person's own document number finds, at this centre or elsewhere.

    That somebody is known elsewhere is itself worth protecting: it leaves an entry in the trail.

    Raises
    ------
    Invalid
        When the number cannot be one of its kind.
    """
    demand(Permission.IDENTIFY)
    kind, number, _, problems = papers_of.numbered(DocumentType.parse(document_type), value, today())
    if problems:
        raise Invalid(problems)
    found = find(kind, number) if number else Match()
    if found.elsewhere and found.enrolment is None:
        look("person", found.person_id, person_id=found.person_id)
    return found


def enrol(
    *,
    name: str | None = None,
    sex: Sex | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    documents: Iterable[Mapping[str, Any]] = (),
    contacts: Iterable[Mapping[str, Any]] = (),
    phone: str | None = None,
    address: str | None = None,
    region: str | None = None,
    record_number: str | None = None,
    consent: Any = None,
    consent_version: str | None = None,
    consented_on: date | None = None,
    person_id: int | None = None,
    enrolled_on: date | None = None,
    reason: str | None = None,
) -> Enrolment:
    """Enrol a person at the centre that is acted for.

    Whoever has an own document that the alliance knows is that person; otherwise a new one.
    Documents are dicts of type, value, owner, doubtful and valid_until; contacts of relation, name
    and phone. `person_id` enrols a person known by other means – a referral – and needs a reason
    unless a document proves it. Without a record number one is made.

    Raises
    ------
    Invalid
        When a number is wrong, belongs to somebody else, or the person is enrolled here already.
    """
    now = today()
    centre_id = centre_here()
    values, problems = read(
        Enrolment,
        {
            "region": region,
            "consent": consent,
            "consent_version": consent_version,
            "consented_on": consented_on,
            "enrolled_on": enrolled_on or now,
        },
    )
    personal, wrong = read(Person, {"sex": sex, "born_on": born_on, "born_precision": born_precision})
    papers, told, bad = papers_of.documents(documents, now)
    kin, worse = papers_of.contacts(contacts)
    personal = papers_of.completed(personal, told)
    problems += [*wrong, *bad, *worse, *person_rules.check(**personal, today=now)]
    stop_at(problems)
    with change("person.enrol", reason=reason) as unit:
        found = _one_person(papers, person_id, reason)
        enrolment = Enrolment(centre_id=centre_id, **values)
        if found is None:
            personal["sex"] = personal["sex"] or Sex.UNKNOWN
            person = Person(pseudonym=secrets.token_hex(12), **personal)
            person.key = PersonKey(wrapped=keyring.current().new_data_key())
            unit.add(person, person.key)
            enrolment.person = person
            unit.add(enrolment)
        else:
            enrolment.person_id = _joining(unit, found, centre_id)
            unit.add(enrolment)
            unit.session.flush()
            agree(unit, enrolment.person, personal)
        unit.session.flush()
        enrolment.name, enrolment.phone, enrolment.address = name, phone, address
        _number(enrolment, record_number)
        for row in (*papers, *kin):
            attach(unit, enrolment, row)
        index(unit, enrolment)
    return enrolment


def amend(enrolment: Enrolment, *, seen: int | None, reason: str | None, **fields: Any) -> Enrolment:
    """Change an enrolment: its own fields, its documents and contacts, and the person's sex and birth.

    `documents` and `contacts` are the whole lists: a dict with an `id` changes that row, one without
    adds, a missing one removes. Ages at examination follow a changed birth date.
    """
    now = today()
    papers = fields.pop("documents", None)
    kin = fields.pop("contacts", None)
    sealed = {key: fields.pop(key) for key in SEALED if key in fields}
    personal, problems = read(Person, {key: fields.pop(key) for key in PERSONAL if key in fields})
    values, wrong = read(Enrolment, fields)
    documents, told, bad = papers_of.documents(papers or (), now)
    contacts, worse = papers_of.contacts(kin or ())
    if papers is not None:
        personal = papers_of.completed(personal, told)
    problems += [*wrong, *bad, *worse]
    stop_at(problems)
    with change("person.amend", seen=seen, root=enrolment, reason=reason) as unit:
        unit.edit(enrolment)
        others = {person for paper in documents for person in papers_of.claimants(paper)} - {
            enrolment.person_id
        }
        if others:
            raise Invalid([papers_of.taken(documents, enrolment.person_id)])
        put(enrolment, values)
        for key in ("name", "phone", "address"):
            if key in sealed and getattr(enrolment, key) != sealed[key]:
                setattr(enrolment, key, sealed[key])
        if "record_number" in sealed:
            _number(enrolment, sealed["record_number"])
        for rows, given, kept in (
            (enrolment.documents, documents, papers),
            (enrolment.contacts, contacts, kin),
        ):
            if kept is not None:
                _replace(unit, enrolment, rows, given)
        if any(getattr(enrolment.person, key) != value for key, value in personal.items()):
            births.correct(unit, enrolment.person, personal, now)
        unit.session.flush()
        unit.session.expire(enrolment, ["documents", "contacts"])
        index(unit, enrolment)
    return enrolment


def history_elsewhere(person_id: int) -> list[Line]:
    """What other centres did with a person enrolled here: dates, kinds and results in a line."""
    return elsewhere.lines(person_id)


def open_elsewhere(person_id: int, reason: str) -> list[Any]:
    """The examinations at other centres in full, without names; the reason goes into the trail.

    Raises
    ------
    Invalid
        Without a reason.
    """
    if not reason or not reason.strip():
        raise Invalid([refusal("reason", "请写明查阅理由", "Say why you open it", ALLIANCE_WIDE)])
    elsewhere.demand_enrolled(person_id)
    look("history_elsewhere", person_id, person_id=person_id, reason=reason.strip())
    return elsewhere.examinations(person_id)


# ---- one person --------------------------------------------------------------------------------------


def _one_person(papers: list[dict[str, Any]], person_id: int | None, reason: str | None) -> int | None:
    """The person these papers and `person_id` mean; read under the write lock, so it stays true."""
    proved = {person for paper in papers for person in papers_of.claimants(paper)}
    if len(proved | ({person_id} - {None})) > 1:
        raise Invalid([papers_of.taken(papers, person_id if person_id is not None else min(proved))])
    found = person_id if person_id is not None else next(iter(proved), None)
    if found is None or enrolment_of(found) is not None:
        if found is None:
            return None
        place = next(
            (f"documents-{n}-value" for n, paper in enumerate(papers) if papers_of.claimants(paper)),
            "person_id",
        )
        raise Invalid(
            [
                refusal(
                    place,
                    "此人已在本中心建档，请查找原有档案，不要重复建档",
                    "This person is enrolled here already; open that enrolment instead",
                    ONE_RECORD,
                )
            ]
        )
    if found not in proved and not (reason and reason.strip()):
        raise Invalid(
            [
                refusal(
                    "reason", "未凭证件建档，请写明理由（如转诊）", "Say why, e.g. a referral", ALLIANCE_WIDE
                )
            ]
        )
    return found


def _joining(unit: Unit, person_id: int, centre_id: int) -> int:
    """That a person known elsewhere is now enrolled here too goes into the trail."""
    known = sorted(centres_knowing(person_id))
    if not known:
        raise Invalid([refusal("person_id", "没有这个人", "There is no such person", ONE_PERSON)])
    unit.note("join", "person", person_id, {"centres": [known, sorted([*known, centre_id])]})
    return person_id


def agree(unit: Unit, person: Person, personal: Mapping[str, Any]) -> None:
    """Fill in what the alliance did not know; raises `Invalid` where it knows otherwise."""
    fill, problems = _told(person, personal)
    if problems:
        raise Invalid(problems)
    if fill:
        births.correct(unit, person, fill, today())


def complete(unit: Unit, person: Person, personal: Mapping[str, Any]) -> None:
    """Fill in what the alliance did not know; what it knows otherwise stays as it is."""
    fill, problems = _told(person, personal)
    if fill and not problems:
        births.correct(unit, person, fill, today())


def _told(person: Person, personal: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What is told of a person and was not known, and in what it differs."""
    problems, fill = [], {}
    if (sex := personal.get("sex")) in (Sex.MALE, Sex.FEMALE):
        if person.sex in (Sex.UNKNOWN, Sex.NOT_STATED):
            fill["sex"] = sex
        elif person.sex is not sex:
            problems.append(_differs("sex"))
    if personal.get("born_on") is not None:
        precision = personal.get("born_precision") or Precision.DAY
        if person.born_on is None or (
            precision is Precision.DAY and (person.born_precision or Precision.DAY) is not Precision.DAY
        ):
            fill |= {"born_on": personal["born_on"], "born_precision": precision}
        elif precision is Precision.DAY and person.born_on != personal["born_on"]:
            problems.append(_differs("born_on"))
    return fill, problems


def _differs(field: str) -> Problem:
    return refusal(
        field,
        "与联盟已有记录不符；请留空建档，再注明理由更正",
        "Differs from what the alliance has on record; leave it empty, then correct it with a reason",
        ALLIANCE_WIDE,
    )


# ---- rows of an enrolment ----------------------------------------------------------------------------


def attach(unit: Unit, enrolment: Enrolment, given: Mapping[str, Any]) -> None:
    """Add a document or contact, as services.people.documents read it, to an enrolment."""
    values = {key: value for key, value in given.items() if key not in {"model", "id", *SEALED, "value"}}
    row = given["model"](enrolment=enrolment, **values)
    if isinstance(row, IdentityDocument):
        row.person = enrolment.person
    unit.add(row)
    _seal(row, given)


def _seal(row: Any, given: Mapping[str, Any]) -> None:
    for key in ("value", "name", "phone"):
        if key in given and getattr(row, key) != given[key]:
            setattr(row, key, given[key])


def _replace(unit: Unit, enrolment: Enrolment, rows: list[Any], given: list[dict[str, Any]]) -> None:
    stored = {row.id: row for row in rows}
    for wanted in given:
        row = stored.pop(wanted["id"], None) if wanted["id"] else None
        if row is None:
            attach(unit, enrolment, wanted)
            continue
        unit.edit(row)
        put(
            row, {key: value for key, value in wanted.items() if key not in {"model", "id", *SEALED, "value"}}
        )
        _seal(row, wanted)
    for row in stored.values():
        unit.remove(row)


def _number(enrolment: Enrolment, given: str | None) -> None:
    """Give an enrolment its record number, made from its own id where none is given."""
    number = given.strip() if given and given.strip() else f"{enrolment.enrolled_on:%y}{enrolment.id:06d}"
    digest = matching.record_number_digest(enrolment.centre_id, number)
    other = db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.centre_id == enrolment.centre_id,
            Enrolment.record_number_digest == digest,
            Enrolment.id != enrolment.id,
        )
    )
    if other is not None:
        raise Invalid([refusal("record_number", "登记号已被占用", "The record number is taken", ONE_RECORD)])
    enrolment.record_number, enrolment.record_number_digest = number, digest


def index(unit: Unit, enrolment: Enrolment) -> None:
    """Write anew the words by which this centre finds the enrolment, and ask whether it is a double."""
    unit.session.flush()
    stored = db.session.scalars(select(SearchToken).where(SearchToken.enrolment_id == enrolment.id))
    words = matching.words(
        name=enrolment.name,
        documents=[document.value for document in enrolment.documents if document.value],
        record_number=enrolment.record_number,
        phone=enrolment.phone,
    )
    wanted = {matching.word_digest(enrolment.centre_id, word) for word in words}
    have = {token.digest: token for token in stored}
    unit.index(
        add=[
            SearchToken(enrolment_id=enrolment.id, centre_id=enrolment.centre_id, digest=digest)
            for digest in sorted(wanted - have.keys())
        ],
        drop=[token for digest, token in have.items() if digest not in wanted],
    )
    likeness.index(unit, enrolment)
