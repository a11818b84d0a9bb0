"""What lifelines 0.30.3 and SciPy 1.17 are known to get wrong, or leave out: that ours is right.

Each test names the error it guards against; the right number is from R, or by hand. That proportional hazards
are tested as in R today (age χ² 5.85, not the 19.5 of lifelines) is in test_cox.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import CensoredData, contingency, poisson_means_test
from scipy.stats import logrank as scipy_log_rank

from registry.stats.comparison import rate_ratio_p, risk_ratio
from registry.stats.competing import cumulative_incidence
from registry.stats.log_rank import log_rank, stratified_log_rank, trend
from registry.stats.restricted import restricted_mean
from registry.stats.survival import kaplan_meier
from registry.stats.trend import cochran_armitage
from tests.stats.gammopathy import ENDS, MONTHS
from tests.stats.slovene import DAYS, DEAD, column, grouped, of

DATA = Path(__file__).parents[1] / "data"


def read(name):
    return json.loads((DATA / name).read_text())


# ---- lifelines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [0.0, 1.0, 3.0])
def test_weights_of_deaths_do_not_mix_with_the_persons_of_a_row(rho):
    """Fleming–Harrington with case weights (lifelines PR 1698): counted rows and persons give one χ²."""
    sites = [column("site") == site for site in ("colon", "rectum")]
    one_by_one = log_rank([(DAYS[who], DEAD[who], None) for who in sites], rho=rho)
    counted = log_rank([grouped(DAYS[who], DEAD[who]) for who in sites], rho=rho)
    assert counted.chi2 == pytest.approx(one_by_one.chi2, rel=1e-11)
    assert counted.p == pytest.approx(one_by_one.p, rel=1e-10)


def test_a_death_on_day_0_counts():
    """Fleming–Harrington raises on a zero time (1681); Aalen–Johansen loses it (PR 1699)."""
    groups = [([0, 2, 5], [1, 1, 0], None), ([0, 3, 4], [0, 1, 1], None)]
    # Deaths on days 0, 2, 3 and 4 weigh the pooled survival before them, ρ = 1: 1, 5/6, 5/8 and 5/12.
    assert log_rank(groups, rho=1).observed.tolist() == pytest.approx([1 + 5 / 6, 5 / 8 + 5 / 12])
    incidence = cumulative_incidence([0, 1, 2, 3], [1, 2, 1, 0])
    assert incidence.at([0]).estimate[:, 0].tolist() == [0.25, 0]


@pytest.mark.parametrize(
    ("sample", "stages"),
    [
        ("colrec_stage_known3", ("localised", "regional", "distant")),
        ("colrec_stage_all4", ("localised", "regional", "distant", "unknown")),
    ],
)
def test_rho_of_one_is_peto_and_peto_s_modification_as_in_r(sample, stages):
    """`weightings="peto"` is not survdiff(rho=1)."""
    told = read("logrank.json")[sample]["peto_rho1"]["chisq"]
    assert log_rank([of("stage", stage) for stage in stages], rho=1).chi2 == pytest.approx(told, abs=1e-8)


def test_ties_are_not_shaken_and_chance_is_not_reseeded():
    """AalenJohansenFitter moves ties by ±1e-5 and reseeds NumPy (1521): 1.2e-4 off."""
    np.random.seed(7)  # noqa: NPY002 - the global state is what is watched
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    found, again = (cumulative_incidence(MONTHS, ENDS) for _ in range(2))
    assert np.random.random() == expected  # noqa: NPY002
    np.testing.assert_array_equal(found.estimate, again.estimate)
    assert found.times.tolist() == sorted(set(MONTHS.tolist()))
    assert found.at([120]).estimate[0, 0] == pytest.approx(0.06372, abs=5e-6)
    assert found.at_risk[0] == MONTHS.size and (np.diff(found.at_risk) < 0).all()  # competing ends leave, too


def test_the_error_of_a_restricted_mean_is_not_the_spread_of_times():
    """`return_variance` is Var[min(T, t)] (1682): 752.3 instead of 9.74 days."""
    mean = restricted_mean(kaplan_meier(DAYS, DEAD), 1826)
    assert mean.std_err == pytest.approx(9.74441859, abs=1e-8)


def test_where_nobody_is_left_there_is_no_interval():
    """lifelines says [0, 0] at S = 0; R and we say there is none."""
    at = kaplan_meier([1, 2, 3], [1, 1, 1]).at([3])
    assert at.estimate[0] == 0
    assert np.isnan([at.lower[0], at.upper[0]]).all()


def test_one_group_or_no_event_compares_nothing():
    """lifelines: χ² = 0 for one group, p = 1 without an event."""
    for groups in ([([1, 2], [1, 1], None)], [([1, 2], [0, 0], None), ([3], [0], None)]):
        found = log_rank(groups)
        assert found.df == 0
        assert np.isnan([found.chi2, found.p, found.log10_p]).all()


def test_a_p_below_the_smallest_number_still_has_its_logarithm():
    found = log_rank([of("stage", stage) for stage in ("localised", "regional", "distant", "unknown")])
    assert found.chi2 == pytest.approx(2383.406, abs=1e-3)
    assert found.p == 0
    assert found.log10_p == pytest.approx(-516, abs=1)


def test_times_before_the_start_and_entries_on_the_last_day_are_refused():
    """Negative durations are accepted (1693), and entry on the day of the end (1604)."""
    with pytest.raises(ValueError, match="not negative"):
        kaplan_meier([-1], [1])
    with pytest.raises(ValueError, match="before the time"):
        kaplan_meier([4], [1], entry=[4])
    with pytest.raises(ValueError, match="weight must hold whole numbers"):  # intervals are not valid (510)
        kaplan_meier([4], [1], [0.5])


def test_strata_are_compared_within_themselves():
    """There is no stratified log-rank test (541)."""
    within = [
        [of("site", site, stage=stage) for site in ("colon", "rectum")]
        for stage in ("localised", "regional", "distant", "unknown")
    ]
    assert stratified_log_rank(within).chi2 == pytest.approx(5.0315, abs=1e-4)


# ---- SciPy -------------------------------------------------------------------------------------------


def test_two_rates_are_compared_exactly():
    """`poisson_means_test` is the E-test: p 0.128 for 5 in 1000 against 1 in 900; poisson.test says 0.223."""
    assert poisson_means_test(5, 1000, 1, 900).pvalue == pytest.approx(0.128, abs=1e-3)
    assert float(rate_ratio_p(5, 1000, 1, 900)) == pytest.approx(0.223, abs=1e-3)


def test_a_ratio_of_nothing_has_an_upper_limit():
    """`relative_risk(...).confidence_interval()` has none where nobody of the first group meets."""
    assert np.isnan(contingency.relative_risk(0, 100, 5, 100).confidence_interval().high)
    found = risk_ratio(0, 100, 5, 100)
    assert (found.estimate, found.lower) == (0, 0)
    assert 0.5 < found.upper < 1.5


def test_more_than_two_groups_and_grouped_rows():
    """`scipy.stats.logrank` compares two groups of persons; its z² is ours."""
    groups = [DAYS[column("site") == site] for site in ("colon", "rectum")]
    events = [DEAD[column("site") == site] for site in ("colon", "rectum")]
    theirs = scipy_log_rank(
        *(CensoredData(day[died], right=day[~died]) for day, died in zip(groups, events, strict=True))
    )
    ours = log_rank([(day, died, None) for day, died in zip(groups, events, strict=True)])
    assert ours.chi2 == pytest.approx(theirs.statistic**2, rel=1e-9)
    assert trend(ours).chi2 == pytest.approx(ours.chi2)


def test_the_trend_of_armitage_has_the_whole_number():
    """statsmodels' ordinal association is (N − 1)/N of it; R: 13.4826."""
    assert cochran_armitage([4, 9, 14, 21], [2110, 2480, 2305, 2198]).chi2 == pytest.approx(13.4826, abs=1e-4)
