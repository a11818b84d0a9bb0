"""Funnel, control chart and CUSUM as files, in the reader's language; drawn once for the same numbers."""

from datetime import date
from typing import Any

import numpy as np

from registry.indicators import Indicator
from registry.label import Label
from registry.reports.figures import drawn
from registry.reports.rates.shown import UNITS, figure
from registry.reports.variation.charts import ControlChart
from registry.reports.variation.funnel import Funnel, held_against
from registry.reports.variation.placed import Placed
from registry.reports.variation.signals import NAMES
from registry.reports.variation.watch import Watch
from registry.stats.control_charts import Rule
from registry.stats.funnel import ALARM, WARNING, proportion_limits

LEVELS = ((WARNING, "95 %"), (ALARM, "99.8 %"))
POINTS_OF_A_LIMIT = 160


def funnel_figure(found: Funnel, *, as_of: date, file_format: str = "svg") -> bytes:
    """The funnel; who lies outside is named at the point.

    Raises ValueError if nobody is judged, or nothing is drawn in such a format.
    """
    content = [found.as_dict(), str(as_of), str(found.indicator.label)]
    return drawn(f"funnel.{file_format}", content, lambda: _funnel(found, as_of, file_format))


def chart_figure(found: ControlChart, *, as_of: date, file_format: str = "svg") -> bytes:
    """The control chart; signals carry the number of their rule, which the caption explains.

    Raises ValueError if nothing is judged, or nothing is drawn in such a format.
    """
    content = [found.as_dict(), str(as_of), str(found.indicator.label)]
    return drawn(f"chart.{file_format}", content, lambda: _chart(found, as_of, file_format))


def watch_figure(found: Watch, *, as_of: date, file_format: str = "svg") -> bytes:
    """The CUSUM.

    Raises ValueError if there is none, or nothing is drawn in such a format.
    """
    content = [found.as_dict(), str(as_of), str(found.indicator.label)]
    return drawn(f"cusum.{file_format}", content, lambda: _watch(found, as_of, file_format))


def _funnel(found: Funnel, as_of: date, file_format: str) -> bytes:
    from registry.stats import figures

    per, target = found.indicator.per, found.target
    if target is None or not found.judged:
        raise ValueError(str(Label("没有人可画", "there is nobody to draw")))
    widest = max(row.rate.denominator or 0 for row in found.judged)
    sizes = np.unique(np.round(np.geomspace(1, widest * 1.1 + 1, POINTS_OF_A_LIMIT)).astype(int))
    lines = []
    for level, name in LEVELS:
        limits = proportion_limits(sizes, target, level=level, phi=found.phi)
        lines.append(figures.LimitLine(sizes, limits.lower, limits.upper, name))
    line = Label("给定值", "given") if found.agreed else Label("平均", "average")
    made = figures.funnel_figure(
        [_point(row, per) for row in found.judged],
        lines,
        target=target,
        target_label=f"{line} {figure(target, per)}{UNITS[per]}",
        x_label=str(
            Label("分母（%(counted)s）", "Denominator (%(counted)s)")
            % {"counted": found.indicator.counts.label}
        ),
        y_label=_axis(found.indicator),
        caption=str(_said(found)),
        corner=_corner(found.indicator, as_of),
        per=per,
    )
    return figures.save(made, file_format)


def _said(found: Funnel) -> Label:
    left_out = len(found.rows) - len(found.judged)
    limits = Label("二项分布精确界（95 %、99.8 %）。", "Exact binomial limits (95 %, 99.8 %). ")
    rest = Label("", "")
    if left_out:
        rest = Label("另有 %(n)s 组不判，未画。", " %(n)s groups are not judged and not drawn.") % {
            "n": left_out
        }
    line = held_against(found)
    return Label(limits.zh + line.zh + rest.zh, limits.en + line.en + rest.en)


