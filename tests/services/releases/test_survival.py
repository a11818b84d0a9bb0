"""Survival leaves for readers of aggregates: asked again it is the same, and two releases tell of nobody.

The auditor (`stats.disclosure_audit`) shares no code with the search; see `test_protecting`.
"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_array, csr_array, eye_array

from registry.access import Forbidden
from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.queries.releases import tables as queries
from registry.queries.releases.survival import DAYS, KINDS
from registry.reports.survival.competing import answer
from registry.reports.survival.curves import curves
from registry.reports.survival.method import YEARS, Refused, Wanted
from registry.reports.survival.methods import METHODS
from registry.reports.survival.told import told
from registry.rules.cause import End
from registry.services.releases.survival import count_survival, release_survival
from registry.services.unit import change
from registry.stats.disclosure import State
from registry.stats.disclosure_audit import audit
from registry.stats.followed_tables import Layout, Left, protected
from registry.stats.linked_tables import at_risk_table
from registry.stats.survival import year_day
from tests.counted import case
from tests.released import answered

NEAR = 1e-5
STRETCHES = 5  # two days
LAYOUT = Layout(STRETCHES)


def leave(events, censored, earlier=()):
    """The states of everybody and of the groups, as one release lets them go; None where refused."""
    whole = [events.sum(0).tolist()], [censored.sum(0).tolist()]
    past = [Left([e.sum(0).tolist()], [c.sum(0).tolist()], [total, [None] * LAYOUT.width])
            for e, c, total, _ in earlier]  # fmt: skip
    (total,), refused = protected(*whole, 8, earlier=past)
    if refused:
        return None
    past = [Left(e.tolist(), c.tolist(), [*groups, total]) for e, c, total, groups in earlier]
    groups, refused = protected(events.tolist(), censored.tolist(), 8, total=total, earlier=past)
    return None if refused else (events, censored, total, groups)


def published(release):
    """What a reader sees of one release: its family, the shown numbers, and the signs of printed cells."""
    events, censored, total, groups = release
    family = at_risk_table(events, censored)
    rows = [*groups, total]
    quiet = np.tile(~LAYOUT.printed, len(rows))
    states = [
        State.PROTECTED if silent else state
        for silent, state in zip(quiet, [cell for row in rows for cell in row], strict=True)
    ]
    shown = np.where([state is State.SHOWN for state in states], family.counts, np.nan)
    return family, shown, states, quiet


def assert_kept(family, states, quiet, found):
    """1 … 7 stays possible for what stands as ≤7, and as many values for all else that is hidden."""
    small = (family.counts > 0) & (family.counts < 8)
    for cell, state in enumerate(states):
        if state is State.SHOWN:
            assert not small[cell]
        elif state is State.HIDDEN:
            assert small[cell]
            assert (found.lowest[cell], found.highest[cell]) == pytest.approx((1, 7), abs=NEAR)
        elif not quiet[cell] or small[cell]:
            assert found.highest[cell] - found.lowest[cell] >= 6 - NEAR


few_or_many = st.one_of(st.integers(0, 5), st.integers(0, 60))


@st.composite
def tables(draw, groups=2):
    cells = 2 * groups * STRETCHES
    return np.array(draw(st.lists(few_or_many, min_size=cells, max_size=cells))).reshape(2, groups, -1)


@settings(deadline=None, max_examples=4)
@given(tables())
def test_a_table_at_risk_narrows_no_hidden_count(cells):
    if release := leave(*cells):
        family, shown, states, quiet = published(release)
        assert_kept(family, states, quiet, audit(shown, states, family.sums))


@settings(deadline=None, max_examples=2)
@given(tables(), st.lists(st.integers(0, 3), min_size=20, max_size=20))
def test_two_releases_narrow_no_hidden_count_and_no_small_difference(cells, more):
    first = leave(*cells)
    second = first and leave(*(cells + np.array(more).reshape(cells.shape)), earlier=[first])
    if not second:
        return
    old, old_shown, old_states, quiet = published(first)
    new, new_shown, new_states, _ = published(second)
    n, one = quiet.size, eye_array(quiet.size, format="csr")
    sums = block_array([[old.sums, None, None], [None, new.sums, None], [one, -one, one]], format="csr")
    shown = np.concatenate([old_shown, new_shown, new_shown - old_shown])
    states = [*old_states, *new_states, *[State.PROTECTED] * n]
    found = audit(shown, states, csr_array(sums), free=np.repeat([False, False, True], n))
    gap = new.counts - old.counts
    few = (gap != 0) & (np.abs(gap) < 8) & ~quiet
    assert (found.width[2 * n :][few] >= 6 - NEAR).all()
    for at, (family, signs) in enumerate(((old, old_states), (new, new_states))):
        part = slice(at * n, (at + 1) * n)
        assert_kept(family, signs, quiet, type(found)(found.lowest[part], found.highest[part]))


def test_colon_and_rectum_stand_as_one_site_too():
    """Thirty-three of both are shown, so neither thirty nor three is."""
    stay = [[0] * STRETCHES] * 3
    ends = [[0, 0, 0, 0, n] for n in (40, 30, 3)]
    states, refused = protected(ends, stay, 8, total=None, sums=[(1, 2)])
    assert (len(states), refused) == (4, False)
    size = LAYOUT.at_risk[0]
    assert [state is State.SHOWN for state in (row[size] for row in states)] == [True, False, False, True]


def test_the_days_and_the_ends_are_those_of_the_reports():
    assert [int(year_day(years)) for years in YEARS] == list(DAYS)
    assert ["death", *(end.code for end in End)] == list(KINDS)


def store(acting, alliance, number, organ=Organ.STOMACH, dead=3):
    """Of so many cancers, half of them of men, one of `dead` ends on day 300; the others live to day 2000."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(number):
            died = place % dead == 0
            facts = {"sex": Sex("12"[place % 2]), "born_on": date(1950, 1, 1)}
            tumour = {"organ": organ, "invasive": True, "incidence_on": date(2001, 1, 15)}
            tumour |= {"followed_days": 300 if died else 2000, "dead": died}
            case(unit, alliance.city.id, facts=facts, tumours=[tumour])


