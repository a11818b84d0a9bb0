"""Relative and net survival against R's relsurv, and what must hold whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.age_standard import icss, standardised
from registry.stats.life_table import People, RateTable, year_began
from registry.stats.net_survival import ederer2, pohar_perme, within
from registry.stats.population import at_risk
from registry.stats.survival import kaplan_meier
from tests.slovene import DATA, life_table, oracle, patients

AT_DAYS = {"estimate": "surv", "std_err": "std_err_surv", "lower": "lower", "upper": "upper"}


def strata(method):
    found = oracle()["methods"][method]
    rows = [*found["overall"], *found["by_stage"]]
    return {
        name: [row for row in rows if row["stratum"] == name] for name in {row["stratum"] for row in rows}
    }


def of(stratum):
    who = patients().which(stratum)
    return patients().people[who], patients().dead[who]


def test_every_ederer_ii_number_of_r():
    """rs.surv(method="ederer2"); R states the last distinct time ≤ the day, its add.times being idle here."""
    for stratum, rows in strata("ederer2").items():
        people, dead = of(stratum)
        curve = ederer2(life_table(), people, dead)
        asked = [row["day"] for row in rows]
        assert curve.at(asked).at_risk.tolist() == [row["n_risk"] for row in rows]
        times = np.unique(people.days)
        at = curve.at(times[np.searchsorted(times, asked, side="right") - 1])
        for ours, theirs in AT_DAYS.items():
            np.testing.assert_allclose(
                getattr(at, ours), [row[theirs] for row in rows], rtol=0, atol=3e-14, err_msg=stratum
            )


def test_every_pohar_perme_number_of_r():
    """rs.surv(method="pohar-perme", add.times=…): 2e-4 over all patients."""
    rows = strata("pohar-perme")["all"]
    at = pohar_perme(life_table(), *of("all")).at([row["day"] for row in rows])
    assert at.at_risk.tolist() == [row["n_risk"] for row in rows]
    for ours, theirs in AT_DAYS.items():
        np.testing.assert_allclose(getattr(at, ours), [row[theirs] for row in rows], rtol=0, atol=2e-4)


@pytest.mark.parametrize("stratum", sorted(strata("pohar-perme")))
def test_what_differs_from_r_is_how_it_adds_within_gaps(stratum):
    """Between two distinct times relsurv divides sums that run on from day to day, so the hazard of a
    gap's last day is that of the whole gap. With that done here, too, the numbers are the same."""
    rows = strata("pohar-perme")[stratum]
    people, dead = of(stratum)
    seen = at_risk(life_table(), people, np.full(len(people), -1))
    asked = [row["day"] for row in rows]
    times = np.unique(np.append(people.days, asked))
    died, squared = (np.bincount(people.days, dead * seen.own**power, seen.number.size) for power in (1, 2))
    grown, between = seen.weight - seen.began, (seen.weight + seen.began) / 2
    survival, variance, before, found = 1.0, 0.0, 0, {}
    for day in times:
        gap = slice(before + 1, day + 1)
        survival *= 1 - died[day] / seen.weight[day] + (np.cumsum(grown[gap]) / np.cumsum(between[gap])).sum()
        variance += squared[day] / seen.weight[day] ** 2
        before, found[day] = day, (survival, np.sqrt(variance))
    estimate, of_log = np.array([found[day] for day in asked]).T
    wanted = {
        "surv": estimate,
        "std_err_surv": estimate * of_log,
        "lower": estimate * np.exp(-1.959963984540054 * of_log),
        "upper": estimate * np.exp(1.959963984540054 * of_log),
    }
    for name, same in wanted.items():
        np.testing.assert_allclose(same, [row[name] for row in rows], rtol=0, atol=1e-8, err_msg=name)
    ours = pohar_perme(life_table(), people, dead).at(asked)
    np.testing.assert_allclose(ours.estimate, [row["surv"] for row in rows], rtol=0, atol=1.4e-3)
    errors = [row["std_err_surv"] for row in rows]
    np.testing.assert_allclose(ours.std_err, errors, rtol=1e-2)


def test_the_curve_may_rise():
    """Net survival of localised cancer is higher at ten years than at five."""
    at = pohar_perme(life_table(), *of("localised")).at([1826, 3652])
    assert np.round(at.estimate[0], 3) == 0.802
    assert at.estimate[1] > at.estimate[0] + 0.01


def test_expected_survival_of_those_at_risk_as_r():
    """survexp(conditional=TRUE) shares days that lie in two cells out; here they have the first's hazard."""
    theirs = oracle()["expected_survival"]
    expected = np.exp(-ederer2(life_table(), *of("all")).expected[theirs["day"]])
    np.testing.assert_allclose(expected, theirs["conditional"], rtol=0, atol=5e-5)


