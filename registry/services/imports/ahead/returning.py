"""People who come again: one more examination of somebody enrolled here, of whom nothing else is told anew.

Such a case becomes rows like a new person's, many at a time. What it says is held once more against what is
on record of the person: birth, death and operations may be known there that the file does not tell.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Person, PriorSurgery
from registry.rules.problem import Problem, refusals
from registry.services.cases import parts as case_parts
from registry.services.imports.ahead import persons
from registry.services.imports.ahead.persons import Known
from registry.services.imports.ahead.prepared import Prepared

DATES = ("born_on", "born_precision", "died_on", "died_precision")
Refuse = Callable[[Prepared, list[Problem]], object]


def comes_again(one: Prepared, known: Known) -> bool:
    """Whether a case is an examination and no more of somebody enrolled here, who is as it tells."""
    sound = one.sound
    if not known.stored or sound.parts is None or sound.tumour or sound.vital_status:
        return False
    linked = sound.parts.examination.given.get("continues_id") or any(
        lesion.given.get("same_as_id") for lesion in sound.parts.lesions
    )
    return not linked and known.enrolled and not persons.adds(sound, known)


def judged(
    session: Session, came: dict[Known, list[Prepared]], refuse: Refuse
) -> dict[Known, list[Prepared]]:
    """The cases but for those that what is on record refuses; of these `refuse` is told."""
    ids = {known.person_id: known for known in came if known.person_id is not None}
    people = select(Person.id, *(getattr(Person, name) for name in DATES)).where(Person.id.in_(ids))
    operated: dict[int, list[Any]] = defaultdict(list)
    done = select(PriorSurgery.person_id, PriorSurgery.kind, PriorSurgery.operated_on)
    for operation in session.execute(done.where(PriorSurgery.person_id.in_(ids))) if ids else ():
        operated[operation.person_id].append(operation)
    found: dict[Known, list[Prepared]] = {}
    for row in session.execute(people).all() if ids else ():
        life = {name: getattr(row, name) for name in DATES}
        known = ids[row.id]
        for one in came[known]:
            if wrong := _against(one, life, operated[row.id]):
                refuse(one, wrong)
            else:
                found.setdefault(known, []).append(one)
    return found


def _against(one: Prepared, life: dict[str, Any], operated: Iterable[Any]) -> list[Problem]:
    """What refuses a case now that birth, death and operations are those on record."""
    parts = one.sound.whole
    told = {name: getattr(parts.person, name) for name in DATES}
    parts.person = cast(Person, SimpleNamespace(**life))
    on = parts.examination.given["performed_on"]
    before = [each.kind for each in operated if each.operated_on is None or each.operated_on <= on]
    return refusals(case_parts.coherent(parts, surgeries=before)) if told != life or before else []
