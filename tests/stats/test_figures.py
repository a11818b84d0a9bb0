"""Figures: what stands where, in both languages, and the same bytes every time."""

import csv
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.disclosure import through
from registry.stats.figures import CurveGroup, RateRow, kaplan_meier_figure, rates_figure, save
from registry.stats.figures.survival import spread
from registry.stats.figures.theme import blank, drawing, width_of, wrap
from registry.stats.proportions import wilson
from registry.stats.survival import kaplan_meier

DATA = Path(__file__).parents[1] / "data"
CHINESE = {"x_label": "诊断后（年）", "y_label": "总生存率（%）", "at_risk_label": "风险人数"}
ENGLISH = {"x_label": "Years after diagnosis", "y_label": "Overall survival (%)", "at_risk_label": "At risk"}


def colrec(*names):
    with open(DATA / "colrec.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    days, dead = (np.array([int(row[key]) for row in rows]) for key in ("time_days", "dead"))
    stage = np.array([row["stage_code"] for row in rows])
    return [
        CurveGroup(name, kaplan_meier(days[stage == code], dead[stage == code]), muted=code == "99")
        for code, name in zip(("1", "2", "3", "99"), names, strict=True)
    ]


@pytest.fixture(scope="module")
def by_stage():
    return colrec("局限", "区域", "远处", "分期未知")


def words(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def test_numbers_at_risk_stand_under_their_year(by_stage):
    figure = kaplan_meier_figure(by_stage, **CHINESE)
    save(figure, "png", dpi=72)
    ticks = {tick.get_text(): tick.get_window_extent() for tick in figure.axes[0].get_xticklabels()}
    for year, number in (("0", "3328"), ("5", "1490"), ("10", "1097")):
        (cell,) = (text for text in figure.texts if text.get_text() == number)
        assert cell.get_ha() == "center"
        box = cell.get_window_extent()
        assert abs((box.x0 + box.x1) / 2 - (ticks[year].x0 + ticks[year].x1) / 2) < 1.5
        assert box.y1 < ticks[year].y0


def test_the_line_is_the_estimate_and_its_points_are_few(by_stage):
    figure = kaplan_meier_figure(by_stage, **CHINESE)
    (line,) = (
        line for line in figure.axes[0].lines if line.get_color() == "#0072B2" and line.get_lw() == 1.7
    )
    years, percent = line.get_xydata().T
    assert years.size <= 400
    assert (years[0], percent[0]) == (0, 100)
    drawn = by_stage[0].curve.at(np.round(years * 365.25, 6)).estimate
    np.testing.assert_allclose(percent, 100 * drawn)
    assert figure.axes[0].get_ylim() == (0, 100)
    assert len(save(figure, "svg")) < 400_000


def texts_apart(figure):
    save(figure, "png", dpi=72)
    boxes = [text.get_window_extent() for text in [*figure.texts, *figure.axes[0].texts] if text.get_text()]
    width, height = figure.get_size_inches() * figure.dpi
    for number, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height
        for other in boxes[:number]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 1 or up <= 3  # a line of text is taller than its glyphs


@pytest.mark.parametrize("long", [1, 12])
def test_words_neither_overlap_nor_leave_the_paper(by_stage, long):
    texts_apart(
        kaplan_meier_figure(
            by_stage,
            title="按诊断时分期的总生存率，" * long,
            caption="5 971 人，4 979 例死亡；短竖为删失。" * long,
            corner="随访至 2017",
            **CHINESE,
        )
    )
    texts_apart(
        kaplan_meier_figure(
            colrec("Localised", "Regional", "Distant metastases", "Unknown"),
            title="Overall survival by stage " * long,
            caption="5,971 persons, 4,979 deaths. " * long,
            corner="followed up to 2017",
            **ENGLISH,
        )
    )


def test_lines_that_end_together_get_names_apart():
    curve = kaplan_meier([100, 5000], [1, 0], [1, 9])
    texts_apart(kaplan_meier_figure([CurveGroup(f"第 {n} 组", curve) for n in range(1, 8)], **CHINESE))


def test_a_curve_ends_with_its_last_person_or_where_too_few_remain():
    curve = kaplan_meier([200, 900, 1200], [1, 0, 0], [20, 20, 5])
    whole = kaplan_meier_figure([CurveGroup("甲", curve)], at=range(6), **CHINESE)
    assert max(whole.axes[0].lines[0].get_xdata()) <= 5
    ends = [max(line.get_xdata()) for line in whole.axes[0].lines if line.get_lw() == 1.7]
    assert ends == [1200 / 365.25]
    cut = kaplan_meier_figure([CurveGroup("甲", curve)], at=range(6), threshold=8, hidden="≤7", **CHINESE)
    assert [max(line.get_xdata()) for line in cut.axes[0].lines if line.get_lw() == 1.7] == [900 / 365.25]
    cells = words(cut)
    assert "5" not in [text.get_text() for text in cut.texts]
    assert "≤7" in cells


def test_numbers_at_risk_beyond_the_cut_are_hidden_and_never_none():
    days = [*range(100, 2000, 100)]
    whole = kaplan_meier(days, [1] * len(days))
    stated = through(whole, [365, 1095, 1826], [True, True, False])
    figure = kaplan_meier_figure([CurveGroup("甲", stated)], at=range(6), threshold=8, hidden="*", **CHINESE)
    cells = words(figure)
    assert cells.count("*") == 3, "year 2 is not said; years 4 and 5 are beyond"
    (line,) = [line for line in figure.axes[0].lines if line.get_lw() == 1.7]
    assert line.get_xdata().tolist() == [0, 365 / 365.25, 1095 / 365.25]
    assert line.get_drawstyle() == "default"  # no step tells the day of a death
    assert "0" not in [text.get_text() for text in figure.texts]


def test_groups_too_small_or_empty_are_named_but_not_drawn():
    tiny, nobody = kaplan_meier([5, 9], [1, 0]), kaplan_meier([], [])
    groups = [CurveGroup("甲", tiny), CurveGroup("乙", nobody)]
    figure = kaplan_meier_figure(groups, threshold=8, hidden="≤7", **CHINESE)
    assert not [line for line in figure.axes[0].lines if line.get_lw() == 1.7]
    assert {"甲", "乙"} <= set(words(figure))
    save(figure, "svg")


def rate_rows():
    lower, upper = wilson(15, 131)
    return [
        RateRow("柳渡县", 15 / 131, lower, upper, text="11.5 % (7.1–18.0) · 15/131", highlighted=True),
        RateRow("桐坞县", lower=0.23, upper=0.385, provisional=True, text="23.1–38.5 %"),
        RateRow("长汀镇", instead="人数太少，不作判断"),
        RateRow("海棠区", 0.245, 0.182, 0.321),
    ]


def test_dots_boxes_and_words_of_a_rates_figure():
    figure = rates_figure(rate_rows(), x_label="早期（%）", target=0.24, target_label="联盟平均")
    axes = figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() in ("o", "D")]
    np.testing.assert_allclose([float(dot.get_xdata()[0]) for dot in dots], [1500 / 131, 24.5])
    (box,) = axes.patches
    assert not box.get_fill()
    np.testing.assert_allclose([box.get_x(), box.get_width()], [23, 15.5])
    assert "人数太少，不作判断" in words(figure)
    assert axes.get_xlim()[0] == 0
    texts_apart(figure)


@pytest.mark.parametrize(("rate", "per"), [(0.0, 100), (1.0, 100), (0.004, 1000)])
def test_the_axis_starts_at_zero_and_holds_every_limit(rate, per):
    lower, upper = wilson(round(rate * 500), 500)
    axes = rates_figure([RateRow("甲", rate, lower, upper)], x_label="‰", per=per).axes[0]
    low, high = axes.get_xlim()
    assert low == 0
    assert per * upper <= high + 1e-9 <= per * 1.000001


def test_files_are_the_same_in_every_process(tmp_path):
    code = """
import sys
from registry.stats.figures import CurveGroup, kaplan_meier_figure, save
from registry.stats.survival import kaplan_meier

curve = kaplan_meier([30, 400, 800], [1, 1, 0], [3, 4, 9])
figure = kaplan_meier_figure([CurveGroup("早期", curve)], x_label="年", y_label="%", at_risk_label="人")
with open(sys.argv[1], "wb") as file:
    for format in ("svg", "png", "pdf"):
        file.write(save(figure, format))
"""
    digests = set()
    for seed in ("1", "2"):
        path = tmp_path / seed
        subprocess.run([sys.executable, "-c", code, path], check=True, env=environment(seed))
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def environment(seed):
    return {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_threads_of_one_server_do_not_disturb_each_other():
    def draw(_):
        return save(rates_figure(rate_rows(), x_label="早期（%）"), "svg")

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(draw, range(8)))) == 1