def test_nothing_is_said_beyond_the_last_day():
    curve = ederer2(life_table(), *of("unknown"))
    at = curve.at([int(curve.times[-1]), int(curve.times[-1]) + 1])
    assert at.at_risk.tolist() == [1, 0]
    assert np.isfinite(at.estimate[0])
    assert np.isnan([at.estimate[1], at.std_err[1], at.lower[1], at.upper[1]]).all()


def test_nobody_is_an_empty_curve():
    for method in (ederer2, pohar_perme):
        curve = method(life_table(), patients().people[:0], [])
        assert curve.n == 0
        assert curve.at([0, 365]).at_risk.tolist() == [0, 0]
        assert np.isnan(curve.at([0, 365]).estimate).all()
        assert np.isnan([*curve.median()]).all()


def immortal(years=1):
    return RateTable(np.zeros((2, 1, years)), np.zeros(1), np.arange(years) * 100, years * 100)


persons = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(persons)
def test_where_the_population_does_not_die_it_is_kaplan_meier(given):
    days, dead = np.array(given).T
    people = People(np.zeros_like(days), days, days, days)
    plain = kaplan_meier(days, dead)
    for method in (ederer2, pohar_perme):
        curve = method(immortal(), people, dead)
        asked = np.arange(days.max() + 1)
        np.testing.assert_allclose(curve.at(asked).estimate, plain.at(asked).estimate, atol=1e-14)
        assert curve.at(asked).at_risk.tolist() == plain.at(asked).at_risk.tolist()
        assert (curve.n, curve.events.sum()) == (plain.n, plain.events.sum())
        assert curve.events.sum() + curve.censored.sum() == len(given)


@settings(deadline=None)
@given(persons, st.floats(1e-6, 0.01))
def test_where_all_have_the_same_hazard_both_methods_agree(given, hazard):
    """Weights are then equal and cancel: net survival is survival over the population's."""
    days, dead = np.array(given).T
    people = People(np.zeros_like(days), days, days, days)
    table = RateTable(np.full((1, 1, 1), hazard), np.zeros(1), np.zeros(1, dtype=int), 100)
    first, second = (method(table, people, dead) for method in (ederer2, pohar_perme))
    np.testing.assert_allclose(first.survival, second.survival, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(first.expected, hazard * first.times, rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(persons, st.randoms(use_true_random=False))
def test_neither_order_nor_company_changes_a_person(given, chance):
    days, dead = np.array(given).T
    ages = np.array([chance.randrange(30_000) for _ in given])
    people = People(days % 2, ages, days * 300, days)
    order = np.array(chance.sample(range(len(given)), len(given)))
    for method in (ederer2, pohar_perme):
        straight, mixed = method(life_table(), people, dead), method(life_table(), people[order], dead[order])
        np.testing.assert_allclose(straight.survival, mixed.survival, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(straight.std_err, mixed.std_err, rtol=1e-10, atol=1e-13)


def test_simulated_patients_have_the_survival_that_was_put_in():
    """Deaths of cancer at a constant hazard beside those of the table: Pohar Perme finds e^(−λt) again,
    also from a calendar year alone; coverage is in docs/, this is one sample with its own interval."""
    chance = np.random.default_rng(11)
    number, excess = 8000, 3e-4
    sex, age = chance.integers(0, 2, number), chance.integers(14_000, 31_000, number)
    on = chance.integers(*year_began([1990, 2000]), number)
    died = chance.exponential(1 / excess, number)
    people = People(sex, age, on, np.full(number, 3000))
    hazard = np.zeros(number)
    background = chance.exponential(1, number)
    other = np.full(number, 9e9)
    for day in range(0, 3000, 10):
        hazard += 10 * life_table().at(people.sex, people.age + day, people.on + day)
        other = np.where((hazard >= background) & (other > 8e9), day + 5.0, other)
    time = np.minimum(np.minimum(died, other), 3000)
    dead, days = time < 3000, np.ceil(time).astype(int)
    curve = pohar_perme(life_table(), People(sex, age, on, days), dead)
    at = curve.at([365, 1826, 2900])
    truth = np.exp(-excess * at.days)
    assert ((at.lower < truth) & (truth < at.upper)).all()
    assert np.ptp(np.log(at.estimate) + excess * at.days) < 0.05
    seen = within(on, days, dead, *(int(day) for day in year_began([1998, 2001])))
    late = People(sex[seen.who], age[seen.who], on[seen.who], seen.days)
    at = pohar_perme(life_table(), late, seen.dead, seen.entry).at([365, 1826, 2900])
    assert ((at.lower < truth) & (truth < at.upper)).all()


# ---- period approach ---------------------------------------------------------------------------------


def test_a_period_that_holds_all_is_the_cohort():
    people, dead = patients().people, patients().dead
    seen = within(people.on, people.days, dead, -10_000, 40_000)
    assert seen.who.tolist() == list(range(len(people)))
    assert set(seen.entry.tolist()) == {-1}
    assert (seen.days == people.days).all()
    assert (seen.dead == dead).all()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 80),
)
def test_periods_share_out_days_and_deaths(given, cut):
    """Each person-day and each death lies in exactly one of two neighbouring periods."""
    on, days, dead = np.array(given).T
    parts = [within(on, days, dead, 0, cut - 1), within(on, days, dead, cut, 200)]
    assert sum(part.dead.sum() for part in parts) == dead.sum()
    assert sum((part.days - part.entry).sum() for part in parts) == (days + 1).sum()


def test_a_day_on_which_nobody_is_at_risk_ends_what_can_be_said():
    people = People([0, 0], [0, 0], [0, 0], [5, 20])
    for method in (ederer2, pohar_perme):
        curve = method(immortal(), people, [1, 1], np.array([-1, 10]))
        assert curve.at([4, 5, 6]).at_risk.tolist() == [1, 1, 0]
        assert curve.at([4]).estimate == 1
        assert np.isnan(curve.at([6, 12, 20]).estimate).all()
        known = curve.known()
        assert known.times.tolist() == [0, 1, 2, 3, 4, 5]
        assert np.isfinite(known.survival).all()
        assert known.known() is known


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="no earlier"):
        within([0], [1], [1], 5, 4)


