"""Groups beside each other, shrunken and in order: the statistics over rows, and when nothing is said."""

from dataclasses import replace

import pytest

from registry.queries.counting.grouping import Group
from registry.reports.rates.compared import THE_REST, against_the_rest, chosen, compared
from registry.reports.rates.quality import Status
from registry.reports.rates.shrunken import shrunken
from registry.reports.rates.trends import trends
from registry.stats.shrinkage import beta_binomial
from tests.reports.rates.test_quality import NOBODY, rate


def row(code, met, known, key="CDEI-07", **more):
    """A rate of `met` among `known` in the group of that code."""
    return replace(rate(key, met=met, not_met=known - met, **more), group=Group(code, NOBODY.label))


def test_two_groups_as_r_compares_them():
    """R: prop.test, riskratio, fisher.test of 310/1000 and 250/1000 (tests/data/trend_ratio.json)."""
    found = compared(row("a", 310, 1000), row("b", 250, 1000))
    gap, ratio = found.difference, found.ratio
    assert (gap.estimate, gap.lower, gap.upper) == pytest.approx((0.06, 0.0206475334, 0.0991060189))
    assert ratio.estimate == pytest.approx(1.24)
    assert found.p == found.q == pytest.approx(0.00328097077)
    assert (found.status, found.direction.en) == (Status.FINAL, "higher")
    turned = compared(row("b", 250, 1000), row("a", 310, 1000))
    assert turned.direction.en == "lower"
    assert compared(row("a", 31, 100), row("b", 25, 100)).direction.en == "no difference shown"


def test_too_few_is_an_answer_of_its_own():
    found = compared(row("a", 4, 5), row("b", 20, 100))
    assert (found.status, found.p, found.q) == (Status.TOO_FEW, None, None)
    assert found.difference.lower is not None  # the numbers stand, the judgement does not
    assert found.direction == Status.TOO_FEW.value
    nobody = compared(row("a", 0, 0), row("b", 20, 100))
    assert (nobody.status, nobody.difference.estimate) == (Status.NOTHING, None)


def test_what_is_awaited_is_not_compared():
    waiting = row("a", 18, 85, key="CDEI-14", awaited=12, tissue=(100, 80))
    found = compared(waiting, row("b", 20, 100, key="CDEI-14"))
    assert (found.status, found.p, found.difference.estimate) == (Status.PROVISIONAL, None, None)


def test_zero_events_have_a_ratio_without_infinity():
    found = compared(row("a", 4, 100), row("b", 0, 100))
    assert (found.ratio.estimate, found.ratio.upper) == (None, None)
    assert 0 < found.ratio.lower < 5
    assert found.as_dict()["ratio"] is None


def test_other_indicators_are_not_compared():
    with pytest.raises(ValueError, match="same indicator"):
        compared(row("a", 4, 100), row("b", 4, 100, key="CDEI-06"))


def test_two_groups_by_name_over_several_indicators():
    rows = [
        row(code, met, 100, key) for key in ("CDEI-06", "CDEI-07") for code, met in (("a", 90), ("b", 70))
    ]
    found = chosen(rows, "a", "b")
    assert [(one.indicator.key, one.group.code, one.other.code) for one in found] == [
        ("CDEI-06", "a", "b"),
        ("CDEI-07", "a", "b"),
    ]
    assert found[0].q == pytest.approx(found[0].p)  # two equal p
    with pytest.raises(KeyError, match="there are a, b"):
        chosen(rows, "a", "c")


def test_each_against_the_rest_and_several_at_once():
    rows = [row("a", 60, 100), row("b", 40, 100), row("c", 41, 100), row("d", 4, 5), row("e", 0, 0)]
    found = {one.group.code: one for one in against_the_rest(rows)}
    assert (found["a"].other, found["a"].other_met, found["a"].other_denominator) == (THE_REST, 85, 205)
    assert found["a"].direction.en == "higher"
    assert all(found[code].q >= found[code].p for code in "abc")
    assert (found["d"].status, found["d"].q) == (Status.TOO_FEW, None)
    assert (found["e"].status, found["e"].other_met) == (Status.NOTHING, None)
    assert found["b"].q == pytest.approx(min(found["b"].p * 3 / 2, found["c"].p))


def test_too_much_unknown_is_not_part_of_the_rest():
    rows = [row("a", 60, 100), row("b", 40, 100), row("c", 5, 60, unknown=40)]
    found = {one.group.code: one for one in against_the_rest(rows)}
    assert (found["a"].other_met, found["a"].other_denominator) == (40, 100)
    assert (found["c"].status, found["c"].p, found["c"].difference.estimate) == (Status.UNKNOWN, None, None)


def test_one_group_has_no_rest():
    (alone,) = against_the_rest([row("a", 60, 100)])
    assert (alone.status, alone.p, alone.difference.estimate) == (Status.TOO_FEW, None, None)
    assert against_the_rest([]) == []


def test_detection_by_age_rises_as_r_says():
    """R: prop.trend.test(c(4, 9, 14, 21), c(2110, 2480, 2305, 2198))."""
    bands = ("40–49", 4, 2110), ("50–59", 9, 2480), ("60–69", 14, 2305), ("70–79", 21, 2198)
    rows = [row(*band) for band in (*bands, ("unknown", 3, 9))]
    (found,) = trends(rows, "age")
    assert (found.chi2, found.p) == pytest.approx((13.4825980652, 0.000240786170))
    assert (found.groups, found.left_out, found.status, found.direction.en) == (4, 0, Status.FINAL, "rising")


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        ("month", ["2025-11", "2025-12", "2026-02"]),
        ("quarter", ["2025-Q3", "2025-Q4", "2026-Q2"]),
        ("year", ["2023", "2024", "2026"]),
        ("age", ["<40", "40–49", "60–69"]),
        ("age5", ["<40", "40–44", "50–54"]),
    ],
)
def test_a_missing_group_keeps_its_place(by, codes):
    """Steps of one, one and two from the first: 10, 20 and 40 per cent lie on one line."""
    rows = [row(code, met, 100) for code, met in zip(codes, (10, 20, 40), strict=True)]
    (found,) = trends(rows, by)
    assert found.slope == pytest.approx(0.1)
    assert found.departure_p == pytest.approx(1)


def test_a_trend_needs_three_groups_and_an_order():
    rows = [row("2025", 10, 100), row("2026", 40, 100)]
    (found,) = trends(rows, "year")
    assert (found.status, found.p, found.direction) == (Status.TOO_FEW, None, Status.TOO_FEW.value)
    with pytest.raises(KeyError, match="has no order"):
        trends(rows, "centre")
    (nobody,) = trends([row(code, 0, 100) for code in ("2024", "2025", "2026")], "year")
    assert (nobody.status, nobody.chi2) == (Status.NOTHING, None)


def test_shrunken_beside_raw():
    rows = [row("a", 60, 100), row("b", 2, 4), row("c", 30, 100), row("d", 0, 0)]
    found = shrunken(rows)
    told = beta_binomial([60, 2, 30], [100, 4, 100])
    assert [one.estimate for one in found[:3]] == pytest.approx(told.shrunken.estimate.tolist())
    assert found[3] is None
    assert found[0].weight > found[1].weight
    assert found[1].mean == told.mean
    (alone,) = shrunken([row("a", 60, 100)])
    assert (alone.estimate, alone.mean) == (0.6, None)
