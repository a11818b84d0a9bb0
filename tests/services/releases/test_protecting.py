"""A year's tables of an indicator leave for readers of aggregates; an auditor reads all that has left.

The auditor (`stats.disclosure_audit`) shares no code with the search: it asks by linear programmes how
far each hidden number may lie from the true one, given every number, sign and sum that was published.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_array, csr_array, eye_array

from registry.indicators import indicator_called
from registry.indicators.released import GROUPINGS, columns, unprinted
from registry.queries.releases.tables import STATES, CountedRow
from registry.services.releases.protecting import family_of, guard
from registry.stats.disclosure import State
from registry.stats.disclosure_audit import audit

INDICATOR = indicator_called("CDEI-07")
CANCERS = indicator_called("CDEI-13")  # the unknown are divided by too
NEAR = 1e-5
MONTHS = ("2001-01", "2001-02", "2001-04")
QUARTERS = ("2001-Q1", "2001-Q1", "2001-Q2")


def table(cells):
    """Rows of a year from counts by centre, month, sex and part."""
    cells = np.asarray(cells)
    found = []

    def add(grouping, code, counts):
        found.append(CountedRow(grouping, code, code, code, tuple(int(count) for count in counts)))

    add("year", "2001", cells.sum((0, 1, 2)))
    for quarter in sorted(set(QUARTERS)):
        inside = [month for month, name in enumerate(QUARTERS) if name == quarter]
        add("quarter", quarter, cells[:, inside].sum((0, 1, 2)))
        for centre in range(len(cells)):
            add("centre-quarter", f"{centre}/{quarter}", cells[centre, inside].sum((0, 1)))
    for month, code in enumerate(MONTHS):
        add("month", code, cells[:, month].sum((0, 1)))
    for sex in range(2):
        add("sex", str(sex), cells[:, :, sex].sum((0, 1)))
    for centre in range(len(cells)):
        add("centre", str(centre), cells[centre].sum((0, 1)))
    return found


def released(indicator, rows, earlier=(), eligible=()):
    """The signs of everything that may leave of a table: the whole first, the centres after it."""
    signs, refused = {}, False
    for part in GROUPINGS:
        found = guard(
            indicator, rows, part, smallest=8, settled=signs, eligible=dict(eligible), earlier=earlier
        )
        signs, refused = signs | found.signs, refused or found.refused
    return signs, refused


def published(indicator, rows, signs):
    """What a reader sees: shown numbers, signs, and the sums that hold; and which cells are printed."""
    keys = [row.key for row in rows]
    family = family_of(indicator, keys, rows, 8)
    states = [STATES[letter] for key in keys for letter in signs[key]]
    more = family.counts.size - len(states)
    quiet = np.array([*(unprinted(indicator) * len(keys)), *[False] * more])
    states += [State.SHOWN] * more
    shown = np.where([state is State.SHOWN for state in states], family.counts, np.nan)
    shown[quiet] = np.nan
    return family, shown, states, quiet


def assert_kept(family, states, quiet, found, *, room=6):
    """No small count is narrowed: 1 … 7 for what stands as ≤7, as many values for the others."""
    small = (family.counts > 0) & (family.counts < 8)
    for cell, state in enumerate(states):
        if state is State.SHOWN:
            assert not small[cell] or cell >= quiet.size
        elif state is State.HIDDEN and room == 6:
            assert small[cell]
            assert found.lowest[cell] <= 1 + NEAR, cell
            assert found.highest[cell] >= 7 - NEAR, cell
        elif not quiet[cell] or small[cell]:
            assert found.highest[cell] - found.lowest[cell] >= room - NEAR, (cell, family.counts[cell])


def assert_safe(indicator, rows, signs):
    family, shown, states, quiet = published(indicator, rows, signs)
    printed = [State.PROTECTED if silent else state for state, silent in zip(states, quiet, strict=True)]
    assert_kept(family, printed, quiet, audit(shown, printed, family.sums))
    # Whoever forgets what ≤7 says is left with a range of at least 7.
    assert_kept(family, printed, quiet, audit(shown, printed, family.sums, signs=False), room=7)


few_or_many = st.one_of(st.integers(0, 5), st.integers(0, 40))


@st.composite
def years(draw, centres=2):
    flat = draw(st.lists(few_or_many, min_size=centres * 24, max_size=centres * 24))
    return np.array(flat).reshape(centres, 3, 2, 4)


@settings(deadline=None, max_examples=2)
@given(years())
def test_periods_that_nest_sexes_and_centres_together_narrow_no_hidden_count(cells):
    rows = table(cells)
    signs, refused = released(INDICATOR, rows)
    if not refused:
        assert_safe(INDICATOR, rows, signs)


@pytest.mark.slow
@settings(deadline=None, max_examples=6)
@given(years(centres=4), st.sampled_from([INDICATOR, CANCERS]))
def test_nor_do_larger_ones_of_either_kind_of_denominator(cells, indicator):
    rows = table(cells)
    signs, refused = released(indicator, rows)
    if not refused:
        assert_safe(indicator, rows, signs)


def two(indicator, before, first, after, second):
    """All that is known of two releases: both tables and, cell by cell, their difference."""
    old, old_shown, old_states, quiet = published(indicator, before, first)
    new, new_shown, new_states, _ = published(indicator, after, second)
    cells = quiet.size
    one = eye_array(cells, format="csr")
    sums = block_array([[old.sums, None, None], [None, new.sums, None], [one, -one, one]], format="csr")
    gap = new.counts - old.counts
    shown = np.concatenate([old_shown, new_shown, new_shown - old_shown])
    states = [State.PROTECTED if silent else s for s, silent in zip(old_states, quiet, strict=True)]
    states += [State.PROTECTED if silent else s for s, silent in zip(new_states, quiet, strict=True)]
    free = np.repeat([False, False, True], cells)
    found = audit(shown, [*states, *[State.PROTECTED] * cells], csr_array(sums), free=free)
    few = (gap != 0) & (np.abs(gap) < 8) & ~quiet
    width = found.highest - found.lowest
    assert (width[2 * cells :][few] >= 6 - NEAR).all()
    for at, family in enumerate((old, new)):
        part = slice(at * cells, (at + 1) * cells)
        seen = type(found)(found.lowest[part], found.highest[part])
        assert_kept(family, states[part], quiet, seen)


@settings(deadline=None, max_examples=2)
@given(years(), st.lists(st.integers(0, 3), min_size=48, max_size=48))
def test_two_releases_of_a_year_narrow_no_hidden_count_and_no_small_difference(cells, more):
    before, after = table(cells), table(cells + np.array(more).reshape(cells.shape))
    first, refused = released(INDICATOR, before)
    if refused:
        return
    second, refused = released(INDICATOR, after, earlier=[(before, first)])
    if not refused:
        two(INDICATOR, before, first, after, second)


def test_three_more_in_one_centre_are_hidden_in_the_next_release_and_nothing_where_nothing_came():
    cells = np.full((3, 3, 2, 4), 40)
    before = table(cells)
    first, _ = released(INDICATOR, before)
    at = {name: place for place, name in enumerate(columns(INDICATOR))}
    assert set("".join(first.values())) == {"s", "p"}
    assert {letters[at["eligible"]] for letters in first.values()} == {"s"}
    again, refused = released(INDICATOR, before, earlier=[(before, first)])
    assert (again, refused) == (first, False)
    cells[1, 2, 0, 0] += 3
    after = table(cells)
    alone, _ = released(INDICATOR, after)
    assert alone == first  # by itself it hides nothing
    second, refused = released(INDICATOR, after, earlier=[(before, first)])
    assert not refused
    assert second["centre:1"][at["met"]] == second["year:2001"][at["met"]] == "p"
    assert "s" in "".join(second.values())
    two(INDICATOR, before, first, after, second)


def test_who_is_eligible_for_two_indicators_is_hidden_in_both_or_in_neither():
    cells = np.full((3, 3, 2, 4), 30)
    cells[1, :, :, :] = 0
    cells[1, 0, 0] = (2, 1, 0, 0)  # three in all at the second house
    rows = table(cells)
    first, _ = released(INDICATOR, rows)
    place = columns(INDICATOR).index("eligible")
    known = {key: letters[place] for key, letters in first.items()}
    other = table(cells[..., [1, 0, 2, 3]])  # the same people, another question
    second, refused = released(INDICATOR, other, eligible=known)
    assert not refused
    assert {key: letters[place] for key, letters in second.items()} == known
    assert_safe(INDICATOR, other, second)
