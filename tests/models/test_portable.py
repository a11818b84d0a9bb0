"""One answer on both engines: days between dates, and whole parts of a date."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, literal, select

from registry.access import unscoped
from registry.extensions import db
from registry.models import Centre, Examination, Person
from registry.models.portable import days_between, month, months_on, quarter, year
from tests.book import book as book

dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


def test_parts_and_differences_of_stored_dates(acting, book):
    with acting():
        person_id = book.enrol().person_id
        book.examine(person_id, "2024-02-29")
        found = db.session.execute(
            select(
                days_between(Person.born_on, Examination.performed_on),
                year(Examination.performed_on),
                month(Examination.performed_on),
                quarter(Examination.performed_on),
            ).join(Person, Person.id == Examination.person_id)
        ).one()
        assert tuple(found) == ((date(2024, 2, 29) - date(1960, 1, 1)).days, 2024, 2, 1)
        assert {type(part) for part in found} == {int}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=dates, second=dates)
def test_any_two_days(acting, first, second):
    with acting(), unscoped("tallies"):
        asked = select(
            days_between(literal(first, Date), literal(second, Date)), quarter(literal(first, Date))
        ).where(Centre.code == "370001")
        assert tuple(db.session.execute(asked).one()) == ((second - first).days, (first.month + 2) // 3)


def test_months_later_are_told_by_the_day_of_the_month(acting):
    first = date(2024, 1, 31)
    with acting(), unscoped("tallies"):
        for later, expected in ((date(2024, 7, 31), False), (date(2024, 8, 1), True)):
            told = months_on(literal(later, Date)) > months_on(literal(first, Date)) + 6 * 31
            assert bool(db.session.scalar(select(told).where(Centre.code == "370001"))) is expected
