"""Funnel limits: R's numbers, false alarms never above what the level says, both directions alike."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from registry.stats import funnel, standardise
from registry.stats.funnel import ALARM, WARNING, Position

# R 4.2.2, qbinom/pbinom and qpois/ppois by the formula of Spiegelhalter 2005, appendix A.1.
ORACLE = json.loads((Path(__file__).parents[1] / "data" / "funnel_spc.json").read_text("utf-8"))
LEVELS = ((WARNING, "95"), (ALARM, "998"))
COUNTIES = ORACLE["texas_msa_2017"]
PROPORTIONS, RATIOS = ORACLE["binomial_funnel"], [*ORACLE["poisson_funnel"], *COUNTIES]


@pytest.mark.parametrize("line", PROPORTIONS, ids=lambda line: f"{line['theta']:.4f} {line['n']}")
def test_binomial_limits_are_those_of_r(line):
    for level, name in LEVELS:
        lower, upper = funnel.proportion_limits(line["n"], line["theta"], level=level)
        assert (lower, upper) == pytest.approx((line[f"lo{name}"], line[f"hi{name}"]), abs=1e-13)


@pytest.mark.parametrize("line", PROPORTIONS, ids=lambda line: f"{line['theta']:.4f} {line['n']}")
def test_limits_lie_within_a_case_of_the_quantiles_and_near_the_normal_ones_where_those_hold(line):
    """qbinom, and θ ± 1.96 √(θ(1 − θ)/n): the normal ones leave [0, 1] where few are expected."""
    target, size = line["theta"], line["n"]
    for level, (below, above) in ((WARNING, ("q025", "q975")), (ALARM, ("q001", "q999"))):
        drawn = funnel.proportion_limits(size, target, level=level)
        judged = funnel.judged_proportion_limits(size, target, level=level)
        assert (size * drawn.lower, size * drawn.upper) == pytest.approx((line[below], line[above]), abs=1)
        # The quantiles themselves are the last counts that are judged inside.
        assert np.ceil(size * judged.lower - 1e-9) == line[below]
        assert np.floor(size * judged.upper + 1e-9) == line[above]
    spread = stats.norm.isf(0.025) * np.sqrt(target * (1 - target) / size)
    normal = line["norm_lo95"], line["norm_hi95"]
    assert (target - spread, target + spread) == pytest.approx(normal, abs=1e-14)
    if size * target * (1 - target) > 9:
        drawn = funnel.proportion_limits(size, target)
        assert [*drawn] == pytest.approx(list(normal), abs=1 / size)


def test_expected_and_ratio_of_the_counties():
    """Colorectal cancer in four metropolitan areas by race, 2017, against the rate of all together."""
    counts, people = (np.array([line[name] for line in COUNTIES]) for name in ("Count", "Population"))
    assert {line["Year"] for line in COUNTIES} == {2017}
    assert len({(line["MSA"], line["Race"]) for line in COUNTIES}) == 12
    rate = counts.sum() / people.sum()
    assert rate == pytest.approx(ORACLE["texas_theta"], rel=1e-12)
    ratio, expected = standardise.indirect(counts[:, None], people[:, None], [counts.sum()], [people.sum()])
    np.testing.assert_allclose(expected, [line["expected"] for line in COUNTIES], rtol=1e-12)
    np.testing.assert_allclose(ratio.estimate, [line["smr"] for line in COUNTIES], rtol=1e-12)


@pytest.mark.parametrize("line", RATIOS, ids=lambda line: str(line.get("E", line.get("MSA"))))
def test_poisson_limits_are_those_of_r(line):
    for level, name in LEVELS:
        lower, upper = funnel.ratio_limits(line.get("E", line.get("expected")), level=level)
        assert (lower, upper) == pytest.approx((line[f"lo{name}"], line[f"hi{name}"]), abs=1e-13)


def test_overdispersion_is_that_of_r():
    scores = funnel.ratio_scores(
        [line["Count"] for line in COUNTIES], [line["expected"] for line in COUNTIES]
    )
    found = funnel.spread(scores)
    assert found.raw == pytest.approx(ORACLE["texas_overdispersion_phi_sqrt"], abs=1e-12)
    assert 1 < found.phi < found.raw  # the extremes are pulled in
    assert funnel.spread(scores, most_extreme=0).phi == found.raw
    assert found.p < 1e-6


counts = st.integers(1, 4000)
proportions = st.floats(0.001, 0.999)


@given(counts, proportions, st.sampled_from([WARNING, ALARM]))
def test_a_point_is_outside_only_where_the_exact_tail_says_so(size, target, level):
    lower, upper = funnel.judged_proportion_limits(size, target, level=level)
    met = np.arange(size + 1)
    distribution = stats.binom(size, target)
    half = (1 - level) / 2
    for outside, chance in (
        (met / size < lower - 1e-12, distribution.cdf(met)),
        (met / size > upper + 1e-12, distribution.sf(met - 1)),
    ):
        sure = np.abs(chance - half) > 1e-9
        np.testing.assert_array_equal(outside[sure], (chance < half)[sure])


@given(counts, proportions, st.sampled_from([WARNING, ALARM]))
def test_met_and_not_met_are_judged_alike(size, target, level):
    met = funnel.judged_proportion_limits(size, target, level=level)
    unmet = funnel.judged_proportion_limits(size, 1 - target, level=level)
    # Where a quantile lies on a step of the distribution, rounding of 1 − target may choose either side.
    np.testing.assert_allclose(met.upper, 1 - unmet.lower, atol=1.0001 / size)
    np.testing.assert_allclose(met.lower, 1 - unmet.upper, atol=1.0001 / size)


@given(st.floats(0.05, 3000), st.sampled_from([WARNING, ALARM]))
def test_a_ratio_is_outside_only_where_the_exact_tail_says_so(expected, level):
    lower, upper = funnel.judged_ratio_limits(expected, level=level)
    counts = np.arange(int(expected * 3 + 40))
    half = (1 - level) / 2
    for outside, chance in (
        (counts / expected < lower - 1e-12, stats.poisson.cdf(counts, expected)),
        (counts / expected > upper + 1e-12, stats.poisson.sf(counts - 1, expected)),
    ):
        sure = np.abs(chance - half) > 1e-9
        np.testing.assert_array_equal(outside[sure], (chance < half)[sure])


@given(counts, proportions, st.floats(1, 9))
def test_spread_widens_limits_and_keeps_them_inside(size, target, phi):
    plain, wide = (funnel.proportion_limits(size, target, phi=each) for each in (1.0, phi))
    assert 0 <= wide.lower <= plain.lower + 1e-12
    assert plain.upper - 1e-12 <= wide.upper <= 1


def test_limits_of_a_large_centre_widen_as_the_root_of_phi():
    plain, wide = (funnel.proportion_limits(10**7, 0.3, phi=phi) for phi in (1.0, 4.0))
    assert (wide.upper - 0.3) / (plain.upper - 0.3) == pytest.approx(2, rel=1e-3)


def test_positions_have_level_and_side():
    sizes = np.array([100] * 5 + [0])
    warning, alarm = (funnel.judged_proportion_limits(sizes, 0.5, level=level) for level in (WARNING, ALARM))
    estimate = [0.5, 0.61, 0.39, 0.66, 0.34, np.nan]
    found = funnel.positions(estimate, warning, alarm)
    assert found == (
        Position.INSIDE, Position.ABOVE_95, Position.BELOW_95, Position.ABOVE_998, Position.BELOW_998,
        Position.NOWHERE,
    )  # fmt: skip
    assert [one.side for one in found] == [0, 1, -1, 1, -1, None]


def test_a_small_group_is_no_outlier_for_the_one_case_it_had():
    """One of two, where 10 % is expected, is chance in 19 of 100; the drawn line lies under it."""
    drawn, judged = funnel.proportion_limits(2, 0.1), funnel.judged_proportion_limits(2, 0.1)
    assert drawn.upper < 0.5 < judged.upper


def test_nothing_has_no_limits():
    assert np.isnan([*funnel.proportion_limits(0, 0.3), *funnel.ratio_limits(0)]).all()
    assert np.isnan(funnel.spread([np.nan]).phi)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: funnel.proportion_limits(10, 0),
        lambda: funnel.proportion_limits(10, 1),
        lambda: funnel.proportion_limits(-1, 0.5),
        lambda: funnel.proportion_limits(10, 0.5, phi=0.5),
        lambda: funnel.proportion_limits(10, 0.5, level=1),
        lambda: funnel.proportion_scores(3, 2, 0.5),
        lambda: funnel.ratio_limits(-1),
        lambda: funnel.spread([1.0], most_extreme=0.5),
    ],
)
def test_impossible_input_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|level"):
        wrong()
