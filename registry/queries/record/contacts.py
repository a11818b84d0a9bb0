"""The follow-up that a contact answers, and the tumours it may be about."""

from sqlalchemy import select

from registry.extensions import db
from registry.label import Label
from registry.models import FollowUp, Tumour
from registry.queries.centre import here


def follow_up(follow_up_id: int) -> FollowUp | None:
    """A follow-up that the own centre recorded; None otherwise."""
    return db.session.scalar(select(FollowUp).where(FollowUp.id == follow_up_id, here(FollowUp)))


def due_of(person_id: int) -> FollowUp | None:
    """What is due of a person at the own centre: of several the earliest."""
    return db.session.scalar(
        select(FollowUp)
        .where(
            FollowUp.person_id == person_id,
            here(FollowUp),
            FollowUp.settled.is_(False),
            FollowUp.next_due_on.is_not(None),
        )
        .order_by(FollowUp.next_due_on, FollowUp.id)
        .limit(1)
    )


def tumours_of(person_id: int) -> list[tuple[int, Label]]:
    """The tumours of a person in words, by their sequence."""
    rows = db.session.execute(
        select(Tumour.id, Tumour.sequence, Tumour.organ)
        .where(Tumour.person_id == person_id)
        .order_by(Tumour.sequence)
    )
    words = Label("肿瘤 %(n)s，%(organ)s", "Tumour %(n)s, %(organ)s")
    return [(row.id, words % {"n": row.sequence, "organ": row.organ.label}) for row in rows]
