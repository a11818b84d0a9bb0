"""Trend and homogeneity against R 4.2.2 (tests/data/trend_ratio.json)."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.trend import cochran_armitage, homogeneity

DATA = Path(__file__).parents[1] / "data"
R = json.loads((DATA / "trend_ratio.json").read_text())


@pytest.mark.parametrize("by", ["agegp", "alcgp", "tobgp"])
def test_oesophageal_cancer_by_age_alcohol_and_tobacco(by):
    told = R["trend"][f"esoph_{by}"]
    with (DATA / "esoph.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    counted = {level: [0, 0] for level in told["level"]}
    for row in rows:
        counted[row[by]][0] += int(row["ncases"])
        counted[row[by]][1] += int(row["ncases"]) + int(row["ncontrols"])
    met, known = (list(column) for column in zip(*counted.values(), strict=True))
    assert (met, known) == (told["x"], told["n"])
    found, apart = cochran_armitage(met, known, told["score"]), homogeneity(met, known)
    np.testing.assert_allclose([found.chi2, found.p], [told["chisq"], told["p"]], rtol=1e-11)
    np.testing.assert_allclose(
        [apart.chi2, apart.p], [told["chisq_homogeneity"], told["chisq_homog_p"]], rtol=1e-11
    )
    assert found.departure == pytest.approx(told["chisq_homogeneity"] - told["chisq"])
    assert (found.departure_df, apart.df) == (len(met) - 2, len(met) - 1)


def test_detection_by_age_whatever_the_unit_of_the_score():
    told = R["trend"]["detection"]
    for name in ("score_1_4", "score_age"):
        found = cochran_armitage(told["x"], told["n"], told[name].get("score"))
        np.testing.assert_allclose([found.chi2, found.p], [told[name]["chisq"], told[name]["p"]], rtol=1e-11)
    assert found.slope > 0


def test_two_proportions_with_and_without_correction():
    for row in R["two_by_two"]:
        counts = [row["a"], row["b"]], [row["n1"], row["n0"]]
        plain, careful = homogeneity(*counts), homogeneity(*counts, corrected=True)
        np.testing.assert_allclose([plain.chi2, plain.p], [row["chisq_nocc"], row["chisq_p"]], rtol=1e-11)
        assert careful.p == pytest.approx(row["chisq_yates_p"], rel=1e-11)


def test_an_empty_group_says_nothing():
    with_gap = cochran_armitage([4, 0, 9, 14], [210, 0, 248, 230])
    assert with_gap == cochran_armitage([4, 9, 14], [210, 248, 230], [1, 3, 4])
    assert homogeneity([4, 0, 9], [210, 0, 248]) == homogeneity([4, 9], [210, 248])


@pytest.mark.parametrize(
    ("met", "known"),
    [([], []), ([0], [0]), ([3], [9]), ([0, 0], [9, 9]), ([9, 9], [9, 9]), ([1, 2], [1, 2])],
)
def test_where_nothing_can_be_said(met, known):
    found = cochran_armitage(met, known)
    assert np.isnan([found.slope, found.chi2, found.p, found.departure_p]).all()
    assert np.isnan(homogeneity(met, known).p)


def test_groups_at_one_score_have_no_trend():
    """0.1 has no exact mean in binary; a χ² of rounding errors would be there."""
    found = cochran_armitage([1, 2, 5], [3, 7, 9], [0.1, 0.1, 0.1])
    assert np.isnan([found.slope, found.chi2, found.p]).all()


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="met must not exceed known"):
        cochran_armitage([10], [9])
    with pytest.raises(ValueError, match="one finite number"):
        cochran_armitage([1, 2], [9, 9], [1])
    with pytest.raises(ValueError, match="one row"):
        homogeneity(1, 9)
    with pytest.raises(ValueError, match="two groups"):
        homogeneity([1, 2, 3], [9, 9, 9], corrected=True)


groups = st.lists(
    st.integers(1, 400).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))),
    min_size=2,
    max_size=8,
)


@settings(deadline=None)  # the first call imports SciPy
@given(groups)
def test_a_trend_is_part_of_the_difference_and_has_no_direction_of_its_own(counted):
    met, known = zip(*counted, strict=True)
    found, turned = cochran_armitage(met, known), cochran_armitage(met[::-1], known[::-1])
    apart = homogeneity(met, known)
    if not np.isnan(found.chi2):
        assert found.chi2 <= apart.chi2 + 1e-6
        assert found.chi2 == pytest.approx(turned.chi2, abs=1e-9)
        assert found.slope == pytest.approx(-turned.slope, abs=1e-12)
        if len(met) == 2:
            assert found.chi2 == pytest.approx(apart.chi2, rel=1e-9, abs=1e-9)
