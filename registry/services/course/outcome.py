"""What became of people: contacts, what is due next, life and death."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.codes.outcome import ContactMode, ContactOutcome
from registry.codes.person import Precision, Vital, VitalSource
from registry.extensions import db
from registry.label import Label
from registry.models import Examination, FollowUp, Person, VitalStatus
from registry.rules import outcome as rules
from registry.rules.dates import certainly_before, partial
from registry.rules.life import DEATH
from registry.rules.problem import Invalid, Problem, refusal
from registry.rules.problem import demand as stop_at
from registry.services.course import tumours
from registry.services.course import vital as vitals
from registry.services.here import centre_here, dates_of, person_here
from registry.services.unit import Unit, change
from registry.services.values import lacking, put, read, today

ANSWERS = "A contact answers a follow-up of the same person"
DIED = Label("死亡日期属于死亡", "A death date belongs to a death")


def contact(
    person_id: int,
    *,
    contacted_on: date,
    outcome: ContactOutcome | str | None,
    mode: Any = None,
    vital: Any = None,
    recurrence: Any = None,
    next_due_on: date | None = None,
    next_due_what: Any = None,
    next_due_reason: str | None = None,
    tumour_id: int | None = None,
    note: str | None = None,
    settles: FollowUp | int | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    seen: int | None = None,
) -> FollowUp:
    """Record an attempt to reach a person, and what it led to.

    `settles` is the open follow-up that this contact answers, and `seen` its version. Who was not
    reached stays due unless a new date is given; nothing is due any more for the dead. A death
    whose date is told becomes a vital status from the family.

    Raises
    ------
    Invalid
        When the dates contradict the person's. Alive after death is no refusal: both are kept and
        the person's vital status is in conflict.
    """
    values, problems = read(
        FollowUp,
        {
            "contacted_on": contacted_on,
            "outcome": outcome,
            "mode": mode,
            "vital": vital,
            "recurrence": recurrence,
            "next_due_on": next_due_on,
            "next_due_what": next_due_what,
            "next_due_reason": next_due_reason,
            "tumour_id": tumour_id,
            "note": note,
        },
    )
    problems += lacking(FollowUp, values, "contacted_on")
    died = values["outcome"] is ContactOutcome.DIED or values["vital"] is Vital.DEAD
    if died_on is not None and not died:
        problems.append(refusal("died_on", "联系结果不是已故", "The outcome is not a death", DIED))
    if died and values["vital"] is None:
        values["vital"] = Vital.DEAD
    open_one = _open_one(settles, person_id)
    with change("follow_up.record", seen=seen, root=open_one) as unit:
        person = person_here(person_id)
        problems += rules.check_follow_up(**values, **dates_of(person), today=today())
        if died and died_on is not None:
            problems += [
                problem for problem in _death(person, died_on, died_precision) if problem not in problems
            ]
        stop_at(problems)
        due = values["next_due_on"] is not None and not died
        if not due:
            values |= dict.fromkeys(("next_due_on", "next_due_what", "next_due_reason"))
        row = unit.add(FollowUp(person_id=person_id, centre_id=centre_here(), settled=not due, **values))
        reached = values["outcome"] is None or values["outcome"].reached
        if open_one is not None and (reached or due):
            unit.edit(open_one).settled = True
        if died:
            nothing_due(unit, person_id)
        if died and died_on is not None:
            precision = died_precision or Precision.DAY
            unit.add(
                VitalStatus(
                    person_id=person_id,
                    centre_id=centre_here(),
                    vital=Vital.DEAD,
                    as_of=died_on,
                    as_of_precision=precision,
                    source=VitalSource.FAMILY,
                )
            )
        settle_vital(unit, person)
    return row


def vital_status(
    person_id: int,
    *,
    vital: Any,
    as_of: date,
    as_of_precision: Any = Precision.DAY,
    source: Any,
    cause: str | None = None,
    complete_until: date | None = None,
    existing: VitalStatus | None = None,
    seen: int | None = None,
    reason: str | None = None,
) -> VitalStatus:
    """Record what one source says of a person's life or death, or correct what was recorded of it.

    Raises
    ------
    Invalid
        When a death lies before an examination or a treatment: nothing is done to the dead.
    """
    values, problems = read(
        VitalStatus,
        {
            "vital": vital,
            "as_of": as_of,
            "as_of_precision": as_of_precision or Precision.DAY,
            "source": source,
            "cause": cause,
            "complete_until": complete_until,
        },
    )
    problems += lacking(VitalStatus, values, "vital", "as_of", "source")
    with change("vital_status.record", seen=seen, root=existing, reason=reason) as unit:
        person = person_here(person_id)
        known = dates_of(person) | {"last_alive_on": person.last_alive_on}
        problems += rules.check_vital(**values, **known, today=today())
        if values["vital"] is Vital.DEAD:
            problems += before_last_presence(person_id, as_of, values["as_of_precision"], "as_of")
        stop_at(problems)
        if existing is not None:
            row = existing
            put(unit.edit(row), values)
        else:
            row = unit.add(VitalStatus(person_id=person_id, centre_id=centre_here(), **values))
        if values["vital"] is Vital.DEAD:
            nothing_due(unit, person_id)
        settle_vital(unit, person)
    return row


def settle_vital(unit: Unit, person: Person) -> None:
    """Settle a person's vital facts and how long each tumour was followed, inside a change."""
    tumours.settle(unit, person.id)


