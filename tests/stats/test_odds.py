"""Odds ratios against R 4.2.2 (tests/data/trend_ratio.json), and against what defines them."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

from registry.stats.odds import mantel_haenszel, odds_ratio

R = json.loads((Path(__file__).parents[1] / "data" / "trend_ratio.json").read_text())
CELLS = [[row[name] for row in R["two_by_two"]] for name in ("a", "n1", "b", "n0")]
FOUND_BY_SEARCH = {"rtol": 2e-3, "atol": 1e-6}  # R's uniroot stops at 1e-4 of its unit


@pytest.mark.parametrize(("method", "name"), [("exact", "or_fisher"), ("mid-p", "or_midp")])
def test_conditional_odds_ratios_of_r(method, name):
    found = odds_ratio(*CELLS, method=method)
    told = [row[name] for row in R["two_by_two"]]
    assert len(told) == 5
    for place, wanted in enumerate(told):
        if None not in wanted:  # R's mid-P fails where a cell is empty
            parts = [part[place] for part in (found.estimate, found.lower, found.upper)]
            np.testing.assert_allclose(parts, wanted, **FOUND_BY_SEARCH)


def test_the_limits_leave_just_two_and_a_half_per_cent():
    """What R finds to a thousandth is checked to the last digit by SciPy's noncentral distribution."""
    for method, share in (("exact", 1.0), ("mid-p", 0.5)):
        found = odds_ratio(*CELLS, method=method)
        for place, (a, n1, b, n0) in enumerate(zip(*CELLS, strict=True)):
            lower, upper = found.lower[place], found.upper[place]
            if a:
                at = nchypergeom_fisher(n1 + n0, n1, a + b, lower)
                assert at.sf(a) + share * at.pmf(a) == pytest.approx(0.025, abs=1e-8)
            at = nchypergeom_fisher(n1 + n0, n1, a + b, upper)
            assert at.cdf(a - 1) + share * at.pmf(a) == pytest.approx(0.025, abs=1e-8)
            if a and method == "exact":
                mean = nchypergeom_fisher(n1 + n0, n1, a + b, found.estimate[place]).mean()
                assert mean == pytest.approx(a, rel=1e-8)


def test_empty_cells_and_margins():
    found = odds_ratio([0, 4, 0, 3], [10, 10, 10, 0 + 3], [4, 0, 0, 0], [10, 10, 10, 0])
    assert found.estimate.tolist()[:2] == [0, np.inf]
    assert (found.lower[0], found.upper[1]) == (0, np.inf)
    assert found.upper[0] * found.lower[1] == pytest.approx(1)
    assert np.isnan(found.estimate[2:]).all()


def tables():
    """The oracle's tables as two groups per stratum."""
    given = R["mantel_haenszel"]
    cells = np.array(given["tables_2x2xk_colmajor"]).reshape(given["dim"], order="F")
    return cells[0, 0], cells[:, 0].sum(axis=0), cells[0, 1], cells[:, 1].sum(axis=0)


def test_mantel_haenszel_of_r():
    told, found = R["mantel_haenszel"], mantel_haenszel(*tables())
    ratio = found.odds_ratio
    np.testing.assert_allclose([ratio.estimate, ratio.lower, ratio.upper], [told["or_mh"], *told["ci"]])
    np.testing.assert_allclose([found.chi2, found.p], [told["chisq"], told["p"]])


def test_a_stratum_with_one_group_only_changes_nothing():
    counts = tables()
    found = mantel_haenszel(*counts)
    more = mantel_haenszel(*(np.append(part, n) for part, n in zip(counts, (3, 9, 0, 0), strict=True)))
    assert (more.chi2, more.odds_ratio.lower) == (found.chi2, found.odds_ratio.lower)
    nothing = mantel_haenszel([0], [0], [3], [9])
    assert np.isnan([nothing.chi2, nothing.p, nothing.odds_ratio.estimate]).all()


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="choose one of"):
        odds_ratio(1, 9, 2, 9, method="guess")
    with pytest.raises(ValueError, match="met must not exceed known"):
        odds_ratio(10, 9, 2, 9)
    with pytest.raises(ValueError, match="met must not exceed known"):
        mantel_haenszel([10], [9], [2], [9])
    with pytest.raises(ValueError, match="one row"):
        mantel_haenszel(1, 9, 2, 9)
