"""Linked tables leave the registry so that no small count can be worked out, once and again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_array, eye_array

from registry.stats.disclosure import State
from registry.stats.disclosure_audit import audit
from registry.stats.linked_tables import at_risk_table, crossed, total
from registry.stats.protection import protect, protect_after

SHOWN, HIDDEN, PROTECTED = State
RATE = ((0, 1), (3, 2))  # met and not met are those known; these and the unknown are all eligible
NEAR = 1e-5


def too_narrow(family, found, threshold=8):
    """Cells of which a reader learns more than their sign says, with the signs and without."""
    signs = audit(found.counts, found.states, family.sums, threshold)
    plain = audit(found.counts, found.states, family.sums, threshold, signs=False)
    hidden = np.array([state is HIDDEN for state in found.states])
    gone = np.array([state is not SHOWN for state in found.states])
    ends = (signs.lowest > 1 + NEAR) | (signs.highest < threshold - 1 - NEAR)
    values = signs.width + 1 < threshold - 1 - NEAR
    return np.flatnonzero((hidden & ends) | (gone & (values | (plain.width < threshold - 1 - NEAR))))


def assert_safe(family, found):
    assert found.exposed == ()
    shown = np.array([state is SHOWN for state in found.states])
    np.testing.assert_array_equal(found.counts[shown], family.counts[shown])
    assert np.isnan(found.counts[~shown]).all()
    assert not ((found.counts > 0) & (found.counts < 8)).any()
    for count, state in zip(family.counts, found.states, strict=True):
        assert state is not HIDDEN or 0 < count < 8
    assert too_narrow(family, found).tolist() == []


def rate_table(met, not_met, unknown):
    """Indicator × centre × period, numerator, denominator and what is left of both, with all totals."""
    counts = np.stack([met, not_met, unknown], axis=2)
    return crossed(counts, total(counts.shape[0]), total(counts.shape[1]), RATE, shares=(2, 0))


@pytest.mark.parametrize(
    ("counts", "states"),
    [
        ([40, 12, 0], "sss s"),
        ([40, 3, 12, 0], "shps s"),
        ([40, 3, 5, 12], "shhs s"),
        ([40, 1, 1, 12], "phhp s"),  # 14 in three cells: with 12 at least 8, no 1 could be 7
        ([5], "h h"),
        ([0, 5, 0], "shs h"),
        ([0, 0], "ss s"),
    ],
)
def test_small_counts_and_what_would_give_them_away(counts, states):
    family = crossed(counts, total(len(counts)))
    found = protect(family)
    assert "".join(str(state)[0] for state in found.states) == states.replace(" ", "")
    assert_safe(family, found)


def test_indicator_by_centre_and_period_with_totals():
    """A fixed family: three centres, four quarters, met, not met and unknown, every total and complement."""
    met = [[40, 35, 3, 22], [12, 9, 0, 15], [8, 2, 5, 30]]
    not_met = [[60, 51, 44, 71], [30, 22, 9, 2], [40, 11, 25, 33]]
    unknown = [[0, 2, 0, 5], [1, 0, 0, 9], [0, 0, 12, 4]]
    family = rate_table(met, not_met, unknown)
    found = protect(family)
    assert_safe(family, found)
    states = family.laid_out(np.array([str(state) for state in found.states]))
    assert states[0, 2, 0] == "hidden"
    assert states[-1, -1, -1] == "shown"  # all eligible
    assert (family.laid_out(found.counts)[:, :, 0] == 0).sum() == 1  # nobody is a number, hidden is none


def test_numbers_at_risk_and_events_by_group_with_totals():
    """A fixed family: what stands beneath a Kaplan–Meier curve of three stages."""
    events = [[4, 9, 6, 2], [12, 20, 3, 1], [30, 18, 9, 0]]
    family = at_risk_table(events, [[10, 3, 8, 9], [1] * 4, [0, 2, 1, 4]])
    laid = family.laid_out(family.counts)
    assert laid[0, 8:].tolist() == [11, 25, 37, 51, 13, 19, 21, 30]
    assert laid[:, 11].tolist() == [51, 40, 64, 155]
    assert_safe(family, protect(family))


def test_a_first_table_by_group_with_totals():
    """A fixed family: sex and age in bands, by how the cancer was found, everybody beside them."""
    sex_and_age = [[[31, 44, 6], [12, 25, 3]], [[20, 5, 9], [14, 2, 17]]]
    family = crossed(sex_and_age, total(2), total(2), total(3))
    assert_safe(family, protect(family))


def test_a_zero_that_says_something_of_everybody_in_a_small_group_is_withheld():
    family = rate_table([[3, 40]], [[0, 50]], [[0, 0]])
    states = family.laid_out(np.array([str(state) for state in protect(family).states]))
    assert states[0, 0].tolist()[:2] != ["hidden", "shown"]  # of those few, all met it
    assert states[0, 0, 1] == "protected"
    assert states[0, 1, 2] == "shown"


def test_a_zero_that_an_open_sum_of_nothing_tells_is_not_withheld():
    family = rate_table([[0, 0, 0]], [[0, 1, 7]], [[0, 0, 0]])  # of all eight known nobody met it
    found = protect(family)
    assert_safe(family, found)
    assert family.laid_out(np.array([str(state) for state in found.states]))[0, 1, 0] == "shown"


def joint(earlier, first, later, second):
    """What a reader of both releases knows: both tables, and their difference cell by cell."""
    n = earlier.counts.size
    one = eye_array(n, format="csr")
    sums = block_array([[earlier.sums, None, None], [None, later.sums, None], [one, -one, one]], format="csr")
    shown = np.concatenate([first.counts, second.counts, second.counts - first.counts])
    states = [*first.states, *second.states, *[PROTECTED] * n]
    return audit(shown, states, sums, free=np.repeat([False, False, True], [n, n, n]))


def assert_apart(earlier, first, later, second):
    seen = joint(earlier, first, later, second)
    n = earlier.counts.size
    gap = later.counts - earlier.counts
    few = (gap != 0) & (np.abs(gap) < 8)
    assert (seen.width[2 * n :][few] >= 6 - NEAR).all()
    for at, (table, found) in enumerate(((earlier, first), (later, second))):
        lowest, highest = seen.lowest[at * n : (at + 1) * n], seen.highest[at * n : (at + 1) * n]
        for cell, state in enumerate(found.states):
            if state is HIDDEN:
                assert lowest[cell] <= 1 + NEAR, table.counts[cell]
                assert highest[cell] >= 7 - NEAR, table.counts[cell]
            elif state is PROTECTED:
                assert highest[cell] - lowest[cell] >= 6 - NEAR


def test_a_release_that_differs_by_three_from_the_last_one_hides_where():
    """A fixed family over two releases: three more cancers in one centre in the next month's data."""
    before = crossed([[20, 80], [31, 90], [12, 40]], total(3), total(2))
    after = crossed([[23, 80], [31, 90], [12, 52]], total(3), total(2))
    first = protect(before)
    assert set(first.states) == {SHOWN}
    assert set(protect(after).states) == {SHOWN}  # alone it hides nothing
    second = protect_after(before, first.states, after)
    assert second.exposed == ()
    assert after.laid_out(np.array([str(state) for state in second.states]))[0, 0] == "protected"
    assert_apart(before, first, after, second)


