"""Control charts and CUSUM over time."""

from dataclasses import dataclass, field

import numpy as np
from matplotlib.ticker import MaxNLocator

from registry.stats.figures import theme
from registry.stats.figures.survival import spread

PLOT_WIDTH, PLOT_HEIGHT = 440.0, 210.0
LIMIT_DASHES = (0, (4, 2))


@dataclass(frozen=True)
class ChartPoint:
    """One subgroup: fractions, NaN where there is none; `marks` number the rules it takes part in.

    `good` says whether the side it lies on is the better one; None where neither is.
    """

    label: str
    estimate: float
    lower: float
    upper: float
    marks: tuple[int, ...] = ()
    good: bool | None = None


@dataclass(frozen=True)
class Stretch:
    """Points from … to (places, both included) that together make a signal, drawn as a thick line."""

    first: int
    last: int
    mark: int
    good: bool | None = None


@dataclass(frozen=True, eq=False)
class CusumLine:
    """A CUSUM's height over time, its threshold, and the places where it called."""

    labels: tuple[str, ...]
    height: np.ndarray
    threshold: float
    calls: tuple[int, ...] = field(default=())


def chart_figure(
    points,
    *,
    centre,
    centre_label,
    limit_label,
    x_label,
    y_label,
    stretches=(),
    title="",
    caption="",
    corner="",
    per=100,
    baseline=None,
    baseline_label="",
):
    """Subgroups over time with the centre line and limits that step with their sizes.

    A point that is outside is a filled diamond, a run or trend a thick line; both carry the number of
    their rule, which the caller explains.

    Parameters
    ----------
    points : sequence of ChartPoint
        In order of time.
    centre : float
        A fraction.
    stretches : sequence of Stretch
    baseline : int, optional
        How many of the first points the centre line is taken from, marked where it is not all of them.
    x_label, y_label, centre_label, limit_label, title, caption, corner, baseline_label : str
        In the reader's language.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If no point has an estimate.
    """
    estimates = np.array([point.estimate for point in points], dtype=float)
    if not len(points) or np.isnan(estimates).all():
        raise ValueError("a figure needs at least one point")
    with theme.drawing():
        figure, axes, heading, footer = _canvas(title, caption, corner, (centre_label, limit_label))
        lower, upper = (np.array([getattr(point, name) for point in points]) for name in ("lower", "upper"))
        places = np.arange(len(points))
        _scale(axes, np.concatenate([estimates, lower, upper]), len(points), per)
        _ticks(axes, [point.label for point in points])
        axes.set_xlabel(x_label, labelpad=3)
        axes.set_ylabel(y_label)
        for limit in (lower, upper):
            axes.step(places, per * limit, where="mid", color=theme.GREY, lw=0.9, ls=LIMIT_DASHES, zorder=1)
        axes.axhline(per * centre, color=theme.MUTED, lw=0.9, zorder=1)
        _ends(axes, [(per * centre, centre_label), (per * _last(upper), limit_label)])
        if baseline is not None and baseline < len(points):
            axes.axvspan(-0.5, baseline - 0.5, color=theme.GRID, alpha=0.6, lw=0, zorder=0)
            axes.annotate(
                baseline_label,
                (-0.5, axes.get_ylim()[1]),
                (4, -4),
                textcoords="offset points",
                va="top",
                fontsize=8,
                color=theme.MUTED,
            )
        known = ~np.isnan(estimates)
        axes.plot(places[known], per * estimates[known], color=theme.INK, lw=0.8, zorder=2)
        for stretch in stretches:
            _stretch(axes, stretch, estimates, per)
        for place, point in enumerate(points):
            _point(axes, place, point, per)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def cusum_figure(line, *, threshold_label, x_label, y_label, call_label="", title="", caption="", corner=""):
    """The height of a CUSUM, its threshold, and where it called.

    Parameters
    ----------
    line : CusumLine
    threshold_label, x_label, y_label, call_label, title, caption, corner : str
        In the reader's language; `call_label` stands at the first call.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no entry.
    """
    height = np.asarray(line.height, dtype=float)
    if not height.size:
        raise ValueError("a figure needs at least one point")
    with theme.drawing():
        figure, axes, heading, footer = _canvas(title, caption, corner, (threshold_label,))
        _scale(axes, np.append(height, line.threshold * 1.08), height.size, 1)
        _ticks(axes, list(line.labels))
        axes.set_xlabel(x_label, labelpad=3)
        axes.set_ylabel(y_label)
        axes.axhline(line.threshold, color=theme.GREY, lw=0.9, ls=LIMIT_DASHES, zorder=1)
        _ends(axes, [(line.threshold, threshold_label)])
        axes.plot(np.arange(height.size), height, color=theme.INK, lw=1.1, zorder=2)
        for order, call in enumerate(line.calls):
            axes.plot(call, height[call], marker="D", ms=6.5, color=theme.AMBER, clip_on=False, zorder=4)
            if order == 0 and call_label:
                _note(axes, call, height[call], call_label, theme.AMBER, height.size)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def _canvas(title, caption, corner, named):
    left = theme.MARGIN + 46
    right = 12 + max(theme.width_of(text, 8.5) for text in named)
    width = left + PLOT_WIDTH + right + theme.MARGIN
    footer, heading = theme.Footer(caption, corner, width), theme.Heading(title, width)
    bottom = footer.height + 40
    figure = theme.blank(width, bottom + PLOT_HEIGHT + heading.height)
    return figure, theme.axes(figure, left, bottom, PLOT_WIDTH, PLOT_HEIGHT), heading, footer


