"""What plain examinations make of people known before: worked out by the hundred, from rows alone.

Nearly everybody in a hospital's second file is known and comes with an examination that proves no tumour.
Then nothing moves but the day last alive, how long tumours were followed, and what was due. A test holds
this against services.course.tumours.settle, which works out everybody else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from registry.access import unscoped
from registry.codes.person import Vital
from registry.extensions import db
from registry.models import Examination, FollowUp, Lesion, Person, Sighting, Tumour, VitalStatus
from registry.queries.unfinished import unfinished_imports
from registry.rules.dates import certainly_before, partial
from registry.services import chain
from registry.services.course import outcome, tumours
from registry.services.here import centre_here
from registry.services.imports.held import Change, Held
from registry.services.imports.tissue import GRAVE

STEP = 500
LIFE = ("vital", "died_on", "died_precision", "last_alive_on", "linked_until", "vital_conflict")
FOLLOWED = (
    "id", "person_id", "import_id", "invasive", "invasive_on", "noninvasive_on", "incidence_on",
    "incidence_precision", "basis", "followed_days", "dead",
)  # fmt: skip


def among(person_ids: Iterable[int], run_id: int) -> list[int]:
    """Those of whom the run brought examinations and nothing that is, proves or continues a tumour, nor
    tells of life and death."""
    with unscoped("import"):
        more = set(db.session().scalars(_more(run_id)))
    db.session().rollback()
    return sorted(set(person_ids) - more)


def work_out(held: Held, person_ids: Sequence[int], run_id: int) -> None:
    """Work out what the run makes of these persons; nothing is written and nobody waits."""
    for begin in range(0, len(person_ids), STEP):
        step = person_ids[begin : begin + STEP]
        with unscoped("import"):
            session = db.session()
            tip, _ = chain.head(session)  # read first: whatever is written after it is found in the trail
            changes = [*_lives(session, step, run_id), *_answered(session, step, run_id)]
        session.rollback()
        held.take(step, tip, changes)


def _more(run_id: int) -> Any:
    sighted = select(Sighting.id).where(Sighting.lesion_id == Lesion.id).exists()
    proves = or_(Lesion.same_as_id.is_not(None), Lesion.cancer.is_(True), Lesion.worst.in_(GRAVE), sighted)
    grave = select(Examination.person_id).join(Lesion, Lesion.examination_id == Examination.id)
    return union(
        grave.where(Examination.import_id == run_id, proves),
        *(select(model.person_id).where(model.import_id == run_id) for model in (Tumour, VitalStatus)),
    )


def _lives(session: Session, ids: Sequence[int], run_id: int) -> Iterator[tuple[int, Change]]:
    """Last alive on the last of these days, if not later; and so much longer followed."""
    columns = [getattr(Person, name) for name in LIFE]
    stored = session.execute(select(Person.id, Person.import_id, *columns).where(Person.id.in_(ids)))
    people = {row.id: row for row in stored}
    latest = (
        select(Examination.person_id, func.max(Examination.performed_on))
        .where(Examination.person_id.in_(ids), Examination.import_id == run_id)
        .group_by(Examination.person_id)
    )
    last = dict(session.execute(latest).all())
    lives: dict[int, Any] = {}
    for person_id, row in people.items():
        before = {name: getattr(row, name) for name in LIFE}
        after = _seen_alive(before, last.get(person_id))
        lives[person_id] = SimpleNamespace(**before | after)
        if after:
            yield person_id, Change(Person, person_id, {name: before[name] for name in after}, after)
    under_way = set(unfinished_imports()) - {run_id}
    found = select(*(getattr(Tumour, name) for name in FOLLOWED)).where(Tumour.person_id.in_(ids))
    for tumour in session.execute(found.order_by(Tumour.id)):
        if tumour.import_id in under_way - {people[tumour.person_id].import_id}:
            continue
        now = tumours.followed(tumour, lives[tumour.person_id])
        after = {name: value for name, value in now.items() if value != getattr(tumour, name)}
        if after:
            old = {name: getattr(tumour, name) for name in after}
            yield tumour.person_id, Change(Tumour, tumour.id, old, after)


def _seen_alive(life: dict[str, Any], day: date | None) -> dict[str, Any]:
    """What changes of a life by being examined on a day; as services.course.vital settles it."""
    if day is None:  # the examination was moved to somebody else meanwhile
        return {}
    last = max(filter(None, (life["last_alive_on"], day)))
    died = partial(life["died_on"], life["died_precision"])
    now = {
        "vital": Vital.DEAD if life["vital"] is Vital.DEAD else Vital.ALIVE,
        "last_alive_on": last,
        "vital_conflict": bool(life["vital_conflict"]) or certainly_before(died, last),
    }
    return {name: value for name, value in now.items() if value != life[name]}


def _answered(session: Session, ids: Sequence[int], run_id: int) -> Iterator[tuple[int, Change]]:
    """Open contacts at this centre that one of these examinations answers."""
    columns = FollowUp.id, FollowUp.person_id, FollowUp.contacted_on, FollowUp.next_due_what
    waiting = session.execute(
        select(*columns, FollowUp.examination_id)
        .where(FollowUp.person_id.in_(ids), FollowUp.centre_id == centre_here())
        .where(FollowUp.settled.is_(False), FollowUp.next_due_on.is_not(None))
        .order_by(FollowUp.id)
    ).all()
    if not waiting:
        return
    came: dict[int, list[Any]] = defaultdict(list)
    for examination in session.execute(
        select(Examination.id, Examination.person_id, Examination.type, Examination.performed_on)
        .where(Examination.person_id.in_({row.person_id for row in waiting}))
        .where(Examination.import_id == run_id)
    ):
        came[examination.person_id].append(examination)
    for row in waiting:
        if any(outcome.answers(one, row) for one in came[row.person_id]):
            yield row.person_id, Change(FollowUp, row.id, {"settled": False}, {"settled": True})