def test_an_svg_carries_its_glyphs_and_a_pdf_its_font():
    figure = rates_figure(rate_rows(), x_label="早期（%）")
    svg = save(figure, "svg").decode()
    assert "<text" not in svg
    assert "font-family" not in svg
    assert not re.search(r"<dc:date>|Matplotlib v", svg)
    pdf = save(figure, "pdf")
    assert b"/FontFile2" in pdf
    assert b"/CIDFontType2" in pdf
    assert b"/CreationDate" not in pdf
    assert save(figure, "png").startswith(b"\x89PNG")


def test_narrow_spaces_and_signs_have_glyphs():
    """Missing glyphs warn, and warnings are errors here."""
    figure = rates_figure([RateRow("χ² ≤ 5\u202f971\u2009人 ½ ‰ − – · ≥", 0.2, 0.1, 0.3)], x_label="µm")
    for format in ("svg", "png", "pdf"):
        save(figure, format)


def test_nothing_heavy_is_loaded_before_it_is_needed():
    code = """
import sys
from registry.stats import disclosure, log_rank, proportions
assert "matplotlib" not in sys.modules
proportions.wilson(1, 3)
log_rank.log_rank([([1, 2], [1, 0], None), ([1, 3], [1, 1], None)])
from registry.stats import figures
loaded = {"matplotlib.pyplot", "lifelines", "scipy.stats", "pandas"} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True, env=environment("0"))


def test_what_cannot_be_drawn_is_refused(by_stage):
    with pytest.raises(ValueError, match="no such format: 'gif'"):
        save(rates_figure(rate_rows(), x_label="%"), "gif")
    with pytest.raises(ValueError, match="at least one row"):
        rates_figure([], x_label="%")
    for groups, at in (([], range(3)), (by_stage, [0]), (by_stage, [5, 3]), (by_stage, [])):
        with pytest.raises(ValueError, match="needs a group"):
            kaplan_meier_figure(groups, at=at, **CHINESE)


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_spread_keeps_order_distance_and_bounds(wanted):
    placed = spread(wanted, 5, 0, 100)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 5 - 1e-9).all()
    assert placed.min() >= -1e-9
    assert placed.max() <= 100 + 1e-9


def test_a_line_is_as_wide_in_print_as_on_the_screen():
    """What is measured at one resolution fits at another: hinted, Chinese was up to 5 % wider at 200 dpi."""
    text = "二项分布精确界（95 %、99.8 %），中线为可判 17 组的平均 87.0 %"
    with drawing():
        figure = blank(400, 20)
        drawn = figure.text(0, 0, text, fontsize=7.5)
        widths = []
        for dpi in (72, 100, 200):
            figure.dpi = dpi
            widths.append(drawn.get_window_extent(figure.canvas.get_renderer()).width * 72 / dpi)
        assert widths == pytest.approx([width_of(text, 7.5)] * 3, rel=2e-3)


def test_lines_break_between_words_and_between_chinese_characters():
    english, chinese = "Overall survival by stage at diagnosis", "总生存率，按诊断时分期；带为区间。"
    with drawing():
        lines, characters = wrap(english, 90), wrap(chinese, 60)
        assert all(width_of(line) <= 90 for line in [*lines, *characters])
    assert len(lines) > 1
    assert " ".join(lines) == english
    assert "".join(characters) == chinese
    assert not any(line[0] in "，；。" for line in characters)


def test_a_mean_has_bars_beyond_one():
    rows = [RateRow("A", 7.5, 7.3, 7.6, text="7.5"), RateRow("B", 9.2, 7.1, 11.2)]
    (axes,) = rates_figure(rows, x_label="min", per=1, target=8.0, target_label="target", share=False).axes
    assert axes.get_xlim()[1] >= 11.2
    (axes,) = rates_figure([RateRow("A", 0.9, 0.8, 1.0)], x_label="%", per=100).axes
    assert axes.get_xlim()[1] == 100
