"""What `flask rates` prints beside and instead of raw rates: columns, comparisons, trends."""

from collections.abc import Sequence
from typing import Any

from registry.cli.table import table
from registry.label import Label
from registry.reports.rates.beside import Row, Wanted
from registry.reports.rates.compared import Compared
from registry.reports.rates.shown import UNITS, figure, interval, p_value, signed, whole
from registry.reports.rates.trends import TrendOver

NOTHING = Label("没有可比的比率", "no rates to compare")


def columns(wanted: Wanted) -> list[Label]:
    """The heads of what stands beside the raw rates."""
    limits = Label("95 % 区间", "95 % interval")
    heads: list[Label] = []
    if wanted.standard:
        heads += [Label("标化率", "Standardised"), limits, Label("标化判读", "Reading")]
    if wanted.case_mix:
        heads += [Label("期望", "Expected"), Label("实际/期望", "O/E"), limits]
    if wanted.shrunken:
        heads += [Label("收缩估计", "Shrunken"), Label("95 % 可信区间", "95 % credible")]
    return heads


def cells(row: Row, wanted: Wanted) -> list[Any]:
    """What stands in those columns for one row."""
    per, found = row.rate.indicator.per, list[Any]()
    if wanted.standard:
        one = row.standardised
        limits = (None, None) if one is None else (one.lower, one.upper)
        estimate = None if one is None else one.estimate
        found += [share(estimate, per), interval(*limits, per), "" if one is None else one.status.value]
    if wanted.case_mix:
        mixed = row.case_mixed
        if mixed is None or mixed.ratio is None:
            found += ["–"] * 3
        else:
            ratio = f"{mixed.ratio:.2f}"
            found += [figure(mixed.expected, 1), ratio, f"{mixed.lower:.2f}–{mixed.upper:.2f}"]
    if wanted.shrunken:
        less = row.shrunken
        found += (
            ["–", "–"] if less is None else [share(less.estimate, per), interval(less.lower, less.upper, per)]
        )
    return found


def comparisons(found: Sequence[Compared]) -> str:
    """Two groups of each indicator as a table."""
    head = [
        Label("指标", "Indicator"),
        Label("组", "Group"),
        Label("对照", "Against"),
        Label("例数", "Count"),
        Label("对照例数", "Their count"),
        Label("差", "Difference"),
        Label("95 % 区间", "95 % interval"),
        Label("比", "Ratio"),
        Label("95 % 区间", "95 % interval"),
        Label("p 值", "p"),
        Label("q 值（FDR）", "q (FDR)"),
        Label("判读", "Reading"),
    ]
    rows = [
        [
            one.indicator.key,
            one.group.label,
            one.other.label,
            f"{whole(one.met)}/{whole(one.denominator)}",
            f"{whole(one.other_met)}/{whole(one.other_denominator)}",
            signed(one.difference.estimate, one.indicator.per),
            " … ".join(
                signed(limit, one.indicator.per) for limit in (one.difference.lower, one.difference.upper)
            ),
            _ratio(one.ratio.estimate),
            f"{_ratio(one.ratio.lower)}–{_ratio(one.ratio.upper)}",
            p_value(one.p),
            p_value(one.q),
            one.direction,
        ]
        for one in found
    ]
    return table(head, rows, empty=NOTHING, right=range(3, 11))


def trends(found: Sequence[TrendOver]) -> str:
    """The trend of each indicator as a table."""
    head = [
        Label("指标", "Indicator"),
        Label("名称", "Name"),
        Label("组数", "Groups"),
        Label("未计入", "Left out"),
        Label("分母", "Denominator"),
        Label("每步变化", "Change a step"),
        Label("χ²", "χ²"),
        Label("p 值", "p"),
        Label("偏离直线 p", "p of departure"),
        Label("判读", "Reading"),
    ]
    rows = [
        [
            one.indicator.key,
            one.indicator.label,
            one.groups,
            one.left_out,
            whole(one.denominator),
            signed(one.slope, one.indicator.per, 2),
            "–" if one.chi2 is None else f"{one.chi2:.2f}",
            p_value(one.p),
            p_value(one.departure_p),
            one.direction,
        ]
        for one in found
    ]
    return table(head, rows, empty=NOTHING, right=range(2, 9))


def share(value: float | None, per: int) -> str:
    """A fraction in its display unit, with the unit; – where there is none."""
    return figure(value, per) + (UNITS[per] if value is not None else "")


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
