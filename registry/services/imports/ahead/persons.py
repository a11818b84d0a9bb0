"""Whom a case is about: by the own document across the alliance, else by the record number here.

A number is believed only where name, sex and birth do not contradict it; otherwise the case is
refused, for a number that is somebody else's would join two people's histories.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import keyring
from registry.codes.person import DocumentOwner, Precision, Sex
from registry.label import Label
from registry.models import Enrolment, IdentityDocument, Person, PersonKey
from registry.queries.record import likeness, matching
from registry.rules.dates import certainly_before, partial
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.imports.judging import NAMING, Sound
from registry.services.people.documents import ONE_PERSON

STATED = (Sex.MALE, Sex.FEMALE)
RECORD = Label("一个登记号，一个人", "One record number, one person")


@dataclass(eq=False)
class Known:
    """A person as a case may meet them: stored (`person_id`), or new in the same batch."""

    person_id: int | None = None
    sex: Sex | None = None
    born_on: date | None = None
    born_precision: Precision | None = None
    name: str | None = None
    number: str | None = None
    papers: dict[Any, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    @property
    def stored(self) -> bool:
        return self.person_id is not None

    @property
    def enrolled(self) -> bool:
        """Whether they are enrolled at the centre: nobody is without a record number."""
        return "record_number" in self.told


@dataclass
class Met:
    """Those whom a batch may be about, by document digest and by record number digest."""

    papers: dict[str, Known] = field(default_factory=dict)
    numbers: dict[str, Known] = field(default_factory=dict)

    def knows(self, paper: str | None, number: str | None) -> bool:
        """Whether either of them is somebody's."""
        return paper in self.papers or number in self.numbers

    def add(self, sound: Sound, number: str | None) -> Known:
        """A new person, as this case tells of them."""
        told = sound.personal
        known = Known(
            None, told.get("sex"), told.get("born_on"), told.get("born_precision"), _name(sound), number,
            {sound.paper["type"]: sound.digest} if sound.paper and sound.digest else {},
            frozenset(name for name in (*NAMING, "region") if _told(sound, name)),
        )  # fmt: skip
        if sound.digest:
            self.papers[sound.digest] = known
        if number:
            self.numbers[number] = known
        return known


def whose(sound: Sound, number: str | None, met: Met) -> Known | None:
    """The person a case is about; None for somebody new. `number` is the record number's digest.

    Raises
    ------
    Invalid
        When a number is on record as that of somebody whom the case contradicts.
    """
    by_paper = met.papers.get(sound.digest) if sound.digest else None
    by_number = met.numbers.get(number) if number else None
    if by_paper is not None:
        if wrong := differences(sound, by_paper):
            raise Invalid([_anothers(wrong)])
        if by_number is not None and by_number is not by_paper:
            raise Invalid([number_taken()])
        return by_paper
    if by_number is None:
        return None
    other_paper = sound.digest and by_number.papers.get(sound.paper["type"] if sound.paper else None)
    if differences(sound, by_number) or (other_paper and other_paper != sound.digest):
        raise Invalid([number_taken()])
    return by_number


def differences(sound: Sound, known: Known) -> list[Label]:
    """In what a case contradicts the person it would belong to."""
    told, found = sound.personal, []
    if told.get("sex") in STATED and known.sex in STATED and told["sex"] is not known.sex:
        found.append(Label("性别", "sex"))
    here = partial(told.get("born_on"), told.get("born_precision"))
    there = partial(known.born_on, known.born_precision)
    if certainly_before(here, there) or certainly_before(there, here):
        found.append(Label("出生日期", "birth date"))
    name = _name(sound)
    if name and known.name and name != known.name:
        found.append(Label("姓名", "name"))
    return found


def adds(sound: Sound, known: Known) -> bool:
    """Whether a case tells something of its person that is not on record yet."""
    paper = sound.paper is not None and (sound.digest is None or sound.digest not in known.papers.values())
    words = any(_told(sound, name) and name not in known.told for name in (*NAMING, "region"))
    return bool(paper or words or betters(sound, known))


def betters(sound: Sound, known: Known) -> bool:
    """Whether a case tells a sex, a birth date or a home of its person that rates do not know yet."""
    told = sound.personal
    born = told.get("born_on") is not None and (
        known.born_on is None
        or (told.get("born_precision") in (None, Precision.DAY))
        > (known.born_precision in (None, Precision.DAY))
    )
    home = "record_number" in known.told and "region" not in known.told and _told(sound, "region")
    return bool(born or home or (told.get("sex") in STATED and known.sex not in STATED))


