"""Forest plots and residuals, and a curve that rises with its events beneath."""

import itertools

import numpy as np
import pytest

from registry.stats.competing import cumulative_incidence
from registry.stats.cox import cox
from registry.stats.figures import (
    CurveGroup,
    RatioRow,
    forest_figure,
    kaplan_meier_figure,
    residuals_figure,
    save,
)
from registry.stats.proportional import schoenfeld


def words(figure):
    return [
        text.get_text() for text in figure.findobj(lambda one: hasattr(one, "get_text")) if text.get_text()
    ]


def test_a_forest_holds_every_ratio_around_one():
    rows = [
        RatioRow("Stage", heading=True),
        RatioRow("Localised", 1, 1, 1, text="1 (reference)"),
        RatioRow("Distant", 7.07, 6.39, 7.83, text="7.07 (6.39–7.83)"),
        RatioRow("Rare", 30, 0.001, 900, text="30"),
    ]
    figure = forest_figure(rows, x_label="Hazard ratio", text_label="HR")
    (axes,) = figure.axes
    low, high = axes.get_xlim()
    assert low < 1 < high
    assert low > 0.005
    assert high < 200  # what reaches further ends in an arrow
    told = words(figure)
    assert {"Stage", "Distant", "7.07 (6.39–7.83)", "HR"} <= set(told)
    assert save(figure, "svg") == save(forest_figure(rows, x_label="Hazard ratio", text_label="HR"), "svg")
    with pytest.raises(ValueError, match="at least one row"):
        forest_figure([], x_label="")


@pytest.mark.parametrize("reach", [1.05, 1.5, 4, 30, 200, 5000])
def test_the_labels_of_a_forest_never_touch(reach):
    """Whatever the range of the axis; the line of no difference is always named."""
    rows = [RatioRow("A", 1.02, 1 / reach, reach, text="x"), RatioRow("B", reach / 1.01, 0.9, reach)]
    figure = forest_figure(rows, x_label="Hazard ratio")
    figure.canvas.draw()
    (axes,) = figure.axes
    labels = axes.get_xticklabels()
    assert "1" in [label.get_text() for label in labels]
    assert len(labels) >= 3
    boxes = [label.get_window_extent() for label in labels]
    for left, right in itertools.pairwise(boxes):
        assert left.x1 + 3 < right.x0


def test_rows_of_residuals_do_not_run_into_each_other():
    chance = np.random.default_rng(2)
    days, dead = chance.integers(1, 900, 200), chance.random(200) < 0.7
    design = chance.normal(size=(200, 5))
    model = cox(days, dead, design)
    panels = [(f"Stage: {at}", at, float(model.coefficient[at])) for at in range(5)]
    figure = residuals_figure(schoenfeld(model), panels, x_label="Years since diagnosis", y_label="β(t)")
    figure.canvas.draw()
    upper, _, lower, *_ = figure.axes
    assert upper.xaxis.label.get_window_extent().y0 > lower._left_title.get_window_extent().y1 + 2
    assert upper._left_title.get_window_extent().y1 < figure.bbox.y1


def test_residuals_have_a_panel_for_each_coefficient():
    chance = np.random.default_rng(1)
    days, dead = chance.integers(1, 900, 300), chance.random(300) < 0.7
    design = chance.normal(size=(300, 3))
    model = cox(days, dead, design)
    panels = [(name, at, float(model.coefficient[at])) for at, name in enumerate(("a", "b", "c"))]
    figure = residuals_figure(schoenfeld(model), panels, x_label="Years", y_label="β(t)")
    assert len(figure.axes) == 3
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="at least one panel"):
        residuals_figure(schoenfeld(model), [], x_label="", y_label="")


def test_an_incidence_rises_from_zero_with_its_events_beneath():
    found = cumulative_incidence([200, 400, 500, 800, 1200], [1, 2, 1, 0, 0])
    curve = found.curve(1)
    assert curve.at([0, 365, 730]).estimate.tolist() == pytest.approx([0, 0.2, 0.4])
    figure = kaplan_meier_figure(
        [CurveGroup("Cancer", curve)],
        x_label="Years",
        y_label="%",
        at_risk_label="At risk",
        events_label="Events",
        at=range(4),
        top=50,
    )
    (axes,) = figure.axes
    assert axes.get_ylim() == (0, 50)
    told = words(figure)
    assert "Events" in told
    assert told.count("2") >= 2  # two events by the second year and by the third