def test_the_same_release_again_hides_nothing_more():
    table = rate_table([[40, 12], [30, 3]], [[22, 31], [18, 40]], [[0, 1], [9, 11]])
    first = protect(table)
    assert protect_after(table, first.states, table).states == first.states


small_or_large = st.one_of(st.integers(0, 9), st.integers(0, 60))


@st.composite
def tables(draw, most=3):
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    cells = draw(st.lists(small_or_large, min_size=3 * rows * columns, max_size=3 * rows * columns))
    met, not_met, unknown = np.array(cells).reshape(3, rows, columns)
    return rate_table(met, not_met, unknown)


@settings(deadline=None, max_examples=8)
@given(tables(most=2))
def test_no_linked_table_lets_a_linear_programme_narrow_a_hidden_count(family):
    assert_safe(family, protect(family))


@settings(deadline=None, max_examples=8)
@given(st.lists(st.tuples(small_or_large, st.integers(0, 12)), min_size=2, max_size=5))
def test_no_two_releases_let_a_linear_programme_narrow_a_hidden_count(cells):
    before = crossed([count for count, _ in cells], total(len(cells)))
    after = crossed([count + more for count, more in cells], total(len(cells)))
    first = protect(before)
    second = protect_after(before, first.states, after)
    if not second.exposed:
        assert_apart(before, first, after, second)


@pytest.mark.slow
@settings(deadline=None, max_examples=15)
@given(tables(most=4))
def test_no_larger_table_does_either(family):
    assert_safe(family, protect(family))


def test_what_nobody_prints_costs_nothing_to_keep():
    family = crossed([30, 3], total(2))
    found = protect(family, unprinted=[True, False, False])
    assert [str(state) for state in found.states] == ["protected", "hidden", "shown"]
    assert too_narrow(family, found).tolist() == []


def test_the_same_table_is_always_hidden_in_the_same_way():
    table = rate_table([[40, 12], [30, 3]], [[22, 31], [18, 40]], [[0, 1], [9, 11]])
    assert protect(table).states == protect(table).states


def test_what_cannot_be_is_refused():
    table = crossed([9, 3], total(2))
    with pytest.raises(ValueError, match="threshold"):
        protect(table, 2)
    with pytest.raises(ValueError, match="threshold"):
        protect_after(table, protect(table).states, table, 2.5)
    with pytest.raises(ValueError, match="same cells"):
        protect_after(table, protect(table).states, crossed([9, 3, 1], total(3)))
    with pytest.raises(ValueError, match="as many sequences"):
        crossed([9, 3])
    with pytest.raises(ValueError, match="something to add"):
        crossed([9, 3], ((),))
    with pytest.raises(ValueError, match="as many stretches"):
        at_risk_table([[1, 2]], [[1]])
    with pytest.raises(ValueError, match="contradicts"):
        audit([9, np.nan, 5], [SHOWN, HIDDEN, SHOWN], table.sums)
