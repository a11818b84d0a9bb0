"""Cases: an examination with everything that belongs to it, stored whole or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select

from registry.access import scope, unscoped
from registry.extensions import db
from registry.label import Label
from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Covering,
    Examination,
    Lesion,
    Result,
    Sighting,
    Specimen,
)
from registry.rules.problem import Problem, refusal, warning
from registry.rules.problem import demand as stop_at
from registry.services.births import age_at
from registry.services.cases import flags, pathology, proposals
from registry.services.cases.parts import Case, Part, assemble, contradictions
from registry.services.course import outcome, tumours
from registry.services.here import centre_here, person_here
from registry.services.unit import Unit, change
from registry.services.values import put

ONCE_A_DAY = Label("同一人同日同类检查通常只有一例", "One examination of a kind a person and day, as a rule")
HANGS = Label("病理或后来的病例所依据的，不可删除", "What pathology or a later case rests on is not removed")


def record_case(
    *,
    person_id: int,
    examination: Mapping[str, Any],
    background: Mapping[str, Any] | None = None,
    lesions: Iterable[Mapping[str, Any]] = (),
    specimens: Iterable[Mapping[str, Any]] = (),
    adverse_events: Iterable[Mapping[str, Any]] = (),
    accepted: Iterable[Mapping[str, str]] = (),
    next_due: Mapping[str, Any] | None = None,
    existing: Examination | None = None,
    seen: int | None = None,
    reason: str | None = None,
    ask: bool = False,
) -> Examination:
    """Store an examination with its background, lesions, specimens and adverse events, or change one.

    Dicts hold columns by name. A specimen names the lesions it covers by their numbers, in
    `lesions`: none for background biopsies. With `existing`, a lesion, specimen or adverse event
    with an `id` changes that row, one without is new, and a stored one that is not listed is
    removed; a background of None leaves the stored one alone. `next_due` holds next_due_on,
    next_due_what and next_due_reason. `accepted` are flags by field and clause, with a reason.

    Raises
    ------
    Invalid
        Storing nothing, with problems whose fields are paths such as "lesions-0-size_mm";
        `Unaccepted` where only flags are left and `ask` is true.
    Overtaken
        When somebody else changed the case since the version `seen`.
    """
    action = "case.amend" if existing is not None else "case.record"
    with change(action, seen=seen, root=existing, reason=reason) as unit:
        person = person_here(person_id)
        case = assemble(person, existing, examination, background, lesions, specimens, adverse_events)
        stop_at(case.problems)
        found = [*contradictions(case), *_still_needed(case), *_recorded_already(case)]
        before = existing.accepted if existing is not None else ()
        shown = flags.settle_accepted(stop_at(found), accepted, ask=ask, before=before)
        stored = _store(unit, case)
        flags.store(unit, stored, shown)
        unit.session.flush()
        outcome.attended(unit, person, stored, next_due or {})
        pathology.settle(unit, stored)
        tumours.settle(unit, person_id)
        proposals.refresh(unit, stored)
    return stored


def _recorded_already(case: Case) -> list[Problem]:
    """A flag on a new examination of a kind that this person already had here on that day."""
    given = case.examination.given
    if case.examination.row is not None:
        return []
    same = select(Examination.id).where(
        Examination.person_id == case.person.id,
        Examination.centre_id == centre_here(),
        Examination.type == given.get("type"),
        Examination.performed_on == given.get("performed_on"),
    )
    if db.session.scalar(same.limit(1)) is None:
        return []
    return [
        warning(
            "examination-type",
            "此人当天在本中心已有一例同类检查。如确为另一例，请留一个理由；如是重复保存，请关闭本页",
            "This person already has an examination of this kind here on that day. If this is another one, "
            "give a reason; if it was saved twice, leave this page",
            ONCE_A_DAY,
        )
    ]


def _store(unit: Unit, case: Case) -> Examination:
    root = case.examination
    if root.row is None:
        examination = Examination(person=case.person, centre_id=centre_here(), **root.given)
        current = scope()
        if examination.recorder_id is None and current and current.actor_id != examination.operator_id:
            examination.recorder_id = current.actor_id
        unit.add(examination)
    else:
        examination = unit.edit(root.row)
        put(examination, root.given)
    if (age := age_at(case.person, examination.performed_on)) is not None:
        examination.age = age
    _store_background(unit, case.background, examination)
    by_number = {}
    for part in case.lesions:
        by_number[part.whole["number"]] = _store_part(unit, Lesion, part, examination)
    for part in case.specimens:
        specimen = _store_part(unit, Specimen, part, examination)
        _cover(unit, specimen, part, [by_number[number] for number in dict.fromkeys(part.lesions or ())])
    for part in case.adverse_events:
        _store_part(unit, AdverseEvent, part, examination)
    if case.adverse_events and examination.any_adverse_event is None:
        examination.any_adverse_event = True
    _drop(unit, case.dropped)
    return examination


def _store_background(unit: Unit, part: Part | None, examination: Examination) -> None:
    if part is None:
        return
    empty = all(value is None for value in part.given.values())
    if part.row is not None:
        if empty:
            unit.remove(part.row)
        else:
            put(unit.edit(part.row), part.given)
    elif not empty:
        unit.add(Background(examination=examination, **part.given))


def _store_part(unit: Unit, model: type[Base], part: Part, examination: Examination) -> Any:
    if part.row is None:
        return unit.add(model(examination=examination, **part.given))
    put(unit.edit(part.row), part.given)
    return part.row


def _cover(unit: Unit, specimen: Specimen, part: Part, lesions: list[Lesion]) -> None:
    if part.row is not None and part.lesions is None:
        return
    stored = {covering.lesion_id: covering for covering in (part.row.coverings if part.row else ())}
    for lesion in lesions:
        if lesion.id is None or stored.pop(lesion.id, None) is None:
            unit.add(Covering(specimen=specimen, lesion=lesion, centre_id=specimen.centre_id))
    for covering in stored.values():
        unit.remove(covering)


def _drop(unit: Unit, rows: Iterable[Base]) -> None:
    """Remove what is no longer listed, the rows that hang on it first."""
    rows = list(rows)
    lesions = [row.id for row in rows if isinstance(row, Lesion)]
    specimens = [row.id for row in rows if isinstance(row, Specimen)]
    if not rows:
        return
    hanging = or_(Covering.lesion_id.in_(lesions), Covering.specimen_id.in_(specimens))
    gone = {id(row) for row, _ in unit.removed}
    for covering in db.session.scalars(select(Covering).where(hanging)):
        if id(covering) not in gone:
            unit.remove(covering)
    for sighting in db.session.scalars(select(Sighting).where(Sighting.lesion_id.in_(lesions))):
        unit.remove(sighting)
    proposals.untie(unit, lesions)
    unit.session.flush()
    for row in rows:
        unit.remove(row)
    unit.session.flush()


def _still_needed(case: Case) -> list[Problem]:
    """Refusals for what would be removed although pathology, or a later case, rests on it."""
    problems = []
    lesions = {row.id: row for row in case.dropped if isinstance(row, Lesion)}
    uncovered = {
        lesion_id for part in case.specimens if part.row is not None for lesion_id in _let_go(case, part)
    }
    told = set(
        db.session.scalars(select(Result.lesion_id).where(Result.lesion_id.in_(lesions.keys() | uncovered)))
    )
    with unscoped("settled facts"):
        later = set(db.session.scalars(select(Lesion.same_as_id).where(Lesion.same_as_id.in_(lesions))))
    for lesion_id, lesion in lesions.items():
        if lesion_id in told | later:
            zh = f"病变 {lesion.number} 已有病理结果或后续病例，不能删除"
            en = f"Lesion {lesion.number} has results or a later case and cannot be removed"
            problems.append(refusal("lesions", zh, en, HANGS))
    for part in case.specimens:
        if part.row is not None and _let_go(case, part) & told:
            zh, en = "该病变已有此标本的病理结果", "The lesion has a result of this specimen"
            problems.append(refusal(f"{part.path}-lesions", zh, en, HANGS))
    for row in case.dropped:
        if isinstance(row, Specimen) and row.reports:
            zh = f"标本 {row.letter} 已有病理报告，不能删除"
            en = f"Specimen {row.letter} has a report and cannot be removed"
            problems.append(refusal("specimens", zh, en, HANGS))
    return problems


def _let_go(case: Case, part: Part) -> set[int]:
    """Ids of the lesions that a stored specimen covered and, as given now, covers no longer."""
    if part.lesions is None:
        return set()
    kept = {
        lesion.row.id
        for lesion in case.lesions
        if lesion.row is not None and lesion.whole["number"] in part.lesions
    }
    return {covering.lesion_id for covering in part.row.coverings} - kept
