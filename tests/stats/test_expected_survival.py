"""What a life table expects, and what R makes of it by other methods than those the registry offers.

Ederer I, Fleming and Harrington's product and Hakulinen's expected survival are not offered, but are
made of the same parts; that R's numbers come out shows that the parts are right.
"""

import numpy as np
import pytest

from registry.stats.life_table import People, cumulative_hazard
from registry.stats.net_survival import ederer2, pohar_perme
from registry.stats.population import mean_survival
from registry.stats.standardise import ratio_to
from registry.stats.survival import kaplan_meier
from tests.slovene import hazards_passed, life_table, oracle, patients

AT_DAYS = {"estimate": "surv", "std_err": "std_err_surv", "lower": "lower", "upper": "upper"}
METHODS = oracle()["methods"]
EDERER_1 = METHODS["ederer1"]
HAKULINEN = METHODS["hakulinen"]
SINCE_1960 = 3653  # days to 1970


@pytest.mark.parametrize("stratum", ["all", *sorted({row["stratum"] for row in EDERER_1["by_stage"]})])
def test_ederer_i_is_observed_over_expected_survival(stratum):
    """rs.surv(method="ederer1"): Kaplan–Meier over the mean survival expected, day by day."""
    rows = [row for row in [*EDERER_1["overall"], *EDERER_1["by_stage"]] if row["stratum"] == stratum]
    assert len(rows) == 5
    who = patients().which(stratum)
    people, dead = patients().people[who], patients().dead[who]
    times = np.unique(people.days)
    days = times[np.searchsorted(times, [row["day"] for row in rows], side="right") - 1]
    observed = kaplan_meier(people.days, dead, interval="log")
    expected = mean_survival(life_table(), people, int(people.days.max()))
    at, of_log = observed.at(days), np.zeros(len(rows))
    assert observed.at([row["day"] for row in rows]).at_risk.tolist() == [row["n_risk"] for row in rows]
    survival = at.estimate / expected[days]
    np.testing.assert_allclose(survival, [row["surv"] for row in rows], rtol=0, atol=1e-9)
    # relsurv's variance of the cumulative hazard is Σ d/Y², Greenwood's is Σ d/(Y(Y − d)).
    died = np.bincount(people.days, dead)
    left = np.array([(people.days >= day).sum() for day in range(died.size)])
    of_log = np.sqrt(np.cumsum(died / np.maximum(left, 1) ** 2.0))[days]
    np.testing.assert_allclose(survival * of_log, [row["std_err_surv"] for row in rows], rtol=0, atol=1e-9)
    for sign, name in ((-1, "lower"), (1, "upper")):
        limit = survival * np.exp(sign * 1.959963984540054 * of_log)
        np.testing.assert_allclose(limit, [row[name] for row in rows], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("method", "name", "close"), [(ederer2, "ederer2", 1e-12), (pohar_perme, "pohar-perme", 2e-4)]
)
def test_the_exponential_form_of_fleming_and_harrington(method, name, close):
    """rs.surv(type="fleming-harrington"): e^−(Σ d/Y − Λ) instead of Π (1 − d/Y + Λ)."""
    rows = METHODS[name]["overall_fleming_harrington"]
    people, dead = patients().people, patients().dead
    curve = method(life_table(), people, dead)
    times = np.unique(people.days)
    asked = [row["day"] for row in rows]
    days = asked if name == "pohar-perme" else times[np.searchsorted(times, asked, side="right") - 1]
    at = curve.at(days)
    since = np.diff(curve.survival[times], prepend=1.0) / np.append(1.0, curve.survival[times][:-1])
    survival = np.exp(np.cumsum(since))[np.searchsorted(times, asked, side="right") - 1]
    of_log = at.std_err / at.estimate
    assert curve.at(asked).at_risk.tolist() == [row["n_risk"] for row in rows]
    wanted = {
        "surv": survival,
        "std_err_surv": survival * of_log,
        "lower": survival * np.exp(-1.959963984540054 * of_log),
        "upper": survival * np.exp(1.959963984540054 * of_log),
    }
    for one, ours in wanted.items():
        np.testing.assert_allclose(ours, [row[one] for row in rows], rtol=0, atol=close, err_msg=one)


@pytest.mark.parametrize("name", ["pohar-perme_precision10", "pohar-perme_precision30"])
def test_a_coarser_grid_of_r_gives_the_same_net_survival(name):
    rows = METHODS[name]
    at = pohar_perme(life_table(), patients().people, patients().dead).at([row["day"] for row in rows])
    assert at.at_risk.tolist() == [row["n_risk"] for row in rows]
    for ours, theirs in AT_DAYS.items():
        np.testing.assert_allclose(getattr(at, ours), [row[theirs] for row in rows], rtol=0, atol=2e-4)


@pytest.mark.parametrize("stage", sorted({row["stratum"] for row in METHODS["pohar-perme"]["by_stage"]}))
def test_limits_of_net_survival_by_stage(stage):
    """Where few are left relsurv's gaps weigh more: up to 2e-3 in the limits of the rarer stages."""
    rows = [row for row in METHODS["pohar-perme"]["by_stage"] if row["stratum"] == stage]
    who = patients().which(stage)
    curve = pohar_perme(life_table(), patients().people[who], patients().dead[who])
    at = curve.at([row["day"] for row in rows])
    assert at.at_risk.tolist() == [row["n_risk"] for row in rows]
    for name in ("lower", "upper"):
        np.testing.assert_allclose(getattr(at, name), [row[name] for row in rows], rtol=0, atol=2e-3)


