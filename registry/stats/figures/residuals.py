"""Scaled Schoenfeld residuals over time, one panel a coefficient, with a smooth line and its band."""

import numpy as np

from registry.stats.figures import theme

PANEL_WIDTH, PANEL_HEIGHT, GAP = 236.0, 118.0, 46.0
BETWEEN = 58.0  # rows of panels: tick labels, the name of the axis, and the next title
MOST_DOTS = 1500
DAYS_A_YEAR = 365.25


def residuals_figure(found, panels, *, x_label, y_label, title="", caption="", corner=""):
    """What each coefficient does as time passes: level where hazards are proportional.

    Parameters
    ----------
    found : proportional.Schoenfeld
    panels : sequence of (str, int, float)
        Name of a panel, its column among the residuals, and the coefficient, drawn as a dashed line.
    x_label, y_label, title, caption, corner : str
        In the reader's language; the x axis is in years.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no panel.
    """
    if not len(panels):
        raise ValueError("a figure needs at least one panel")
    across = min(2, len(panels))
    down = -(-len(panels) // across)
    left = theme.MARGIN + 40
    width = left + across * PANEL_WIDTH + (across - 1) * GAP + 12
    with theme.drawing():
        footer, heading = theme.Footer(caption, corner, width), theme.Heading(title, width)
        bottom = footer.height + 34
        height = down * PANEL_HEIGHT + (down - 1) * BETWEEN + bottom + 22
        figure = theme.blank(width, height + heading.height)
        for place, (name, column, coefficient) in enumerate(panels):
            row, at = divmod(place, across)
            x = left + at * (PANEL_WIDTH + GAP)
            y = bottom + (down - 1 - row) * (PANEL_HEIGHT + BETWEEN)
            axes = theme.axes(figure, x, y, PANEL_WIDTH, PANEL_HEIGHT)
            _draw(axes, found, column, coefficient)
            axes.set_title(name, fontsize=9, loc="left", pad=4, fontweight="bold")
            axes.set_xlabel(x_label, labelpad=1, fontsize=8)
            if not at:
                axes.set_ylabel(y_label, fontsize=8)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def _draw(axes, found, column, coefficient):
    values, years = found.values[:, column], found.times / DAYS_A_YEAR
    shown = np.arange(values.size)
    if values.size > MOST_DOTS:  # evenly over the deaths
        shown = np.linspace(0, values.size - 1, MOST_DOTS).astype(int)
    axes.plot(years[shown], values[shown], ls="", marker=".", ms=2.2, color=theme.GREY, zorder=1)
    line = found.grid / DAYS_A_YEAR
    axes.fill_between(line, found.lower[:, column], found.upper[:, column], color=theme.TEAL, alpha=0.2, lw=0)
    axes.plot(line, found.smooth[:, column], color=theme.TEAL, lw=1.6, zorder=3)
    axes.axhline(coefficient, color=theme.AMBER, lw=1, ls=(0, (4, 2)), zorder=2)
    low, high = np.quantile(values, [0.02, 0.98])
    band = found.lower[:, column].min(), found.upper[:, column].max()
    axes.set_ylim(min(low, band[0]), max(high, band[1]) + 1e-9)
    axes.grid(axis="y", color=theme.GRID, lw=0.6)
