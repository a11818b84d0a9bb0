"""Releases on both engines: asked twice, asked later, asked by other roads – always the same table."""

from datetime import date

import pytest

from registry.access import Forbidden
from registry.queries.releases import tables as queries
from registry.reports.rates.quality import rates
from registry.reports.rates.released import rung
from registry.services.releases.making import count_anew, release
from registry.services.unit import change
from tests.counted import case
from tests.released import YEAR, answered

KEY = "CDEI-07"
COUNTS = ("met", "not_met", "awaited", "unknown", "eligible", "denominator", "estimate")


@pytest.fixture
def cases(acting, alliance):
    """Colonoscopies of 2001 in three houses: many, some, and three."""
    for key, number in (("city", 120), ("county_a", 96), ("county_b", 3)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(number):
                minutes = 8 if place % 3 else 4
                case(unit, alliance.place(key).id, place % 12, kind="colonoscopy", withdrawal_min=minutes)


def more(acting, alliance, number, key="city"):
    with acting("endoscopist", key), change("test.cases") as unit:
        for _ in range(number):
            case(unit, alliance.place(key).id, 4, kind="colonoscopy", withdrawal_min=8)


def by_centre(**days):
    found = answered(rates, [KEY], by="centre", **(days or YEAR))
    return {row.group.code: [getattr(row, name) for name in COUNTS] for row in found}


def test_asking_twice_and_after_one_more_case_gives_the_same_table(cases, acting, alliance):
    with acting("researcher", None):
        first = by_centre()
        assert first[alliance.county_b.code][:2] == [None, None]
        assert first[alliance.city.code][0] == 80
    more(acting, alliance, 1)
    with acting("researcher", None):
        assert by_centre() == first
        # A centre's own page, and the day asked for instead of the year, are the same rows.
        for place in (alliance.city, alliance.county_a, alliance.county_b):
            (own,) = answered(rates, [KEY], centre_ids=[place.id], **YEAR)
            assert [getattr(own, name) for name in COUNTS] == first[place.code]
        assert by_centre(start=date(2001, 3, 2), end=date(2001, 11, 5)) == first
    with acting("quality_reviewer", None):
        (total,) = rates([KEY], **YEAR)
        assert total.eligible == 220  # the quality centre sees what there is


def test_a_new_release_is_held_against_the_last(cases, acting, alliance, app):
    with acting("researcher", None):
        first = by_centre()
    more(acting, alliance, 2)
    with acting("quality_reviewer", None):
        newest = count_anew(2001)
        assert newest.number == 2
    with acting("researcher", None):
        second = by_centre()
    for code, (met, *_) in second.items():
        differs = None if None in (met, first[code][0]) else abs(met - first[code][0])
        assert differs is None or differs == 0 or differs >= 8
    more(acting, alliance, 40)
    with acting("quality_reviewer", None):
        count_anew(2001)
    with acting("researcher", None):
        (total,) = answered(rates, [KEY], **YEAR)
        assert total.eligible == 261
        assert [one.number for one in queries.releases("2001")] == [3, 2, 1]


def test_what_is_remembered_and_written_to_the_trail(cases, acting, alliance, audit_entries):
    with acting("researcher", None):
        by_centre()
        (one,) = queries.releases("2001")
        table = queries.table_of(one, KEY)
        parts = queries.parts_of(one, [KEY])
    assert (one.number, one.smallest, one.made_by.partition(":")[0] != "") == (1, 8, True)
    assert [part.part for part in parts] == ["whole", "centre"]
    for part in parts:
        letters = "".join(queries.signs_of(part).values())
        assert (part.shown, part.hidden) == (letters.count("s"), len(letters) - letters.count("s"))
        assert part.digest == queries.digest([part.signs])
    assert queries.as_text(queries.rows_of(table)) == table.counts
    with acting("researcher", None):
        (row,) = (row for row in queries.left()[0] if row.release.id == one.id)
        assert (row.parts, row.refused) == (2, 0)
    entries = [entry for entry in audit_entries() if entry.action.startswith("release.")]
    assert {entry.subject for entry in entries} == {"release", "released_part"}
    assert table.counts not in str([entry.changes for entry in entries])


def test_who_may_not_let_anything_go(acting, alliance):
    for role, key in (("endoscopist", "city"), ("alliance_admin", None), ("auditor", None)):
        with acting(role, key):
            with pytest.raises(Forbidden):
                release(2001, [KEY], "whole")
            with pytest.raises(Forbidden):
                count_anew(2001)
    with acting("researcher", None):
        for far in (1492, 2999):
            with pytest.raises(Forbidden):
                release(far, [KEY], "whole")


def test_what_is_on_no_ladder_is_refused(cases, acting, alliance):
    with acting("researcher", None):
        for peeping in (
            {"by": "month", "centre_ids": [alliance.city.id]},
            {"by": "sex", "centre_ids": [alliance.city.id]},
            {"centre_ids": [alliance.city.id, alliance.county_a.id]},
            {"by": "endoscopist"},
            {"operator_id": 1},
        ):
            with pytest.raises(Forbidden):
                answered(rates, [KEY], **YEAR, **peeping)
        with pytest.raises(Forbidden):
            answered(rates, ["ASGE-ADR.2015"], **YEAR)  # beside the edition of today it would tell of few


def test_months_and_quarters_add_up_to_the_year(cases, acting, alliance):
    with acting("researcher", None):
        (year,) = answered(rates, [KEY], **YEAR)
        for by in ("month", "quarter", "sex"):
            rows = answered(rates, [KEY], by=by, **YEAR)
            shown = [row.eligible for row in rows]
            assert None in shown or sum(shown) == year.eligible
        (second,) = answered(rates, [KEY], start=date(2001, 4, 1), end=date(2001, 6, 30))
        (by_quarter,) = (
            row for row in answered(rates, [KEY], by="quarter", **YEAR) if row.group.code == "2001-Q2"
        )
    assert second.eligible == by_quarter.eligible


@pytest.mark.parametrize(
    ("asked", "more", "got"),
    [
        (("2026-02-01", "2026-02-28"), {}, ("2026-02-01", "2026-02-28")),
        (("2026-02-01", "2026-02-27"), {}, ("2026-01-01", "2026-12-31")),
        (("2026-04-01", "2026-06-30"), {}, ("2026-04-01", "2026-06-30")),
        (("2026-04-01", "2026-04-30"), {"one_centre": True}, ("2026-04-01", "2026-06-30")),
        (("2025-12-01", "2026-11-22"), {}, ("2026-01-01", "2026-12-31")),
        (("2025-12-01", "2026-11-22"), {"by": "month"}, ("2025-01-01", "2026-12-31")),
        (("2024-01-01", "2024-12-31"), {"by": "sex"}, ("2024-01-01", "2024-12-31")),
        (("2026-04-01", "2026-06-30"), {"by": "sex"}, ("2026-01-01", "2026-12-31")),
        (("2027-01-01", "2027-12-31"), {}, ("2026-01-01", "2026-12-31")),
        ((None, None), {}, ("2026-01-01", "2026-12-31")),
    ],
)
def test_the_ladder(asked, more, got):
    start, end = (None if day is None else date.fromisoformat(day) for day in asked)
    found = rung(start, end, date(2026, 11, 22), **more)
    assert tuple(map(str, found)) == got
