"""What leaves the registry cannot be turned back into a small count."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.disclosure import State, release, suppress, truncate
from registry.stats.survival import kaplan_meier

SHOWN, HIDDEN, PROTECTED = State


@pytest.mark.parametrize(
    ("counts", "states", "total"),
    [
        ([40, 12, 0], [SHOWN, SHOWN, SHOWN], SHOWN),
        ([40, 3, 12, 0], [SHOWN, HIDDEN, PROTECTED, SHOWN], SHOWN),
        ([40, 3, 5, 12], [SHOWN, HIDDEN, HIDDEN, SHOWN], SHOWN),
        ([40, 1, 1, 12], [SHOWN, HIDDEN, HIDDEN, PROTECTED], SHOWN),  # 2 in two cells: 1 and 1
        ([40, 7, 7, 12], [SHOWN, HIDDEN, HIDDEN, PROTECTED], SHOWN),  # 14 in two cells: 7 and 7
        ([3, 8, 8, 30], [HIDDEN, PROTECTED, PROTECTED, SHOWN], SHOWN),  # one 8 beside an 8 is no secret
        ([1, 8], [HIDDEN, PROTECTED], PROTECTED),  # 9 could be nothing else
        ([5], [PROTECTED], HIDDEN),
        ([1] * 7, [PROTECTED] * 7, HIDDEN),  # at most 7 in seven cells: all are 1
        ([0, 5, 0], [PROTECTED] * 3, HIDDEN),
        ([0, 0], [SHOWN, SHOWN], SHOWN),
        ([], [], SHOWN),
    ],
)
def test_small_counts_and_what_would_give_them_away(counts, states, total):
    table = suppress(counts)
    assert list(table.states) == states
    assert table.total_state is total
    shown = [count for count, state in zip(counts, states, strict=True) if state is SHOWN]
    assert table.counts[~np.isnan(table.counts)].tolist() == shown
    assert np.isnan(table.total) == (total is not SHOWN)


small_tables = st.lists(st.integers(0, 9), min_size=1, max_size=5)


@settings(deadline=None)
@given(small_tables, st.integers(3, 5))
def test_every_hidden_cell_keeps_at_least_two_possible_values(counts, threshold):
    """Tries every table that the published one could stand for."""
    table = suppress(counts, threshold)
    if table.total_state is not SHOWN or HIDDEN not in table.states:
        return
    most = int(min([table.total, *(count for count in table.counts if count >= threshold)]))
    could_be = {HIDDEN: range(1, threshold), PROTECTED: range(threshold, most + 1)}
    cells = [
        [int(count)] if state is SHOWN else could_be[state]
        for count, state in zip(table.counts, table.states, strict=True)
    ]
    possible = [cells for cells in product(*cells) if sum(cells) == table.total]
    assert tuple(counts) in possible
    for place, state in enumerate(table.states):
        if state is HIDDEN:
            assert len({cells[place] for cells in possible}) >= 2


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=30), st.integers(3, 20))
def test_nothing_small_is_shown_and_nothing_hidden_reads_as_zero(counts, threshold):
    table = suppress(counts, threshold)
    for count, published, state in zip(counts, table.counts, table.states, strict=True):
        if state is SHOWN:
            assert published == count
            assert count == 0 or count >= threshold
        else:
            assert np.isnan(published)
        assert state is not HIDDEN or 0 < count < threshold
    missing = [state for state in table.states if state is not SHOWN]
    assert len(missing) != 1 or table.total_state is not SHOWN


def test_survival_is_said_only_while_enough_are_at_risk():
    curve = kaplan_meier([10, 20, 30, 40, 400], [1, 1, 0, 1, 0], [9, 2, 3, 9, 7])
    out = release(curve, [0, 15, 25, 35, 365, 500])
    np.testing.assert_array_equal(out.at_risk, [30, 21, 19, 16, np.nan, 0])
    assert out.at_risk_states == (SHOWN, SHOWN, SHOWN, SHOWN, HIDDEN, SHOWN)
    np.testing.assert_array_equal(out.events, [0, 9, np.nan, 0, 9, 0])
    assert out.events_states == (SHOWN, SHOWN, HIDDEN, SHOWN, SHOWN, SHOWN)
    assert np.isnan(out.estimate).tolist() == np.isnan(out.upper).tolist() == [False] * 4 + [True] * 2
    np.testing.assert_allclose(out.estimate[:4], curve.at([0, 15, 25, 35]).estimate)


def test_a_curve_ends_where_too_few_are_at_risk():
    curve = kaplan_meier([10, 20, 40, 400], [1, 1, 1, 0], [9, 2, 9, 7])
    cut = truncate(curve)
    assert cut.times.tolist() == [10, 20, 40]
    assert cut.survival.tolist() == curve.survival[:3].tolist()
    tiny = truncate(kaplan_meier([1, 2, 3], [1, 1, 0]))
    assert tiny.n == 0
    assert np.isnan([*tiny.median()]).all()


@pytest.mark.parametrize("threshold", [2, 0, -8, 8.5])
def test_a_threshold_that_protects_nobody_is_refused(threshold):
    curve = kaplan_meier([1], [1])
    for call in (lambda: suppress([1], threshold), lambda: truncate(curve, threshold)):
        with pytest.raises(ValueError, match="threshold"):
            call()


def test_counts_and_days_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="not be negative"):
        suppress([-1, 9])
    with pytest.raises(ValueError, match="one row"):
        suppress([[1, 9]])
    with pytest.raises(ValueError, match="days must rise"):
        release(kaplan_meier([1], [1]), [365, 30])