def hakulinen(people, followed, last):
    """Survival expected until each day 0 … last if each is at risk for so long, weighing the own survival."""
    passed, hazard = np.zeros(len(people)), [0.0]
    for day in range(last):
        here = followed > day
        own = life_table().at(people.sex[here], people.age[here] + day, people.on[here] + day)
        weight = np.exp(-passed[here])
        hazard.append((weight * own).sum() / weight.sum())
        passed[here] += own
    return np.exp(-np.cumsum(hazard))


def expected_so_far(people, last):
    """Everybody's expected cumulative hazard on days 0 … last, NaN after the last one followed: a day that
    lies in two cells has a part of each, as in R."""
    found = np.full((len(people), last + 1), np.nan)
    for place, until in enumerate(hazards_passed(people)):
        days = np.arange(min(people.days[place], last) + 1)
        found[place, : days.size] = until(days)
    return found


def test_expected_survival_of_those_followed_so_far():
    """survexp(conditional=TRUE) and survexp(method="hakulinen") with each patient's own follow-up."""
    theirs = oracle()["expected_survival"]
    hazard = expected_so_far(patients().people, max(theirs["day"]))
    conditional = np.exp(-np.cumsum(np.append(0, np.nanmean(np.diff(hazard, axis=1), axis=0))))
    np.testing.assert_allclose(conditional[theirs["day"]], theirs["conditional"], rtol=0, atol=1e-13)
    weight = np.exp(-hazard)
    there = ~np.isnan(weight[:, 1:])
    each = np.nansum(weight[:, 1:], axis=0) / np.where(there, weight[:, :-1], 0).sum(axis=0)
    found = np.append(1, np.cumprod(each))
    np.testing.assert_allclose(found[theirs["day"]], theirs["hakulinen"], rtol=0, atol=1e-13)


def hakulinen_of_relsurv(people, followed, times):
    """As `hakulinen`, at each of these times, as relsurv 2.2-9 adds it up: from time to time, with the
    weights at the end, and in a table that begins in 1960 looked up by days since 1970."""
    earlier = People(people.sex, people.age, people.on - SINCE_1960, np.full(len(people), times[-1]))
    above, below = np.zeros(times.size), np.zeros(times.size)
    for last, until in zip(followed, hazards_passed(earlier), strict=True):
        met = times[times <= last]
        passed = until(met)
        survives = np.exp(-passed)
        above[: met.size] += np.diff(passed, prepend=0.0) * survives
        below[: met.size] += survives
    return np.exp(-np.cumsum(above / below))


@pytest.mark.parametrize("stratum", ["all", *sorted({row["stratum"] for row in HAKULINEN["by_stage"]})])
def test_every_hakulinen_number_of_r(stratum):
    """rs.surv(method="hakulinen"). relsurv 2.2-9 hands the table over with its own origin, 1960, and the
    patients with theirs, 1970, so everybody has the mortality of ten years earlier. By definition it
    would be Ederer's first here, since everybody could be followed for ten years: the next test."""
    rows = [row for row in [*HAKULINEN["overall"], *HAKULINEN["by_stage"]] if row["stratum"] == stratum]
    assert len(rows) == 5
    everybody, who = patients().people, patients().which(stratum)
    people, dead = everybody[who], patients().dead[who]
    could = (everybody.on + everybody.days).max() - people.on
    followed = np.where(dead, could, people.days)
    asked = [row["day"] for row in rows]
    times = np.unique(np.append(people.days, followed))
    times = times[(times > 0) & (times <= max(asked))]
    expected = hakulinen_of_relsurv(people, followed, times)[np.searchsorted(times, asked, side="right") - 1]
    observed = kaplan_meier(people.days, dead, interval="log").at(asked)
    assert observed.at_risk.tolist() == [row["n_risk"] for row in rows]
    died = np.bincount(people.days, dead)
    left = np.array([(people.days >= day).sum() for day in range(died.size)])
    of_log = np.sqrt(np.cumsum(died / np.maximum(left, 1) ** 2.0))[asked]
    survival = observed.estimate / expected
    wanted = {
        "surv": survival,
        "std_err_surv": survival * of_log,
        "lower": survival * np.exp(-1.959963984540054 * of_log),
        "upper": survival * np.exp(1.959963984540054 * of_log),
    }
    for name, ours in wanted.items():
        np.testing.assert_allclose(ours, [row[name] for row in rows], rtol=0, atol=1e-9, err_msg=name)


def test_hakulinen_is_ederers_first_where_all_could_be_followed():
    """Everybody could have been followed for more than ten years: by definition both are the same."""
    people, dead = patients().people, patients().dead
    could = (people.on + people.days).max() - people.on
    assert could.min() > 3652
    expected = hakulinen(people, np.where(dead, could, people.days), 3652)
    first = mean_survival(life_table(), people, 3652)
    np.testing.assert_allclose(expected, first, rtol=0, atol=1e-3)


def test_observed_over_expected_deaths_to_five_years():
    """survexp(method="individual.h") to day 1826: 3,803 deaths against 617.7."""
    told = oracle()["SMR"]
    people, dead = patients().people, patients().dead
    cut = type(people)(people.sex, people.age, people.on, np.minimum(people.days, 1826))
    observed = int((dead & (people.days <= 1826)).sum())
    expected = float(cumulative_hazard(life_table(), cut).sum())
    assert observed == told["observed_1826"]
    assert expected == pytest.approx(told["expected_1826"], abs=1e-9)
    assert float(ratio_to(observed, expected).estimate) == pytest.approx(told["smr_1826"], abs=1e-9)
