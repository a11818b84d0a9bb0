"""Two enrolled as two are one: everything of theirs is one person's, and can be made two again."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.access import unscoped
from registry.codes.person import Sex
from registry.extensions import db
from registry.models import Base, Examination, Lesion, Person, Tumour
from registry.queries.lists.questions import open_questions
from registry.queries.record.people import enrolment_of, person_or_none, search
from registry.queries.record.timeline import timeline
from registry.reports.questions import asked
from registry.rules.problem import Invalid
from registry.services.course import outcome
from registry.services.lists import questions
from registry.services.people import enrolling, merging
from registry.services.people.merging.pictures import MOVED, STAY
from registry.services.unit import change

APART = {"audit_entry", "merge", "possible_pair", "user_session"}


def contents():
    """Every row of every table but the trail, the merges and the queue."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name not in APART
        }


def joined(one, other, reason=None):
    with change("test.merge") as unit:
        return merging.merge(unit, one, other, reason=reason).id


@pytest.fixture
def twice(acting, book):
    """One woman, enrolled in the county without a document and in the city with one; ids of both."""
    with acting("endoscopist", "county_a"):
        there = book.enrol(None, name="王芳", sex=Sex.FEMALE, born_on=date(1960, 1, 1), phone="13800000001")
        county = there.person_id
        book.biopsy(county, "2024-03-01", "2024-03-05", vienna="4.4", who_type="adenocarcinoma")
        outcome.contact(county, contacted_on=date(2024, 4, 1), outcome="booked", next_due_on=date(2025, 3, 1))
    with acting("endoscopist", "city"):
        here = book.enrol(2, name="王 芳", phone="13800000001")
        city = here.person_id
        book.resect(city, "2024-05-01", "2024-05-09", vienna="4.4", who_type="adenocarcinoma", depth="M")
        outcome.vital_status(
            city, vital="dead", as_of=date(2025, 2, 1), source="death_list", complete_until=date(2025, 6, 30)
        )
    return county, city


def test_every_table_that_names_a_person_is_moved_or_stays():
    named = {table.name for table in Base.metadata.sorted_tables if "person_id" in table.columns} - {"person"}
    assert named == {model.__tablename__ for model in MOVED} | STAY


def test_a_merged_person_is_one_for_both_houses(acting, twice, book, audit_entries):
    county, city = twice
    with acting("endoscopist", "city"):
        joined(county, city, "同一身份证")
        person = person_or_none(county)
        assert (person.vital.code, person.died_on, person.linked_until) == (
            "dead", date(2025, 2, 1), date(2025, 6, 30),
        )  # fmt: skip
        assert person_or_none(city) is None
        here = enrolment_of(county)
        assert (here.name, here.phone, here.documents[0].value[-4:]) == (
            "王 芳",
            "13800000001",
            book.number(2)[-4:],
        )
        assert [tumour.sequence for tumour in person_tumours(county)] == [1, 2]
        assert {tumour.dead for tumour in person_tumours(county)} == {True}
        assert len(timeline(county).elsewhere) == 1
        assert search("wangfang")[0].person_id == county
    with acting("endoscopist", "county_a"):
        assert enrolment_of(county).name == "王芳"
        assert person_or_none(county).vital.code == "dead"
        assert len(timeline(county).elsewhere) == 1
    kinds = {(entry.subject, entry.kind) for entry in audit_entries("test.merge")}
    assert {("merge", "create"), ("examination", "update"), ("enrolment", "update")} <= kinds


def person_tumours(person_id):
    return db.session.scalars(
        select(Tumour).where(Tumour.person_id == person_id).order_by(Tumour.sequence)
    ).all()


def test_unmerging_restores_every_byte(acting, twice):
    county, city = twice
    with acting("endoscopist", "city"):
        before = contents()
        found = joined(county, city)
        assert contents() != before
        assert merging.recorded_since(found) == []
        merging.unmerge(found, reason="认错人")
        assert contents() == before
    with acting("endoscopist", "city"):
        assert enrolment_of(city).name == "王 芳"
        assert person_or_none(county) is None


def waiting():
    return [(row.id, str(row.said), row.field.en) for row in map(asked, open_questions())]


def test_two_tumours_of_one_organ_are_asked_about_and_made_one(acting, twice):
    county, city = twice
    with acting("endoscopist", "county_a"):
        joined(county, city)
        assert waiting() == []  # whoever saw the later of the two decides
        assert len(person_tumours(county)) == 2
    with acting("endoscopist", "city"):
        ((question, said, field),) = waiting()
        assert said.startswith("2024-03-01 病变 1 胃窦")
        assert field == "The same cancer as in the other record, now merged?"
        questions.take(question)
        (tumour,) = person_tumours(county)
        assert (tumour.detected_on, tumour.first_treatment.code) == (date(2024, 3, 1), "esd")
        assert waiting() == []


