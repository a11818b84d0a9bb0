"""What a page of rates leaves out for readers of aggregates, seen by an auditor with a linear programme."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.indicators import indicator_called
from registry.indicators.released import PARTS, sums
from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.reports.rates import quality
from registry.reports.rates.disclosed import hide_small
from registry.reports.rates.quality import Rate, Status
from registry.reports.survival.disclosed import guard
from registry.stats.disclosure import State
from registry.stats.disclosure_audit import audit
from registry.stats.linked_tables import crossed, total
from registry.stats.survival import kaplan_meier
from tests.released import told

NEAR = 1e-5
SUMS = sums(indicator_called("CDEI-07"))


def row(code, met, not_met, unknown):
    known = met + not_met
    return Rate(
        indicator_called("CDEI-07"),
        Group(code, Label(code, code)),
        *(known + unknown, met, not_met, 0, unknown, known),
        *((met / known, 0.1, 0.9) if known else (None, None, None)),
        level=0.95,
        method="wilson",
        status=Status.FINAL,
    )


def seen(rows):
    """What is printed of rows, in the order of the parts and their sums; nobody prints the gaps."""
    names = {"known": "denominator", "expected": "denominator", "gaps": None, "eligible": "eligible"}
    columns = [*PARTS, *(names[name] for name in SUMS)]
    return np.array(
        [[np.nan if name is None else getattr(row, name) for name in columns] for row in rows], dtype=float
    )


def signs(rows):
    columns = [*PARTS, "denominator", "denominator", "none", "eligible"]
    return [State.HIDDEN if name in row.small else State.PROTECTED for row in rows for name in columns]


counts = st.one_of(st.integers(0, 9), st.integers(0, 80))


@settings(deadline=None, max_examples=10)
@given(st.lists(st.tuples(counts, counts, counts), min_size=2, max_size=4))
def test_a_page_by_group_and_the_page_of_the_whole_narrow_no_small_count(cells):
    rows = [row(str(place), *cell) for place, cell in enumerate(cells)]
    everybody = [row("all", *map(sum, zip(*cells, strict=True)))]
    by_group, states = told(rows)
    whole = [hide_small(everybody[0], states, 8, quality._without)]
    printed = np.vstack([seen(by_group), seen(whole)])
    base = [[met, not_met, 0, unknown] for met, not_met, unknown in cells]
    family = crossed(base, total(len(cells)), tuple(SUMS.values()))
    truth = family.laid_out(family.counts)
    found = audit(printed.ravel(), signs([*by_group, *whole]), family.sums)
    small = (truth > 0) & (truth < 8)
    assert np.isnan(printed[small]).all()
    width = family.laid_out(found.width)
    # Of a small count that stands as ≤7 each value stays possible; of another at least as many.
    assert (width[small] >= 6 - NEAR).all()
    for shown in (*by_group, *whole):
        assert shown.estimate is None or shown.met is not None


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=3), st.integers(2, 9))
def test_sizes_numbers_at_risk_and_deaths_of_curves_are_said_only_where_they_may(sizes, every):
    curves = []
    for size in sizes:
        days = np.arange(size) * 47
        curves.append(kaplan_meier(days, days % every == 0))
    days = [365, 1095]
    for curve, may in zip(curves, guard(curves, days, 8), strict=True):
        assert not may.n or not 0 < curve.n < 8
        at = curve.at(days)
        for place, day in enumerate(days):
            dead = curve.events[curve.times <= day].sum()
            assert not may.at_risk[place] or not 0 < at.at_risk[place] < 8
            assert not may.estimates[place] or (may.at_risk[place] and not 0 < dead < 8)


def test_two_few_of_one_group_hide_another_groups_size():
    few, many, more = (kaplan_meier(np.arange(1, n + 1), np.zeros(n)) for n in (3, 40, 90))
    told = guard([few, many, more], [365], 8)
    assert [one.n for one in told] == [False, False, True]
    assert [one.n for one in guard([many, more], [365], 8)] == [True, True]


def test_a_status_that_tells_how_many_are_unknown_goes_with_them():
    ((one,), _) = told([row("a", 10, 10, 4)])
    assert (one.unknown, one.status) == (None, Status.SUPPRESSED)
    ((one,), _) = told([row("a", 40, 40, 4)])
    assert (one.unknown, one.status, one.met) == (None, Status.FINAL, 40)


def test_bounds_go_with_those_awaited():
    awaited = replace(row("a", 40, 30, 0), awaited=3, eligible=73, denominator=73, method="bounds")
    ((one,), _) = told([awaited])
    assert (one.awaited, one.lower, one.upper) == (None, None, None)
