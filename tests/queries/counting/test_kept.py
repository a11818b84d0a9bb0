"""Counts are made once for each state of the registry: the same view counts nothing, and a change is seen."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event

from registry.access import unscoped
from registry.codes.desk import RunState
from registry.extensions import db
from registry.indicators import FIRST, INDICATORS
from registry.models import Centre, Examination, ImportRun, Tumour
from registry.queries.counting import kept
from registry.queries.counting.strata import stratified
from registry.queries.counting.tallies import tally
from registry.queries.survival.by_days import followed
from registry.services.unit import change, keep, look
from tests.counted import case

YEAR = {"start": date(2001, 1, 1), "end": date(2001, 12, 31)}
COUNTED = ("FROM examination", "FROM tumour", "JOIN examination", "FROM specimen")


@pytest.fixture
def statements():
    """Every statement sent to the database, in order."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def counting(sent):
    return [one for one in sent if any(part in one for part in COUNTED)]


def colonoscopy(alliance, key="city", **facts):
    with change("test.case") as unit:
        case(unit, alliance.place(key).id, kind="colonoscopy", **facts)


def adequate():
    """The numbers of one indicator by centre, as its page asks for them."""
    found = tally([INDICATORS["CDEI-07"]], by="centre", **YEAR)
    return {one.group.code: (one.met, one.eligible) for one in found}


def test_the_second_view_counts_nothing_and_a_new_case_is_in_the_third(acting, alliance, statements):
    with acting("endoscopist", "city"):
        colonoscopy(alliance, withdrawal_min=8)
        place = alliance.city.code
        assert adequate() == {place: (1, 1)}
        statements.clear()
        assert adequate() == {place: (1, 1)}
        assert statements  # the state of the registry is asked for
        assert counting(statements) == []
        colonoscopy(alliance, withdrawal_min=4)
        statements.clear()
        assert adequate() == {place: (1, 2)}
        assert counting(statements)


def test_everything_on_a_page_of_rates_is_counted_once(acting, alliance, statements):
    with acting("endoscopist", "city"):
        colonoscopy(alliance)
        first = [(one.indicator, one.group, one.counts) for one in tally(FIRST, by="month")]
        statements.clear()
        assert [(one.indicator, one.group, one.counts) for one in tally(FIRST, by="month")] == first
        assert counting(statements) == []


def test_a_changed_and_a_removed_case_are_seen_too(acting, alliance):
    with acting("endoscopist", "city"):
        colonoscopy(alliance, withdrawal_min=4)
        place = alliance.city.code
        assert adequate() == {place: (0, 1)}
        with change("test.case") as unit:
            unit.edit(db.session.scalars(db.select(Examination)).one()).withdrawal_min = 9
        assert adequate() == {place: (1, 1)}
        with change("test.case") as unit:
            unit.remove(db.session.scalars(db.select(Examination)).one())
        assert adequate() == {}


def test_inside_a_change_everything_is_counted_as_it_stands(acting, alliance):
    with acting("endoscopist", "city"):
        colonoscopy(alliance, withdrawal_min=8)
        place = alliance.city.code
        assert adequate() == {place: (1, 1)}
        with suppress(ZeroDivisionError), change("test.case") as unit:
            case(unit, alliance.city.id, kind="colonoscopy", withdrawal_min=4)
            unit.session.flush()
            assert adequate() == {place: (1, 2)}
            raise ZeroDivisionError
        assert adequate() == {place: (1, 1)}


def test_a_look_is_no_change(acting, alliance, statements):
    with acting("endoscopist", "city"):
        colonoscopy(alliance)
        adequate()
        look("examination", 1)
        statements.clear()
        adequate()
        assert counting(statements) == []


