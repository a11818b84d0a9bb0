"""Counts of data quality: whose records, which imports, how many statements; lists as long as counted."""

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.access import Forbidden
from registry.indicators.checks import CHECKS, check_called
from registry.models import Enrolment, FollowUp, ImportRun, Person, RiskAssessment, Tumour
from registry.queries.review.data_quality import Period, behind, counted
from registry.services.unit import change, keep
from tests.counted import case

TODAY = date(2001, 12, 31)
YEAR = Period(date(2001, 1, 1), date(2001, 12, 31))
EVERY = list(CHECKS.values())
ENTERED = "timely.examination.entered_30_days"


def numbers(*keys, period=YEAR):
    """(judged, fine) by check and centre."""
    found = counted([check_called(key) for key in keys], period, today=TODAY)
    return {(one.check.key, one.centre_id): (one.judged, one.fine) for one in found}


@pytest.fixture
def imported(acting, alliance):
    """`imported(finished)`: the id of an import of the city; None where it is under way."""
    return lambda finished: run(acting, alliance, finished)


def run(acting, alliance, finished):
    start = datetime(2001, 2, 1, tzinfo=UTC)
    with acting("endoscopist", "city"), keep() as session:
        made = ImportRun(
            centre_id=alliance.city.id,
            **dict.fromkeys(("mapping", "source", "actor"), "test"),
            **dict.fromkeys(("mapping_digest", "file_digest"), "0" * 64),
            started_at=start,
            seen_at=start,
            finished_at=finished,
        )
        session.add(made)
        session.flush()
        return made.id


def whole(unit, centre_id, place=0, **more):
    """One of every record that checks judge, with as little as may be in each."""
    lesion = {"sampled": False, "awaited": False}
    later = [
        (FollowUp, {"contacted_on": date(2001, 3, 1)}),
        (RiskAssessment, {"assessed_on": date(2001, 3, 1), "instrument": "apcs", "bmi": 70}),
    ]
    return case(
        unit,
        centre_id,
        place,
        kind="colonoscopy",
        lesions=[lesion],
        specimens=[{"results": [{}]}],
        tumours=[{"detected_on": date(2001, 1, 15), "awaited": False}],
        beside=later,
        **more,
    )


def test_every_figure_leads_to_as_many_records_as_are_not_fine(acting, alliance):
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(3):
            whole(unit, alliance.city.id, place)
    for who in (("endoscopist", "city"), ("quality_reviewer", None)):
        with acting(*who):
            found = counted(EVERY, YEAR, today=TODAY)
            wrong = {one.check.key: one.judged - one.fine for one in found}
            listed = {check.key: len(behind(check, YEAR, today=TODAY, limit=None)) for check in EVERY}
            assert listed == dict.fromkeys(CHECKS, 0) | wrong
            assert sum(wrong.values()) > 40
            first, second = (
                behind(check_called("complete.lesion.site"), YEAR, today=TODAY, limit=2, offset=at)
                for at in (0, 2)
            )
            assert [one.on.month for one in (*first, *second)] == [3, 2, 1]
            assert {one.place for one in first} == {"1"}


def test_records_of_other_houses_and_of_imports_under_way_are_no_part_of_it(acting, alliance, imported):
    done, under_way = imported(datetime(2001, 2, 1, tzinfo=UTC)), imported(None)
    with acting("endoscopist", "city"), change("test.cases") as unit:
        person_id = whole(unit, alliance.city.id, import_id=done).person_id
        case(unit, alliance.city.id, 1, kind="colonoscopy", import_id=under_way, lesions=[{}])
        for import_id in (None, under_way):
            person = {"person_id": person_id, "centre_id": alliance.city.id, "import_id": import_id}
            unit.add(Tumour(sequence=2 + bool(import_id), organ="colon", detected_on=TODAY, **person))
            unit.add(FollowUp(contacted_on=TODAY, **person))
    with acting("endoscopist", "county_a"), change("test.cases") as unit:
        unit.add(Enrolment(person_id=person_id, centre_id=alliance.county_a.id, enrolled_on=TODAY))
        unit.session.flush()
        person = unit.session.get_one(Person, person_id)
        case(unit, alliance.county_a.id, kind="colonoscopy", person=person, lesions=[{}, {}])
        unit.add(
            Tumour(
                sequence=9, organ="colon", detected_on=TODAY, person_id=person_id,
                centre_id=alliance.county_a.id,
            )
        )  # fmt: skip
    keys = (
        "complete.lesion.site",
        "complete.tumour.basis",
        "complete.follow_up.outcome",
        "complete.person.sex",
    )
    city, county = alliance.city.id, alliance.county_a.id
    own = {(keys[0], city): (1, 0), (keys[1], city): (2, 0), (keys[2], city): (2, 0), (keys[3], city): (1, 0)}
    others = {(keys[0], county): (2, 0), (keys[1], county): (1, 0), (keys[3], county): (1, 0)}
    with acting("recorder", "city"):
        assert numbers(*keys) == own
        assert numbers(*keys, period=Period(centre_ids=[county])) == {}
    with acting("quality_reviewer", None):
        assert numbers(*keys) == own | others
        assert numbers(*keys, period=Period(centre_ids=[county])) == others
        assert [len(behind(check_called(key), YEAR, today=TODAY)) for key in keys] == [3, 3, 2, 2]
        assert numbers(*keys, period=Period(date(2001, 4, 1), date(2001, 11, 30))) == {}
    for role in ("researcher", "auditor"):
        with acting(role, None), pytest.raises(Forbidden):
            numbers(*keys)


def test_the_day_of_entry_is_that_of_the_trail_or_of_the_end_of_the_import(acting, alliance, imported):
    now = datetime.now(UTC)
    in_time = imported(datetime(2001, 2, 10, tzinfo=UTC))
    late = imported(datetime(2001, 2, 20, tzinfo=UTC))
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for import_id in (in_time, late, late):  # all examined on 15 January
            case(unit, alliance.city.id, import_id=import_id)
        case(unit, alliance.city.id, performed_on=now.date() - timedelta(10))
        case(unit, alliance.city.id, performed_on=now.date() - timedelta(60))
    for who in (("recorder", "city"), ("quality_reviewer", None)):
        with acting(*who):
            assert numbers(ENTERED) == {(ENTERED, alliance.city.id): (3, 1)}
            assert numbers(ENTERED, period=Period(date(2020, 1, 1))) == {(ENTERED, alliance.city.id): (2, 1)}
            listed = behind(check_called(ENTERED), Period(), today=TODAY)
            assert [one.on for one in listed] == [now.date() - timedelta(60), *[date(2001, 1, 15)] * 2]


def test_a_statement_for_each_kind_of_record_and_none_while_nothing_changes(acting, alliance, statements):
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(5):
            whole(unit, alliance.city.id, place)
    with acting("quality_reviewer", None):
        with statements() as run_first:
            first = counted(EVERY, YEAR, today=TODAY)
        assert len(run_first) <= 9 + 3  # the kinds; the trail's state, imports under way twice
        with statements() as run_again:
            assert counted(EVERY, YEAR, today=TODAY) == first
        assert len(run_again) <= 2
    with acting("endoscopist", "city"), change("test.cases") as unit:
        whole(unit, alliance.city.id, 5)
    with acting("quality_reviewer", None):
        key = "complete.lesion.site"
        assert numbers(key) == {(key, alliance.city.id): (6, 0)}
