"""Reports hold the rows that pages show, and hide from readers of aggregates what pages hide."""

import re
from datetime import date

import pytest

from registry.access import Forbidden
from registry.codes.lesion import Organ
from registry.codes.pathology import Depth
from registry.indicators import FIRST
from registry.label import reading
from registry.queries.staff.places import places
from registry.reports.papers.composed import compose
from registry.reports.papers.monthly import EARLY, FOLLOWED, KEYS
from registry.reports.papers.paper import Grid, Picture, Words
from registry.reports.papers.periods import days_of, moved
from registry.reports.rates.quality import rates
from registry.reports.rates.shown import written
from registry.services.unit import change
from tests.counted import case
from tests.released import answered

TODAY = date(2001, 6, 1)
COUNTS = ("eligible", "met", "not_met", "awaited", "unknown", "denominator")


@pytest.fixture
def cases(acting, alliance):
    """In January 2001 city 14 gastroscopies with 2 early gastric cancers, county A 12 with none."""
    for key, number in (("city", 14), ("county_a", 12)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(number):
                cancer = {"organ": Organ.STOMACH, "invasive": True, "deepest": Depth.M}
                tumours = [cancer] if key == "city" and place < 2 else []
                case(unit, alliance.place(key).id, 0, tumours=tumours)


def grids(paper):
    return [block for block in paper.blocks if isinstance(block, Grid)]


def said(paper):
    texts = [block.text for block in paper.blocks if isinstance(block, Words)]
    return "\n".join(texts + [text for grid in grids(paper) for row in grid.rows for text in row])


def test_the_monthly_brief_holds_the_rows_of_the_pages(acting, cases, alliance):
    with acting("quality_reviewer", None):
        paper = compose("monthly", "2001-01", today=TODAY)
        start, end = days_of("monthly", "2001-01")
        total = rates(KEYS, start=start, end=end, today=TODAY)
        centres = rates(KEYS, by="centre", start=start, end=end, today=TODAY)
    sheets = {sheet.name: sheet.records for sheet in paper.sheets}
    assert [row for row in sheets["合计"] if row["indicator"] != FOLLOWED] == [one.as_dict() for one in total]
    assert sheets["各中心"] == [one.as_dict() for one in centres]
    rows = {row[0]: row[1:] for row in grids(paper)[0].rows}
    for place in (alliance.city, alliance.county_a):
        found = {one.indicator.key: one for one in centres if one.group.code == place.code}
        assert rows[place.name][:4] == [str(found[key].met) for key in ("CDEI-01", *EARLY)]
    assert rows[alliance.county_b.name] == ["0", "0", "0", "0", "0", "–", "–", "–"], "a silent centre is told"
    assert rows["合计"][0] == "26"
    assert "内镜检查 26 例次" in said(paper)
    assert sum(isinstance(block, Picture) for block in paper.blocks) == 1


def test_the_quarterly_report_holds_every_indicator_with_its_definition(acting, cases):
    with acting("quality_reviewer", None):
        paper = compose("quarterly", "2001-Q1", today=TODAY)
        found = rates(start=date(2001, 1, 1), end=date(2001, 3, 31), today=TODAY)
    table, *_, terms = grids(paper)
    assert paper.sheets[0].records == [one.as_dict() for one in found]
    assert [row[0].split()[-1] for row in table.rows] == [one.key for one in FIRST]
    assert [row[2] for row in table.rows] == [written(one).value for one in found]
    assert [row[8] for row in table.rows] == [str(one.status.value) for one in found]
    assert len(terms.rows) == len(FIRST)
    assert all(one.edition_label.zh in row[2] for one, row in zip(FIRST, terms.rows, strict=True))


@pytest.mark.parametrize("kind", ["monthly", "quarterly"])
def test_definitions_are_in_one_language(kind, acting, cases):
    code = {"monthly": "2001-01", "quarterly": "2001-Q1"}[kind]
    with acting("quality_reviewer", None):
        chinese = compose(kind, code, today=TODAY)
        with reading("en"):
            english = compose(kind, code, today=TODAY)
    assert not re.search(r"each day once|after a positive|by examination", terms_of(chinese))
    assert not re.search(r"[\u4e00-\u9fff]", terms_of(english))


def terms_of(paper):
    """What a report says of its indicators: the last block, a table or small print."""
    last = paper.blocks[-1]
    return str(last.rows if hasattr(last, "rows") else last.text)


def test_a_centre_reads_of_itself_and_names_nobody_else(acting, cases, alliance):
    with acting("quality_reviewer", None):
        place = next(one for one in places() if one.id == alliance.county_a.id)
        paper = compose("quarterly", "2001-Q1", centre=place, today=TODAY)
    everything = said(paper) + str([sheet.records for sheet in paper.sheets])
    assert paper.place == alliance.county_a.name
    assert alliance.city.name not in everything
    assert alliance.city.code not in everything
    with acting("centre_manager", "county_a"):
        own = compose("monthly", "2001-01", today=TODAY)
    assert {row["group"] for row in own.sheets[1].records} == {alliance.county_a.code}
    assert alliance.city.name not in said(own)


def test_a_reader_of_aggregates_meets_no_small_count(acting, cases, alliance):
    with acting("researcher", None):
        paper = answered(compose, "monthly", "2001-01", today=TODAY)
        quarter = answered(compose, "quarterly", "2001-Q1", today=TODAY)
    for records in (sheet.records for one in (paper, quarter) for sheet in one.sheets):
        for row in records:
            for name in COUNTS if "eligible" in row else ():
                count = row.get(name)
                small = count is not None and 0 < count < 8
                assert not (small and row["indicator"] != "CDEI-01"), (row["indicator"], name, count)
    assert not any(isinstance(block, Picture) for block in paper.blocks)


def test_whoever_has_no_rates_has_no_report(acting, alliance):
    with acting("auditor", None), pytest.raises(Forbidden):
        compose("monthly", "2001-01", today=TODAY)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("monthly", "2001"),
        ("monthly", "2001-13"),
        ("quarterly", "2001-Q5"),
        ("annual", "2001-01"),
        ("monthly", "x"),
    ],
)
def test_a_period_of_another_kind_is_refused(kind, code):
    with pytest.raises(ValueError, match="的时段，请写成"):
        compose(kind, code, today=TODAY)


def test_what_has_not_begun_is_refused():
    with pytest.raises(ValueError, match="还没有开始"):
        compose("monthly", moved("monthly", "2001-06", 1), today=TODAY)
