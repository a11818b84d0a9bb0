"""Every indicator of every set: complete in what it declares, counted in every grouping on either engine."""

import re
from datetime import date

import pytest

from registry.indicators import INDICATORS, SETS, UNCONFIRMED, Counts, Evidence, Source
from registry.label import reading
from registry.queries.counting.grouping import GROUPINGS
from registry.queries.counting.tallies import tally
from registry.services.unit import change
from tests.counted import case
from tests.indicators import (
    test_alliance,
    test_colonoscopy,
    test_follow_up,
    test_gastroscopy,
    test_missed,
    test_programme,
    test_states,
)

EVERY = [*INDICATORS.values(), *UNCONFIRMED.values()]
TABLES = {
    key: cases
    for module in (
        test_alliance, test_colonoscopy, test_follow_up, test_gastroscopy, test_missed, test_programme,
        test_states,
    )
    for key, cases in module.CASES.items()
}  # fmt: skip
# Made by the same functions as one that has its table, for another organ.
ALIKE = {"CDEI-12.known", "CDEI-15.known", "CDEI-12.hgin"}


def test_every_indicator_has_its_table_of_cases():
    """But for yearly numbers and means, which have no states: tests of their own count those."""
    proportions = {one.key for one in INDICATORS.values() if one.counts.proportion}
    assert set(TABLES) == proportions - ALIKE


@pytest.mark.parametrize("key", TABLES)
def test_every_table_shows_what_counts_and_what_does_not(key):
    """Who is met, who is not, and who is left out; awaited where there is something to wait for."""
    states = {None if state is None else state.name for _, state in TABLES[key]}
    indicator = INDICATORS[key]
    lean = key.endswith((".known", ".hgin")) or key in {"EARLY-OESOPHAGUS", "EARLY-COLORECTUM"}
    assert "MET" in states
    if not lean:
        assert {"NOT_MET", *({None} if key != "CDEI-11" else {"UNKNOWN"})} <= states  # every procedure counts
    if indicator.awaited is not None and not lean:
        assert "AWAITED" in states


@pytest.mark.parametrize("indicator", EVERY, ids=lambda one: one.key)
def test_a_declaration_says_all_that_a_reader_asks(indicator):
    for words in (indicator.label, indicator.source, indicator.words.numerator, indicator.words.denominator):
        for language in ("zh", "en"):
            with reading(language):
                assert str(words).strip()
                assert "%(" not in str(words)
    assert indicator.edition
    assert indicator.clause
    with reading("en"):
        assert not re.search(r"[\u4e00-\u9fff]", f"{indicator.clause}{indicator.edition_label}")
    name, comma, what = indicator.edition_label.zh.partition("，")
    assert (name, bool(comma)) == (indicator.edition.partition(", ")[0], ", " in indicator.edition)
    assert not re.search(r"[a-z]{2}", what)
    assert indicator.author.zh
    assert isinstance(indicator.evidence, Evidence)
    assert indicator.next_review is not None
    assert (indicator.checked_by is None) == (indicator.checked_on is None)
    assert indicator.per in {1, 100, 1000}
    assert (indicator.minutes is not None) == (indicator.counts is Counts.MINUTES)
    if indicator.counts.proportion and indicator.target is not None:
        assert 0 < indicator.target < 1


def test_what_stands_beside_or_replaces_another_names_one_that_is_there():
    for one in EVERY:
        assert one.variant_of is None or one.variant_of in INDICATORS
        assert one.replaces is None or one.replaces in INDICATORS


def test_no_key_stands_twice_and_the_chinese_sets_are_on():
    keys = [one.key for each in SETS.values() for one in each.indicators]
    assert len(keys) == len(set(keys))
    assert [each.key for each in SETS.values() if each.on] == [
        "NHC-2022", "ALLIANCE", "PROGRAMME-CN", "FOLLOW-UP", "MISSED",
    ]  # fmt: skip


def test_what_cannot_be_counted_says_why_and_is_not_declared_as_well():
    left_out = [one for each in SETS.values() for one in each.not_counted]
    assert {"CDEI-02, 03", "CDEI-08, 09, 10, 17, 18", "Invitation coverage"} <= {
        one.clause for one in left_out
    }
    declared = {one.clause for one in INDICATORS.values()}
    for one in left_out:
        assert one.why.zh
        assert one.why.en
        assert one.clause not in declared


@pytest.mark.parametrize("by", [None, *GROUPINGS])
def test_every_indicator_is_counted_in_every_grouping(by, acting, alliance):
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            more = {"lesions": [{}], "tumours": [{}], "specimens": [{}], "events": [{"kind": "other"}]}
            case(unit, alliance.city.id, **more)
            case(unit, alliance.city.id, kind="colonoscopy", withdrawal_min=7)
        own = {one.indicator.key for one in tally(EVERY, by=by)}
    with acting("quality_reviewer", None):
        everywhere = {one.indicator.key for one in tally(EVERY, by=by, start=date(2001, 1, 1))}
    assert own == everywhere == {one.key for one in EVERY}


def test_an_indicator_without_an_examination_is_counted_by_its_own_day():
    bases = {one.base for one in INDICATORS.values() if one.base.without_examination}
    assert bases == {Source.ROUND, Source.ASSESSMENT, Source.PLAN}
