"""Operating characteristics on a small grid: what docs/operating-characteristics.md states on a large one."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.operating import adjusting, charts, coverage, following, funnels, two_groups
from registry.stats import control_charts, cusum
from registry.stats.survival_limits import KINDS

TRUTHS = np.round(np.arange(0.01, 1.0, 0.01), 2)


@pytest.mark.parametrize(("name", "mean", "least"), [
    ("Wilson", 0.945, 0.86),
    ("Clopper–Pearson", 0.95, 0.95),
    ("Jeffreys", 0.945, 0.86),
    ("mid-P", 0.95, 0.91),
])  # fmt: skip
def test_intervals_cover_as_often_as_they_say(name, mean, least):
    for size in (20, 50, 200):
        covered = coverage.of_proportion(coverage.PROPORTIONS[name], size, TRUTHS)
        assert covered.mean() > mean - 0.0015
        assert covered.mean() < 0.98
        assert covered.min() > least - 1e-9


def test_a_published_minimum_of_coverage():
    """Agresti, Coull 1998 (Am Stat 52:119): just under p = 0.1765/n the score interval covers 0.838 only."""
    (covered,) = coverage.of_proportion(coverage.PROPORTIONS["Wilson"], 5000, np.array([0.1764 / 5000]))
    assert covered == pytest.approx(0.838, abs=5e-4)


def test_between_the_points_of_the_table_coverage_is_smaller_and_the_page_says_so():
    found = {name: (share, size, at) for name, share, size, at in coverage.least(sizes=(10, 1000))}
    share, size, at = found["Wilson"]
    assert (round(share, 3), size, min(at, 1 - at)) == (0.838, 10, pytest.approx(0.0175))
    assert found["Clopper–Pearson"][0] >= 0.95
    page = (Path(__file__).parents[2] / "docs" / "operating-characteristics.md").read_text("utf-8")
    assert f"Wilson {100 * share:.1f} % (n = 10, p = " in page


def test_the_exact_rate_interval_never_covers_less_than_it_says():
    covered = coverage.of_rate(coverage.MEANS)
    assert covered.min() >= 0.95
    assert covered.mean() < 0.98


def test_false_alarms_of_a_funnel_stay_under_their_level():
    for level, judged, *_, below, above in funnels.false_alarms(sizes=(12, 40, 150), truths=(0.05, 0.5, 0.9)):
        half = (1 - level) / 2
        assert below <= half + 1e-12
        assert not judged or above <= half + 1e-12


def test_limits_as_drawn_would_accuse_too_often_above():
    drawn = funnels.outside(10, 0.95, 0.95, level=0.95, judged=False)
    judged = funnels.outside(10, 0.95, 0.95, level=0.95)
    assert drawn[1] == pytest.approx(0.95**10)
    assert judged[1] == 0


def test_an_alliance_without_differences_sees_hardly_anybody_outside():
    counts, widened = funnels.alliances(60)
    assert counts[0, 0] < 1.1
    assert counts[1, 0] < 0.2
    assert widened < 0.05


def test_where_everybody_varies_stretched_limits_accuse_fewer():
    counts, widened = funnels.alliances(25, extra=0.3)
    assert widened > 0.8
    assert counts[0, 1] < counts[0, 0] / 2
    assert counts[1, 1] < counts[1, 0] / 2


def test_a_chart_is_quiet_without_a_change_and_speaks_after_one():
    quiet = charts.months(500, 60, 0.25, 0.25, control_charts.PLAIN)
    moved = charts.months(500, 60, 0.25, charts.worse(0.25), control_charts.PLAIN)
    assert quiet[-1] < 0.15
    assert moved[11] > 0.9
    assert (np.diff(moved) >= 0).all()


def test_a_chart_alone_on_its_limits_keeps_to_three_sigma():
    for size, p in ((20, 0.9), (60, 0.25), (200, 0.5)):
        seen = charts.months(1000, size, p, p, [control_charts.Rule.BEYOND], number=10)
        assert seen[-1] <= 1 - (1 - 0.0027) ** 10 + 3 * np.sqrt(0.027 / 1000)


def test_a_chart_of_rare_events_on_its_limits_keeps_to_three_sigma():
    for expected in (0.5, 2, 8):
        seen = charts.rare_months(1000, expected, [control_charts.Rule.BEYOND], number=10)
        assert seen[-1] <= 1 - (1 - 0.0027) ** 10 + 3 * np.sqrt(0.027 / 1000)


def test_a_cusum_looked_at_daily_calls_falsely_no_more_often_than_designed():
    design = cusum.design(0.9, charts.worse(0.9), arl0=600)
    waited = charts.days(400, design, 0.9, number=2500)
    called = np.isfinite(waited)
    mean = np.where(called, waited, 7500).sum() / called.sum()
    assert mean > 600 * (1 - 3 / np.sqrt(called.sum()))
    moved = charts.days(400, design, design.p1, number=2500)
    assert moved.mean() == pytest.approx(design.arl1, rel=0.15)


def test_a_halved_level_is_seen_in_a_county_hospital_within_a_year():
    seen = funnels.power([240], 0.25, 0.5)
    design = cusum.design(0.25, charts.worse(0.25), arl0=5000)
    called = cusum.call_probability(design.p1, design.weights, design.threshold, 240)
    assert seen[0.95][0] > 0.95
    assert seen[0.998][0] > 0.75
    assert called[-1] > 0.9


def test_comparisons_of_two_groups_cover_as_often_as_they_say():
    for name, (interval, truth) in two_groups.PROPORTIONS.items():
        covered = two_groups.of_proportions(interval, truth, 30, 60, shares=(0.1, 0.3, 0.5, 0.8))
        assert 0.945 < covered.mean() < 0.965, name
        assert covered.min() > 0.92, name
    exact, mid_p = (two_groups.of_rates(each, means=(2, 6)) for each in two_groups.RATES.values())
    assert exact.min() >= 0.95
    assert 0.945 < mid_p.mean() < exact.mean()


def test_adjusted_and_shrunken_rates_cover_as_often_as_they_say():
    assert adjusting.standardised(800, 400, 0.05)[0] >= 0.95
    assert 0.923 < adjusting.standardised(800, 400, 0.75)[1] < 0.98
    assert adjusting.observed_over_expected(800, 400, 0.05)[0] >= 0.95
    assert 0.93 < adjusting.observed_over_expected(800, 400, 0.5)[1] < 0.97
    everybody, extreme = adjusting.shrunken(25, 0.25, 0.3)
    assert 0.87 < adjusting.shrunken(30, 0.25, 0.3, mostly_large=True)[0] < 0.99
    assert 0.9 < everybody < 0.98
    assert extreme < everybody
    assert 0.92 < adjusting.agreement(800, 0.6, 200) < 0.97


def test_no_two_settings_share_their_draws():
    """One seed for all would make every setting as lucky as the first."""
    plain = [(1, 20, 0.5), (1, 50, 0.5), (1, 20, 0.25), (2, 20, 0.5)]
    drawn = [following._chance(*setting).random() for setting in plain]
    drawn += [adjusting._chance(*setting).random() for setting in [(1, 100, 0.01), (1, 100, 0.05), (5, 10)]]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("share", [0.95, 0.5])
def test_survival_figures_cover_as_often_as_they_say(share):
    """Of forty persons each; ± 3 standard errors of 400 samples, and what the grid's page states."""
    covered = following.plain(400, 40, share)
    assert set(covered) == {*KINDS, "median", "restricted mean"}
    assert min(covered["log-log"], covered["logit"], covered["restricted mean"]) > 0.9
    assert min(covered.values()) > 0.86
    assert following.competing(400, 40, share) > 0.9
    assert following.entering_late(300, 50, share) > 0.9


@pytest.mark.slow
def test_hazard_ratios_and_net_survival_cover_as_often_as_they_say():
    assert following.hazard_ratio(200, 80, 2.0) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 200)
    net = following.net(60, 300)
    assert set(net) == {"Pohar Perme", "Ederer II", "period", "by age"}
    assert min(net.values()) > 0.95 - 3.5 * np.sqrt(0.05 * 0.95 / 60)