def said(by="sex", site="stomach"):
    return answered(curves, by, site=site).as_dict()


def by_cause():
    return answered(answer, Wanted(by="sex", selection={"site": "stomach"})).as_dict()


def test_asked_again_after_one_more_death_it_is_the_same(acting, alliance):
    store(acting, alliance, 120)
    with acting("researcher", None):
        first = said(), said(None), by_cause()
        assert [group["n"] for group in first[0]["groups"]] == [60, 60]
    store(acting, alliance, 1)
    with acting("researcher", None):
        assert (said(), said(None), by_cause()) == first
        assert said(None, None)["groups"] == first[1]["groups"]
    with acting("quality_reviewer", None):
        assert curves().rows[0].n == 121  # the quality centre sees what there is
        assert count_survival(True).number == 2
    with acting("researcher", None):
        for by, before in (("sex", first[0]), (None, first[1])):
            for old, new in zip(before["groups"], said(by)["groups"], strict=True):
                pairs = [(old["n"], new["n"]), (old["events"], new["events"])]
                assert all(None in pair or pair[0] == pair[1] for pair in pairs)
        assert [one.number for one in queries.releases("survival invasive")] == [2, 1]
    store(acting, alliance, 60)
    with acting("quality_reviewer", None):
        count_survival(True)
    with acting("researcher", None):
        assert said(None)["groups"][0]["n"] == 181


def test_a_site_says_no_more_than_it_does_among_the_organs(acting, alliance):
    """Forty of the stomach and five of the colon: forty beside all forty-five would tell of the five."""
    store(acting, alliance, 40)
    store(acting, alliance, 5, organ=Organ.COLON)
    with acting("researcher", None):
        assert said(None, None)["groups"][0]["n"] == 45
        assert {group["n"] for group in said("organ", None)["groups"]} == {None}
        for site in ("stomach", "colon", "colorectum"):
            assert {group["n"] for group in said(None, site=site)["groups"]} == {None}
        for by, site in ((None, "C16.2"), ("sex", None), ("sex", "colon"), ("organ", "colorectum")):
            with pytest.raises(Refused, match="器官"):
                curves(by, site=site)
            with pytest.raises(Forbidden):
                release_survival(True, by or "none", site or "all", ("death",))


