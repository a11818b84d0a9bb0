"""Likely doubles: who meets, what is asked, who is told what, and what two words together do."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from registry.access import Forbidden, unscoped
from registry.codes.desk import PairState
from registry.codes.person import Sex
from registry.extensions import db
from registry.models import MatchKey, Person, PossiblePair
from registry.queries.record import likeness as queries
from registry.queries.record.people import enrolment_of, person_or_none
from registry.rules.problem import Invalid
from registry.services.people import doubles, enrolling, likeness
from registry.services.unit import batch

BORN = {"sex": Sex.MALE, "born_on": date(1958, 3, 4)}


def pairs():
    return db.session.scalars(select(PossiblePair).order_by(PossiblePair.id)).all()


def test_somebody_enrolled_twice_under_a_wrong_sign_is_asked_about(acting, book):
    with acting():
        first = book.enrol(None, name="单建国", phone="13800000001", **BORN)
        other = book.enrol(None, name="单健国", phone="13800000001", sex=Sex.MALE, born_on=date(1958, 4, 3))
        (pair,) = pairs()
        assert {pair.person_id, pair.other_id} == {first.person_id, other.person_id}
        shown = doubles.compared(pair)
        levels = {item.label.en: str(item.level.en) for item in shown.items if item.level}
        assert levels == {
            "Name": "the same sound", "Birth date": "day and month swapped", "Sex": "the same",
            "Phone": "the same",
        }  # fmt: skip
        assert (shown.one.name, shown.other.name) == ("单建国", "单健国")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("李建国", {"sex": Sex.MALE, "born_on": date(1958, 3, 4)}),  # another surname
        ("单建国", {"sex": Sex.MALE, "born_on": date(1984, 3, 4), "phone": "13800000001"}),  # the son
        ("单淑芬", {"sex": Sex.FEMALE, "born_on": date(1958, 5, 4), "phone": "13800000001"}),  # the wife
    ],
)
def test_relatives_and_strangers_are_not_asked_about(acting, book, name, more):
    with acting():
        book.enrol(None, name="单建国", phone="13800000001", **BORN)
        book.enrol(None, name=name, **more)
        assert pairs() == []


def test_two_sound_documents_speak_against_it(acting, book):
    with acting():
        for serial in (2, 22):
            book.enrol(serial, name="王芳", phone="13800000001")
        (pair,) = pairs()
        levels = {item.label.en: item.speaks for item in doubles.compared(pair).items}
        assert (levels["Own document"], levels["Name"]) == (False, True)


def test_twins_are_asked_about_and_never_merged_unasked(acting, book):
    with acting():
        book.enrol(None, name="王建国", phone="13800000001", **BORN)
        book.enrol(None, name="王建军", phone="13800000001", **BORN)
        assert [pair.state for pair in pairs()] == [PairState.OPEN]
        assert db.session.scalar(select(func.count(Person.merged_into_id))) == 0


def test_a_changed_name_may_make_a_double(acting, book):
    with acting():
        book.enrol(None, name="单建国", **BORN)
        other = book.enrol(None, name="李大海", **BORN)
        assert pairs() == []
        enrolling.amend(other, seen=other.version, reason="录错", name="单建国")
        assert len(pairs()) == 1
        enrolling.amend(other, seen=other.version, reason="电话", phone="13800000001")
        assert len(pairs()) == 1


@pytest.fixture
def known_to_two(acting, book):
    """One man at two houses, neither of which asked for his document: ids at the county and the city."""
    with acting("recorder", "county_a"):
        there = book.enrol(None, name="单建国", phone="13800000001", **BORN).person_id
    with acting("recorder", "city"):
        here = book.enrol(None, name="单建国", phone="13800000001", **BORN).person_id
    return there, here


def test_each_house_is_asked_and_neither_is_shown_the_other(acting, known_to_two):
    there, here = known_to_two
    for centre, mine, theirs in (("city", here, there), ("county_a", there, here)):
        with acting("centre_manager", centre):
            (pair,) = pairs()
            assert (pair.person_id, pair.other_id) == (mine, theirs)
            shown = doubles.compared(pair)
            assert shown.one.name == "单建国"
            other = shown.other
            assert (other.own, other.name, other.phone, other.papers, other.born) == (
                False,
                None,
                None,
                (),
                "1958",
            )
            told = repr([item.other for item in shown.items]) + repr(doubles.listed([pair])[0].other)
            assert "单建国" not in told
            assert "13800000001" not in told
            assert person_or_none(theirs) is None


def test_across_houses_both_have_to_say_so(acting, known_to_two):
    there, here = known_to_two
    with acting("centre_manager", "city"):
        (pair,) = pairs()
        judged = likeness.judge(pair.id, "same", seen="open")
        assert judged.waits
        assert judged.merge is None
    with acting("recorder", "county_a"):
        (pair,) = pairs()
        assert doubles.compared(pair).same_elsewhere
        judged = likeness.judge(pair.id, "same", seen="open")
        assert judged.merge.merged_id == here
        assert enrolment_of(there).name == "单建国"
    with acting("centre_manager", "city"):
        assert enrolment_of(there).name == "单建国"
        assert [pair.state for pair in pairs()] == [PairState.SAME]
        shown = doubles.compared(pairs()[0])
        assert shown.merge_id == judged.merge.id
        assert (shown.one.name, shown.other.own) == ("单建国", False)


def test_one_house_that_says_otherwise_stops_it(acting, known_to_two):
    with acting("recorder", "county_a"):
        likeness.judge(pairs()[0].id, "different", seen="open")
    with acting("recorder", "city"):
        assert likeness.judge(pairs()[0].id, "same", seen="open").waits
        assert not queries.first_open()


def test_two_judges_do_not_overtake_each_other(acting, book):
    with acting():
        for _ in range(2):
            book.enrol(None, name="单建国", phone="13800000001", **BORN)
        pair = pairs()[0].id
        likeness.judge(pair, "different", seen="open")
        with pytest.raises(Invalid, match="just now"):
            likeness.judge(pair, "same", seen="open")
        likeness.judge(pair, "same", seen="different")
        assert db.session.scalar(select(func.count(Person.merged_into_id))) == 1


def test_another_house_does_not_judge(acting, book, known_to_two):
    with acting("recorder", "city"):
        pair = pairs()[0].id
    with acting("recorder", "county_b"), pytest.raises(Forbidden):
        likeness.judge(pair, "same")


def test_old_records_get_their_keys_and_are_compared_in_pieces(acting, book, monkeypatch):
    monkeypatch.setattr(likeness, "CHUNK", 2)
    with acting():
        for number in range(5):
            book.enrol(None, name="单建国", **BORN, phone=f"1380000000{number % 2}")
        found = len(pairs())
        with batch("test.forget", "likeness") as session:
            session.execute(delete(MatchKey))
            session.execute(delete(PossiblePair))
    with acting():
        assert likeness.backfill() == 5
        assert likeness.backfill() == 0
        assert likeness.seek(likeness.everybody()) == found
        assert likeness.seek(likeness.everybody()) == 0
        assert len(pairs()) == found


def test_a_key_under_which_too_many_lie_brings_nobody_together(acting, book, monkeypatch):
    monkeypatch.setattr(queries, "CROWDED", 2)
    with acting():
        for day in range(1, 5):
            book.enrol(None, name="王" + "芳芬芝花"[day - 1], sex=Sex.FEMALE, phone="13800000001")
        with unscoped("likeness"):
            met = queries.meetings(db.session(), queries.keys_of(db.session(), [1]))
        assert met.get(1, set()) <= {1}