def _point(row: Placed, per: int) -> Any:
    from registry.stats import figures

    rate, side = row.rate, row.position.side or 0
    text = f"{rate.group.label} {figure(row.estimate, per)}" if side else ""
    return figures.FunnelPoint(
        float(rate.denominator or 0), row.estimate or 0.0, side, row.position.level == ALARM, row.good, text
    )


def _chart(found: ControlChart, as_of: date, file_format: str) -> bytes:
    from registry.stats import figures

    per = found.indicator.per
    if found.centre is None:
        raise ValueError(str(Label("没有可画的", "there is nothing to draw")))
    rules = dict.fromkeys(one.signal.rule for one in found.signals)
    numbers = {rule: order for order, rule in enumerate(rules, start=1)}
    points, stretches = [], []
    for row in found.rows:
        own = [one for at in row.signals if (one := found.signals[at]).signal.rule is Rule.BEYOND]
        lower, upper = row.limits or (np.nan, np.nan)
        points.append(
            figures.ChartPoint(
                str(row.rate.group.label),
                np.nan if row.limits is None or row.rate.estimate is None else row.rate.estimate,
                lower,
                upper,
                tuple(numbers[one.signal.rule] for one in own),
                _good(own[0].better) if own else None,
            )
        )
    for one in found.signals:
        if one.signal.rule is not Rule.BEYOND:
            first, last = one.signal.points[0], one.signal.points[-1]
            stretches.append(figures.Stretch(first, last, numbers[one.signal.rule], _good(one.better)))
    marks = "  ".join(f"{chr(0x245F + number)} {NAMES[rule]}" for rule, number in numbers.items())
    kind = Label(
        "%(kind)s 图，精确界（各侧 0.135 %%）。", "%(kind)s-chart, exact limits (0.135 %% on either side)."
    )
    times = Label("检查月份", "Month of examination") if found.by == "month" else Label("检查季度", "Quarter")
    made = figures.chart_figure(
        points,
        centre=found.centre,
        centre_label=f"{Label('中心线', 'centre')} {figure(found.centre, per)}{UNITS[per]}",
        limit_label=str(Label("控制界", "limits")),
        x_label=str(times),
        y_label=_axis(found.indicator),
        stretches=stretches,
        baseline=found.baseline,
        baseline_label=str(Label("基线", "baseline")),
        caption=f"{kind % {'kind': found.kind}} {marks}".strip(),
        corner=_corner(found.indicator, as_of),
        per=per,
    )
    return figures.save(made, file_format)


def _watch(found: Watch, as_of: date, file_format: str) -> bytes:
    from registry.stats import figures

    if found.design is None or found.threshold is None or not found.rows:
        raise ValueError(str(Label("没有可画的", "there is nothing to draw")))
    calls = tuple(place for place, row in enumerate(found.rows) if row.called)
    line = figures.CusumLine(
        tuple(row.day for row in found.rows),
        np.array([row.height for row in found.rows]),
        found.threshold,
        calls,
    )
    made = figures.cusum_figure(
        line,
        threshold_label=str(Label("报警线", "threshold")),
        call_label=found.rows[calls[0]].day if calls else "",
        x_label=str(Label("检查日期", "Day of examination")),
        y_label=str(Label("累积和（对数似然）", "CUSUM (log-likelihood)")),
        caption=str(
            Label(
                "伯努利累积和，每天看一次；报警后从 0 再起。",
                "Bernoulli CUSUM, looked at daily; after a call it starts anew.",
            )
        ),
        corner=_corner(found.indicator, as_of),
    )
    return figures.save(made, file_format)


def _good(better: int) -> bool | None:
    return better > 0 if better else None


def _axis(indicator: Indicator) -> str:
    unit = UNITS[indicator.per].strip()
    return f"{indicator.label}{f' ({unit})' if unit else ''}"


def _corner(indicator: Indicator, as_of: date) -> str:
    return f"{Label('数据截至', 'data as of')} {as_of} · {indicator.key} · {indicator.edition_label}"