def test_what_is_kept_for_one_reader_is_not_shown_to_another(acting, alliance):
    for key, minutes in (("city", 8), ("county_a", 4)):
        with acting("endoscopist", key):
            colonoscopy(alliance, key, withdrawal_min=minutes)
    city, county = alliance.city.code, alliance.county_a.code
    with acting("quality_reviewer", None):
        assert adequate() == {city: (1, 1), county: (0, 1)}
    with acting("endoscopist", "county_a"):
        assert adequate() == {county: (0, 1)}
    with acting("endoscopist", "city"):
        assert adequate() == {city: (1, 1)}


def test_what_an_import_brings_counts_once_it_is_finished(acting, alliance):
    with acting("endoscopist", "city"):
        place = alliance.city.code
        with keep() as session:
            run = ImportRun(**_run(alliance.city.id))
            session.add(run)
            session.flush()
            run_id = run.id
        colonoscopy(alliance, withdrawal_min=8, import_id=run_id)
        colonoscopy(alliance, withdrawal_min=8)
        assert adequate() == {place: (1, 1)}
        with keep() as session:  # the run alone ends: no record changes, and no entry says so
            session.get(ImportRun, run_id).finished_at = _run(1)["started_at"]
        db.session.rollback()  # the next request looks at the tables as they are then
        assert adequate() == {place: (2, 2)}


def test_strata_are_counted_once(acting, alliance, statements):
    with acting("endoscopist", "city"):
        colonoscopy(alliance, age=55)
        first = [(one.group, one.counts) for one in stratified([INDICATORS["CDEI-07"]], by="centre")]
        statements.clear()
        again = [(one.group, one.counts) for one in stratified([INDICATORS["CDEI-07"]], by="centre")]
        assert again == first
        assert counting(statements) == []


def test_survival_is_counted_once_until_a_tumour_is_followed_longer(acting, alliance, statements):
    with acting("endoscopist", "city"):
        with change("test.case") as unit:
            found = {"organ": "stomach", "invasive": True, "followed_days": 300, "dead": False}
            case(unit, alliance.city.id, tumours=[found])
        (group,) = followed().groups
        assert (group.days.tolist(), group.weight.tolist()) == ([300], [1])
        statements.clear()
        assert followed().groups[0].days is group.days
        assert counting(statements) == []
        with pytest.raises(ValueError, match="read-only"):
            group.days[0] = 1
        with change("test.case") as unit:
            unit.edit(db.session.scalars(db.select(Tumour)).one()).followed_days = 400
        assert followed().groups[0].days.tolist() == [400]


def test_no_more_is_kept_than_there_is_room_for(acting, alliance, monkeypatch):
    made = []

    def count(name):
        return kept.kept(("room", name), lambda: made.append(name) or name, lambda _: 40)

    with acting("endoscopist", "city"):
        colonoscopy(alliance)
        monkeypatch.setattr(kept, "MOST", 100)
        for name in "aabaca":  # a is used again and again, so b makes room for c
            assert count(name) == name
        assert "".join(made) == "abc"
        count("b")
        assert "".join(made) == "abcb"


def test_a_renamed_centre_has_its_new_name_at_once(acting, alliance):
    with acting("endoscopist", "city"):
        colonoscopy(alliance)
        (before,) = tally([INDICATORS["CDEI-07"]], by="centre")
    with acting("alliance_admin", None), change("test.rename") as unit:
        unit.edit(db.session.get(Centre, alliance.city.id)).name_zh = "新名医院"
    with acting("endoscopist", "city"):
        (after,) = tally([INDICATORS["CDEI-07"]], by="centre")
    assert before.group.label.zh != after.group.label.zh == "新名医院"


def test_an_empty_trail_keeps_nothing(app):
    made = []
    with app.app_context(), unscoped("tallies"):
        for _ in range(2):
            kept.kept(("empty",), lambda: made.append(1), lambda _: 1)
    assert made == [1, 1]


def _run(centre_id):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    words = dict.fromkeys(("mapping", "mapping_digest", "file_digest", "source", "actor"), "test")
    return {"centre_id": centre_id, "started_at": now, "seen_at": now, "state": RunState.RUNNING, **words}