def number_of(sound: Sound, centre_id: int) -> str | None:
    """The digest of the case's own record number."""
    number = sound.naming.get("record_number")
    return matching.record_number_digest(centre_id, number) if number else None


def number_taken() -> Problem:
    """The refusal of a record number that is somebody else's."""
    return refusal(
        "enrolment-record_number",
        "登记号已属于本中心另一人，请核对登记号和姓名",
        "The record number belongs to somebody else at this centre: check number and name",
        RECORD,
    )


def lookup(session: Session, papers: set[str], numbers: set[str], *, centre_id: int) -> Met:
    """Those on record with these documents or record numbers, by digest. A few queries, unscoped."""
    by_paper: dict[str, int] = {}
    by_number: dict[str, int] = {}
    for digest, person_id in session.execute(_owners(papers)) if papers else ():
        by_paper.setdefault(digest, person_id)
    for digest, person_id in session.execute(_holders(numbers, centre_id)) if numbers else ():
        by_number[digest] = person_id
    people = _people(session, {*by_paper.values(), *by_number.values()}, centre_id)
    return Met(
        {digest: people[person_id] for digest, person_id in by_paper.items()},
        {digest: people[person_id] for digest, person_id in by_number.items()},
    )


def _owners(digests: set[str]) -> Any:
    """Whose own document it is, the person they were merged into where they were."""
    return (
        select(IdentityDocument.digest, func.coalesce(Person.merged_into_id, Person.id))
        .join(Person, Person.id == IdentityDocument.person_id)
        .where(IdentityDocument.digest.in_(digests), IdentityDocument.owner == DocumentOwner.OWN)
        .order_by(Person.id)
    )


def _holders(digests: set[str], centre_id: int) -> Any:
    return (
        select(Enrolment.record_number_digest, func.coalesce(Person.merged_into_id, Person.id))
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.centre_id == centre_id, Enrolment.record_number_digest.in_(digests))
    )


def _people(session: Session, ids: set[int], centre_id: int) -> dict[int, Known]:
    if not ids:
        return {}
    columns = Person.id, Person.sex, Person.born_on, Person.born_precision
    found = {row.id: Known(*row) for row in session.execute(select(*columns).where(Person.id.in_(ids)))}
    members = likeness.families(session, ids)
    papers = select(IdentityDocument.person_id, IdentityDocument.type, IdentityDocument.digest).where(
        IdentityDocument.person_id.in_(members),
        IdentityDocument.digest.is_not(None),
        IdentityDocument.owner == DocumentOwner.OWN,
    )
    for member, kind, paper in session.execute(papers):
        if paper is not None:
            found[members[member]].papers[kind] = paper
    sealed = (
        select(
            Enrolment.centre_id, Enrolment.person_id, PersonKey.wrapped, Enrolment.name_sealed,
            Enrolment.phone_sealed, Enrolment.address_sealed, Enrolment.region,
            Enrolment.record_number_digest,
        )
        .join(PersonKey, PersonKey.person_id == func.coalesce(Enrolment.sealed_for_id, Enrolment.person_id))
        .where(Enrolment.person_id.in_(members))
        .order_by(Enrolment.id.desc())
    )  # fmt: skip
    for at, member, wrapped, name, phone, address, region, number in session.execute(sealed):
        if at != centre_id:  # asked of the database, SQLite would read the whole centre
            continue
        known = found[members[member]]
        here = {"name": name, "phone": phone, "address": address, "region": region}
        known.told = frozenset({key for key, value in here.items() if value} | {"record_number"})
        known.name, known.number = _opened(wrapped, name), number
    return found


def _opened(wrapped: bytes | None, name: bytes | None) -> str | None:
    ring = keyring.current()
    if wrapped is None or name is None or not ring.identify:
        return None
    return matching.plain(ring.open(wrapped, name, "Enrolment.name"))


def _anothers(wrong: list[Label]) -> Problem:
    zh, en = "、".join(label.zh for label in wrong), ", ".join(label.en for label in wrong)
    return refusal(
        "document-value",
        f"该证件号码已登记为另一人（{zh}不同）；请核对号码，确有疑问时标为“号码存疑”",
        f"This number is on record as somebody else's (another {en}): check it, or mark it as doubtful",
        ONE_PERSON,
    )


def _name(sound: Sound) -> str | None:
    name = sound.naming.get("name")
    return matching.plain(name) if name else None


def _told(sound: Sound, name: str) -> bool:
    return bool(sound.naming.get(name) if name in NAMING else sound.enrolment.get(name))
