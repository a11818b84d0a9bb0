"""Contacts, what is due, and life and death: contradictions are kept side by side, and counted once."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.access import Forbidden
from registry.codes.person import Precision, Vital
from registry.extensions import db
from registry.models import FollowUp, Person, VitalStatus
from registry.rules.problem import Invalid
from registry.services.course.outcome import contact, vital_status
from registry.services.unit import Overtaken


def fields(error):
    return [problem.field for problem in error.value.problems]


@pytest.fixture
def patient(acting, book):
    """The person of an invasive cancer of 5 January 2022, seen at the city hospital."""
    with acting():
        person_id = book.enrol().person_id
        due = {"next_due_on": date(2022, 7, 5), "next_due_what": "ogd"}
        seen = book.examine(
            person_id,
            "2022-01-05",
            lesions=[{"site": "C16.3"}],
            specimens=[{"method": "forceps", "lesions": [1]}],
            next_due=due,
        )
        book.report(seen.specimens[0], "2022-01-08", {"lesion_id": seen.lesions[0].id, "vienna": "5.2"})
        yield db.session.get_one(Person, person_id)


def followed(book, person):
    [tumour] = book.tumours(person.id)
    return tumour.followed_days, tumour.dead


def test_a_contact_reaches_or_does_not(patient, book):
    [planned] = db.session.scalars(select(FollowUp)).all()
    missed = contact(patient.id, contacted_on=date(2022, 7, 6), outcome="no_answer", settles=planned)
    assert (planned.settled, missed.settled) == (False, True)
    assert followed(book, patient) == (0, False)
    reached = contact(
        patient.id,
        contacted_on=date(2022, 7, 7),
        outcome="booked",
        mode="phone",
        settles=planned.id,
        seen=planned.version,
        next_due_on=date(2022, 8, 1),
        next_due_what="ogd",
    )
    assert (planned.settled, reached.settled) == (True, False)
    assert (patient.vital, patient.last_alive_on) == (Vital.ALIVE, date(2022, 7, 7))
    assert followed(book, patient) == (183, False)
    with pytest.raises(Overtaken):
        contact(patient.id, contacted_on=date(2022, 7, 8), outcome="alive", settles=planned, seen=1)


def test_a_death_known_to_the_month(patient, book):
    contact(
        patient.id,
        contacted_on=date(2024, 5, 20),
        outcome="died",
        died_on=date(2024, 3, 1),
        died_precision=Precision.MONTH,
    )
    assert (patient.vital, patient.died_on, patient.died_precision) == (
        Vital.DEAD,
        date(2024, 3, 1),
        Precision.MONTH,
    )
    assert followed(book, patient) == ((date(2024, 3, 15) - date(2022, 1, 5)).days, True)
    assert not db.session.scalars(select(FollowUp).where(FollowUp.settled.is_(False))).all()
    vital_status(patient.id, vital="dead", as_of=date(2024, 3, 9), source="death_list")
    assert (patient.died_on, patient.died_precision, patient.vital_conflict) == (
        date(2024, 3, 9),
        Precision.DAY,
        False,
    )


def test_a_death_without_a_date_has_no_survival_time(patient, book):
    contact(patient.id, contacted_on=date(2024, 5, 20), outcome="died")
    assert (patient.vital, patient.died_on) == (Vital.DEAD, None)
    assert followed(book, patient) == (None, None)


def test_alive_after_death_is_a_conflict_and_both_are_kept(patient, book):
    vital_status(patient.id, vital="dead", as_of=date(2023, 1, 5), source="death_list")
    assert followed(book, patient) == (365, True)
    contact(patient.id, contacted_on=date(2023, 6, 1), outcome="alive")
    assert (patient.vital, patient.vital_conflict) == (Vital.DEAD, True)
    assert (patient.died_on, patient.last_alive_on) == (date(2023, 1, 5), date(2023, 6, 1))


def test_two_deaths_are_a_conflict(patient):
    vital_status(patient.id, vital="dead", as_of=date(2023, 1, 5), source="family")
    vital_status(patient.id, vital="dead", as_of=date(2023, 2, 5), source="register")
    assert (patient.vital_conflict, patient.died_on) == (True, date(2023, 2, 5))


def test_nobody_dies_before_being_examined(patient):
    with pytest.raises(Invalid) as refused:
        vital_status(patient.id, vital="dead", as_of=date(2022, 1, 4), source="family")
    assert fields(refused) == ["as_of"]
    with pytest.raises(Invalid) as refused:
        contact(patient.id, contacted_on=date(2022, 3, 1), outcome="died", died_on=date(2022, 1, 4))
    assert fields(refused) == ["died_on"]
    with pytest.raises(Invalid) as refused:
        contact(patient.id, contacted_on=date(2022, 3, 1), outcome="alive", died_on=date(2022, 2, 4))
    assert fields(refused) == ["died_on"]
    assert db.session.scalars(select(VitalStatus)).all() == []


def test_a_linked_death_list_follows_who_is_not_on_it_to_its_end(patient, book):
    vital_status(
        patient.id,
        vital="unknown",
        as_of=date(2023, 1, 5),
        source="death_list",
        complete_until=date(2023, 1, 5),
    )
    assert (patient.vital, patient.linked_until) == (Vital.ALIVE, date(2023, 1, 5))
    assert followed(book, patient) == (365, False)


def test_a_death_learnt_at_one_centre_ends_follow_up_everywhere(acting, book):
    with acting("endoscopist", "county_a"):
        person_id = book.enrol().person_id
        book.biopsy(person_id, "2024-01-05", "2024-01-09", vienna="5.2")
    with acting("endoscopist", "city"):
        with pytest.raises(Forbidden):
            contact(person_id, contacted_on=date(2024, 3, 1), outcome="alive")
        book.enrol()
        contact(person_id, contacted_on=date(2024, 3, 1), outcome="died", died_on=date(2024, 2, 4))
    with acting("endoscopist", "county_a"):
        [tumour] = book.tumours(person_id)
        assert (tumour.followed_days, tumour.dead) == (30, True)
