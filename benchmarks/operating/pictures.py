"""The two pictures of the page: coverage by truth, power by size."""

import numpy as np

from benchmarks.operating import charts as over_time
from benchmarks.operating import coverage as covered
from benchmarks.operating import funnels
from registry.reports.rates.quality import FEWEST
from registry.stats import control_charts, cusum
from registry.stats.figures import save, theme

WIDTH, HEIGHT = 250.0, 130.0


def coverage(path):
    """Coverage of each interval over the truths, for a small and a larger denominator."""
    sizes = (20, 100)
    with theme.drawing():
        figure = theme.blank(2 * (WIDTH + 58) + 10, len(covered.PROPORTIONS) * (HEIGHT + 34) + 36)
        for row, (name, interval) in enumerate(covered.PROPORTIONS.items()):
            for column, size in enumerate(sizes):
                left, bottom = 52 + column * (WIDTH + 58), 40 + (3 - row) * (HEIGHT + 34)
                axes = theme.axes(figure, left, bottom, WIDTH, HEIGHT)
                truths = np.linspace(0.002, 0.998, 997)
                values = covered.of_proportion(interval, size, truths)
                axes.axhline(95, color=theme.GREY, lw=0.9, ls=(0, (4, 2)))
                axes.plot(100 * truths, 100 * values, color=theme.SERIES[0][0], lw=0.7)
                axes.set(xlim=(0, 100), ylim=(80, 100.5), yticks=(80, 85, 90, 95, 100))
                axes.set_title(f"{name}, n = {size}", fontsize=9, loc="left")
                axes.set_ylabel("覆盖率 Coverage (%)")
                if row == len(covered.PROPORTIONS) - 1:
                    axes.set_xlabel("真值 True proportion (%)")
        path.write_bytes(save(figure, "png", dpi=110))


def intervals(path, rows):
    """Mean and smallest coverage of every interval, one under the other.

    `rows` hold a name, a setting, the two coverages and where the smaller is; one line for each name.
    """
    of_each = {}
    for name, _, mean, least, _ in rows:
        of_each.setdefault(name, []).append((100 * mean, 100 * least))
    height = 17 * len(of_each)
    with theme.drawing():
        figure = theme.blank(620, height + 60)
        axes = theme.axes(figure, 230, 46, 360, height)
        axes.axvline(95, color=theme.GREY, lw=0.9, ls=(0, (4, 2)))
        for place, values in enumerate(of_each.values()):
            mean, least = sum(each[0] for each in values) / len(values), min(each[1] for each in values)
            axes.plot([least, mean], [place, place], color=theme.SERIES[0][0], lw=1.2)
            axes.plot([least], [place], marker="|", ms=8, color=theme.SERIES[0][0], ls="none")
            axes.plot([mean], [place], marker="o", ms=4.5, color=theme.SERIES[0][0], ls="none")
        axes.set(xlim=(72, 100.5), ylim=(len(of_each) - 0.4, -0.6))
        axes.set_yticks(range(len(of_each)), list(of_each))
        axes.set_xlabel("覆盖率 Coverage (%)    ● 平均 mean    | 最小 smallest")
        path.write_bytes(save(figure, "png", dpi=110))


def power(path):
    """How surely a county hospital's halved odds are seen within a year, by its examinations a year."""
    yearly = np.arange(60, 1801, 60)
    with theme.drawing():
        figure = theme.blank(2 * (WIDTH + 70) + 124, 260)
        for column, p0 in enumerate((0.25, 0.9)):
            axes = theme.axes(figure, 52 + column * (WIDTH + 58), 44, WIDTH, 170)
            lines = power_lines(p0, yearly)
            for (name, values), (colour, _, dashes) in zip(lines.items(), theme.SERIES, strict=False):
                axes.plot(yearly, 100 * values, color=colour, ls=dashes, lw=1.5, label=name)
            axes.set(xlim=(0, 1800), ylim=(0, 101))
            after = 100 * over_time.worse(p0)
            axes.set_title(f"{100 * p0:.0f} % → {after:.0f} %", fontsize=9, loc="left")
            axes.set_xlabel("每年检查数 Examinations a year")
            axes.set_ylabel("一年内发现 Seen within a year (%)")
            if column:
                axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8)
        path.write_bytes(save(figure, "png", dpi=110))


def power_lines(p0, yearly, runs=1500):
    """By method, the probability of being seen within a year after the odds were halved."""
    truth = over_time.worse(p0)
    seen = funnels.power(yearly, p0, 0.5)
    design = cusum.design(p0, truth, arl0=5000)
    called = cusum.call_probability(truth, design.weights, design.threshold, int(yearly.max()))
    monthly = [_by_month(runs, size // 12, p0, truth) for size in yearly]
    return {
        "漏斗图 Funnel, 95 %": seen[0.95],
        "漏斗图 Funnel, 99.8 %": seen[0.998],
        "月控制图 Chart by month": np.array(monthly),
        "CUSUM": called[yearly - 1],
    }


def _by_month(runs, size, p0, truth):
    """Share of charts that signal within twelve months; NaN where a month is too small to be judged."""
    if size < FEWEST:
        return np.nan
    return over_time.months(runs, size, p0, truth, control_charts.PLAIN, number=12)[-1]
