"""What a life table must be before survival is measured against it."""

import math

import pytest

from registry.codes.person import Sex
from registry.rules.life_table import Rate, judge

WHOLE = [
    {"sex": sex, "age": age, "year": "2020", "probability": "0.01"}
    for sex in ("male", "女")
    for age in ("0", "110+")
]


def judged(rows):
    return judge(enumerate(rows, start=2))


def said(rows):
    _, problems = judged(rows)
    assert all(problem.refuse for problem in problems)
    return [(problem.field, problem.message.en) for problem in problems]


def test_a_whole_table_becomes_rates_in_order():
    rates, problems = judged(reversed(WHOLE))
    assert problems == []
    assert [(rate.sex, rate.age) for rate in rates] == [
        (Sex.MALE, 0), (Sex.MALE, 110), (Sex.FEMALE, 0), (Sex.FEMALE, 110)
    ]  # fmt: skip
    assert [rate.hazard for rate in rates] == pytest.approx([-math.log(0.99) / 365.241] * 4, rel=1e-14)


def test_a_hazard_is_taken_as_it_stands():
    (rate, _), _ = judged([
        {"sex": sex, "age": "50", "year": "1999", "hazard": "1.25e-05"} for sex in ("1", "2")
    ])  # fmt: skip
    assert rate == Rate(Sex.MALE, 50, 1999, 1.25e-05)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("sex", "both", "Sex must be male or female"),
        ("sex", "9", "Sex must be male or female"),
        ("sex", "", "Sex must be male or female"),
        ("age", "-1", "Age must be a whole number"),
        ("age", "131", "Age must be a whole number"),
        ("age", "50.5", "Age must be a whole number"),
        ("age", "50-54", "Age must be a whole number"),
        ("year", "20", "Year must be a whole number"),
        ("year", "", "Year must be a whole number"),
        ("probability", "1", "leave the last, open age out"),
        ("probability", "1.2", "yearly probability"),
        ("probability", "-0.1", "yearly probability"),
        ("probability", "nan", "yearly probability"),
        ("probability", "inf", "yearly probability"),
        ("probability", "0,01", "yearly probability"),
        ("probability", "", "yearly probability"),
    ],
)
def test_a_row_that_cannot_be_is_named(column, value, message):
    ((field, words),) = said([{**WHOLE[0], column: value}, *WHOLE[1:]])
    assert field == f"2-{column}"
    assert message in words


@pytest.mark.parametrize("value", ["-1e-5", "1.5", "x", "nan"])
def test_a_hazard_that_cannot_be_is_named(value):
    ((field, words),) = said([{"sex": "1", "age": "0", "year": "2020", "hazard": value}])
    assert field == "2-hazard"
    assert "between 0 and 1" in words


def test_every_fault_of_a_row_is_named_and_every_row():
    assert len(said([{"sex": "x", "age": "y", "year": "z", "probability": "w"}] * 3)) == 12


def test_a_row_twice_is_named_with_the_first():
    assert said([*WHOLE, WHOLE[0]]) == [("6-year", "The same as line 2")]


def test_what_is_missing_of_the_whole_is_named():
    assert said(WHOLE[:-1]) == [("table", "Missing: female, age 110, year 2020")]
    later = [{**WHOLE[0], "year": str(year)} for year in range(2000, 2020)]
    found = said([*WHOLE, *later])
    assert len(found) == 6
    assert found[-1] == ("table", "Missing: another 55 rows")
    assert said([]) == [("table", "The table has no rows")]
