"""Expected hazards by sex, age and calendar time, against R's survexp and a walk day by day."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.life_table import (
    DAYS_A_YEAR,
    People,
    RateTable,
    cumulative_hazard,
    hazard_per_day,
    stretches,
    year_began,
)
from registry.stats.population import PERSONS, at_risk, mean_survival
from registry.stats.standardise import ratio_to
from tests.slovene import DATA, life_table, oracle, patients


def test_the_expected_hazard_of_every_patient_as_r():
    """survexp(method="individual.h") for each of 5,971, to the end of follow-up and to day 1826."""
    with (DATA / "colrec_expected_cumhaz.csv").open(newline="") as file:
        theirs = list(csv.DictReader(file))
    given = patients().people
    assert [row["id"] for row in theirs] == [row["id"] for row in patients().rows]
    for people, name in (
        (given, "exp_cumhaz_followup"),
        (People(given.sex, given.age, given.on, np.minimum(given.days, 1826)), "exp_cumhaz_to_1826"),
    ):
        ours = cumulative_hazard(life_table(), people)
        np.testing.assert_allclose(ours, [float(row[name]) for row in theirs], rtol=0, atol=1e-13)


def test_the_standardised_mortality_ratio_as_r():
    smr, dead = oracle()["SMR"], patients().dead
    expected = cumulative_hazard(life_table(), patients().people).sum()
    assert dead.sum() == smr["observed"]
    found = ratio_to(dead.sum(), expected)
    np.testing.assert_allclose(expected, smr["expected"], rtol=1e-13)
    np.testing.assert_allclose(
        [found.estimate, found.lower, found.upper], [smr["smr"], *smr["exact"]], rtol=1e-12
    )


def test_expected_survival_as_r():
    """survexp(method="ederer"): everybody goes on to the last day."""
    theirs = oracle()["expected_survival"]
    ours = mean_survival(life_table(), patients().people, theirs["day"][-1])
    np.testing.assert_allclose(ours[theirs["day"]], theirs["ederer"], rtol=0, atol=1e-12)


def by_day(table, people, entry):
    """The sums of `at_risk`, one person and one day after the other."""
    last = people.days.max()
    number, hazard, weight, began = (np.zeros(last + 1) for _ in range(4))
    for person in range(len(people)):
        for day in range(people.days[person] + 1):
            daily = [
                table.at(people.sex[person], people.age[person] + past, people.on[person] + past)
                for past in range(day)
            ]
            if day > entry[person]:
                number[day] += 1
                weight[day] += np.exp(sum(daily))
                if day:
                    hazard[day] += daily[-1]
                    began[day] += np.exp(sum(daily[:-1]))
    return number, hazard, weight, began


def table_of(hazards, step=10):
    hazards = np.asarray(hazards, dtype=float)
    _, ages, years = hazards.shape
    return RateTable(hazards, np.arange(ages) * 7.3, np.arange(years) * step, years * step)


persons = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 25), st.integers(-5, 25), st.integers(0, 20)),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(persons, st.data())
def test_the_sums_are_those_of_a_walk_day_by_day(given, data):
    people = People(*np.array(given).T)
    entry = np.array([data.draw(st.integers(-1, days - 1)) for days in people.days])
    chance = np.random.default_rng(3)
    table = table_of(chance.uniform(0, 0.02, (2, 4, 3)))
    ours = at_risk(table, people, entry)
    for mine, plain in zip(
        (ours.number, ours.hazard, ours.weight, ours.began), by_day(table, people, entry), strict=True
    ):
        np.testing.assert_allclose(mine, plain, rtol=1e-12, atol=1e-13)


def test_the_sums_are_the_same_over_blocks_of_days_and_persons():
    """High hazards over many blocks: the series is taken far enough, wherever it is cut."""
    chance = np.random.default_rng(5)
    number = PERSONS + 7
    people = People(
        chance.integers(0, 2, number),
        chance.integers(0, 36_000, number),
        chance.integers(-4000, 4000, number),
        chance.integers(0, 600, number),
    )
    table = RateTable(
        chance.uniform(0, 0.01, (2, 100, 5)),
        np.arange(100) * DAYS_A_YEAR,
        year_began([1960, 1965, 1966, 1970, 1975]),
        int(year_began(1980)),
    )
    seen = at_risk(table, people, np.full(number, -1))
    way = stretches(table, people)
    for day in (0, 127, 128, 129, 500, 599):
        holds = (way.start <= day) & (day < way.end)
        weights = np.exp(way.before + way.hazard * (day - way.start))[holds]
        assert seen.number[day] == holds.sum() == (people.days >= day).sum()
        np.testing.assert_allclose(seen.weight[day], weights.sum(), rtol=1e-12)
    final = way.end == people.days[way.who] + 1
    own = np.exp(way.before + way.hazard * (way.end - 1 - way.start))[final]
    np.testing.assert_allclose(seen.own, own, rtol=1e-11)


def test_before_and_after_the_table_its_nearest_year_stands():
    table = table_of([[[0.1, 0.2]]])
    people = People([0, 0, 0], [0, 0, 0], [-5, 3, 15], [5, 10, 20])
    np.testing.assert_allclose(cumulative_hazard(table, people), [0.5, 0.1 * 7 + 0.2 * 3, 0.2 * 20])
    assert table.beyond(people).tolist() == [True, False, True]


def test_a_day_in_two_cells_has_a_part_of_each_or_the_first():
    table = RateTable(np.array([[[1.0], [3.0]]]), np.array([0.0, 2.25]), np.array([0]), 99)
    person = People([0], [0], [0], [4])
    assert cumulative_hazard(table, person).tolist() == [2.25 + 3 * 1.75]
    way = stretches(table, person)
    assert (way.start.tolist(), way.end.tolist(), way.hazard.tolist()) == ([0, 3], [3, 5], [1, 3])


def test_nobody_is_expected_to_do_anything():
    nobody = patients().people[:0]
    assert cumulative_hazard(life_table(), nobody).size == 0
    assert at_risk(life_table(), nobody, np.zeros(0, dtype=int)).number.size == 0
    assert np.isnan(mean_survival(life_table(), nobody, 3)).all()


@pytest.mark.parametrize("probability", [-0.1, 1.0, np.nan])
def test_a_probability_that_cannot_be_is_refused(probability):
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        hazard_per_day([0.1, probability])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"hazard": np.ones((2, 3))}, "shape"),
        ({"hazard": np.ones((2, 2, 3))}, "shape"),
        ({"hazard": np.full((2, 2, 2), -1.0)}, "not negative"),
        ({"hazard": np.full((2, 2, 2), np.nan)}, "finite"),
        ({"age_from": np.array([0.0, 0.0])}, "rise"),
        ({"until": 365}, "rise"),
    ],
)
def test_a_table_that_cannot_be_is_refused(changed, message):
    whole = {"hazard": np.ones((2, 2, 2)), "age_from": np.array([0.0, 9.0]), "day_from": np.array([0, 365])}
    with pytest.raises(ValueError, match=message):
        RateTable(**{**whole, "until": 730, **changed})


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([0], [1], [1], [-1]), "days must not be negative"),
        (([0], [-1], [1], [1]), "age must not be negative"),
        (([0], [1.5], [1], [1]), "age must hold whole numbers"),
        (([0], [1, 2], [1], [1]), "one length"),
        (([[0]], [1], [1], [1]), "one dimension"),
    ],
)
def test_people_who_cannot_be_are_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        People(*(np.array(column) for column in columns))
