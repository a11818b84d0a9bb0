"""Kaplan–Meier curves with numbers at risk beneath."""

from dataclasses import dataclass

import numpy as np

from registry.stats import disclosure
from registry.stats.figures import theme
from registry.stats.survival import Curve, year_day

DAYS_A_YEAR = 365.25
PLOT_WIDTH, PLOT_HEIGHT = 425.0, 232.0
ROW = 14.5  # between two rows of numbers at risk
MOST_POINTS = 280  # then a step is as narrow as the line is wide
MOST_TICKS = 150


@dataclass(frozen=True, eq=False)
class CurveGroup:
    """One curve under the name its reader knows it by; `muted` for context such as "unknown".

    `at_risk` and `events` so far as they are to be written, one for each tick, where not the curve's own.
    """

    label: str
    curve: Curve
    muted: bool = False
    at_risk: tuple[str, ...] | None = None
    events: tuple[str, ...] | None = None


def kaplan_meier_figure(
    groups,
    *,
    x_label,
    y_label,
    at_risk_label,
    title="",
    caption="",
    corner="",
    at=range(11),
    threshold=None,
    hidden="",
    top=100,
    events_label="",
    nothing="",
):
    """Kaplan–Meier curves with their intervals, censoring ticks and numbers at risk.

    Parameters
    ----------
    groups : sequence of CurveGroup
        Curves in days, drawn and listed in this order.
    x_label, y_label, at_risk_label, title, caption, corner : str
        In the reader's language; the y axis is in per cent, the x axis in years.
    events_label : str
        Heads the numbers of events so far, beneath those at risk; without it, or with a threshold,
        they are left out.
    nothing : str
        Stands in the middle where no group has a curve.
    at : sequence of int
        Years with a tick and a number at risk, rising; the axis ends with the last.
    threshold : int, optional
        Disclosure control: curves end, and numbers are replaced by the text `hidden`, where
        fewer are at risk.
    top : float
        Where the y axis ends; relative survival may rise above 100 per cent.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no group, or the years do not rise to more than 0.
    """
    years = np.asarray(at)
    if not len(groups) or years.size == 0 or years[-1] <= 0 or (np.diff(years) <= 0).any():
        raise ValueError("a figure needs a group, and years that rise to more than 0")
    looks = _looks(groups)
    numbers = [group.at_risk or _numbers_at_risk(group.curve, years, threshold, hidden) for group in groups]
    events = None
    if events_label and threshold is None:
        events = [group.events or [str(one) for one in _events_by(group.curve, years)] for group in groups]
    with theme.drawing():
        names = [theme.width_of(group.label, 9.5, "bold") for group in groups]
        beside = max(theme.width_of(row[0], 8.5) for row in numbers) / 2 + 9
        left = theme.MARGIN + max(
            38.0, beside + max(*names, theme.width_of(at_risk_label, 8.5), theme.width_of(events_label, 8.5))
        )
        width = left + PLOT_WIDTH + 10 + max(names) + theme.MARGIN
        footer, heading = theme.Footer(caption, corner, width), theme.Heading(title, width)
        tables = 1 if events is None else 2
        bottom = footer.height + ROW * (len(groups) * tables + tables - 1) + 54
        figure = theme.blank(width, bottom + PLOT_HEIGHT + heading.height)
        axes = theme.axes(figure, left, bottom, PLOT_WIDTH, PLOT_HEIGHT)
        _frame(axes, years, x_label, y_label, top)
        ends = []
        for group, look in zip(groups, looks, strict=True):
            curve = group.curve if threshold is None else disclosure.truncate(group.curve, threshold)
            ends.append(_draw(axes, curve, look, years[-1], stepwise=threshold is None))
        if nothing and not any(ends):
            middle = {"ha": "center", "va": "center", "transform": axes.transAxes}
            axes.text(0.5, 0.5, nothing, fontsize=9.5, color=theme.MUTED, **middle)
        _name_ends(axes, groups, looks, ends, years[-1], top)
        _at_risk_table(figure, groups, looks, numbers, years, at_risk_label, left, beside, bottom - 42)
        if events is not None:
            lower = bottom - 42 - ROW * (len(groups) + 1)
            _at_risk_table(figure, groups, looks, events, years, events_label, left, beside, lower)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def _looks(groups):
    """A line for each group: muted ones grey, the others in the order of the palette."""
    coloured = iter(range(len(groups)))
    return [
        theme.UNKNOWN if group.muted else theme.SERIES[next(coloured) % len(theme.SERIES)] for group in groups
    ]


def _numbers_at_risk(curve, years, threshold, hidden):
    days = year_day(years)
    if threshold is None:
        return [str(number) for number in curve.at(days).at_risk]
    stated = dict(zip(curve.times.tolist(), curve.at_risk.tolist(), strict=True)) | {0: curve.n}
    return [str(stated[day]) if stated.get(day, 0) >= threshold else hidden for day in days.tolist()]