@pytest.mark.parametrize("answer", ["take", "keep"])
def test_made_two_again_they_have_a_tumour_each(acting, twice, answer):
    county, city = twice
    with acting("endoscopist", "city"):
        found = joined(county, city)
        getattr(questions, answer)(waiting()[0][0])
        merging.unmerge(found, reason="认错人")
        with unscoped("merging"):
            assert [len(person_tumours(one)) for one in (county, city)] == [1, 1]
            assert db.session.scalars(select(Lesion.same_as_id)).all() == [None, None]
        joined(county, city)
        assert len(waiting()) == (answer == "take")  # nobody is asked twice what was denied


def test_tumours_of_other_organs_or_of_one_person_are_not_asked_about(acting, book):
    with acting():
        one, two = (book.enrol(None, name=name, sex=Sex.FEMALE).person_id for name in ("王芳", "王芬"))
        for day, site in (("2024-03-01", "C16.3"), ("2024-04-01", "C16.1")):
            book.biopsy(one, day, day, vienna="4.4", site=site)
        book.biopsy(two, "2024-05-01", "2024-05-02", vienna="4.4", site="C15.4")
        book.biopsy(two, "2024-06-01", "2024-06-02", vienna="3", site="C16.3")
        joined(one, two)
        assert waiting() == []


def test_what_was_recorded_since_stays_and_is_told(acting, twice, book):
    county, city = twice
    with acting("endoscopist", "city"):
        found = joined(county, city)
    with acting("endoscopist", "county_a"):
        later = book.examine(county, "2024-12-01").id
    with acting("endoscopist", "city"):
        mine = book.examine(county, "2024-12-24").id
        told = merging.recorded_since(found)
        assert {(one.table, one.id) for one in told if one.made} == {
            ("examination", later),
            ("examination", mine),
        }
        merging.unmerge(found, reason="认错人")
        assert db.session.get(Examination, mine).person_id == city
        assert person_or_none(city).vital.code == "dead"
    with acting("endoscopist", "county_a"):
        assert db.session.get(Examination, later).person_id == county
        assert person_or_none(county).vital.code == "alive"


def test_the_same_house_twice(acting, book):
    with acting():
        one = book.enrol(None, name="王芳", sex=Sex.FEMALE, born_on=date(1960, 1, 1)).person_id
        two = book.enrol(2, name="王芬").person_id
        exam = book.examine(two, "2024-05-01").id
        before = contents()
        found = joined(one, two)
        assert enrolment_of(one).name == "王芳"
        assert db.session.get(Examination, exam).person_id == one
        assert {row.name for row in search("wf")} == {"王芳", "王芬"}
        assert enrolling.match("resident_id", book.number(2)).person_id == one
        with pytest.raises(Invalid, match="merged already"):
            joined(one, two)
        merging.unmerge(found, reason="认错人")
        assert contents() == before


def test_only_the_last_merge_is_undone(acting, book):
    with acting():
        a, b, c = (book.enrol(n, name="王芳").person_id for n in (2, 4, 6))
        first = joined(b, c)
        second = joined(a, b)
        shells = db.session.scalars(select(Person.id).where(Person.merged_into_id == a)).all()
        assert set(shells) == {b, c}
        with pytest.raises(Invalid, match="undo the last first"):
            merging.unmerge(first, reason="x")
        with pytest.raises(Invalid, match="Say why"):
            merging.unmerge(second, reason=" ")
        merging.unmerge(second, reason="x")
        merging.unmerge(first, reason="x")
        assert not db.session.scalars(select(Person.id).where(Person.merged_into_id.is_not(None))).all()
        with pytest.raises(Invalid, match="Undone"):
            merging.unmerge(first, reason="x")


def test_after_a_merge_new_words_are_sealed_under_the_old_key(acting, twice, book):
    county, city = twice
    with acting("endoscopist", "city"):
        joined(county, city)
        mine = enrolment_of(county)
        enrolling.amend(mine, seen=mine.version, reason="改名", name="王芳芳")
        db.session.expire_all()
        assert (enrolment_of(county).name, enrolment_of(county).sealed_for_id) == ("王芳芳", city)
    with acting("endoscopist", "county_b"):
        third = book.enrol(2, name="王芳")
        assert (third.person_id, third.sealed_for_id) == (county, None)