def _scale(axes, values, number, per):
    values = values[~np.isnan(values)]
    high, low = float(values.max()), float(values.min())
    low = 0.0 if low < 0.5 * high else max(0.0, low - 0.35 * (high - low))
    ticks = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(
        per * low, per * max(high, 1e-9) * 1.02
    )
    up = np.asarray(ticks)
    if per > 1:
        up = up[up <= per * (1 + 1e-9)]
    up = up[up >= 0]
    axes.set(xlim=(-0.5, number - 0.5), ylim=(up[0], up[-1]), yticks=up)
    axes.grid(axis="y", color=theme.GRID, lw=0.7)


def _ticks(axes, labels):
    """As many of the labels as have room, the first among them."""
    widest = max(theme.width_of(label, 9) for label in labels)
    every = max(1, int(np.ceil(len(labels) * (widest + 8) / PLOT_WIDTH)))
    axes.set_xticks(range(0, len(labels), every), labels[::every])


def _ends(axes, ends):
    bottom, top = axes.get_ylim()
    gap = 10.5 * (top - bottom) / PLOT_HEIGHT
    heights = spread([min(max(end, bottom), top) for end, _ in ends], gap, bottom, top)
    for order, ((_, label), height) in enumerate(zip(ends, heights, strict=True)):
        axes.annotate(
            label,
            (axes.get_xlim()[1], height),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5 if order == 0 else 8,
            color=theme.INK if order == 0 else theme.MUTED,
            annotation_clip=False,
        )


def _last(values):
    known = values[~np.isnan(values)]
    return float(known[-1]) if known.size else 0.0


def _colour(good):
    return theme.INK if good is None else "#0072B2" if good else theme.AMBER


def _stretch(axes, stretch, estimates, per):
    places = np.arange(stretch.first, stretch.last + 1)
    places = places[~np.isnan(estimates[places])]
    colour = _colour(stretch.good)
    axes.plot(
        places, per * estimates[places], color=colour, lw=3.2, alpha=0.45, solid_capstyle="round", zorder=2
    )
    _note(axes, places[-1], per * estimates[places[-1]], _sign(stretch.mark), colour, estimates.size)


def _point(axes, place, point, per):
    if np.isnan(point.estimate):
        return
    beyond = bool(point.marks)
    colour = _colour(point.good) if beyond else theme.INK
    axes.plot(
        place,
        per * point.estimate,
        marker="D" if beyond else "o",
        ms=7 if beyond else 4.5,
        mfc=colour if beyond else "white",
        mec=colour,
        mew=1,
        clip_on=False,
        zorder=4 if beyond else 3,
    )
    if beyond:
        text = " ".join(_sign(mark) for mark in point.marks)
        _note(axes, place, per * point.estimate, text, colour, axes.get_xlim()[1])


def _note(axes, x, y, text, colour, number):
    at_the_end = x > 0.8 * number
    axes.annotate(
        text,
        (x, y),
        (-8 if at_the_end else 8, 7),
        textcoords="offset points",
        ha="right" if at_the_end else "left",
        va="center",
        fontsize=8.5,
        weight="bold",
        color=colour,
        zorder=6,
    )


def _sign(mark):
    """A number in a circle, as the caption explains it."""
    return chr(0x2460 + mark - 1)