# ---- age standardisation -----------------------------------------------------------------------------


def test_the_standards_are_those_published():
    """Corazziari 2004; 100,000 patients each, the usual groups 7, 12, 23, 29, 29 per cent."""
    with (DATA / "icss.csv").open() as file:
        published = [[int(cell) for cell in line.split(",")] for line in file.read().split()[2:]]
    for place, name in enumerate(("icss1", "icss2", "icss3"), start=1):
        each = icss(name, [row[0] for row in published])
        assert sum(row[place] for row in published) == 100_000
        assert each.weights == tuple(row[place] / 100_000 for row in published)
    assert np.round(icss().weights, 2).tolist() == [0.07, 0.12, 0.23, 0.29, 0.29]
    assert icss().group([14, 15, 44, 45, 74, 75, 99]).tolist() == [-1, 0, 0, 1, 3, 4, 4]


def test_standardised_by_its_own_ages_is_nearly_the_crude():
    people, dead = patients().people, patients().dead
    standard = icss()
    group = standard.group(people.age // 365.241)
    curves = [pohar_perme(life_table(), people[group == place], dead[group == place]) for place in range(5)]
    shares = np.bincount(group[group >= 0], minlength=5) / (group >= 0).sum()
    crude = pohar_perme(life_table(), people[group >= 0], dead[group >= 0])
    own, by_standard = standardised(curves, shares), standardised(curves, standard.weights)
    days = [365, 1826, 3652]
    np.testing.assert_allclose(own.at(days).estimate, crude.at(days).estimate, atol=2e-3)
    by_hand = sum(
        weight * curve.at(days).estimate for weight, curve in zip(standard.weights, curves, strict=True)
    )
    at = by_standard.at(days)
    np.testing.assert_allclose(at.estimate, by_hand, rtol=1e-12)
    parts = [
        (weight * curve.at(days).std_err) ** 2 for weight, curve in zip(standard.weights, curves, strict=True)
    ]
    np.testing.assert_allclose(at.std_err, np.sqrt(sum(parts)), rtol=1e-12)
    np.testing.assert_allclose(at.lower * at.upper, at.estimate**2, rtol=1e-12)
    assert at.at_risk.tolist() == crude.at(days).at_risk.tolist()


def test_without_one_age_group_nothing_is_standardised():
    people, dead = patients().people, patients().dead
    some, none = pohar_perme(life_table(), people, dead), pohar_perme(life_table(), people[:0], [])
    assert np.isnan(standardised([some, none], [0.5, 0.5]).at([365]).estimate).all()
    np.testing.assert_array_equal(standardised([some, none], [1, 0]).survival, some.survival)


def test_weights_and_groups_that_cannot_be_are_refused():
    curve = pohar_perme(life_table(), patients().people[:9], patients().dead[:9])
    for curves, weights in (([curve], [0.5]), ([curve], [0.5, 0.5]), ([curve, curve], [1.5, -0.5])):
        with pytest.raises(ValueError, match="add up to 1"):
            standardised(curves, weights)
    for ages in ([], [20, 45], [15, 47], [15, 15], [15, 90]):
        with pytest.raises(ValueError, match="multiples of 5"):
            icss("icss1", ages)


@pytest.mark.parametrize(
    ("dead", "entry", "message"),
    [
        ([1], None, "one length"),
        ([1, 2], None, "true or false"),
        ([1, 1], [-1], "one length"),
        ([1, 1], [-1, 5], "entry must be"),
        ([1, 1], [-2, 0], "entry must be"),
        ([1, 1], [0.5, 0], "entry must be"),
    ],
)
def test_rows_that_cannot_be_are_refused(dead, entry, message):
    people = People([0, 0], [0, 0], [0, 0], [5, 5])
    with pytest.raises(ValueError, match=message):
        ederer2(immortal(), people, dead, entry)
    with pytest.raises(ValueError, match="level"):
        ederer2(immortal(), people, [1, 1], level=95)
