"""Figures of the registry: finished numbers in, a Matplotlib `Figure` or a file out.

Words come from the caller, in the reader's language. Nothing here uses pyplot, so figures can
be drawn by several threads of one server.
"""

from registry.stats.figures.chart import ChartPoint, CusumLine, Stretch, chart_figure, cusum_figure
from registry.stats.figures.forest import RatioRow, forest_figure
from registry.stats.figures.funnel import FunnelPoint, LimitLine, funnel_figure
from registry.stats.figures.months import months_figure
from registry.stats.figures.rates import RateRow, rates_figure
from registry.stats.figures.residuals import residuals_figure
from registry.stats.figures.survival import CurveGroup, kaplan_meier_figure
from registry.stats.figures.theme import save

__all__ = [
    "ChartPoint",
    "CurveGroup",
    "CusumLine",
    "FunnelPoint",
    "LimitLine",
    "RateRow",
    "RatioRow",
    "Stretch",
    "chart_figure",
    "cusum_figure",
    "forest_figure",
    "funnel_figure",
    "kaplan_meier_figure",
    "months_figure",
    "rates_figure",
    "residuals_figure",
    "save",
]
