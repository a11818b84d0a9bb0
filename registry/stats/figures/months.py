"""Counts by month, one part upon the other."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from registry.stats.figures import theme

HATCHES = ("", "////", "....", "xxxx")


def months_figure(months, parts, *, y_label, width=500.0, height=118.0):
    """Stacked bars from zero, each part in its colour and its hatching, the sum above the bar.

    Parameters
    ----------
    months : sequence of str, length n
    parts : sequence of (str, sequence of int)
        Name and n counts, at most four parts, from the bottom upwards.
    y_label : str
    width, height : float
        Points.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no month, no part or more than four, or a part has another length.
    """
    if not months or not 0 < len(parts) <= len(HATCHES):
        raise ValueError("a figure needs at least one month and one to four parts")
    if any(len(counts) != len(months) for _, counts in parts):
        raise ValueError("every part needs a count for every month")
    with theme.drawing():
        figure = theme.blank(width, height)
        axes = theme.axes(figure, 40, 20, width - 50, height - 42)
        below = np.zeros(len(months), dtype=int)
        for place, (name, counts) in enumerate(parts):
            axes.bar(
                range(len(months)),
                counts,
                bottom=below,
                width=0.62,
                color=theme.SERIES[place][0],
                edgecolor="white",
                linewidth=0.5,
                hatch=HATCHES[place],
                label=name,
            )
            below = below + np.asarray(counts, dtype=int)
        for place, count in enumerate(below):
            axes.annotate(
                str(count), (place, count), (0, 2), textcoords="offset points", ha="center", fontsize=8
            )
        axes.set(xlim=(-0.6, len(months) - 0.4), ylim=(0, max(1, below.max()) * 1.15))
        axes.set_xticks(range(len(months)), months, fontsize=7.5)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.grid(axis="y", color=theme.GRID, lw=0.7)
        axes.set_ylabel(y_label, fontsize=8)
        axes.legend(
            loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(parts), frameon=False, fontsize=8,
            borderaxespad=0.2,
        )  # fmt: skip
    return figure
