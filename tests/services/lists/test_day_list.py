"""A day's list: people found or enrolled, lines kept once, closed by their case, and in no rate."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from registry.codes.desk import ListedState
from registry.codes.endoscopy import ExaminationType
from registry.codes.person import DocumentType, Precision, Sex
from registry.extensions import db
from registry.models import Enrolment, Examination, Listed, Person
from registry.queries.lists import day_list as queries
from registry.reports.rates.quality import rates
from registry.rules.problem import Invalid
from registry.services.imports.case import Case
from registry.services.imports.lists.day import store
from registry.services.lists import day_list
from registry.services.people import merging
from registry.services.unit import change
from registry.services.values import today
from tests.book import number


def line(name="赵示例", *, document=None, sex=None, born_on=None, **listed):
    """The records of one line, as a file or a pasted text gives them."""
    return {
        "person": {"sex": sex, "born_on": born_on, "born_precision": Precision.DAY if born_on else None},
        "enrolment": {"name": name},
        "document": {"type": DocumentType.RESIDENT_ID, "value": document} if document else {},
        "listed": {"listed_on": today(), "type": ExaminationType.OGD, **listed},
    }


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def doctor(acting):
    with acting("endoscopist", "county_a") as scope:
        yield scope


def test_somebody_unknown_is_enrolled_and_put_on_the_list(doctor, book):
    assert day_list.put_on(**line(document=book.number(5), number="G1")) == "new"
    found = queries.on_list(today())
    assert [(one.enrolment.name, one.number, one.place, one.open) for one in found] == [
        ("赵示例", "G1", 1, True)
    ]
    assert found[0].person.born_on == date(1960, 1, 1)
    assert count(Examination) == 0


def test_the_same_list_again_changes_nothing(doctor, book, audit_entries):
    lines = [line(document=book.number(5), number="G1"), line("钱示例", document=book.number(6))]
    assert [day_list.put_on(**one) for one in lines] == ["new", "new"]
    before = len(audit_entries())
    assert [day_list.put_on(**one) for one in reversed(lines)] == ["unchanged", "unchanged"]
    assert len(audit_entries()) == before
    assert (count(Person), count(Listed)) == (2, 2)


def test_a_line_is_filled_in_and_never_emptied(doctor, book):
    day_list.put_on(**line(document=book.number(5), sedation="sedation"))
    assert day_list.put_on(**line(document=book.number(5), number="G7")) == "updated"
    (found,) = queries.on_list(today())
    assert (found.number, found.sedation.code) == ("G7", "sedation")


def test_the_number_tells_the_birth_better_than_an_age(doctor, book):
    records = line(document=book.number(5))
    records["person"] |= {"born_on": date(1960, 7, 1), "born_precision": Precision.AGE}
    day_list.put_on(**records)
    person = queries.on_list(today())[0].person
    assert (person.born_on, person.born_precision) == (date(1960, 1, 1), Precision.DAY)


def test_who_is_enrolled_here_is_found_by_document_or_record_number(doctor, book):
    known = book.enrol(5, name="赵示例", record_number="R-5")
    day_list.put_on(**line(document=book.number(5)))
    by_number = line(type=ExaminationType.COLONOSCOPY)
    by_number["enrolment"]["record_number"] = "R-5"
    assert day_list.put_on(**by_number) == "new"
    assert [one.person_id for one in queries.on_list(today())] == [known.person_id] * 2
    assert count(Enrolment) == 1


def test_a_document_known_at_another_house_is_the_same_person(acting, book):
    with acting("endoscopist", "city"):
        elsewhere = book.enrol(5, name="赵示例").person_id
    with acting("endoscopist", "county_a"):
        day_list.put_on(**line(document=book.number(5)))
        (found,) = queries.on_list(today())
        assert found.person_id == elsewhere


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"name": "王别人"}, "enrolment-name"),
        ({"sex": Sex.FEMALE}, "person-sex"),
        ({"born_on": date(1999, 9, 9)}, "person-born_on"),
    ],
)
def test_a_line_that_contradicts_its_number_is_refused(doctor, book, changed, path):
    book.enrol(5, name="赵示例", sex="male")
    with pytest.raises(Invalid) as refused:
        day_list.put_on(**line(document=book.number(5), **changed))
    assert [problem.field for problem in refused.value.problems] == [path]
    assert count(Listed) == 0


def test_a_name_alone_is_never_taken_for_a_person(doctor, book):
    known = book.enrol(None, name="赵示例", sex="male", born_on=date(1960, 1, 1))
    records = line(born_on=date(1960, 1, 1), sex=Sex.MALE)
    found = day_list.recognise(records["person"], records["enrolment"], records["document"], today=today())
    assert found.enrolment is None
    assert [one.id for one in found.likely] == [known.id]
    day_list.put_on(**records)
    assert count(Person) == 2


def test_the_same_list_without_numbers_enrols_nobody_twice(doctor):
    aged = line(sex=Sex.MALE)
    aged["person"] |= {"born_on": date(1966, 7, 1), "born_precision": Precision.AGE}
    both = [aged, aged | {"listed": aged["listed"] | {"type": ExaminationType.COLONOSCOPY}}]
    assert [day_list.put_on(**one) for one in both] == ["new", "new"]
    assert [day_list.put_on(**one) for one in both] == ["unchanged", "unchanged"]
    assert (count(Person), count(Listed)) == (1, 2)


def test_two_numbers_of_one_kind_are_two_people_of_one_name(doctor):
    assert day_list.put_on(**line(number="G1")) == "new"
    assert day_list.put_on(**line(number="G2")) == "new"
    assert count(Person) == 2


def test_somebody_found_to_be_a_double_is_listed_as_who_they_are(doctor, book):
    kept = book.enrol(5, name="赵示例").person_id
    double = book.enrol(None, name="赵示例", sex="male", record_number="R-9").person_id
    with change("test.merge") as unit:
        kept = merging.merge(unit, kept, double, reason="同一人").person_id
    records = line()
    records["enrolment"]["record_number"] = "R-9"
    day_list.put_on(**records)
    assert [one.person_id for one in queries.on_list(today())] == [kept]


def test_a_reader_may_say_who_it_is(doctor, book):
    known = book.enrol(None, name="赵示例", sex="male")
    day_list.put_on(**line(), person_id=known.person_id)
    assert count(Person) == 1


def test_a_person_of_another_house_cannot_be_chosen(acting, book):
    with acting("endoscopist", "city"):
        foreign = book.enrol(5).person_id
    with acting("endoscopist", "county_a"), pytest.raises(Invalid):
        day_list.put_on(**line(), person_id=foreign)


def test_one_number_is_not_two_people(doctor, book):
    day_list.put_on(**line(document=book.number(5), number="G1"))
    with pytest.raises(Invalid) as refused:
        day_list.put_on(**line("钱示例", document=book.number(6), number="G1"))
    assert refused.value.problems[0].field == "listed-number"
    assert count(Person) == 1


@pytest.mark.parametrize("days", [-32, 93])
def test_a_list_of_another_season_is_doubted(doctor, book, days):
    with pytest.raises(Invalid):
        day_list.put_on(**line(document=book.number(5), listed_on=today() + timedelta(days)))


def test_a_wrong_number_is_said_at_its_cell(doctor):
    with pytest.raises(Invalid) as refused:
        day_list.put_on(**line(document="110105194912310021"))
    assert refused.value.problems[0].field == "document-value"


def test_the_case_closes_its_line_in_one_change(doctor, book, audit_entries):
    day_list.put_on(**line(document=book.number(5)))
    stored = queries.line(queries.on_list(today())[0].listed_id)
    case = day_list.record(stored, examination={"type": "therapeutic_upper", "performed_on": today()})
    (found,) = queries.on_list(today())
    assert (found.state, found.examination_id) == (ListedState.DONE, case.id)
    assert {entry.subject for entry in audit_entries("case.record")} >= {"examination", "listed"}


def test_a_refused_case_leaves_its_line_open(doctor, book):
    day_list.put_on(**line(document=book.number(5)))
    stored = queries.line(queries.on_list(today())[0].listed_id)
    with pytest.raises(Invalid):
        day_list.record(stored, examination={"type": "ogd", "performed_on": today(), "photos": 9999})
    assert queries.on_list(today())[0].open


def test_a_case_entered_another_way_closes_the_line_too(doctor, book):
    day_list.put_on(**line(document=book.number(5)))
    (found,) = queries.on_list(today())
    book.examine(found.person_id, f"{today()}", kind="colonoscopy")
    assert queries.on_list(today())[0].open
    case = book.examine(found.person_id, f"{today()}")
    (found,) = queries.on_list(today())
    assert (found.open, found.examination_id) == (False, case.id)


def test_a_line_is_struck_off_and_put_back(doctor, book):
    day_list.put_on(**line(document=book.number(5)))
    stored = queries.line(queries.on_list(today())[0].listed_id)
    day_list.cancel(stored)
    assert queries.on_list(today())[0].state is ListedState.CANCELLED
    assert day_list.put_on(**line(document=book.number(5), number="G9")) == "unchanged"
    day_list.reopen(stored)
    assert queries.on_list(today())[0].open


def test_what_was_entered_is_not_struck_off(doctor, book):
    day_list.put_on(**line(document=book.number(5)))
    stored = queries.line(queries.on_list(today())[0].listed_id)
    day_list.record(stored, examination={"type": "ogd", "performed_on": today()})
    with pytest.raises(Invalid):
        day_list.cancel(stored)


def test_the_next_line_is_the_next_open_one_from_the_top_again(doctor, book):
    for serial in range(4):
        day_list.put_on(**line(f"赵{serial}", document=book.number(serial + 1)))
    lines = queries.on_list(today())
    day_list.cancel(queries.line(lines[2].listed_id))
    lines = queries.on_list(today())
    ids = [one.listed_id for one in lines]
    assert queries.next_open(lines).listed_id == ids[0]
    assert queries.next_open(lines, ids[1]).listed_id == ids[3]
    assert queries.next_open(lines, ids[3]).listed_id == ids[0]


def test_yesterdays_open_lines_are_told(doctor, book):
    day_list.put_on(**line(document=book.number(5), listed_on=today() - timedelta(1)))
    day_list.put_on(**line("钱", document=book.number(6), listed_on=today() - timedelta(2)))
    day_list.put_on(**line("孙", document=book.number(7), listed_on=today() + timedelta(1)))
    assert [one.enrolment.name for one in queries.left_open(today())] == ["赵示例", "钱"]
    assert queries.on_list(today()) == []
    assert queries.coming(today()) == [(today() + timedelta(1), 1)]


def test_another_house_sees_no_line(acting, book):
    with acting("endoscopist", "city"):
        day_list.put_on(**line(document=book.number(5)))
        listed_id = queries.on_list(today())[0].listed_id
    with acting("endoscopist", "county_a"):
        assert queries.line(listed_id) is None
        assert queries.on_list(today()) == []


def test_a_files_line_is_stored_as_a_pasted_one(doctor, book):
    records = line(document=book.number(5), number="G1")
    case = Case("G1", [2], records)
    assert store(case, run_id=1, source="day list") == "new"
    assert store(case, run_id=2, source="day list") == "unchanged"


def test_who_only_stands_on_a_list_is_in_no_rate(doctor, book):
    person = book.enrol(9).person_id
    book.examine(person, f"{today()}")
    span = {"start": today(), "end": today()}

    def counted():
        return [(rate.indicator.key, rate.eligible, rate.met, rate.unknown) for rate in rates(**span)]

    before = counted()
    assert any(eligible for _, eligible, _, _ in before)
    for serial in range(3):
        day_list.put_on(**line(f"赵{serial}", document=book.number(serial + 1)))
    assert counted() == before


FIVE = [
    (serial, kind) for serial in (1, 2, 3) for kind in (ExaminationType.OGD, ExaminationType.COLONOSCOPY)
][:5]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(FIVE), again=st.lists(st.sampled_from(FIVE), max_size=4))
def test_neither_order_nor_repetition_matters(acting, order, again):
    with acting("endoscopist", "county_a"), change("test.begin") as unit:
        for stored in db.session.scalars(select(Listed)):
            unit.remove(stored)
    with acting("endoscopist", "county_a"):
        for serial, kind in [*order, *again]:
            day_list.put_on(**line(f"赵{serial}", document=number(serial), type=kind))
        found = [(one.enrolment.name, one.type) for one in queries.on_list(today())]
        assert sorted(found, key=str) == sorted(((f"赵{serial}", kind) for serial, kind in FIVE), key=str)
        assert count(Person) <= 3
