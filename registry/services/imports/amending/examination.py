"""The examination of a case that changed in its source: lesions and specimens found again, then amended."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.access import unscoped
from registry.extensions import db
from registry.models import AuditEntry, Background, Examination, Report, Specimen
from registry.services.cases import pathology, recording
from registry.services.cases.parts import Part
from registry.services.imports.amending.changes import Changes
from registry.services.imports.case import Records
from registry.services.imports.judging import Reported
from registry.services.imports.memory import specimen_key


def amend_examination(changes: Changes, examination: Examination, source: str) -> None:
    """Store what changed of an examination and all that belongs to it; nothing where nothing did."""
    parts = changes.sound.parts
    if parts is None:
        return
    given = changes.of(examination, "examination", _of_source(parts.examination, changes, "examination"))
    if "operator_words" in given:
        given["operator_id"] = parts.examination.given.get("operator_id") or examination.operator_id
    background = _background(changes, examination)
    lesions, more_lesions = _lesions(changes, examination)
    specimens, more_specimens, found = _specimens(changes, examination)
    events, more_events = _events(changes, examination)
    _ask_for_missing(changes, examination)
    some = [*lesions, *specimens]
    if (
        given
        or background
        or more_lesions
        or more_specimens
        or more_events
        or any(len(row) > 1 for row in some)
    ):
        recording.record_case(
            person_id=examination.person_id,
            existing=examination,
            examination=given,
            background=background,
            lesions=[*lesions, *more_lesions],
            specimens=[*specimens, *more_specimens],
            adverse_events=[*events, *more_events],
            reason=source,
        )
        changes.unit.session.flush()
        changes.unit.session.expire(examination, ["lesions", "specimens"])
    for reported in changes.sound.reports:
        part = parts.specimens[reported.place]
        letter = found[reported.place].letter if reported.place in found else part.given["letter"]
        _report(changes, examination, letter, reported, source)


def _of_source(part: Part, changes: Changes, name: str) -> Records:
    """The values that the source itself gave, of all that a part will hold."""
    told = changes.sound.case.records.get(name) or {}
    return {column: value for column, value in part.given.items() if column in told}


def _background(changes: Changes, examination: Examination) -> Records | None:
    part = changes.sound.whole.background
    if part is None:
        return None
    stored: Background | None = examination.background
    if stored is None:
        return dict(part.given) if any(changes.differs(f"background-{name}") for name in part.given) else None
    return changes.of(stored, "background", part.given) or None


def _lesions(changes: Changes, examination: Examination) -> tuple[list[Records], list[Records]]:
    """Every stored lesion with what changed of it, and those that are new."""
    stored = {lesion.number: lesion for lesion in examination.lesions}
    changed: dict[int, Records] = {lesion.id: {"id": lesion.id} for lesion in stored.values()}
    new = []
    for part in changes.sound.whole.lesions:
        number = part.given["number"]
        if number not in stored:
            new.append(dict(part.given))
            continue
        lesion = stored[number]
        values = {name: value for name, value in part.given.items() if name != "number"}
        changed[lesion.id] |= changes.of(lesion, f"lesion {number}", values)
    return list(changed.values()), new


def _specimens(
    changes: Changes, examination: Examination
) -> tuple[list[Records], list[Records], dict[int, Specimen]]:
    """Every stored specimen with what changed of it, those that are new, and the stored ones by place."""
    told = changes.sound.case.specimens
    changed: dict[int, Records] = {row.id: {"id": row.id} for row in examination.specimens}
    found = _found_again(told, examination)
    new = []
    for place, part in enumerate(changes.sound.whole.specimens):
        covers = {"lesions": part.lesions or []}
        if (row := found.get(place)) is None:
            letters = {specimen.letter for specimen in examination.specimens}
            own = {name: value for name, value in part.given.items() if name != "letter"}
            fresh = part.given["letter"] not in letters
            new.append((dict(part.given) if fresh else own) | covers)
            continue
        path = f"specimen {specimen_key(told[place], place + 1)}"
        values = {
            name: value for name, value in part.given.items() if name in told[place] and name != "letter"
        }
        changed[row.id] |= changes.of(row, path, values)
        numbers = sorted(lesion.number for lesion in row.lesions)
        if changes.differs(f"{path}-lesions") and sorted(part.lesions or []) != numbers:
            changed[row.id] |= covers
    return list(changed.values()), new, found


def _found_again(told: list[Records], examination: Examination) -> dict[int, Specimen]:
    """The stored specimen of each place: by its 病理号, else by its letter, else by its place."""
    free = list(examination.specimens)
    by_number = {row.pathology_number: row for row in free if row.pathology_number}
    found: dict[int, Specimen] = {}
    for place, specimen in enumerate(told):
        row = by_number.pop(specimen.get("pathology_number") or "", None)
        if row is not None:
            found[place] = row
            free.remove(row)
    unnamed = [row for row in free if row.pathology_number is None]
    by_letter = {row.letter: row for row in unnamed}
    for place, specimen in enumerate(told):
        if place in found:
            continue
        letter = specimen.get("letter") or (chr(ord("A") + place) if place < 26 else "")
        if (row := by_letter.pop(letter, None)) is not None:
            found[place] = row
    return found


def _events(changes: Changes, examination: Examination) -> tuple[list[Records], list[Records]]:
    """Stored adverse events stay as they are; a kind that was not there yet is new."""
    kinds = {event.kind for event in examination.adverse_events}
    new = [
        dict(part.given) for part in changes.sound.whole.adverse_events if part.given.get("kind") not in kinds
    ]
    return [{"id": event.id} for event in examination.adverse_events], new


def _ask_for_missing(changes: Changes, examination: Examination) -> None:
    """A lesion or specimen that the source named before and names no more is a question, never removed."""
    for lesion in examination.lesions:
        path = f"lesion {lesion.number}-number"
        if path in changes.before and path not in changes.now:
            changes.ask(lesion, "number", None)
    for row in examination.specimens:
        key = specimen_key({"pathology_number": row.pathology_number, "letter": row.letter}, 0)
        path = f"specimen {key}-letter"
        if path in changes.before and path not in changes.now:
            changes.ask(row, "letter", None)


# ---- reports -----------------------------------------------------------------------------------------


def _report(changes: Changes, examination: Examination, letter: str, reported: Reported, source: str) -> None:
    """A first report is recorded; one whose text or results changed is revised."""
    specimen = next(row for row in examination.specimens if row.letter == letter)
    numbers = {lesion.number: lesion.id for lesion in examination.lesions}
    results = [
        said | {"lesion_id": numbers[number] if number is not None else None}
        for said, number in zip(reported.results, reported.lesions, strict=True)
    ]
    current = next((report for report in specimen.reports if report.current), None)
    if current is None:
        pathology.record_report(specimen, **reported.values, results=results, reason=source)
        return
    told = changes.sound.case.specimens[reported.place]
    path = f"specimen {specimen_key(told, reported.place + 1)}-report"
    names = [*reported.values, "results"]
    if not any(changes.differs(f"{path}-{name}") for name in names) or _same(
        current, reported.values, results
    ):
        return
    if _by_hand(current):
        changes.ask(current, "wording", reported.values.get("wording"))
        return
    pathology.record_report(specimen, **reported.values, results=results, supersedes=current, reason=source)


def _same(report: Report, values: Mapping[str, Any], results: list[Records]) -> bool:
    if any(getattr(report, name) != value for name, value in values.items()):
        return False
    stored = report.results
    return not results or (
        len(results) == len(stored)
        and all(
            getattr(row, name) == value
            for row, said in zip(stored, results, strict=True)
            for name, value in said.items()
        )
    )


def _by_hand(report: Report) -> bool:
    """Whether a person recorded this report, and no file."""
    made = select(AuditEntry.action).where(
        AuditEntry.subject == "report", AuditEntry.subject_id == report.id, AuditEntry.kind == "create"
    )
    with unscoped("import"):
        action = db.session().scalar(made.limit(1))
    return action is not None and not action.startswith("import.")
