"""Rates of several groups with their intervals, one under the other."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from registry.stats.figures import theme

PLOT_WIDTH = 330.0
ROW = 20.0


@dataclass(frozen=True)
class RateRow:
    """One group of a rates figure; estimate and limits are fractions, NaN where there is none.

    A `provisional` row has limits but no estimate. A row without limits shows the text
    `instead` (too few to judge, nothing to divide by). `text` stands at the right.
    """

    label: str
    estimate: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    text: str = ""
    instead: str = ""
    provisional: bool = False
    highlighted: bool = False

    @property
    def drawn(self):
        return not (np.isnan(self.lower) or np.isnan(self.upper))


def rates_figure(
    rows,
    *,
    x_label,
    title="",
    caption="",
    corner="",
    text_label="",
    per=100,
    target=None,
    target_label="",
    share=True,
):
    """Horizontal intervals, a dot and its whisker for each group, from zero.

    A provisional row is an open dashed box between its bounds, without a dot. Where a row is
    highlighted the others step back into grey.

    Parameters
    ----------
    rows : sequence of RateRow
        From top to bottom.
    x_label, title, caption, corner, text_label, target_label : str
        In the reader's language; `text_label` heads the texts at the right.
    per : int
        What a fraction is multiplied by: 100 for per cent, 1000 for per mille.
    target : float, optional
        An agreed value as a fraction, drawn as a dashed line.
    share : bool
        Whether the values are fractions of 1, which the axis never exceeds; a mean is not.

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
        left = theme.MARGIN + 10 + max(theme.width_of(row.label, 9, "bold") for row in rows)
        texts = max(theme.width_of(text, 8.5) for text in (text_label, *(row.text for row in rows)))
        width = left + PLOT_WIDTH + (16 + texts if texts else 10) + theme.MARGIN
        footer, heading = theme.Footer(caption, corner, width), theme.Heading(title, width)
        header = 16 if text_label or target_label else 0
        bottom, height = footer.height + 38, ROW * len(rows) + 6
        figure = theme.blank(width, bottom + height + header + heading.height)
        axes = theme.axes(figure, left, bottom, PLOT_WIDTH, height)
        _frame(axes, rows, per, target, x_label, most=per if share else np.inf)
        if target is not None:
            axes.axvline(per * target, color=theme.MUTED, lw=0.9, ls=(0, (4, 2)), zorder=1)
            at = left + PLOT_WIDTH * per * target / axes.get_xlim()[1]
            theme.write(
                figure, at, bottom + height + 5, target_label, ha="center", fontsize=8, color=theme.MUTED
            )
        right = left + PLOT_WIDTH + 16
        theme.write(figure, right, bottom + height + 5, text_label, fontsize=8, color=theme.MUTED)
        anyone = any(row.highlighted for row in rows)
        for place, row in enumerate(rows):
            y = bottom + height - 3 - ROW * (place + 0.5)
            _draw(axes, place, row, per, stepped_back=anyone and not row.highlighted)
            _name(figure, row, left - 10, right, y)
        heading.draw(figure)
        footer.draw(figure)
    return figure


def _frame(axes, rows, per, target, x_label, most):
    reach = per * max([row.upper for row in rows if row.drawn] + [target or 0.0, 0.01])
    ticks = MaxNLocator(nbins=6, steps=[1, 2, 5, 10]).tick_values(0, min(reach * 1.02, most))
    ticks = ticks[ticks <= most * (1 + 1e-9)]
    axes.set(xlim=(0, ticks[-1]), ylim=(len(rows) - 0.5 + 3 / ROW, -0.5 - 3 / ROW), xticks=ticks, yticks=[])
    axes.set_xlabel(x_label, labelpad=3)
    axes.spines["left"].set_color(theme.GREY)
    axes.grid(axis="x", color=theme.GRID, lw=0.7)


def _draw(axes, place, row, per, *, stepped_back):
    if not row.drawn:
        axes.annotate(
            row.instead,
            (0, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=theme.MUTED,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
        return
    lower, upper = per * row.lower, per * row.upper
    if row.provisional:
        axes.add_patch(
            Rectangle(
                (lower, place - 0.2),
                upper - lower,
                0.4,
                fill=False,
                edgecolor=theme.MUTED,
                lw=1,
                ls=(0, (3, 2)),
                clip_on=False,
                zorder=3,
            )
        )
        return
    colour = theme.MUTED if stepped_back else theme.AMBER if row.highlighted else theme.TEAL
    axes.plot(
        [lower, upper], [place, place], color=colour, lw=6, alpha=0.32, solid_capstyle="butt", clip_on=False
    )
    axes.plot(
        per * row.estimate,
        place,
        marker="D" if row.highlighted else "o",
        ms=5.5 if row.highlighted else 5,
        color=colour,
        clip_on=False,
        zorder=4,
    )


def _name(figure, row, label_ends, text_starts, y):
    weight, colour = ("bold", theme.AMBER) if row.highlighted else ("normal", theme.INK)
    if not row.drawn:
        colour = theme.MUTED
    style = {"va": "center_baseline", "weight": weight}
    theme.write(figure, label_ends, y, row.label, ha="right", fontsize=9, color=colour, **style)
    theme.write(figure, text_starts, y, row.text, fontsize=8.5, color=colour, **style)
