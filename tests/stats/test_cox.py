"""Cox regression, its tests and its concordance against R's coxph, cox.zph and concordance."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.concordance import concordance
from registry.stats.cox import NoEstimate, cox
from registry.stats.proportional import proportional_hazards, schoenfeld
from tests.stats.slovene import DAYS, DEAD, column

ORACLE = json.loads((Path(__file__).parents[1] / "data" / "cox.json").read_text())["colrec"]
STAGES = ("regional", "distant", "unknown")
DESIGN = np.column_stack(
    [
        column("age_years").astype(float),
        column("sex") == "female",
        *(column("stage") == stage for stage in STAGES),
        column("site") == "rectum",
    ]
).astype(float)
TERMS = ((0,), (1,), (2, 3, 4), (5,))


@pytest.fixture(scope="module")
def model():
    return cox(DAYS, DEAD, DESIGN)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_every_number_of_r_on_colrec(ties):
    found, expected = cox(DAYS, DEAD, DESIGN, ties=ties), ORACLE[ties]
    assert (found.n, found.events) == (expected["n"], expected["nevent"])
    names = {"coefficient": "coef", "std_err": "se", "z": "z", "hazard_ratio": "hr"}
    for ours, theirs in (names | {"lower": "hr_lower", "upper": "hr_upper"}).items():
        np.testing.assert_allclose(
            getattr(found, ours), [row[theirs] for row in expected["coef"]], rtol=1e-10, atol=1e-10
        )
    np.testing.assert_allclose(found.p, [row["p"] for row in expected["coef"]], rtol=1e-9, atol=1e-300)
    assert found.log_likelihood_null == pytest.approx(expected["loglik_null"], abs=1e-8)
    assert found.log_likelihood == pytest.approx(expected["loglik"], abs=1e-8)
    assert found.likelihood_ratio.chi2 == pytest.approx(expected["lr_chisq"], abs=1e-7)
    assert round(found.wald.chi2, 2) == expected["wald"]  # R rounds it
    assert found.score.chi2 == pytest.approx(expected["score"], abs=1e-7)
    tests = proportional_hazards(found, TERMS)
    for ours, theirs in zip((*tests.terms, tests.together), expected["zph"], strict=True):
        assert (ours.chi2, ours.df) == (pytest.approx(theirs["chisq"], abs=1e-9), theirs["df"])
        assert ours.p == pytest.approx(theirs["p"], rel=1e-9)
    order = concordance(DAYS, DEAD, DESIGN @ found.coefficient)
    assert order.estimate == pytest.approx(expected["concordance"], abs=1e-12)
    assert order.std_err == pytest.approx(expected["concordance_se"], abs=1e-12)


def test_counted_rows_are_the_persons_they_stand_for():
    design = DESIGN[:, 1:]
    lines, weight = np.unique(np.column_stack([DAYS, DEAD, design]), axis=0, return_counts=True)
    assert len(lines) < len(DAYS)
    counted = cox(lines[:, 0], lines[:, 1], lines[:, 2:], weight)
    persons = cox(DAYS, DEAD, design)
    np.testing.assert_allclose(counted.coefficient, persons.coefficient, rtol=1e-9)
    np.testing.assert_allclose(counted.std_err, persons.std_err, rtol=1e-9)
    ours = concordance(lines[:, 0], lines[:, 1], lines[:, 2:] @ persons.coefficient, weight)
    theirs = concordance(DAYS, DEAD, design @ persons.coefficient)
    assert (ours.estimate, ours.std_err) == pytest.approx((theirs.estimate, theirs.std_err))


def test_strata_of_which_each_is_all_there_is():
    """A stratum doubled in another stratum halves the variance and leaves the estimate."""
    part = slice(0, None, 8)
    once = cox(DAYS[part], DEAD[part], DESIGN[part, :2])
    both = np.repeat([0, 1], DAYS[part].size)
    twice = cox(
        np.tile(DAYS[part], 2), np.tile(DEAD[part], 2), np.tile(DESIGN[part, :2], (2, 1)), strata=both
    )
    np.testing.assert_allclose(twice.coefficient, once.coefficient, rtol=1e-8)
    np.testing.assert_allclose(twice.std_err, once.std_err / np.sqrt(2), rtol=1e-8)


def test_a_score_test_of_two_groups_without_ties_is_the_log_rank_test():
    from registry.stats.log_rank import log_rank

    days = np.arange(1, 41)
    dead, arm = days % 3 != 0, (days * 7) % 11 < 5
    test = log_rank([(days[arm == value], dead[arm == value], None) for value in (False, True)])
    found = cox(days, dead, arm[:, None].astype(float))
    assert found.score.chi2 == pytest.approx(test.chi2)


@pytest.mark.parametrize("transform", ["km", "identity", "rank", "log"])
def test_a_test_of_proportional_hazards_does_not_know_the_unit_of_a_covariate(transform):
    days, dead, design = np.maximum(DAYS[::8], 1), DEAD[::8], DESIGN[::8, :2]
    plain = proportional_hazards(cox(days, dead, design), [[0], [1]], transform=transform)
    other = proportional_hazards(cox(days, dead, design * [10, -3]), [[0], [1]], transform=transform)
    for one, same in zip(plain.terms, other.terms, strict=True):
        assert one.chi2 == pytest.approx(same.chi2, rel=1e-6)


@pytest.mark.parametrize(
    ("transform", "told"),
    [
        ("identity", (94.01168421046, 8.276008970895, 102.8957884072, 21.59570835901, 225.6539178021)),
        ("rank", (7.404665588990, 13.21653856254, 83.78213039829, 63.12005047517, 178.8213090692)),
        ("log", (0.1165209873859, 14.21752480036, 82.00882333082, 70.79757960114, 176.3195969670)),
    ],
)  # fmt: skip
def test_other_transforms_of_time_as_in_r(model, transform, told):
    """R 4.2.2, survival 3.5-3: cox.zph(fit, transform)$table[, "chisq"]; ranks are those of all times."""
    tests = proportional_hazards(model, TERMS, transform=transform)
    found = [one.chi2 for one in (*tests.terms, tests.together)]
    np.testing.assert_allclose(found, told, rtol=1e-10)


def test_residuals_have_the_coefficient_for_their_mean(model):
    found = schoenfeld(model)
    np.testing.assert_allclose(
        np.average(found.values, axis=0, weights=found.deaths), model.coefficient, atol=1e-9
    )
    assert found.deaths.sum() == model.events
    assert (found.lower < found.smooth).all()
    # Distant disease kills early: its ratio falls with time.
    distant = found.smooth[:, 3]
    assert distant[5] > distant[-1]


def test_a_covariate_that_hardly_varies_has_a_limit_beyond_numbers():
    """pytest turns warnings into errors: none of an overflow, and the limit is open."""
    days, dead = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1]
    found = cox(days, dead, np.array([[0.0], [2.0], [1.0], [1.0], [0.0], [2.0]]) / 1e4)
    assert np.isfinite([found.coefficient[0], found.std_err[0]]).all()
    assert (found.lower[0], found.upper[0]) == (0, np.inf)


def test_what_has_no_estimate_says_which_column():
    days, dead = np.arange(1, 21), np.ones(20, dtype=int)
    even = (days % 2).astype(float)
    for design, message, columns in (
        (np.column_stack([even, np.ones(20)]), "does not vary", (1,)),
        (np.column_stack([even, 1 - even]), "follows from others", (0, 1)),
        ((days <= 5).astype(float)[:, None], "separates", (0,)),
    ):
        with pytest.raises(NoEstimate, match=message) as refused:
            cox(days, dead, design)
        assert refused.value.columns == columns
    with pytest.raises(NoEstimate, match="nobody died"):
        cox(days, 0 * dead, even[:, None])


def test_a_column_that_separates_within_a_stratum_leaves_no_standard_error_to_the_others():
    """R 4.2.2: “coefficient may be infinite”, 10.6 with a standard error of 20,100. Far out the likelihood is
    so flat that its score is 0 in floating point, which is no maximum."""
    days, dead, strata = [5, 6, 3, 0, 4, 1, 3], [0, 1, 1, 0, 1, 1, 1], [0, 0, 0, 1, 0, 1, 1]
    design = np.array([[0, 2, 1, 1, 2, 1, 1], [0, 0, 0, 1, 0, 2, 0]], dtype=float).T
    with pytest.raises(NoEstimate, match="separates") as refused:
        cox(days, dead, design, strata=strata)
    assert refused.value.columns == (1,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cox([1, 2], [1, 1], [[1.0]]), "one line for each row"),
        (lambda: cox([1, 2], [1, 1], [[1.0], [np.nan]]), "finite numbers"),
        (lambda: cox([1, 2], [1, 1], [[], []]), "at least one covariate"),
        (lambda: cox([1, 2], [1, 1], [[1.0], [2.0]], ties="exact"), "no such way with ties"),
        (lambda: cox([1, 2], [1, 1], [[1.0], [2.0]], strata=[1]), "one value for each row"),
        (lambda: concordance([1, 2], [1, 1], [1.0]), "finite number for every row"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_terms_and_transforms_that_cannot_be_are_refused(model):
    with pytest.raises(ValueError, match="every column once"):
        proportional_hazards(model, [[0], [1]])
    with pytest.raises(ValueError, match="no such transform"):
        proportional_hazards(model, TERMS, transform="sqrt")
    at_once = cox([0, 1, 2, 3], [1, 1, 1, 0], [[1.0], [0.0], [1.0], [0.0]])
    with pytest.raises(ValueError, match="day 0"):
        proportional_hazards(at_once, [[0]], transform="log")


people = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 4), st.integers(1, 3)),
    min_size=1,
    max_size=25,
)


@settings(deadline=None)
@given(people)
def test_concordance_is_what_counting_pairs_says(group):
    days, dead, risk, weight = np.array(group).T
    right = pairs = 0.0
    for i in range(len(group)):
        for j in range(len(group)):
            if dead[i] and (days[i] < days[j] or (days[i] == days[j] and not dead[j])):
                pairs += weight[i] * weight[j]
                right += weight[i] * weight[j] * ((risk[i] > risk[j]) + (risk[i] == risk[j]) / 2)
    found = concordance(days, dead, risk, weight)
    if pairs:
        assert found.estimate == pytest.approx(right / pairs)
    else:
        assert np.isnan(found.estimate)
