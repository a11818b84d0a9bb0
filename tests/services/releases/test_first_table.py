"""The first table of a paper: page, file and command say the same, and two releases tell of nobody.

The auditor (`stats.disclosure_audit`) shares no code with the search; see `test_protecting`.
"""

import csv
import io
import json
import re
from datetime import date
from html import unescape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_array, csr_array, eye_array

from registry.access import Forbidden
from registry.codes.endoscopy import Indication
from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.codes.tumour import SummaryStage
from registry.queries.releases import tables as queries
from registry.queries.releases.first_table import COLUMNS, SECTIONS
from registry.queries.releases.tables import STATES, CountedRow
from registry.reports.first_table import first_table
from registry.services.releases.first_table import (
    AGAIN,
    WIDTH,
    count_first_table,
    family_of,
    release_first_table,
    signs_of,
)
from registry.services.unit import change
from registry.stats.disclosure import State
from registry.stats.disclosure_audit import audit
from tests.cli.test_numbers import flask as flask
from tests.counted import case
from tests.released import answered

NEAR = 1e-5
KINDS, REASONS, STAGES = (
    sum(column.section == section for column in COLUMNS) for section in SECTIONS
)  # how many columns each has


def table(cells):
    """Rows of a year from counts by sex, centre and column; two of the same examinations stand once."""
    found = [CountedRow("year", "2001", "", "", tuple(cells.sum((0, 1)).tolist()))]
    found += [CountedRow("sex", str(at), "", "", tuple(one.sum(0).tolist())) for at, one in enumerate(cells)]
    by_centre = cells.sum(0)
    return found + [
        CountedRow("centre", str(at), "", "", tuple(one.tolist())) for at, one in enumerate(by_centre)
    ]


@st.composite
def years(draw, sexes=2, centres=2):
    """Examinations of each sex and centre, as many by kind as by reason, and cancers by stage."""
    number = st.one_of(st.integers(0, 5), st.integers(0, 40))
    cells = []
    for _ in range(sexes * centres):
        kinds = draw(st.lists(number, min_size=KINDS, max_size=KINDS))
        reasons = np.bincount(np.arange(sum(kinds)) % draw(st.integers(1, REASONS)), minlength=REASONS)
        cells.append([*kinds, *reasons, *draw(st.lists(number, min_size=STAGES, max_size=STAGES))])
    return np.array(cells).reshape(sexes, centres, -1)


def published(rows, signs):
    """What a reader sees: the family, shown numbers and signs; and which cells nobody prints."""
    family = family_of(rows, [row.key for row in rows], 8)
    quiet = np.array([at % WIDTH == AGAIN for at in range(family.counts.size)])
    letters = "".join(signs[row.key] for row in rows)
    states = [State.PROTECTED if silent else STATES[one] for one, silent in zip(letters, quiet, strict=True)]
    shown = np.where([state is State.SHOWN for state in states], family.counts, np.nan)
    return family, shown, states, quiet


def assert_kept(family, states, quiet, lowest, highest):
    """1 … 7 stays possible for what stands as ≤7, and as many values for all else that is hidden."""
    small = (family.counts > 0) & (family.counts < 8)
    for cell, state in enumerate(states):
        if state is State.SHOWN:
            assert not small[cell]
        elif state is State.HIDDEN:
            assert (lowest[cell], highest[cell]) == pytest.approx((1, 7), abs=NEAR)
        elif not quiet[cell] or small[cell]:
            assert highest[cell] - lowest[cell] >= 6 - NEAR


