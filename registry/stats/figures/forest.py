"""Ratios with their intervals, one under the other, on a logarithmic axis around 1."""

from dataclasses import dataclass

import numpy as np

from registry.stats.figures import theme

PLOT_WIDTH = 300.0
ROW = 19.0
TICKS = np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 5, 10, 20, 50, 100])
# Whose label stays where two would run into each other: the line of no difference before all.
BY_RANK = (1, 0.01, 0.1, 10, 100, 0.5, 2, 0.2, 5, 0.05, 20, 0.02, 50, 0.33, 3, 0.67, 1.5)
APART = 6.0  # points between two labels


@dataclass(frozen=True)
class RatioRow:
    """One line of a forest plot: a ratio with its limits, or a heading or reference level without."""

    label: str
    estimate: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    text: str = ""
    heading: bool = False


def forest_figure(rows, *, x_label, title="", caption="", corner="", text_label=""):
    """A forest plot: squares with whiskers around the line of no difference.

    Parameters
    ----------
    rows : sequence of RatioRow
        From top to bottom. A limit beyond 1/100 or 100 ends in an arrow.
    x_label, title, caption, corner, text_label : str
        In the reader's language; `text_label` heads the texts at the right.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no row.
    """
    if not len(rows):
        raise ValueError("a figure needs at least one row")
    with theme.drawing():
        names = (theme.width_of(row.label, 9, "bold") + (0 if row.heading else 10) for row in rows)
        left = theme.MARGIN + 10 + max(names)
        texts = max(theme.width_of(text, 8.5) for text in (text_label, *(row.text for row in rows)))
        width = left + PLOT_WIDTH + 16 + texts + theme.MARGIN
        footer, heading = theme.Footer(caption, corner, width), theme.Heading(title, width)
        bottom, height = footer.height + 40, ROW * len(rows) + 6
        figure = theme.blank(width, bottom + height + 16 + heading.height)
        axes = theme.axes(figure, left, bottom, PLOT_WIDTH, height)
        low, high = _frame(axes, rows, x_label)
        right = left + PLOT_WIDTH + 16
        theme.write(figure, right, bottom + height + 5, text_label, fontsize=8, color=theme.MUTED)
        for place, row in enumerate(rows):
            _draw(axes, place, row, low, high)
            y = bottom + height - 3 - ROW * (place + 0.5) - 3
            weight = "bold" if row.heading else "normal"
            theme.write(figure, left - 10, y, row.label, ha="right", fontsize=9, weight=weight)
            theme.write(figure, right, y, row.text, fontsize=8.5)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def _frame(axes, rows, x_label):
    """A logarithmic axis that holds every estimate and 1, and most limits."""
    known = [value for row in rows for value in (row.estimate, row.lower, row.upper) if np.isfinite(value)]
    low, high = min([*known, 0.67]), max([*known, 1.5])
    ticks = TICKS[(max(low, TICKS[0]) / 1.6 <= TICKS) & (min(high, TICKS[-1]) * 1.6 >= TICKS)]
    low, high = max(min(low, ticks[0]), TICKS[0]), min(max(high, ticks[-1]), TICKS[-1])
    axes.set_xscale("log")
    low_end, high_end = low / 1.05, high * 1.05
    axes.set(xlim=(low_end, high_end), ylim=(len(rows) - 0.5 + 3 / ROW, -0.5 - 3 / ROW), yticks=[])
    ticks = _apart(ticks, PLOT_WIDTH / np.log(high_end / low_end))
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(x_label, labelpad=3)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=theme.GRID, lw=0.7)
    axes.axvline(1, color=theme.MUTED, lw=0.9, zorder=1)
    return low, high


def _apart(ticks, scale):
    """Those ticks whose labels do not touch, in order; `scale` is points for each e-fold."""
    kept: list[tuple[float, float]] = []
    for tick in sorted(ticks, key=BY_RANK.index):
        half = theme.width_of(f"{tick:g}") / 2
        if all(abs(np.log(tick / other)) * scale >= half + wide + APART for other, wide in kept):
            kept.append((tick, half))
    return sorted(tick for tick, _ in kept)


def _draw(axes, place, row, low, high):
    if not np.isfinite(row.estimate):
        return
    ends = max(row.lower, low), min(row.upper, high)
    known = row.lower < row.upper  # a reference level has no interval
    if known:
        axes.plot(ends, [place, place], color=theme.INK, lw=1.1, zorder=2, solid_capstyle="butt")
        for end, limit, arrow in ((ends[0], row.lower, "<"), (ends[1], row.upper, ">")):
            axes.plot([end], [place], marker="|" if end == limit else arrow, ms=5, color=theme.INK, zorder=2)
    axes.plot(
        [min(max(row.estimate, low), high)],
        [place],
        marker="s",
        ms=6,
        color=theme.TEAL,
        markerfacecolor=theme.TEAL if known else "white",
        zorder=3,
    )