def test_methods_that_are_not_remembered_are_refused_and_who_may_ask(acting, alliance):
    with acting("researcher", None):
        for key in ("cox", "pohar-perme", "ederer2"):
            with pytest.raises(Refused, match="未作为发布记住"):
                told(METHODS[key], Wanted())
        with pytest.raises(Forbidden):
            release_survival(True, "shoes", "all", ("death",))
    for role, key in (("endoscopist", "city"), ("auditor", None)):
        with acting(role, key):
            with pytest.raises(Forbidden):
                release_survival(True, "none", "all", ("death",))
            with pytest.raises(Forbidden):
                count_survival(True)


def test_nobody_is_said_to_be_nobody(acting, alliance):
    with acting("researcher", None):
        assert answered(curves, "organ").empty
        assert answered(answer, Wanted()).empty


def test_no_test_tells_of_a_hidden_count(acting, alliance):
    """One of 22 women died when 17 men and 21 women were followed: χ² is 17/21, whatever is hidden."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(40):
            woman, died = place >= 18, place == 39
            facts = {"sex": Sex("2" if woman else "1"), "born_on": date(1950, 1, 1)}
            tumour = {"organ": Organ.STOMACH, "invasive": True, "incidence_on": date(2001, 1, 15)}
            days = 200 if died else 100 if place in (0, 38) else 300
            case(
                unit, alliance.city.id, facts=facts, tumours=[tumour | {"followed_days": days, "dead": died}]
            )
    with acting("quality_reviewer", None):
        assert curves("sex", site="stomach").log_rank.chi2 == pytest.approx(17 / 21)
    with acting("researcher", None):
        found = said()
        assert [(one["n"], one["events"]) for one in found["groups"]] == [(18, 0), (22, None)]
        assert found["log_rank"] is None
        assert "对数秩" not in found["method"]
        assert by_cause()["gray"] == {}
        for key in ("km", "cif"):
            shown = told(METHODS[key], Wanted(by="sex", selection={"site": "stomach"}))
            assert any("检验值" in note.zh for note in shown.sheets()[0].notes)


def test_a_hidden_size_is_in_no_table_file_or_figure(acting, alliance):
    """Five women of 35: the men are not counted either, each with a sign of its own."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(35):
            facts = {"sex": Sex("2" if place < 5 else "1"), "born_on": date(1950, 1, 1)}
            tumour = {"organ": Organ.STOMACH, "invasive": True, "incidence_on": date(2001, 1, 15)}
            tumour |= {"followed_days": 4000, "dead": False}
            case(unit, alliance.city.id, facts=facts, tumours=[tumour])
    with acting("researcher", None):
        for key in ("km", "cif"):
            shown = answered(told, METHODS[key], Wanted(by=None, selection={"site": "stomach"}))
            assert shown.found.rows[0].n == 35
            shown = answered(told, METHODS[key], Wanted(by="sex", selection={"site": "stomach"}))
            men, women = shown.found.rows
            assert (men.signs["n"], women.signs["n"]) == ("*", "≤7")
            assert [row[1] for row in shown.sheets()[0].rows] == ["*", "≤7"]
            assert {(line["group"], line["n"]) for line in shown.flat()} == {("1", None), ("2", None)}
            assert all(line["hidden"].startswith(("n *", "n ≤7")) for line in shown.flat())
            assert [group["hidden"]["n"] for group in shown.as_dict()["groups"]] == ["*", "≤7"]
            curves_drawn = [row.curve if key == "km" else row.drawn(End.CANCER) for row in (men, women)]
            assert [one.n for one in curves_drawn] == [0, 0]  # the figure prints it as at risk on day 0
            assert b"<svg" in shown.method.draw(shown.found, as_of=date(2026, 1, 1))