@settings(deadline=None, max_examples=2)
@given(years(), years())
def test_two_releases_narrow_no_hidden_count_and_no_small_difference(cells, more):
    before, after = table(cells), table(cells + more // 12)
    first = signs_of(before, 8)
    family, shown, states, quiet = published(before, first)
    found = audit(shown, states, family.sums)
    assert_kept(family, states, quiet, found.lowest, found.highest)
    second = signs_of(after, 8, [(before, first)])
    new, new_shown, new_states, _ = published(after, second)
    n, one = quiet.size, eye_array(quiet.size, format="csr")
    sums = block_array([[family.sums, None, None], [None, new.sums, None], [one, -one, one]], format="csr")
    everything = np.concatenate([shown, new_shown, new_shown - shown])
    signs = [*states, *new_states, *[State.PROTECTED] * n]
    found = audit(everything, signs, csr_array(sums), free=np.repeat([False, False, True], n))
    gap = new.counts - family.counts
    few = (gap != 0) & (np.abs(gap) < 8) & ~quiet
    refused = State.SHOWN not in new_states
    assert refused or (found.width[2 * n :][few] >= 6 - NEAR).all()
    assert_kept(family, states, quiet, found.lowest[:n], found.highest[:n])
    if not refused:
        assert_kept(new, new_states, quiet, found.lowest[n : 2 * n], found.highest[n : 2 * n])


def test_kinds_and_indications_are_of_the_same_examinations():
    """Three other endoscopies: the eighty of other kinds would tell of them beside all by indication."""
    cells = np.zeros((1, 1, len(COLUMNS)), dtype=int)
    cells[0, 0, :KINDS] = (40, 40, 3)
    cells[0, 0, KINDS : KINDS + 2] = (50, 33)
    signs = signs_of(table(cells), 8)["year:2001"]
    assert signs[2] != "s"
    assert signs[:KINDS].count("s") < KINDS - 1 or signs[len(COLUMNS)] != "s"


@pytest.fixture
def examined(acting, alliance):
    """Ninety examinations in two houses: every third a colonoscopy, every ninth of a man with a cancer."""
    for key, number in (("city", 72), ("county_a", 18)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(number):
                found = {"organ": Organ.STOMACH, "invasive": True, "summary_stage": SummaryStage.LOCALISED}
                case(
                    unit,
                    alliance.place(key).id,
                    place % 12,
                    kind="ogd" if place % 3 else "colonoscopy",
                    indication=Indication.SYMPTOMS if place % 2 else None,
                    age=55,
                    facts={"sex": Sex("12"[place % 2]), "born_on": date(1946, 1, 1)},
                    tumours=[found] if place % 9 == 0 else [],
                )


def counts(found, *keys):
    return {row.code: tuple(row.counts[key] for key in keys) for row in found.rows}


def test_what_is_counted(examined, acting, alliance):
    asked = ("examinations", "ogd", "colonoscopy", "symptoms", "other_indication", "stages", "localised")
    with acting("quality_reviewer", None):
        found = counts(first_table(2001), *asked)
    assert found["2001"] == (90, 60, 30, 45, 45, 10, 10)
    assert found["1"] == (45, 30, 15, 0, 45, 5, 5)
    assert found["50–59"] == found["2001"]
    assert found[alliance.county_a.code] == (18, 12, 6, 9, 9, 2, 2)
    with acting("researcher", None):
        told = answered(first_table, 2001)
        hidden = counts(told, "examinations", "colonoscopy", "stages")
    assert hidden["2001"][0] == 90
    assert hidden[alliance.county_a.code][1:] == (None, None)
    assert hidden["1"][2] is None


def test_it_stays_until_it_is_counted_anew(examined, acting, alliance):
    with acting("researcher", None):
        first = answered(first_table, 2001).flat()
    with acting("endoscopist", "city"), change("test.cases") as unit:
        case(unit, alliance.city.id, 3, facts={"sex": Sex("1")}, age=55)
    with acting("researcher", None):
        assert answered(first_table, 2001).flat() == first
    with acting("quality_reviewer", None):
        assert first_table(2001).rows[0].counts["examinations"] == 91
        assert count_first_table(2001).number == 2
    with acting("researcher", None):
        second = {row["group"]: row for row in answered(first_table, 2001).flat()}
        assert [one.number for one in queries.releases("table-1 2001")] == [2, 1]
    for row in first:
        for name in ("examinations", "ogd", "colonoscopy", "stages"):
            pair = row[name], second[row["group"]][name]
            assert None in pair or pair[0] == pair[1]


def test_page_file_and_command_say_the_same(examined, sign_in, flask):
    reviewer, asked = sign_in("quality_reviewer", None), ["first-table", "--year", "2001"]
    address = "/quality/first-table/table"
    assert reviewer.get(f"{address}.json?year=2001").text == flask(*asked, "--format", "json")
    lines = reviewer.get(f"{address}.csv?year=2001").text[1:]
    assert lines == flask(*asked, "--format", "csv")
    page, shown = reviewer.get("/quality/first-table/?year=2001").text, flask(*asked)
    read = unescape(re.sub(r"<[^>]+>", " ", page)).split()
    for line in csv.DictReader(io.StringIO(lines)):
        assert line["examinations"] in read
    assert "90" in shown.split()
    heads = shown.splitlines()[0].split()
    assert len(set(heads)) == len(heads)  # two totals, two names
    assert shown.splitlines()[-1].startswith("2001 年，数据截至 ")
    researcher = sign_in("researcher", None)
    rows = json.loads(researcher.get(f"{address}.json?year=2001").text)
    assert {row["colonoscopy"] for row in rows} & {None}
    protected = researcher.get("/quality/first-table/?year=2001").text
    assert "≤7" in protected
    assert "没有可计的检查" in researcher.get("/quality/first-table/?year=1999").text
    assert researcher.get("/quality/first-table/?year=2999").status_code == 404
    listed = sign_in("quality_reviewer", None)
    assert "表 1（2001 年） · 第 1 次" in listed.get("/quality/releases/").text
    assert "全联盟和各组" in listed.get(f"/quality/releases/parts?release={_release(listed)}").text


def _release(browser):
    page = browser.get("/quality/releases/").text
    return re.search(r"parts\?release=(\d+)\"[^>]*>表 1（2001 年）", page).group(1)


def test_who_may_not_have_it(acting, alliance):
    for role, key in (("endoscopist", "city"), ("auditor", None)):
        with acting(role, key):
            for ask in (first_table, release_first_table, count_first_table):
                with pytest.raises(Forbidden):
                    ask(2001)
    with acting("researcher", None), pytest.raises(Forbidden):
        release_first_table(2999)
