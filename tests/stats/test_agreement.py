"""Cohen's kappa on the examples of its authors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.stats.agreement import kappa

# Cohen J, Psychol Bull 1968;70:213, table 1: two judges, 200 cases, three diagnoses; his disagreement
# weights, turned into agreement.
COHEN = np.round(200 * np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])).astype(int)
COHENS_WEIGHTS = 1 - np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]]) / 6
# Fleiss JL, Statistical Methods for Rates and Proportions, table 18.1: two raters, 100 subjects.
FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


def test_cohens_example_plain_and_weighted():
    plain, weighted = kappa(COHEN), kappa(COHEN, weights=COHENS_WEIGHTS)
    assert (plain.agreed, plain.by_chance, plain.known) == (pytest.approx(0.70), pytest.approx(0.41), 200)
    assert round(plain.kappa, 3) == 0.492
    assert round(weighted.kappa, 3) == 0.348
    # R's psych: cohen.kappa gives 0.39, 0.49, 0.59.
    assert [round(limit, 2) for limit in (plain.lower, plain.upper)] == [0.39, 0.59]


def test_fleiss_example():
    found = kappa(FLEISS)
    assert (round(found.kappa, 3), round(found.agreed, 2), round(found.by_chance, 3)) == (0.676, 0.89, 0.66)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic", COHENS_WEIGHTS])
@pytest.mark.parametrize("table", [COHEN, np.array(FLEISS) + 1])
def test_the_standard_error_is_the_delta_methods(table, weights):
    """Differentiated numerically: the variance of a smooth function of multinomial proportions."""
    found, p = kappa(table, weights=weights), table / table.sum()
    slopes = np.zeros(p.size)
    for place in range(p.size):
        values = []
        for step in (1e-6, -1e-6):
            moved = p.copy().ravel()
            moved[place] += step
            values.append(by_definition(moved.reshape(p.shape), weights))
        slopes[place] = (values[0] - values[1]) / 2e-6
    flat = p.ravel()
    variance = ((slopes**2 * flat).sum() - (slopes * flat).sum() ** 2) / table.sum()
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-5)


def by_definition(p, weights):
    apart = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2
    worth = {"none": np.eye(3), "linear": 1 - apart, "quadratic": 1 - apart**2}
    worth = worth[weights] if isinstance(weights, str) else weights
    p = p / p.sum()
    chance = (worth * np.outer(p.sum(axis=1), p.sum(axis=0))).sum()
    return ((worth * p).sum() - chance) / (1 - chance)


def test_full_agreement_and_none():
    assert kappa([[50, 0], [0, 50]]).kappa == 1
    assert kappa([[0, 50], [50, 0]]).kappa == -1
    assert kappa([[25, 25], [25, 25]]).kappa == 0


def test_full_agreement_of_few_is_not_certain():
    """Twenty alike: agreement of 0.832 is not excluded (Clopper–Pearson), which chance makes 0.5."""
    found = kappa([[10, 0], [0, 10]])
    assert (found.kappa, found.standard_error, found.upper) == (1, 0, 1)
    assert found.lower == pytest.approx((0.025 ** (1 / 20) - 0.5) / 0.5)
    assert kappa([[1, 0], [0, 1]]).lower >= -1


def test_full_disagreement_of_few_is_not_certain():
    """Six apart: agreement of up to 0.459 is not excluded (Clopper–Pearson)."""
    found = kappa([[0, 3], [3, 0]])
    assert (found.kappa, found.standard_error, found.lower) == (-1, 0, -1)
    assert found.upper == pytest.approx((1 - 0.025 ** (1 / 6) - 0.5) / 0.5)


def test_one_category_throughout_says_nothing():
    found = kappa([[80, 0], [0, 0]])
    assert np.isnan([found.kappa, found.standard_error, found.lower, found.upper]).all()
    assert (found.agreed, found.known) == (1, 80)


def test_what_cannot_be_is_refused():
    for table, message in (
        ([[1, 2, 3]], "same two or more"),
        ([[9]], "same two or more"),
        ([[0, 0], [0, 0]], "nobody"),
    ):
        with pytest.raises(ValueError, match=message):
            kappa(table)
    with pytest.raises(ValueError, match="choose one of"):
        kappa(FLEISS, weights="cubic")
    with pytest.raises(ValueError, match="1 on the diagonal"):
        kappa(FLEISS, weights=np.zeros((3, 3)))


@given(st.lists(st.integers(0, 60), min_size=9, max_size=9).filter(any))
def test_who_reads_first_does_not_matter(cells):
    table = np.reshape(cells, (3, 3))
    found, turned = kappa(table, weights="linear"), kappa(table.T, weights="linear")
    np.testing.assert_allclose(
        [found.kappa, found.standard_error], [turned.kappa, turned.standard_error], atol=1e-9
    )
    if not np.isnan(found.kappa):
        assert -1 <= found.lower <= found.kappa <= found.upper <= 1