def _events_by(curve, years):
    """Events up to each year."""
    so_far = np.append(0, np.cumsum(curve.events))
    return so_far[np.searchsorted(curve.times, year_day(years), side="right")]


def _frame(axes, years, x_label, y_label, top):
    axes.set(xlim=(0, years[-1]), ylim=(0, top), xticks=years, ylabel=y_label)
    axes.set_xlabel(x_label, labelpad=2)
    axes.yaxis.labelpad = 4
    axes.grid(axis="y", color=theme.GRID, lw=0.7)
    if top > 100:
        axes.axhline(100, color=theme.GREY, lw=0.7, zorder=0)
    if years[-1] > 5:
        axes.axvline(5, color=theme.GRID, lw=0.9, zorder=0)


def _draw(axes, curve, look, last_year, *, stepwise=True):
    """Band, steps and ticks of one curve; returns where its line ends, or None without a line."""
    if not curve.times.size:
        return None
    colour, _, dashes = look
    end = min(float(curve.times[-1]), last_year * DAYS_A_YEAR)
    days = _thinned(curve.times, end)
    seen = curve.at(days)
    lower, upper = (np.where(np.isnan(limit), seen.estimate, limit) for limit in (seen.lower, seen.upper))
    years = days / DAYS_A_YEAR
    step = {"step": "post"} if stepwise else {}
    axes.fill_between(years, 100 * lower, 100 * upper, color=colour, alpha=0.15, lw=0, **step)
    line = {"drawstyle": "steps-post"} if stepwise else {"marker": "o", "ms": 3.5}
    axes.plot(years, 100 * seen.estimate, color=colour, ls=dashes, lw=1.7, clip_on=False, **line)
    ticks = curve.times[(curve.censored > 0) & (curve.times <= end)]
    if ticks.size > MOST_TICKS:  # the first in each stretch of the axis stands for its neighbours
        ticks = ticks[np.unique((ticks * (MOST_TICKS / end)).astype(int), return_index=True)[1]]
    axes.plot(
        ticks / DAYS_A_YEAR, 100 * curve.at(ticks).estimate, ls="", marker="|", ms=5, mew=0.8, color=colour
    )
    return end / DAYS_A_YEAR, 100 * float(seen.estimate[-1])


def _thinned(times, end):
    """Days on which the line is drawn: every step, or where they are too many an even grid."""
    steps = np.unique(np.concatenate(([0.0], times[times <= end], [end])))
    return steps if steps.size <= MOST_POINTS else np.linspace(0, end, MOST_POINTS)


def _name_ends(axes, groups, looks, ends, last_year, top):
    """Each group's name right of its line, moved apart where two lines end close to each other."""
    drawn = [place for place, end in enumerate(ends) if end is not None]
    if not drawn:
        return
    point = top / PLOT_HEIGHT
    heights = spread([ends[place][1] for place in drawn], 12 * point, 0, top)
    for place, height in zip(drawn, heights, strict=True):
        _, dark, _ = looks[place]
        x, y = ends[place]
        axes.annotate(
            groups[place].label,
            (last_year, height),
            (8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            weight="bold",
            color=dark,
            annotation_clip=False,
        )
        if x < 0.985 * last_year or abs(height - y) > 4 * point:
            edge = last_year * (1 + 6 / PLOT_WIDTH)
            axes.plot(
                [x, edge], [y, height], color=theme.GREY, lw=0.7, ls=(0, (1, 2.5)), clip_on=False, zorder=1
            )


def spread(wanted, gap, low, high):
    """Places as near to the wanted ones as a gap between neighbours allows, within low … high.

    >>> spread([10, 11, 50], 4, 0, 100).tolist()
    [8.5, 12.5, 50.0]
    """
    wanted = np.asarray(wanted, dtype=float)
    order = np.argsort(wanted, kind="stable")
    blocks: list[tuple[float, int]] = []  # (sum, size): neighbours that have met and move as one
    for step, place in enumerate(order):
        block = (wanted[place] - step * gap, 1)
        while blocks and blocks[-1][0] / blocks[-1][1] > block[0] / block[1]:
            met = blocks.pop()
            block = (block[0] + met[0], block[1] + met[1])
        blocks.append(block)
    level = np.concatenate([np.full(size, total / size) for total, size in blocks])
    level = np.clip(level, low, max(low, high - (order.size - 1) * gap))
    placed = np.empty(order.size)
    placed[order] = level + gap * np.arange(order.size)
    return placed


def _at_risk_table(figure, groups, looks, numbers, years, heading, left, beside, top):
    theme.write(figure, left - beside, top, heading, ha="right", fontsize=8.5, color=theme.MUTED)
    for row, (group, look, cells) in enumerate(zip(groups, looks, numbers, strict=True), start=1):
        y = top - row * ROW
        theme.write(
            figure, left - beside, y, group.label, ha="right", fontsize=8.5, weight="bold", color=look[1]
        )
        for year, cell in zip(years, cells, strict=True):
            theme.write(figure, left + PLOT_WIDTH * year / years[-1], y, cell, ha="center", fontsize=8.5)