def attended(unit: Unit, person: Person, examination: Examination, due: Mapping[str, Any]) -> None:
    """An examination took place: what was due for it is settled, and what it asks for next is due.

    Earlier open follow-ups at this centre are settled if they asked for this end of the digestive
    tract or named no examination: a gastroscopy does not do away with a colonoscopy that is due.
    """
    values, problems = read(FollowUp, due)
    contacted = {"contacted_on": examination.performed_on, **values}
    problems += rules.check_follow_up(**contacted, **dates_of(person))
    stop_at([problem.under("next_due") for problem in problems])
    answered(unit, examination)
    if not due:
        return
    known = db.session.scalar(
        select(FollowUp).where(
            FollowUp.examination_id == examination.id,
            FollowUp.outcome == ContactOutcome.ATTENDED,
            FollowUp.centre_id == centre_here(),
        )
    )
    row = unit.edit(known) if known else FollowUp(person_id=person.id, centre_id=centre_here(), settled=False)
    put(row, contacted | {"examination_id": examination.id})
    put(row, {"mode": ContactMode.CLINIC, "outcome": ContactOutcome.ATTENDED, "vital": Vital.ALIVE})
    row.settled = row.settled or row.next_due_on is None
    if known is None:
        unit.add(row)


def answered(unit: Unit, examination: Examination) -> None:
    """Settle the open follow-ups at this centre that an examination answers, inside a change."""
    for row in _open(examination.person_id):
        if answers(examination, row):
            unit.edit(row).settled = True


def answers(examination: Any, follow_up: Any) -> bool:
    """Whether an examination is what an earlier contact asked for; takes rows as well as records."""
    kind, asked = examination.type, follow_up.next_due_what
    fits = asked is None or not (kind.upper or kind.lower) or asked.upper == kind.upper
    before = follow_up.contacted_on <= examination.performed_on
    return bool(fits and before and follow_up.examination_id != examination.id)


def _death(person: Person, died_on: date, precision: Precision | None) -> list[Problem]:
    told = rules.check_vital(
        vital=Vital.DEAD,
        as_of=died_on,
        as_of_precision=precision,
        born_on=person.born_on,
        born_precision=person.born_precision,
        today=today(),
    )
    renamed = [Problem("died_on", problem.message, problem.clause, problem.refuse) for problem in told]
    return [*renamed, *before_last_presence(person.id, died_on, precision, "died_on")]


def before_last_presence(
    person_id: int, died_on: date, precision: Precision | None, field: str
) -> list[Problem]:
    """The refusal of a death that lies before the person was last examined or treated, anywhere."""
    present = vitals.present_until(person_id)
    if present is None or not certainly_before(partial(died_on, precision), present):
        return []
    return [
        refusal(
            field,
            f"死亡日期早于已有的检查或治疗（{present}），请核对死亡日期",
            f"Death before an examination or treatment ({present}): check the date of death",
            DEATH,
        )
    ]


def _open(person_id: int) -> list[FollowUp]:
    """Follow-ups of a person that are due at this centre."""
    return list(
        db.session.scalars(
            select(FollowUp)
            .where(
                FollowUp.person_id == person_id,
                FollowUp.centre_id == centre_here(),
                FollowUp.settled.is_(False),
                FollowUp.next_due_on.is_not(None),
            )
            .order_by(FollowUp.id)
        )
    )


def nothing_due(unit: Unit, person_id: int) -> None:
    """Settle every open follow-up of a person at this centre, inside a change."""
    for row in _open(person_id):
        unit.edit(row).settled = True


def _open_one(settles: FollowUp | int | None, person_id: int) -> FollowUp | None:
    """The follow-up that a contact answers: this person's own, recorded here."""
    wanted = settles.id if isinstance(settles, FollowUp) else settles
    if wanted is None:
        return None
    found = db.session.scalar(
        select(FollowUp).where(
            FollowUp.id == wanted, FollowUp.centre_id == centre_here(), FollowUp.person_id == person_id
        )
    )
    if found is None:
        said = "要答复的随访不是此人在本中心的", "The follow-up answered is not this person's here"
        raise Invalid([refusal("settles", *said, ANSWERS)])
    return found
