"""Funnel, chart and CUSUM as figures: what stands where, apart from each other, the same bytes every time."""

import numpy as np
import pytest

from registry.stats import control_charts, cusum, funnel
from registry.stats.figures import (
    ChartPoint,
    CusumLine,
    FunnelPoint,
    LimitLine,
    Stretch,
    chart_figure,
    cusum_figure,
    funnel_figure,
    save,
)

SIZES = np.array([212, 96, 78, 131, 64])
MET = np.array([54, 30, 21, 10, 29])
TARGET = 0.256
WORDS = {"x_label": "胃镜检出的胃癌（人）", "y_label": "其中早期（%）", "target_label": "联盟平均 25.6 %"}
TIME = {"x_label": "Month", "y_label": "Adenomas (%)"}
CHART = {"centre_label": "centre", "limit_label": "limits"}


def lines():
    sizes = np.arange(1, 240)
    for level, label in ((0.95, "95 %"), (0.998, "99.8 %")):
        yield LimitLine(sizes, *funnel.proportion_limits(sizes, TARGET, level=level), label)


def points():
    judged = (funnel.judged_proportion_limits(SIZES, TARGET, level=level) for level in (0.95, 0.998))
    for size, met, found in zip(SIZES, MET, funnel.positions(MET / SIZES, *judged), strict=True):
        text = f"{met}/{size}" if found.side else ""
        yield FunnelPoint(size, met / size, found.side, found.level == 0.998, found.side == 1, text)


@pytest.fixture(scope="module")
def drawn():
    return funnel_figure(list(points()), list(lines()), **WORDS, target=TARGET, caption="说明", corner="角")


def markers(figure):
    return [line for line in figure.axes[0].lines if line.get_marker() not in ("None", None, "")]


def test_points_stand_at_their_size_and_rate(drawn):
    placed = [line.get_xydata()[0].tolist() for line in markers(drawn)]
    assert placed == [[size, 100 * met / size] for size, met in zip(SIZES, MET, strict=True)]


def test_a_funnel_reads_in_black_and_white(drawn):
    looks = [(line.get_marker(), line.get_markerfacecolor() == "white") for line in markers(drawn)]
    assert looks == [("o", True), ("o", True), ("o", True), ("v", False), ("^", False)]


def test_who_is_outside_is_named_and_no_word_lies_on_another(drawn):
    save(drawn, "png", dpi=72)
    (axes,) = drawn.axes
    named = {text.get_text() for text in axes.texts}
    assert {"10/131", "29/64", "联盟平均 25.6 %", "95 %", "99.8 %"} <= named
    boxes = [text.get_window_extent() for text in axes.texts]
    for place, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[place + 1 :])


def test_limits_drawn_are_the_limits(drawn):
    dashed = [
        line for line in drawn.axes[0].lines if line.get_marker() == "None" and len(line.get_xdata()) > 2
    ]
    np.testing.assert_allclose(
        dashed[1].get_ydata(), 100 * funnel.proportion_limits(np.arange(1, 240), TARGET).upper
    )
    assert len(dashed) == 4


def test_a_control_chart_marks_its_signals():
    met, size = [30] * 12 + [12] * 9, [100] * 21
    chart = control_charts.p_chart(met, size, baseline=12)
    values = zip(chart.estimate, *chart.limits, strict=True)
    subgroups = [
        ChartPoint(f"2025-{place + 1:02d}", *value, marks=(1,) if place >= 12 else (), good=False)
        for place, value in enumerate(values)
    ]
    figure = chart_figure(
        subgroups, centre=chart.centre, stretches=[Stretch(12, 20, 2, False)], baseline=12, **TIME, **CHART,
        baseline_label="baseline",
    )  # fmt: skip
    save(figure, "png", dpi=72)
    assert sum(line.get_marker() == "D" for line in figure.axes[0].lines) == 9
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts.count("①") == 9
    assert "②" in texts
    assert {"baseline", "centre", "limits"} <= set(texts)


def test_a_month_without_examinations_is_a_gap_on_the_axis():
    chart = control_charts.p_chart([3, 0, 4], [10, 0, 10])
    subgroups = [
        ChartPoint(str(place), *value)
        for place, value in enumerate(zip(chart.estimate, *chart.limits, strict=True))
    ]
    figure = chart_figure(subgroups, centre=chart.centre, **TIME, **CHART)
    assert [line.get_xydata()[0][0] for line in markers(figure)] == [0, 2]
    assert figure.axes[0].get_xlim() == (-0.5, 2.5)


def test_a_cusum_shows_its_threshold_and_where_it_called():
    design = cusum.design(0.3, 0.15, arl0=200)
    path = cusum.grouped_path([0] * 30, [2] * 30, design)
    line = CusumLine(
        tuple(map(str, range(30))), path.height, design.threshold * design.weights.unit, path.calls
    )
    figure = cusum_figure(
        line, threshold_label="threshold", call_label="first", x_label="Day", y_label="CUSUM"
    )
    assert [int(mark.get_xdata()[0]) for mark in markers(figure)] == list(path.calls)
    assert path.calls
    assert "first" in [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("file_format", ["svg", "png", "pdf"])
def test_a_figure_is_the_same_file_every_time(file_format):
    files = {
        save(funnel_figure(list(points()), list(lines()), **WORDS, target=TARGET), file_format)
        for _ in range(2)
    }
    assert len(files) == 1


def test_nothing_to_draw_is_refused():
    for draw in (
        lambda: funnel_figure([], [], **WORDS, target=0.5),
        lambda: chart_figure([ChartPoint("1", np.nan, np.nan, np.nan)], centre=0.5, **TIME, **CHART),
        lambda: cusum_figure(CusumLine((), np.array([]), 1.0), threshold_label="", **TIME),
    ):
        with pytest.raises(ValueError, match="at least one point"):
            draw()
