"""One case entered as by hand: for persons who are known already, through the services of the forms."""

from registry.access import unscoped
from registry.extensions import db
from registry.models import Base, Enrolment, Examination, ImportedCase, Tumour
from registry.queries.record.people import enrolment_of
from registry.services.cases import pathology, recording
from registry.services.course import outcome, tumours
from registry.services.here import centre_here
from registry.services.imports import memory
from registry.services.imports.ahead import persons
from registry.services.imports.ahead.prepared import Prepared
from registry.services.imports.case import Records
from registry.services.imports.held import put_back
from registry.services.imports.judging import NAMING, Sound
from registry.services.imports.rehearsed import Rehearsed
from registry.services.people import enrolling
from registry.services.unit import Unit, change
from registry.services.values import put


def enter(
    prepared: Prepared,
    *,
    run_id: int | None,
    source: str,
    rehearsal: bool = False,
    hold: bool = False,
) -> tuple[int, bool, bool]:
    """Store one case in a change of its own, marked as brought by this run.

    With `hold`, while the run is under way, what was there before it stays as it was. Gives the person's
    id; whether they were enrolled here already; and whether the case tells more of the person than is
    stored now, which is then left to a later reading.

    Raises
    ------
    Invalid
        Storing nothing, when it contradicts what is on record.
    """
    try:
        with change("import.case", reason=source) as unit:
            unit.run_id = run_id
            enrolment, more = enrolled(unit, prepared.sound, run_id=run_id, source=source, hold=hold)
            found = enrolment.person_id, enrolment not in unit.added, more
            _store(unit, prepared, found[0], run_id)
            if rehearsal:
                unit.session.flush()
                raise Rehearsed
            _remember(unit, prepared, found[0], run_id, source, whole=not more)
            if hold and run_id is not None:
                put_back(unit, run_id)
    except Rehearsed:
        pass
    return found


def _store(unit: Unit, prepared: Prepared, person_id: int, run_id: int | None) -> None:
    sound = prepared.sound
    if sound.parts is not None:
        examination = _examination(sound, person_id, run_id)
        prepared.examination_id = examination.id
    if sound.tumour:
        mark(unit, tumours.record_tumour(person_id, **sound.tumour), run_id)
    if sound.vital_status:
        mark(unit, outcome.vital_status(person_id, **sound.vital_status), run_id)
    for row in unit.added:
        if isinstance(row, Tumour):
            mark(unit, row, run_id)


def _remember(
    unit: Unit, prepared: Prepared, person_id: int, run_id: int | None, source: str, *, whole: bool
) -> None:
    fields = prepared.fields if whole else memory.without_person(prepared.fields)
    unit.add(
        ImportedCase(
            centre_id=centre_here(),
            import_id=run_id,
            source=source,
            key_digest=prepared.key_digest,
            content_digest=memory.content_digest(fields),
            fields=fields,
            person_id=person_id,
            examination_id=prepared.examination_id,
        )
    )


def enrolled(
    unit: Unit, sound: Sound, *, run_id: int | None, source: str, hold: bool
) -> tuple[Enrolment, bool]:
    """The enrolment here of whom a case is about, found and completed, or made; and whether the case
    tells more of the person, which with `hold` is not to stay."""
    centre_id = centre_here()
    number = persons.number_of(sound, centre_id)
    with unscoped("import"):
        named = set(filter(None, [sound.digest])), set(filter(None, [number]))
        met = persons.lookup(db.session(), *named, centre_id=centre_id)
    known = persons.whose(sound, number, met)
    more = hold and known is not None and persons.betters(sound, known)
    here = enrolment_of(known.person_id) if known and known.person_id is not None else None
    if here is not None:
        _complete(unit, here, sound, hold=hold)
        return here, more
    papers = [_paper(sound)] if sound.paper is not None else []
    fresh = enrolling.enrol(
        **sound.personal, **sound.enrolment, **sound.naming, documents=papers, reason=source
    )
    mark(unit, fresh, run_id)
    if known is None:
        mark(unit, fresh.person, run_id)
    return fresh, more


def mark(unit: Unit, row: Base, run_id: int | None) -> None:
    """Say that a record came with this run: no rate counts it before the run is finished."""
    put(unit.edit(row), {"import_id": run_id})


def _complete(unit: Unit, enrolment: Enrolment, sound: Sound, *, hold: bool) -> None:
    """Fill in what is not on record yet; what is known otherwise is not overwritten in passing."""
    enrolling.agree(unit, enrolment.person, sound.personal)
    fill = {
        name: value
        for name in NAMING
        if (value := sound.naming.get(name)) and getattr(enrolment, name) is None
    }
    if enrolment.region is None and not hold and sound.enrolment.get("region"):
        fill["region"] = sound.enrolment["region"]
    paper = sound.paper if sound.paper is not None and not _has(enrolment, sound.paper) else None
    if not fill and paper is None:
        return
    put(unit.edit(enrolment), fill)
    if paper is not None:
        enrolling.attach(unit, enrolment, paper)
        unit.session.flush()
        unit.session.expire(enrolment, ["documents"])
    enrolling.index(unit, enrolment)


def _has(enrolment: Enrolment, paper: Records) -> bool:
    return any(
        document.type is paper["type"] and document.value == paper["value"]
        for document in enrolment.documents
    )


def _paper(sound: Sound) -> Records:
    paper = sound.paper or {}
    return {name: paper[name] for name in ("type", "value", "owner", "doubtful")}


def _examination(sound: Sound, person_id: int, run_id: int | None) -> Examination:
    parts = sound.whole
    examination = recording.record_case(
        person_id=person_id,
        examination=parts.examination.given | {"import_id": run_id},
        background=parts.background.given if parts.background else None,
        lesions=[part.given for part in parts.lesions],
        specimens=[part.given | {"lesions": part.lesions or []} for part in parts.specimens],
        adverse_events=[part.given for part in parts.adverse_events],
    )
    letters = {specimen.letter: specimen for specimen in examination.specimens}
    numbers = {lesion.number: lesion.id for lesion in examination.lesions}
    for reported in sound.reports:
        results = [
            said | {"lesion_id": numbers[number] if number is not None else None}
            for said, number in zip(reported.results, reported.lesions, strict=True)
        ]
        specimen = letters[parts.specimens[reported.place].given["letter"]]
        pathology.record_report(specimen, **reported.values, results=results)
    return examination
