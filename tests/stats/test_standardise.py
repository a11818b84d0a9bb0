"""Standardised rates against R 4.2.2 (tests/data/standardisation.json) and published populations."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.proportions import clopper_pearson, poisson_exact, wilson
from registry.stats.standard_populations import EUROPE_1976, FIVE_YEARS, POPULATIONS, SEGI, WHO
from registry.stats.standardise import METHODS, direct, indirect, ratio_to

DATA = Path(__file__).parents[1] / "data"
R = json.loads((DATA / "standardisation.json").read_text())
SMALL = R["small_example"]
COUNT, POPULATION, STANDARD = ([row[name] for row in SMALL["input"]] for name in ("count", "pop", "std"))
EXACT = {"rtol": 1e-12, "atol": 1e-15}


def cancers(year):
    """Cases and population of the United States in 18 age bands; infants join those aged 1–4."""
    with (DATA / "cancer_incidence_us_age.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["Year"] == year]
    found = np.array([[int(row["Count"]), int(row["Population"])] for row in rows])
    return np.vstack([found[0] + found[1], found[2:]]).T


@pytest.mark.parametrize("name", R["us_all_cancer_per_100k"])
def test_cancer_in_the_united_states_by_five_standards(name):
    year, standard = name.split("_", 1)
    told = R["us_all_cancer_per_100k"][name]
    cases, people = cancers(year)
    found = direct(cases, people, R["std_populations"][standard])
    assert 1e5 * cases.sum() / people.sum() == pytest.approx(told["crude.rate"], rel=1e-12)
    np.testing.assert_allclose(
        1e5 * np.array([found.estimate, found.lower, found.upper]),
        [told["adj.rate"], told["lci"], told["uci"]],
        rtol=1e-10,
    )


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("fay-feuer", "fay_feuer"),
        ("tiwari", "tiwari"),
        ("dobson", "dobson_exact"),
        ("dobson-byar", "dobson_byar"),
        ("wald", "wald_poisson"),
    ],
)
def test_every_interval_of_the_small_example(method, name):
    found = direct(COUNT, POPULATION, STANDARD, method=method)
    np.testing.assert_allclose(found.estimate, SMALL["dsr"], **EXACT)
    np.testing.assert_allclose([found.lower, found.upper], SMALL[name], **EXACT)
    assert sum(COUNT) / sum(POPULATION) == pytest.approx(SMALL["crude"], rel=1e-12)


def test_both_variances_of_the_small_example():
    z = 1.959963984540054
    for method, name in (("wald", "var_poisson"), ("wald-binomial", "var_binomial")):
        found = direct(COUNT, POPULATION, STANDARD, method=method)
        assert ((found.upper - found.lower) / (2 * z)) ** 2 == pytest.approx(SMALL[name], rel=1e-10, abs=0)


def test_indirect_standardisation_of_the_small_example():
    told, standard = (
        SMALL["indirect_std"],
        (SMALL["indirect_std"]["stdcount"], SMALL["indirect_std"]["stdpop"]),
    )
    ratio, expected = indirect(COUNT, POPULATION, *standard, method="log")
    np.testing.assert_allclose(expected, told["sir"]["exp"], rtol=1e-12)
    found = np.array([ratio.estimate, ratio.lower, ratio.upper])
    np.testing.assert_allclose(found, [told["sir"][name] for name in ("sir", "lci", "uci")], rtol=1e-12)
    crude = sum(standard[0]) / sum(standard[1])
    assert sum(COUNT) / sum(POPULATION) == pytest.approx(told["rate"]["crude.rate"], rel=1e-12)
    np.testing.assert_allclose(
        found * crude, [told["rate"][n] for n in ("adj.rate", "lci", "uci")], rtol=1e-12
    )
    exact, _ = indirect(COUNT, POPULATION, *standard)
    lower, upper = poisson_exact(told["sir"]["observed"], 1)
    np.testing.assert_allclose([exact.lower, exact.upper], [lower / expected, upper / expected], rtol=1e-12)


def test_standard_populations_are_the_published_ones():
    with (DATA / "stdpop18.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    for population, name, of_r in ((SEGI, "world", "world_segi1960"), (EUROPE_1976, "europe", "europe1976")):
        published = np.array([float(row[name]) for row in rows])
        assert np.array_equal(np.array(population.weights) * 1000, published)
        assert published.tolist() == R["std_populations"][of_r]
    np.testing.assert_allclose(np.array(WHO.weights) * 1000, R["std_populations"]["who2000_2025"])
    # The paper's percentages sum to 100.035: those of its bands over 85 are rounded up.
    assert sum(WHO.weights) == pytest.approx(100.035)
    assert all(
        one.source and one.checked and len(one.weights) == len(one.ages) for one in POPULATIONS.values()
    )


def test_part_of_a_population():
    ages, weights = WHO.over(40, 80)
    assert (ages[0], ages[-1], len(ages)) == (40, 75, 8)
    assert weights.sum() == pytest.approx(1)
    assert len(WHO.over(0)[0]) == len(FIVE_YEARS)
    with pytest.raises(ValueError, match="begin at"):
        WHO.over(42)


def test_a_needed_stratum_without_anybody_leaves_no_rate():
    found = direct([[1, 0], [1, 2]], [[9, 0], [9, 9]], [1, 1])
    assert np.isnan([found.estimate[0], found.lower[0], found.upper[0]]).all()
    assert found.estimate[1] == pytest.approx((1 / 9 + 2 / 9) / 2)
    assert direct([1, 0], [9, 0], [1, 0]).estimate == pytest.approx(1 / 9)


def test_without_events_the_gamma_limit_is_the_exact_one_of_the_heaviest_stratum():
    found = direct([0, 0], [100, 200], [1, 1])
    assert (found.estimate, found.lower) == (0, 0)
    assert found.upper == pytest.approx(poisson_exact(0, 1).upper * 0.5 / 100)  # ½ of the weight, 100 persons
    assert direct([0, 0], [100, 200], [1, 1], method="wilson").lower == 0


def test_one_stratum_gives_the_intervals_without_standardisation():
    gamma = direct([[7], [0]], [[90], [90]], [3])
    np.testing.assert_allclose([gamma.lower, gamma.upper], [*poisson_exact([7, 0], 90)])
    score = direct([[7], [0], [90]], [[90]] * 3, [3], method="wilson")
    np.testing.assert_allclose([score.lower, score.upper], [*wilson([7, 0, 90], 90)], atol=1e-12)


def test_not_a_ratio_where_nothing_is_expected():
    found = ratio_to([0, 3], [0, 0])
    assert np.isnan([found.estimate, found.lower, found.upper]).all()
    found = ratio_to([0], [4], method="log")
    assert (found.lower[0], found.upper[0]) == (0, np.inf)


@pytest.mark.parametrize(("fewest", "most", "share"), [(3, 15, 0.3), (10, 60, 0.95), (40, 300, 0.01)])
def test_the_intervals_hold_the_truth_as_often_as_they_say(fewest, most, share):
    """Made-up groups of twenty strata, truth known: gamma never less, score near 95 in 100 and shorter."""
    chance = np.random.default_rng(20261122)
    weights = np.tile(SEGI.over(40)[1], 2)
    people = chance.integers(fewest, most, weights.size)
    slope = np.linspace(-0.4, 0.5, weights.size) * min(share, 1 - share)
    chances = share + slope
    truth = (weights * chances).sum() / weights.sum()
    met = chance.binomial(people, chances, (3000, weights.size))
    gamma, score = (direct(met, people, weights, method=method) for method in ("fay-feuer", "wilson"))
    held = [np.mean((one.lower <= truth) & (truth <= one.upper)) for one in (gamma, score)]
    assert held[0] >= 0.95
    assert 0.94 <= held[1] <= 0.98
    assert (score.upper - score.lower).mean() < (gamma.upper - gamma.lower).mean()


def test_where_everybody_meets_rounding_of_the_weights_does_not_make_it_certain():
    """Found by Hypothesis: the shares of these weights make a rate of 1.0000000000000002."""
    for weights in ([1.0, 6.960471059814531, 1.0], [1000.0, 6960.471059814531, 1000.0]):
        found = direct([1, 1, 1], [1, 1, 1], weights, method="wilson")
        assert [float(found.estimate), float(found.upper)] == pytest.approx([1, 1])
        assert found.estimate <= 1
        assert found.lower == pytest.approx(0.292938943349063)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="choose one of"):
        direct([1], [9], [1], method="guess")
    with pytest.raises(ValueError, match="choose one of"):
        indirect([1], [9], [1], [9], method="guess")
    with pytest.raises(ValueError, match="not all 0"):
        direct([1], [9], [0])
    with pytest.raises(ValueError, match="column for each weight"):
        direct([1, 2], [9, 9], [1])
    with pytest.raises(ValueError, match="no population"):
        direct([1, 2], [9, 0], [1, 1])
    with pytest.raises(ValueError, match="not negative"):
        direct([1, 2], [9, -1], [1, 1])
    with pytest.raises(ValueError, match="must not exceed population"):
        direct([10], [9], [1], method="wilson")
    with pytest.raises(ValueError, match="the standard has no population"):
        indirect([1, 2], [9, 9], [1, 0], [9, 0])


strata = st.lists(
    st.tuples(st.integers(1, 500), st.floats(0, 1), st.floats(0.01, 10)), min_size=1, max_size=8
)


@settings(deadline=None)  # the first call imports SciPy
@given(strata)
def test_every_interval_holds_its_estimate_and_only_shares_of_weights_matter(given_strata):
    people = np.array([n for n, _, _ in given_strata])
    met = np.array([round(n * p) for n, p, _ in given_strata])
    weights = np.array([w for _, _, w in given_strata])
    for method in METHODS:
        found, scaled = (direct(met, people, weights * by, method=method) for by in (1, 1000))
        if not np.isnan(found.lower):  # Dobson has none without events
            assert found.lower <= found.estimate + 1e-12 and found.estimate <= found.upper + 1e-12
            np.testing.assert_allclose(
                [found.lower, found.upper], [scaled.lower, scaled.upper], rtol=1e-9, atol=1e-12
            )
    same = direct(met, people, people)
    assert same.estimate == pytest.approx(met.sum() / people.sum())
    gamma, exact = same, clopper_pearson(met.sum(), people.sum())
    assert gamma.upper >= exact.upper - 1e-12 or met.sum() * 10 > people.sum()
