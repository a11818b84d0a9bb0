"""The sentences of a comparison, in both languages."""

import pytest

from registry.reports.rates.compared import against_the_rest, compared
from registry.reports.rates.compared_words import of_rest, of_trend, of_two
from registry.reports.rates.trends import trends
from tests.reports.rates.test_compared import row


def test_two_groups():
    told = of_two(compared(row("甲", 310, 1000), row("乙", 250, 1000)))
    # The made-up groups share one name in words.
    assert told.zh == "合计 对 合计：差 +6.0（+2.1 至 +9.9）个百分点，比 1.24（1.08–1.43），P = 0.003：较高。"
    assert told.en == (
        "All against All: difference +6.0 (+2.1 to +9.9) percentage points, "
        "ratio 1.24 (1.08–1.43), P = 0.003: higher."
    )
    assert of_two(compared(row("a", 4, 5), row("b", 20, 100))).en.endswith(": too few to judge.")
    assert of_two(compared(row("a", 0, 0), row("b", 20, 100))).zh == "合计 对 合计：没有分母。"


def test_per_mille_has_a_unit_of_its_own():
    told = of_two(compared(row("a", 5, 1000, key="CDEI-11"), row("b", 1, 1000, key="CDEI-11")))
    assert "+4.0 (−1.5 to +10.7) ‰" in told.en


def test_each_against_the_rest():
    rows = [row("a", 60, 100), row("b", 40, 100), row("c", 41, 100), row("d", 4, 5)]
    told = of_rest(against_the_rest(rows))
    assert told.en.startswith("3 groups to be compared, 1 of them unlike the rest (false discovery rate 5 %)")
    assert (
        told.zh == "3 组可比，1 组与其余各组有差别（假发现率 5 %）：合计较高。另有 1 组例数太少或尚不能判。"
    )
    assert of_rest(against_the_rest([row("a", 60, 100)])).zh == "没有足够的组可以比较。"


@pytest.mark.parametrize(
    ("met", "said", "more"),
    [
        ((10, 20, 40), "上升，每年 +15.00 个百分点，P < 0.001", ""),
        ((40, 20, 10), "下降，每年 −15.00 个百分点，P < 0.001", ""),
        ((10, 40, 10), "未见趋势，每年 +0.00 个百分点，P = 1.000", "；不成直线，P < 0.001"),
    ],
)
def test_a_trend(met, said, more):
    (found,) = trends([row(str(2024 + at), n, 100) for at, n in enumerate(met)], "year")
    assert of_trend(found).zh == f"趋势：{said}（3 组，共 300 例）{more}。"


def test_no_trend_of_two_groups():
    assert (
        of_trend(trends([row("2025", 10, 100), row("2026", 40, 100)], "year")[0]).en
        == "Trend: too few to judge."
    )
