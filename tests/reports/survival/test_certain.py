"""Where nobody has died, or nobody is left, an estimator is silent; what may be said then."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from registry.codes.lesion import Organ
from registry.reports.survival import sentences
from registry.reports.survival.certain import EXACT, NOBODY_LEFT, stated
from registry.reports.survival.competing import answer, sheets
from registry.reports.survival.curves import curves
from registry.reports.survival.kaplan_meier import METHOD
from registry.reports.survival.method import Wanted
from registry.rules.cause import End
from registry.stats.survival_limits import none_so_far
from tests.reports.survival.test_regression import store


@given(st.integers(1, 2000), st.sampled_from([0.9, 0.95, 0.99]))
def test_with_nobody_gone_early_it_is_clopper_and_pearson(n, level):
    """R: binom.test(n, n)$conf.int; SciPy's is the same."""
    expected = binomtest(n, n).proportion_ci(level, "exact").low
    assert none_so_far(n, level=level) == pytest.approx(expected, rel=1e-9)


def test_it_covers_whatever_the_censoring():
    """Nobody dead by day t has at most the chance 2.5 % where the truth lies below the limit."""
    chance = np.random.default_rng(4)
    truth, n, times = 0.8, 12, 20_000
    rate = -np.log(truth)  # exponential, and the day is 1
    dies, leaves = chance.exponential(1 / rate, (times, n)), chance.exponential(1.5, (times, n))
    unharmed = ~((dies <= 1) & (dies <= leaves)).any(axis=1)
    at_risk = ((dies > 1) & (leaves > 1)).sum(axis=1)
    too_high = unharmed & (none_so_far(at_risk) > truth)
    assert too_high.mean() <= 0.025


def test_nobody_at_risk_and_impossible_levels():
    assert none_so_far([0, 1]).tolist() == [0, pytest.approx(0.025)]
    for bad in ((-1, 0.95), (3, 1.0)):
        with pytest.raises(ValueError, match="at risk"):
            none_so_far(bad[0], level=bad[1])


@given(st.floats(0, 1), st.integers(0, 50), st.sampled_from([0.0, 1.0]), st.booleans())
def test_an_estimate_has_limits_around_it_or_there_is_none(estimate, at_risk, untouched, from_start):
    figures = estimate, max(0.0, estimate - 0.1), min(1.0, estimate + 0.1)
    seen = stated(at_risk, figures, untouched=untouched, level=0.95, from_start=from_start)
    if seen[0] is None:
        assert seen == (None, None, None)
        assert at_risk == 0
    elif None in seen:
        assert not from_start
        assert estimate == untouched
    else:
        assert 0 <= seen[1] <= seen[0] <= seen[2] <= 1


def test_a_group_without_a_death_has_the_exact_interval_and_none_once_all_have_left(acting, alliance):
    """Eight alive at a year, one seen to two and a half: R's binom.test(8, 8) gives 0.6305834."""
    rows = [{"organ": Organ.STOMACH, "followed_days": 400, "dead": False}] * 7
    store(acting, alliance, *rows, {"organ": Organ.STOMACH, "followed_days": 900, "dead": False})
    with acting("quality_reviewer", None):
        found, incidence = curves("organ"), answer(Wanted(by="organ"))
        (table,), told = METHOD.sheets(found), sheets(incidence)
    one, three, *_ = found.rows[0].at
    assert (one.at_risk, one.estimate, one.upper) == (8, 1.0, 1.0)
    assert one.lower == pytest.approx(0.6305834, abs=1e-7)
    assert (three.at_risk, three.estimate, three.lower) == (0, None, None)
    assert [str(cell) for cell in table.rows[0][3:5]] == ["100.0 (63.1–100.0) [8]", "– [0]"]
    assert any("Fay" in note.en for note in table.notes)
    cancer = next(at for at in incidence.rows[0].at if at.end is End.CANCER)
    assert (cancer.estimate, cancer.lower) == (0.0, 0.0)
    assert cancer.upper == pytest.approx(1 - 0.6305834, abs=1e-7)
    (of_cancer,) = told  # that nobody died of it is said, with its limits
    assert of_cancer.rows[0][2:4] == ["0", "0.0 (0.0–36.9) [8]"]


@pytest.mark.parametrize(
    ("landmark", "head", "days"),
    [(0, "Mean to day 1826 (days)", "400"), (180, "Mean from day 180 to 1826 (days)", "220")],
)
def test_a_mean_tells_from_where_it_counts_and_has_no_interval_where_none_exists(
    landmark, head, days, acting, alliance
):
    """All have died and nothing varies: the limits are no numbers, and none are printed."""
    store(acting, alliance, {"organ": Organ.STOMACH, "followed_days": 400, "dead": True})
    wanted = Wanted(landmark=landmark, restricted=1826)
    with acting("quality_reviewer", None):
        (table,) = METHOD.sheets(METHOD.answer(wanted))
    assert table.head[-1].en == head
    assert table.rows[0][-1] == days
    assert ("counted from day 180" in sentences.kaplan_meier(wanted).en) is bool(landmark)


def test_a_curve_of_one_cause_is_not_called_overall(acting, alliance):
    store(acting, alliance, {"organ": Organ.STOMACH, "followed_days": 400, "dead": True})
    with acting("quality_reviewer", None):
        titles = [METHOD.sheets(METHOD.answer(Wanted(end=end)))[0].title.en for end in ("death", "cancer")]
    assert titles == ["Overall survival", "Cancer-specific survival"]


def test_a_curve_that_has_come_to_its_end_stays_there(acting, alliance):
    rows = [{"organ": Organ.STOMACH, "followed_days": 200 + n, "dead": True} for n in range(9)]
    store(acting, alliance, *rows)
    with acting("quality_reviewer", None):
        found, incidence = curves(), answer(Wanted())
        (table,), (_, unknown) = METHOD.sheets(found), sheets(incidence)
    (row,), (ends,) = found.rows, incidence.rows
    assert [(at.estimate, at.lower) for at in row.at] == [(0.0, None)] * 4
    assert NOBODY_LEFT in table.notes
    assert NOBODY_LEFT in unknown.notes
    assert EXACT not in [*table.notes, *unknown.notes]
    assert [at.estimate for at in ends.at if at.end is End.UNKNOWN] == [pytest.approx(1.0)] * 4
