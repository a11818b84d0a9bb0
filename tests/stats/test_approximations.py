"""The intervals of others' publications, against R 4.2.2 (tests/data/binomial_poisson_ci.json)."""

import json
from pathlib import Path

import numpy as np
import pytest

from registry.stats.approximations import agresti_coull, byar, daly, wilson_corrected

R = json.loads((Path(__file__).parents[1] / "data" / "binomial_poisson_ci.json").read_text())


@pytest.mark.parametrize(("method", "name"), [(agresti_coull, "ac"), (wilson_corrected, "wilsoncc")])
def test_binomial_intervals_of_r(method, name):
    rows = R["binomial_ci"]
    found = method([row["x"] for row in rows], [row["n"] for row in rows])
    np.testing.assert_allclose(found.lower, [row[f"{name}_lo"] for row in rows], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.upper, [row[f"{name}_hi"] for row in rows], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("method", "name"), [(byar, "byar"), (daly, "daly")])
def test_poisson_intervals_of_r(method, name):
    rows = R["poisson_ci"]
    found = method([row["x"] for row in rows], [row["T"] for row in rows])
    np.testing.assert_allclose(found.lower, [row[f"{name}_lo"] for row in rows], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.upper, [row[f"{name}_hi"] for row in rows], rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", [agresti_coull, wilson_corrected, byar, daly])
def test_nothing_to_divide_by_is_nan(method):
    assert np.isnan([*method(0, 0)]).all()
    with pytest.raises(ValueError, match="negative"):
        method(-1, 9)
