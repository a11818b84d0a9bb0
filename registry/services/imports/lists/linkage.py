"""Lists of deaths and cancer-register entries: each entry's person is found, or the entry is not taken.

Who bears the entry's document or record number and is not contradicted by the rest is the person, as
is the only one whom all else fits (rules.likeness.LINK). Whoever merely may be comes back to be
confirmed by the record number; whoever is not known here is nobody's business and is only counted.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from registry.access import unscoped
from registry.codes.person import DocumentOwner, DocumentType, VitalSource
from registry.extensions import db
from registry.label import Label
from registry.models import Tumour, VitalStatus
from registry.queries.record import likeness as queries
from registry.queries.record import matching
from registry.queries.record.people import persons_with
from registry.rules import identity
from registry.rules.likeness.compare import Likeness, Told, compare
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.course import outcome, tumours
from registry.services.here import centre_here
from registry.services.imports.case import Case
from registry.services.imports.held import put_back
from registry.services.imports.later import Later
from registry.services.unit import change
from registry.services.values import image, read

USE = "likeness"
UNMATCHED = "unmatched"
PUT_OFF = "put off"
SAME_TUMOUR = timedelta(days=183)
FOUND = Label("名单只关联确认的人", "A list's entry goes to a person beyond doubt")
NEEDED = Label("名单条目必需", "What an entry of a list needs")
BY_HAND = (
    "t", "n", "m", "stage_group", "summary_stage", "stage_edition", "stage_prefix", "topography",
    "morphology",
)  # fmt: skip


class InDoubt(Invalid):
    """Somebody may be meant and nobody surely is: `person_ids` are those who may be."""

    def __init__(self, person_ids: list[int]) -> None:
        super().__init__([_doubt(person_ids)])
        self.person_ids = person_ids


def store(case: Case, *, run_id: int, source: str, later: Later | None = None) -> str:
    """Give one entry to its person: "new", "updated", "unchanged"; "unmatched" where nobody here fits.

    With `later`, while the run is under way, what was there before it stays as it was; an entry that
    changes a stored record is put there, and is "put off" where it brings nothing else.

    Raises
    ------
    Invalid
        Storing nothing, with problems by path: a value that cannot be, or a person in doubt.
    """
    if not case.vital_status and not case.tumour:
        raise Invalid([refusal("vital_status-as_of", "缺少日期", "The date is missing", NEEDED)])
    person_id = whom(case)
    if person_id is None:
        return UNMATCHED
    with change("import.linkage", reason=source) as unit:
        unit.run_id = run_id
        fates = []
        if case.vital_status:
            fates.append(_life(person_id, case.vital_status, run_id, source, hold=later is not None))
        if case.tumour:
            fates.append(_tumour(person_id, case.tumour, run_id, source, hold=later is not None))
        if later is not None:
            put_back(unit, run_id)
    if later is not None:
        later.named.add(person_id)
        if PUT_OFF in fates:
            later.put(case, told="new" in fates)
    return next((fate for fate in ("new", PUT_OFF, "updated") if fate in fates), "unchanged")


def whom(case: Case) -> int | None:
    """The id of the person enrolled here whom an entry is about; None where nobody is like it.

    Raises
    ------
    InDoubt
        When somebody may be meant and nobody surely is.
    """
    entry = told(case)
    best: dict[int, Likeness] = {}
    with unscoped(USE):
        for record in queries.records(db.session(), _candidates(case, entry), numbers=True).values():
            likeness = compare(entry, record.told)
            if record.person_id not in best or likeness.bits > best[record.person_id].bits:
                best[record.person_id] = likeness
    sure = [person_id for person_id, likeness in best.items() if likeness.links]
    if len(sure) == 1:
        return sure[0]
    if maybe := sure or sorted(person_id for person_id, likeness in best.items() if likeness.asks):
        raise InDoubt(sorted(maybe))
    return None


def told(case: Case) -> Told:
    """What an entry tells of who is meant."""
    paper, number = case.document, case.document.get("value")
    kind = paper.get("type") or DocumentType.RESIDENT_ID
    own = number and (paper.get("owner") or DocumentOwner.OWN) is DocumentOwner.OWN
    return Told(
        name=case.enrolment.get("name"),
        sex=case.person.get("sex"),
        born_on=case.person.get("born_on"),
        born_precision=case.person.get("born_precision"),
        phone=case.enrolment.get("phone"),
        papers=((kind, identity.clean(str(number)), bool(paper.get("doubtful"))),) if own else (),
        record_number=case.enrolment.get("record_number"),
    )


def _candidates(case: Case, entry: Told) -> set[int]:
    """Enrolments of this centre that an entry might be about."""
    centre_id = centre_here()
    digests = matching.match_digests(
        name=entry.name,
        sex=entry.sex,
        born_on=entry.born_on,
        born_precision=entry.born_precision,
        phone=entry.phone,
    )
    found = queries.meetings(db.session(), {digest: {0} for digest in digests}).get(0, set())
    persons = {person for kind, number, _ in entry.papers for person in persons_with(kind, number)}
    number = entry.record_number
    record = matching.record_number_digest(centre_id, number) if number else None
    return queries.enrolments_of(db.session(), centre_id, among=found, persons=persons, record_number=record)


def _doubt(person_ids: list[int]) -> Problem:
    who = ", ".join(str(person_id) for person_id in person_ids[:5])
    return refusal(
        "enrolment-record_number",
        f"可能是受检者 {who}，不能确定；确认后请填写其登记号再导入，或留空不管",
        f"May be person {who}, not surely: once confirmed give their record number and bring it in again",
        FOUND,
    )


# ---- what the entry says -----------------------------------------------------------------------------


def _life(person_id: int, given: dict[str, Any], run_id: int, source: str, *, hold: bool) -> str:
    """A death or a life on record, once for each source; a later list corrects the earlier."""
    names = ("vital", "as_of", "as_of_precision", "source", "cause", "complete_until")
    values, problems = read(VitalStatus, dict.fromkeys(names) | given)
    if problems:
        raise Invalid([problem.under("vital_status") for problem in problems])
    said = values["source"] or VitalSource.DEATH_LIST
    known = db.session.scalar(
        select(VitalStatus)
        .where(VitalStatus.person_id == person_id, VitalStatus.centre_id == centre_here())
        .where(VitalStatus.source == said)
        .order_by(VitalStatus.id.desc())
        .limit(1)
    )
    now = {name: value for name, value in values.items() if value is not None} | {"source": said}
    if known is not None and all(image(known)[name] == value for name, value in now.items()):
        return "unchanged"
    if hold and known is not None and known.import_id != run_id:
        return PUT_OFF
    kept = {name: image(known)[name] for name in ("cause",)} if known is not None else {}
    try:
        row = outcome.vital_status(person_id, existing=known, reason=source, **(kept | now))
    except Invalid as wrong:
        raise Invalid([problem.under("vital_status") for problem in wrong.problems]) from wrong
    row.import_id = run_id
    return "new" if known is None else "updated"


def _tumour(person_id: int, given: dict[str, Any], run_id: int, source: str, *, hold: bool) -> str:
    """A register's cancer: what the registry knows already is completed, anything else is recorded."""
    values, problems = read(Tumour, given)
    if problems:
        raise Invalid([problem.under("tumour") for problem in problems])
    same = same_tumour(person_id, values)
    try:
        if same is None:
            row = tumours.record_tumour(person_id, reason=source, **values)
            row.import_id = run_id
            return "new"
        empty = {
            name: values[name]
            for name in BY_HAND
            if values.get(name) is not None and getattr(same, name) is None
        }
        if not empty or same.centre_id != centre_here():
            return "unchanged"
        if hold and same.import_id != run_id:
            return PUT_OFF
        tumours.stage(same, seen=None, reason=source, **empty)
        return "updated"
    except Invalid as wrong:
        raise Invalid([problem.under("tumour") for problem in wrong.problems]) from wrong


def same_tumour(person_id: int, values: dict[str, Any]) -> Tumour | None:
    """The person's tumour of this organ whose beginning lies within half a year; colon and rectum are one."""
    organ, on = values.get("organ"), values.get("incidence_on")
    found = db.session.scalars(
        select(Tumour).where(Tumour.person_id == person_id).order_by(Tumour.sequence)
    ).all()
    for tumour in found:
        alike = tumour.organ is organ or (organ is not None and tumour.organ.colorectal and organ.colorectal)
        if alike and _near(on, (tumour.incidence_on, tumour.detected_on, tumour.invasive_on)):
            return tumour
    return None


def _near(on: date | None, days: Iterable[date | None]) -> bool:
    known = [day for day in days if day is not None]
    return on is None or not known or any(abs(day - on) <= SAME_TUMOUR for day in known)
