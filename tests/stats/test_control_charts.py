"""Control charts: a textbook's limits and points, run lengths as published, one meaning for every size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from registry.stats import control_charts
from registry.stats.control_charts import (
    NELSON,
    PLAIN,
    WESTERN_ELECTRIC,
    Rule,
    Signal,
    p_chart,
    signals,
    u_chart,
)

# Montgomery, Introduction to Statistical Quality Control, example 7.1: orange juice cans, 30 samples of 50.
CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]


def chart_of(scores):
    """A chart whose scores are these, within limits of ±3."""
    scores = np.asarray(scores, dtype=float)
    limits = control_charts.Interval(np.full(scores.shape, -3.0), np.full(scores.shape, 3.0))
    return control_charts.Chart(scores, 0.0, limits, scores)


def found(scores, rule):
    return [(signal.points, signal.side) for signal in signals(chart_of(scores), [rule])]


def test_a_textbook_p_chart():
    chart = p_chart(CANS, 50, exact=False)
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert (chart.limits.lower[0], chart.limits.upper[0]) == pytest.approx((0.0524, 0.4102), abs=5e-5)
    assert [signal.points for signal in signals(chart, [Rule.BEYOND])] == [(14,), (22,)]  # samples 15 and 23


def test_a_textbook_chart_after_its_outliers():
    """The book leaves samples 15 and 23 out: centre 0.2150, limits 0.0407 and 0.3893."""
    kept = [cans for place, cans in enumerate(CANS) if place not in (14, 22)]
    chart = p_chart(kept, 50, exact=False)
    assert chart.centre == pytest.approx(0.2150, abs=5e-5)
    assert (chart.limits.lower[0], chart.limits.upper[0]) == pytest.approx((0.0407, 0.3893), abs=1.1e-4)


def test_exact_limits_meet_the_textbook_where_there_is_plenty():
    exact, plain = (p_chart([30_000, 30_500], [100_000, 100_000], exact=exact) for exact in (True, False))
    np.testing.assert_allclose(exact.limits.upper, plain.limits.upper, atol=2e-5)
    events = (u_chart([50_000, 50_300], [1e6, 1e6], exact=exact) for exact in (True, False))
    np.testing.assert_allclose(*(chart.limits.lower for chart in events), atol=2e-6)


def test_limits_follow_the_size_of_each_subgroup():
    chart = p_chart([5, 50, 500], [20, 200, 2000])
    widths = chart.limits.upper - chart.limits.lower
    assert (np.diff(widths) < 0).all()


def test_a_textbook_u_chart():
    """Imperfections per unit: ū 1.42 in samples of 10 (u ± 3√(ū/n))."""
    chart = u_chart([14, 12, 20, 11, 7, 10, 21, 16, 19, 12], 10.0, exact=False)
    assert chart.centre == pytest.approx(1.42)
    assert (chart.limits.lower[0], chart.limits.upper[0]) == pytest.approx((0.2895, 2.5505), abs=5e-5)


@pytest.mark.parametrize(
    ("rule", "scores", "expected"),
    [
        (Rule.BEYOND, [0, 3.2, 0, -3.1], [((1,), 1), ((3,), -1)]),
        (Rule.TWO_OF_THREE, [0, 2.1, 0.5, 2.2, 0], [((1, 3), 1)]),
        (Rule.TWO_OF_THREE, [2.1, -2.2, 0, 2.1], []),
        (Rule.FOUR_OF_FIVE, [-1.1, -1.2, 0, -1.3, -1.1], [((0, 1, 3, 4), -1)]),
        (Rule.RUN_OF_8, [0.1] * 8, [(tuple(range(8)), 1)]),
        (Rule.RUN_OF_8, [0.1] * 7 + [-0.1], []),
        (Rule.RUN_OF_8, [-0.1] * 12, [(tuple(range(12)), -1)]),
        (Rule.RUN_OF_9, [0.1] * 8, []),
        (Rule.TREND_OF_6, [0, 0.1, 0.2, 0.3, 0.4, 0.5], [(tuple(range(6)), 1)]),
        (Rule.TREND_OF_6, [0, 0.1, 0.2, 0.3, 0.4, 0.4], []),
        (Rule.TREND_OF_6, [5, 4, 3, 2, 1, 0, -1], [(tuple(range(7)), -1)]),
        (Rule.ALTERNATING_14, [0, 1] * 7, [(tuple(range(14)), 0)]),
        (Rule.ALTERNATING_14, [0, 1] * 6 + [0], []),
        (Rule.HUGGING_15, [0.5, -0.5] * 7 + [0.5], [(tuple(range(15)), 0)]),
        (Rule.MIXTURE_OF_8, [1.5, -1.5] * 4, [(tuple(range(8)), 0)]),
    ],
)
def test_each_rule_sees_what_it_is_named_for(rule, scores, expected):
    assert found(scores, rule) == expected


def test_a_month_without_examinations_interrupts_nothing():
    chart = p_chart([9, 9, 9, 0, 9, 9, 9, 9, 9, 1], [10, 10, 10, 0, 10, 10, 10, 10, 10, 100])
    assert Signal(Rule.RUN_OF_8, (0, 1, 2, 4, 5, 6, 7, 8), 1) in signals(chart)
    assert np.isnan(chart.estimate[3])


def test_a_later_change_does_not_move_a_baseline():
    chart = p_chart([20] * 12 + [5] * 6, [100] * 18, baseline=12)
    assert chart.centre == 0.2
    assert {signal.side for signal in signals(chart)} == {-1}


@pytest.mark.parametrize(
    ("rules", "length"),
    [
        ([Rule.BEYOND], 370.40),
        ([Rule.BEYOND, Rule.TWO_OF_THREE], 225.44),
        ([Rule.BEYOND, Rule.FOUR_OF_FIVE], 166.05),
        ([Rule.BEYOND, Rule.RUN_OF_8], 152.73),
        (WESTERN_ELECTRIC, 91.75),
    ],
)
def test_run_lengths_are_those_of_champ_and_woodall(rules, length):
    """Champ CW, Woodall WH. Technometrics 1987;29:393-399, table 1, by simulation with a fixed seed."""
    scores = np.random.default_rng(20261122).standard_normal((3000, 1000))
    called = np.zeros(scores.shape, dtype=bool)
    for rule in rules:
        for ends in control_charts.windows(rule, scores).values():
            called |= ends
    ends = called.any(axis=1)
    waited = np.where(ends, called.argmax(axis=1) + 1, scores.shape[1]).sum() / ends.sum()
    assert waited == pytest.approx(length, rel=3.5 / np.sqrt(ends.sum()))


@given(st.integers(1, 3000), st.floats(0.01, 0.99), st.floats(0, 1))
def test_scores_rise_with_the_count_and_change_sign_with_the_question(size, centre, part):
    met = round(part * size)
    here, other = p_chart([met], [size], centre=centre), p_chart([size - met], [size], centre=1 - centre)
    assert here.scores[0] == pytest.approx(-other.scores[0], abs=1e-6 * max(1, abs(here.scores[0])) + 1e-6)
    if met < size:
        assert p_chart([met + 1], [size], centre=centre).scores[0] >= here.scores[0]


def test_scores_of_large_subgroups_are_the_textbooks():
    chart = p_chart([2900, 3000, 3100], [10_000] * 3, centre=0.3)
    np.testing.assert_allclose(chart.scores, (chart.estimate - 0.3) / np.sqrt(0.3 * 0.7 / 10_000), atol=0.02)


def test_every_rule_names_its_source_and_sets_have_no_rule_twice():
    assert all(rule.source for rule in Rule)
    for rules in (PLAIN, WESTERN_ELECTRIC, NELSON):
        assert len(set(rules)) == len(rules)
    assert set(Rule) == {*PLAIN, *WESTERN_ELECTRIC, *NELSON}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: p_chart([3], [2]),
        lambda: p_chart([0, 0], [9, 9]),
        lambda: p_chart([0], [0]),
        lambda: p_chart([1], [2], baseline=0),
        lambda: u_chart([0], [3.0]),
        lambda: u_chart([1], [-1.0]),
        lambda: u_chart([1], [np.inf]),
    ],
)
def test_impossible_input_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|needs|nothing"):
        wrong()


def test_eight_months_without_a_rare_event_are_no_sign():
    """Four in a thousand, forty examinations a month: 85 of 100 months have none, all below the mean."""
    events = np.zeros(24, dtype=int)
    events[[3, 15]] = 1, 3
    assert not [one for one in signals(u_chart(events, np.full(24, 40))) if one.rule is Rule.RUN_OF_8]
    # R: log(0.01) / log(ppois(0, 40 * 4 / 960)) = 27.6, so twenty-eight such months in a row are one.
    long = np.zeros(40, dtype=int)
    long[:6] = 1
    chart = u_chart(long, np.full(40, 40), centre=4 / 960)
    (run,) = [one for one in signals(chart) if one.rule is Rule.RUN_OF_8 and one.side == -1]
    assert run.points == tuple(range(6, 40))
    shorter = u_chart(long[: 6 + 27], np.full(33, 40), centre=4 / 960)
    assert not [one for one in signals(shorter) if one.rule is Rule.RUN_OF_8 and one.side == -1]


def test_eight_on_one_side_of_what_happens_often_stay_a_sign():
    met = np.array([20, 22, 19, 21] * 3 + [15, 16, 14, 15, 16, 14, 15, 16])
    (run,) = [
        one for one in signals(p_chart(met, np.full(20, 100))) if one.rule is Rule.RUN_OF_8 and one.side < 0
    ]
    assert run.points == tuple(range(12, 20))


@pytest.mark.parametrize(("size", "centre"), [(7, 0.3), (40, 0.1), (10, 0.5), (33, 0.95)])
def test_the_chance_of_either_side_is_the_binomial_s(size, centre):
    counts = np.arange(size + 1)
    mass = binom.pmf(counts, size, centre)
    below, above = p_chart([1], [size], centre=centre).chances
    assert below[0] == pytest.approx(mass[counts < size * centre - 1e-9].sum())
    assert above[0] == pytest.approx(mass[counts > size * centre + 1e-9].sum())


def test_a_run_by_chance_is_as_rare_among_rare_events_as_among_frequent_ones():
    """Twenty-four months in control: of a hundred such charts few hold a run, whatever the rate."""
    chance = np.random.default_rng(11)
    for mean in (0.15, 0.6, 2.0, 12.0):
        events = chance.poisson(mean, (400, 24))
        held = [
            any(
                one.rule is Rule.RUN_OF_8
                for one in signals(u_chart(row, np.full(24, 40.0), centre=mean / 40))
            )
            for row in events
        ]
        assert np.mean(held) < 0.13, mean
