"""One case with everything that belongs to it, and what the next form may take over."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from registry.access import scope
from registry.codes.outcome import ContactOutcome
from registry.extensions import db
from registry.label import Label
from registry.models import Covering, Examination, FollowUp, Lesion, Report, Result, Specimen
from registry.queries.record import elsewhere
from registry.rules.summary import result_of

TAKEN_OVER = ("operator_id", "supervisor_id", "sedation", "scope")


def case(examination_id: int) -> Examination | None:
    """An examination within scope, with its parts loaded in a fixed number of queries; None otherwise."""
    return db.session.scalar(
        select(Examination)
        .where(Examination.id == examination_id)
        .options(
            joinedload(Examination.person),
            joinedload(Examination.operator),
            joinedload(Examination.supervisor),
            joinedload(Examination.recorder),
            joinedload(Examination.background),
            selectinload(Examination.lesions),
            selectinload(Examination.adverse_events),
            selectinload(Examination.accepted),
            selectinload(Examination.specimens).selectinload(Specimen.coverings).joinedload(Covering.lesion),
            selectinload(Examination.specimens)
            .selectinload(Specimen.reports)
            .selectinload(Report.results)
            .joinedload(Result.lesion),
        )
        .execution_options(populate_existing=True)
    )


def specimen(specimen_id: int) -> Specimen | None:
    """A specimen within scope, with its lesions, reports and case; None otherwise."""
    return db.session.scalar(
        select(Specimen)
        .where(Specimen.id == specimen_id)
        .options(
            joinedload(Specimen.examination).joinedload(Examination.person),
            selectinload(Specimen.coverings).joinedload(Covering.lesion),
            selectinload(Specimen.reports).selectinload(Report.results).joinedload(Result.lesion),
        )
        .execution_options(populate_existing=True)
    )


def last_case_defaults() -> dict[str, Any]:
    """Who, with what sedation and which scope, from the reader's last case here; never what was seen.

    Empty for who has recorded or performed none at this centre.
    """
    current = scope()
    if current is None or current.centre_id is None or current.actor_id is None:
        return {}
    last = db.session.scalar(
        select(Examination)
        .where(
            Examination.centre_id == current.centre_id,
            or_(Examination.recorder_id == current.actor_id, Examination.operator_id == current.actor_id),
        )
        .order_by(Examination.id.desc())
        .limit(1)
    )
    return {} if last is None else {name: getattr(last, name) for name in TAKEN_OVER}


def next_due_of(examination: Examination) -> FollowUp | None:
    """What an examination asked for next, as its own centre recorded it."""
    return db.session.scalar(
        select(FollowUp)
        .where(
            FollowUp.examination_id == examination.id,
            FollowUp.centre_id == examination.centre_id,
            FollowUp.outcome == ContactOutcome.ATTENDED,
            FollowUp.next_due_on.is_not(None),
        )
        .order_by(FollowUp.id.desc())
        .limit(1)
    )


def earlier_lesions(person_id: int, examination_id: int | None = None) -> list[tuple[int, Label]]:
    """Lesions of other examinations that a lesion may be the same as, the newest first, in words.

    Those at other centres are told by date, site and result only.
    """
    statement = (
        select(Lesion, Examination.performed_on)
        .join(Examination, Examination.id == Lesion.examination_id)
        .where(Examination.person_id == person_id)
    )
    if examination_id is not None:
        statement = statement.where(Examination.id != examination_id)
    found: list[tuple[Any, int, Label]] = []
    for lesion, day in db.session.execute(statement):
        _, result = result_of(lesion.worst, lesion.cancer, lesion.sampled, lesion.awaited)
        found.append((day, lesion.id, _in_words(day, lesion.number, lesion.site, result)))
    current = scope()
    if current is not None and current.centre_id is not None and not current.everywhere:
        for line in elsewhere.lines(person_id):
            for seen in line.lesions:
                words = _in_words(line.on, seen.number, seen.site, seen.result, line.centre)
                found.append((line.on, seen.id, words))
    found.sort(key=lambda each: each[:2], reverse=True)
    return [(lesion_id, words) for _, lesion_id, words in found]


def _in_words(day: Any, number: int, site: Any, result: Label, centre: Label | None = None) -> Label:
    unknown = Label("部位不详", "site not known")
    values = {"day": day, "n": number, "site": site.label if site else unknown, "result": result}
    words = Label("%(day)s 病变 %(n)s %(site)s：%(result)s", "%(day)s lesion %(n)s, %(site)s: %(result)s")
    told = words % values
    return Label(f"{told.zh}（{centre.zh}）", f"{told.en} ({centre.en})") if centre else told
