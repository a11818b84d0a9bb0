"""A funnel plot: every group at its size, limits that narrow with it, names where chance does not explain."""

from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from registry.stats.figures import theme
from registry.stats.figures.survival import spread

PLOT_WIDTH, PLOT_HEIGHT = 440.0, 250.0
DASHES = ((0, (4, 2)), "-", (0, (1, 1.5)))
NEUTRAL, BETTER, WORSE = theme.INK, "#0072B2", theme.AMBER


@dataclass(frozen=True, eq=False)
class LimitLine:
    """One pair of limits along the sizes, as fractions; `label` names its level, "95 %"."""

    sizes: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    label: str


@dataclass(frozen=True)
class FunnelPoint:
    """One group; `side` +1 lies above the limits, −1 below, 0 inside, and `far` beyond the outer ones too.

    `good` says whether that side is the better one; None where neither is. `text` is written at the point.
    """

    size: float
    estimate: float
    side: int = 0
    far: bool = False
    good: bool | None = None
    text: str = ""


def funnel_figure(
    points,
    lines,
    *,
    target,
    target_label,
    x_label,
    y_label,
    title="",
    caption="",
    corner="",
    per=100,
):
    """Points by size, the target as a line, and its limits.

    A point inside is a hollow circle; one outside a triangle that points where it lies, filled where it
    is outside of the outer limits too. So it reads in black and white; colour says better or worse.

    Parameters
    ----------
    points : sequence of FunnelPoint
    lines : sequence of LimitLine
        From the inner to the outer.
    target : float
        A fraction, or 1 for ratios.
    target_label, x_label, y_label, title, caption, corner : str
        In the reader's language.
    per : int
        What a fraction is multiplied by: 100 for per cent, 1 for ratios.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no point.
    """
    if not len(points):
        raise ValueError("a figure needs at least one point")
    with theme.drawing():
        named = [target_label, *(line.label for line in lines)]
        left = theme.MARGIN + 46
        right = 12 + max(theme.width_of(text, 8.5) for text in named)
        width = left + PLOT_WIDTH + right + theme.MARGIN
        footer, heading = theme.Footer(caption, corner, width), theme.Heading(title, width)
        bottom = footer.height + 40
        figure = theme.blank(width, bottom + PLOT_HEIGHT + heading.height)
        axes = theme.axes(figure, left, bottom, PLOT_WIDTH, PLOT_HEIGHT)
        _frame(axes, points, lines, target, per)
        axes.set_xlabel(x_label, labelpad=3)
        axes.set_ylabel(y_label)
        _lines(axes, lines, target, target_label, per)
        for point in points:
            _draw(axes, point, per)
        _names(figure, axes, points, per)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def _frame(axes, points, lines, target, per):
    widest = max(point.size for point in points)
    across = MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True).tick_values(0, widest * 1.02)
    high = max(point.estimate for point in points)
    low = min(point.estimate for point in points)
    if lines:
        # The limits of the smallest group may be far away: show them there, without giving the plot to them.
        outer = lines[-1]
        smallest = min(point.size for point in points)
        at = np.searchsorted(outer.sizes, smallest)
        high = max(high, min(float(outer.upper[min(at, outer.upper.size - 1)]), 2.5 * max(high, target)))
        low = min(low, float(outer.lower[min(at, outer.lower.size - 1)]))
    start = 0.0 if low < 0.5 * high else max(0.0, low - 0.35 * (high - low))
    ticks = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(per * start, per * high * 1.02)
    up = np.asarray(ticks)
    if per > 1:
        up = up[up <= per * (1 + 1e-9)]
    up = up[up >= 0]
    axes.set(xlim=(0, across[-1]), ylim=(up[0], up[-1]), xticks=across, yticks=up)
    axes.grid(axis="y", color=theme.GRID, lw=0.7)


def _lines(axes, lines, target, target_label, per):
    axes.axhline(per * target, color=theme.MUTED, lw=0.9, zorder=1)
    edge, (bottom, top) = axes.get_xlim()[1], axes.get_ylim()
    ends = [(per * target, target_label)]
    for line, dashes in zip(lines, DASHES, strict=False):
        for limit in (line.lower, line.upper):
            axes.plot(line.sizes, per * limit, color=theme.GREY, lw=0.9, ls=dashes, zorder=1)
            end = per * float(limit[-1])
            if bottom <= end <= top:
                ends.append((end, line.label))
    gap = 10.5 * (top - bottom) / PLOT_HEIGHT
    for (_, label), height in zip(ends, spread([end for end, _ in ends], gap, bottom, top), strict=True):
        axes.annotate(
            label,
            (edge, height),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5 if label == target_label else 8,
            color=theme.INK if label == target_label else theme.MUTED,
            annotation_clip=False,
        )


def _colour(point):
    if not point.side or point.good is None:
        return NEUTRAL if point.side else theme.MUTED
    return BETTER if point.good else WORSE


def _draw(axes, point, per):
    colour = _colour(point)
    shape = {0: "o", 1: "^", -1: "v"}[point.side]
    axes.plot(
        point.size,
        per * point.estimate,
        marker=shape,
        ms=8 if point.side else 5.5,
        mfc=colour if point.far else "white",
        mec=colour,
        mew=1.5 if point.side else 1.1,
        clip_on=False,
        zorder=5 if point.side else 3,
    )


def _names(figure, axes, points, per):
    """The texts of the points, each at the first place around its point where nothing stands yet."""
    renderer = figure.canvas.get_renderer()
    frame = axes.get_window_extent(renderer)
    taken = []
    for point in points:
        x, y = axes.transData.transform((point.size, per * point.estimate))
        taken.append((x - 5, y - 5, x + 5, y + 5))
    # The one that lies farthest out is named first, where there is room.
    named = [point for point in points if point.text]
    for point in sorted(named, key=lambda point: (not point.far, -point.size)):
        taken.append(_name(axes, point, per, taken, frame, renderer))


def _name(axes, point, per, taken, frame, renderer):
    """Writes the text of one point where it hits least, nothing if it can; returns the box it takes."""
    tried = []
    for dx, dy, ha, va in _PLACES:
        written = axes.annotate(
            point.text,
            (point.size, per * point.estimate),
            (dx, dy),
            textcoords="offset points",
            ha=ha,
            va=va,
            fontsize=8.5,
            weight="bold" if point.far else "normal",
            color=_colour(point) if point.side else theme.MUTED,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
            zorder=6,
        )
        box = written.get_window_extent(renderer)
        here = (box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1)
        outside = here[0] < frame.x0 or here[2] > frame.x1 or here[1] < frame.y0 or here[3] > frame.y1 + 6
        tried.append((sum(_overlap(here, other) for other in taken) + 1e6 * outside, written, here))
        if not tried[-1][0]:
            break
    best = min(tried, key=lambda one: one[0])
    for _, written, _ in tried:
        if written is not best[1]:
            written.remove()
    return best[2]


_PLACES = (
    (8, 0, "left", "center"),
    (-8, 0, "right", "center"),
    (0, 9, "center", "bottom"),
    (0, -9, "center", "top"),
    (8, 11, "left", "center"),
    (8, -11, "left", "center"),
    (-8, 11, "right", "center"),
    (-8, -11, "right", "center"),
    (10, 22, "left", "center"),
    (10, -22, "left", "center"),
)


def _overlap(one, other):
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0) * max(up, 0)
