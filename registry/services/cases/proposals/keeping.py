"""The readings of a stored case: found anew when a text or the record changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.codes.desk import ReadingState, TextSource
from registry.extensions import db
from registry.models import (
    Background,
    Covering,
    Examination,
    Lesion,
    Proposal,
    Reading,
    Report,
    Result,
    Specimen,
)
from registry.services.cases.proposals.finding import Found, Words, find, text_digest
from registry.services.unit import Unit
from registry.services.values import image, put

OPEN, CONFIRMED, REJECTED, STALE = (
    ReadingState.UNCONFIRMED,
    ReadingState.CONFIRMED,
    ReadingState.REJECTED,
    ReadingState.STALE,
)


def refresh(unit: Unit, examination: Examination) -> None:
    """Read the texts of a case anew, inside the change that stored it.

    A reading whose text is gone or changed becomes stale; what the record says by now needs nobody's
    confirmation any more; what a person confirmed or rejected stays as it is, and what was rejected
    in one wording of a text is not proposed again in the next.
    """
    unit.session.flush()
    before = _ever_of(examination.id)
    case = _read(examination, before)
    if case.found or before:
        _keep(unit, examination, case, before)
        unit.session.flush()


@dataclass(frozen=True)
class CaseRead:
    """What the texts of a stored case speak of, the current reports meant by their places, its lesions."""

    found: list[Found]
    reports: list[int]
    lesions: dict[int, Lesion]
    claimed: Mapping[tuple[TextSource, int | None], Mapping[int, int]]


def read_again(reading: Reading) -> tuple[Found, CaseRead] | None:
    """The part of its text that a reading is of, as the record stands now; None if the text has changed."""
    case = _read(reading.examination, _ever_of(reading.examination_id))
    report = case.reports.index(reading.report_id) if reading.report_id in case.reports else None
    digest = reading.text_digest
    for one in case.found:
        same = one.text == (reading.source, report) and one.place == reading.part - 1
        if same and text_digest(one.words.text) == digest:
            return one, case
    return None


def _read(examination: Examination, before: Iterable[Reading]) -> CaseRead:
    said, reports = _texts(examination)
    if not said:
        return CaseRead([], [], {}, {})
    statement = select(Lesion).where(Lesion.examination_id == examination.id).order_by(Lesion.number)
    lesions = {lesion.number: lesion for lesion in db.session.scalars(statement)}
    background = db.session.scalar(select(Background).where(Background.examination_id == examination.id))
    kind = examination.type
    claimed = _claimed(before, said, reports, {lesion.id: number for number, lesion in lesions.items()})
    found = find(
        said,
        upper=True if kind.upper else False if kind.lower else None,
        lesions={number: image(lesion) for number, lesion in lesions.items()},
        background=image(background) if background is not None else {},
        claimed=claimed,
    )
    return CaseRead(found, reports, lesions, claimed)


def untie(unit: Unit, lesion_ids: Collection[int]) -> None:
    """Before lesions are removed: what was read of them speaks of none in the record."""
    if lesion_ids:
        for reading in db.session.scalars(select(Reading).where(Reading.lesion_id.in_(lesion_ids))):
            reading.lesion_id = None
            unit.index(add=[reading])


def _ever_of(examination_id: int) -> list[Reading]:
    """Every reading of a case with its codes, in the order they were found."""
    statement = (
        select(Reading)
        .where(Reading.examination_id == examination_id)
        .options(selectinload(Reading.proposals))
        .order_by(Reading.id)
    )
    return list(db.session.scalars(statement))


def _texts(examination: Examination) -> tuple[list[Words], list[int]]:
    """The texts of a case as they stand, and the ids of its current reports, meant by their places."""
    said = [
        Words(source, text)
        for source, text in (
            (TextSource.FINDINGS, examination.findings),
            (TextSource.DIAGNOSIS, examination.diagnosis),
        )
        if text
    ]
    rows = db.session.execute(
        select(Report.id, Report.wording, Specimen.id, Specimen.method, Specimen.en_bloc)
        .join(Specimen, Specimen.id == Report.specimen_id)
        .where(Specimen.examination_id == examination.id, Report.current, Report.wording.is_not(None))
        .order_by(Report.id)
    ).all()
    if not rows:
        return said, []
    covered, results = _covered([row[2] for row in rows]), _results([row[0] for row in rows])
    for place, (report_id, wording, specimen_id, method, en_bloc) in enumerate(rows):
        said.append(
            Words(
                TextSource.WORDING,
                wording or "",
                report=place,
                method=method,
                covered=covered[specimen_id],
                results=results[report_id],
                specimen={"en_bloc": en_bloc},
            )
        )
    return said, [row[0] for row in rows]


def _covered(specimen_ids: Collection[int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    statement = (
        select(Covering.specimen_id, Lesion.number)
        .join(Lesion, Lesion.id == Covering.lesion_id)
        .where(Covering.specimen_id.in_(specimen_ids))
        .order_by(Covering.id)
    )
    for specimen_id, number in db.session.execute(statement):
        found[specimen_id].append(number)
    return found


def _results(report_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    statement = (
        select(Result, Lesion.number)
        .outerjoin(Lesion, Lesion.id == Result.lesion_id)
        .where(Result.report_id.in_(report_ids))
        .order_by(Result.id)
    )
    for result, number in db.session.execute(statement):
        found[result.report_id].append(image(result) | {"lesion": number})
    return found


def _claimed(
    before: Iterable[Reading], said: Iterable[Words], reports: list[int], numbers: Mapping[int, int]
) -> dict[tuple[TextSource, int | None], dict[int, int]]:
    """Which parts of the texts as they stand a person has settled on a lesion."""
    digests = {(words.source, words.report): text_digest(words.text) for words in said}
    found: dict[tuple[TextSource, int | None], dict[int, int]] = defaultdict(dict)
    for reading in before:
        report = reports.index(reading.report_id) if reading.report_id in reports else None
        settled = any(proposal.state is CONFIRMED for proposal in reading.proposals)
        same = digests.get((reading.source, report)) == reading.text_digest
        number = numbers.get(reading.lesion_id or 0)
        if same and settled and number is not None:
            found[reading.source, report][reading.part - 1] = number
    return found


def _keep(unit: Unit, examination: Examination, case: CaseRead, before: list[Reading]) -> None:
    refused = {
        (one.source, one.report_id, one.alike, each.field, each.value)
        for one in before
        for each in one.proposals
        if each.state is REJECTED
    }
    waiting = {_known_by(one): one for one in before if one.state is not STALE}
    own = {"examination": examination, "centre_id": examination.centre_id}
    for one in case.found:
        report_id = case.reports[one.words.report] if one.words.report is not None else None
        row = one.row() | {"report_id": report_id}
        row |= {"lesion_id": case.lesions[one.lesion].id if one.lesion is not None else None}
        known = waiting.pop((row["source"], report_id, row["text_digest"], row["part"], row["alike"]), None)
        if known is not None:
            if known.state is OPEN:
                _bring_up_to_date(unit, known, one, row)
            continue
        name = (row["source"], report_id, row["alike"])
        open_ones = [each for each in one.proposals() if (*name, each["field"], each["value"]) not in refused]
        if open_ones:
            reading = Reading(**own, **row)
            reading.proposals = [Proposal(centre_id=reading.centre_id, **each) for each in open_ones]
            unit.index(add=[reading, *reading.proposals])
    for reading in waiting.values():
        if reading.state is OPEN:
            _close(unit, reading, {proposal.id: STALE for proposal in reading.proposals})


def _known_by(reading: Reading) -> tuple[Any, ...]:
    return reading.source, reading.report_id, reading.text_digest, reading.part, reading.alike


def _bring_up_to_date(unit: Unit, reading: Reading, found: Found, row: Mapping[str, Any]) -> None:
    """Tie it to its lesion as the record stands now, and close the codes that the record holds by now."""
    put(reading, row)
    unit.index(add=[reading])
    still = {(read.field, read.code) for read in found.open}
    _close(
        unit,
        reading,
        {each.id: CONFIRMED for each in reading.proposals if (each.field, each.value) not in still},
    )
    known = {each.field for each in reading.proposals}
    for each in found.proposals():
        if each["field"] not in known:
            proposal = Proposal(reading=reading, centre_id=reading.centre_id, **each)
            unit.index(add=[proposal])


def _close(unit: Unit, reading: Reading, states: Mapping[int, ReadingState]) -> None:
    for proposal in reading.proposals:
        if proposal.state is OPEN and proposal.id in states:
            proposal.state = states[proposal.id]
            unit.index(add=[proposal])
    settle_state(reading)
    unit.index(add=[reading])


def settle_state(reading: Reading) -> None:
    """A reading is open while one of its codes is; then it is what became of them."""
    states = {proposal.state for proposal in reading.proposals}
    for state in (OPEN, CONFIRMED, REJECTED, STALE):
        if state in states:
            reading.state = state
            return
