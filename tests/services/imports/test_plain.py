"""What plain examinations make of people is the same, by the hundred from rows as one by one from records."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.codes.alliance import Role
from registry.codes.endoscopy import ExaminationType
from registry.codes.outcome import ContactOutcome
from registry.codes.person import Precision, Vital, VitalSource
from registry.extensions import db
from registry.models import Examination, FollowUp, Person, Tumour
from registry.services import imports
from registry.services.course import outcome
from registry.services.imports import held, plain
from tests.services.imports.imported import gastroscopy

TODAY = date(2026, 1, 10)
FIRST_FILE = imports.Origin("workstation", "w", "0" * 64, "1" * 64)
SECOND = imports.Origin("workstation", "w", "0" * 64, "2" * 64)
ASKED = (None, ExaminationType.OGD, ExaminationType.COLONOSCOPY)
CANCERS, MANY = (0, 21), 23


def whose(serial):
    """The person of the first file's case."""
    return db.session.scalar(select(Examination.person_id).where(Examination.number == f"G{serial}-0"))


def known_before():
    """Cancers, people due for an examination before or after the next, people said to be dead."""
    imports.bring_in([gastroscopy(serial) for serial in range(MANY)], FIRST_FILE)
    for serial in range(1, 13):
        outcome.contact(
            whose(serial),
            contacted_on=date(2024, 2 if serial % 2 else 5, 20),
            outcome=ContactOutcome.ALIVE,
            next_due_on=TODAY,
            next_due_what=ASKED[serial % 3],
        )
    for serial, on in ((20, date(2024, 6, 1)), (21, date(2024, 6, 1)), (22, date(2024, 3, 1))):
        precision = Precision.MONTH if serial == 22 else Precision.DAY
        outcome.vital_status(
            whose(serial), vital=Vital.DEAD, as_of=on, as_of_precision=precision, source=VitalSource.FAMILY
        )
    outcome.contact(whose(20), contacted_on=date(2024, 7, 1), outcome=ContactOutcome.ALIVE)


def second(lesions):
    """Everybody once more; the cancers too, without a lesion or with another."""
    found = [gastroscopy(serial, visit=1) for serial in range(MANY)]
    for serial in CANCERS:
        if not lesions:
            del found[serial].records["lesions"], found[serial].records["specimens"]
    return found


@pytest.mark.parametrize("lesions", [True, False])
def test_rows_tell_the_same_as_records(acting, monkeypatch, lesions):
    worked_out, compared = plain.work_out, []

    def both(found, person_ids, run_id):
        worked_out(found, person_ids, run_id)
        other = held.Held()
        other.work_out(person_ids, run_id)
        assert not other.rest
        assert not other.notes
        assert found.seen == other.seen
        for person_id in person_ids:
            ours, theirs = (
                {(one.model, one.id): (one.before, one.after) for one in held_.changes.get(person_id, [])}
                for held_ in (found, other)
            )
            assert ours == theirs
            compared.append(person_id)

    with acting(Role.CENTRE_MANAGER):
        known_before()
        monkeypatch.setattr(plain, "work_out", both)
        receipt = imports.bring_in(second(lesions), SECOND)
        people = set(db.session.scalars(select(Tumour.person_id)))
        changed = db.session.scalars(select(FollowUp.settled)).all()
        conflicts = db.session.scalars(select(Person.vital_conflict)).all()
    assert receipt.refused == []
    assert people.isdisjoint(compared) == lesions
    assert len(compared) == MANY - (len(CANCERS) if lesions else 0)
    assert {True, False} == set(changed)
    assert any(conflicts)
