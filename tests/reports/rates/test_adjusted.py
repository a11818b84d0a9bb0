"""Standardised rates and observed over expected, over records as they are stored."""

from datetime import date

import pytest

from registry.access import Forbidden
from registry.codes.person import Sex
from registry.models import Enrolment, Person
from registry.reports.rates.case_mixed import case_mixed
from registry.reports.rates.quality import Status, rates
from registry.reports.rates.standardised import standardised
from registry.reports.rates.strata import Counted
from registry.services.unit import change
from registry.stats.standard_populations import SEGI
from registry.stats.standardise import direct
from tests.counted import case
from tests.released import YEAR, answered

# Within each age and sex both centres meet alike: young men 2 of 4, old men 3 of 4, women all.
CELLS = {(52, Sex.MALE): (2, 4), (72, Sex.MALE): (3, 4), (52, Sex.FEMALE): (4, 4), (72, Sex.FEMALE): (4, 4)}
TIMES = {"city": {(52, Sex.MALE): 3}, "county_a": {(72, Sex.MALE): 3}}


@pytest.fixture
def made(acting, alliance):
    """Two centres alike within ages, one with more young men, one with more old ones; two not stated."""
    for key, times in TIMES.items():
        with acting("endoscopist", key), change("test.cases") as unit:
            centre_id = alliance.place(key).id
            for number, (age, sex, minutes) in enumerate(people(times)):
                person = unit.add(Person(pseudonym=f"{key}{number}", sex=sex))
                unit.add(Enrolment(person=person, enrolled_on=date(2001, 1, 1), centre_id=centre_id))
                case(unit, centre_id, kind="colonoscopy", person=person, age=age, withdrawal_min=minutes)


def people(times):
    """Age, sex and minutes of everybody at a centre; the last two are left out of published standards."""
    for (age, sex), (met, known) in CELLS.items():
        more = times.get((age, sex), 1)
        yield from ((age, sex, 8 if place < met * more else 4) for place in range(known * more))
    yield from ((None, Sex.MALE, 8), (30, Sex.FEMALE, 8))


@pytest.fixture
def reviewing(made, acting):
    with acting("quality_reviewer", None):
        yield


def by_centre(found):
    return {one.rate.group.code: one for one in found}


def test_centres_alike_within_ages_are_alike_once_standardised(reviewing, alliance):
    rows = rates(["CDEI-07"], by="centre")
    city, county = (row.estimate for row in sorted(rows, key=lambda row: row.estimate))
    assert city < county - 0.05  # raw they differ
    for standard in ("segi", "who", "alliance"):
        found = by_centre(standardised(Counted(rows, "centre"), standard))
        one, other = found[alliance.city.code], found[alliance.county_a.code]
        if standard != "alliance":  # there those under 40 count, of whom each centre has one
            assert one.left_out == other.left_out == 2
        assert one.estimate == pytest.approx(other.estimate)
        assert one.lower < one.estimate < one.upper


def test_the_estimate_is_the_weighted_mean_and_ages_without_anybody_borrow(reviewing, alliance):
    """Segi's weights from 40: those under 62 lean on the band of 50, older ones on that of 70."""
    rows = rates(["CDEI-07"], by="centre")
    found = by_centre(standardised(Counted(rows, "centre"), "segi"))[alliance.city.code]
    ages, weights = SEGI.over(40)
    young = weights[ages <= 60].sum()
    known, met = [12, 4, 4, 4], [6, 3, 4, 4]
    told = direct(met, known, [young, 1 - young, young, 1 - young], method="wilson")
    assert (found.estimate, found.lower, found.upper) == pytest.approx(
        (float(told.estimate), float(told.lower), float(told.upper))
    )
    assert found.method == "wilson"
    assert found.carried == pytest.approx(1 - weights[(ages == 50) | (ages == 70)].sum())
    assert found.status is Status.TOO_FEW  # most of the standard's ages were never examined


def test_the_alliances_own_population_needs_no_borrowing(reviewing, alliance):
    rows = rates(["CDEI-07"], by="centre")
    found = by_centre(standardised(Counted(rows, "centre"), "alliance"))[alliance.county_a.code]
    assert (found.carried, found.status, found.left_out) == (0, Status.FINAL, 1)
    (whole,) = standardised(Counted(rates(["CDEI-07"])), "alliance")
    assert whole.estimate == pytest.approx((8 + 12 + 8 + 8 + 2) / (16 + 16 + 8 + 8 + 2))


def test_observed_over_expected(reviewing, alliance):
    rows = rates(["CDEI-07"], by="centre")
    found = by_centre(case_mixed(Counted(rows, "centre")))
    for one in found.values():
        assert one.expected == pytest.approx(one.observed)
        assert (one.ratio, one.method) == (pytest.approx(1), "score")
        assert one.lower < 1 < one.upper
        assert one.adjusted == pytest.approx(40 / 52)


def test_what_is_no_proportion_or_has_no_estimate_stays_out(reviewing):
    rows = rates(["CDEI-01", "CDEI-04"])
    workload, complete = standardised(Counted(rows), "segi")
    assert workload is None
    assert (complete.estimate, complete.status) == (None, Status.NOTHING)
    workload, complete = case_mixed(Counted(rows))
    assert workload is None
    assert complete.ratio is None


def test_who_may_not_and_what_cannot(made, acting, alliance):
    with acting("quality_reviewer", None):
        rows = rates(["CDEI-07"], by="age")
        with pytest.raises(KeyError, match="no strata within"):
            standardised(Counted(rows, "age"), "segi")
        with pytest.raises(KeyError, match="choose one of"):
            standardised(Counted(rows, "centre"), "europe")
    with acting("researcher", None):
        rows = answered(rates, ["CDEI-07"], by="centre", **YEAR)
        with pytest.raises(Forbidden):
            standardised(Counted(rows, "centre"), "segi")
        with pytest.raises(Forbidden):
            case_mixed(Counted(rows, "centre"))
    with acting("centre_manager", "city"):
        rows = rates(["CDEI-07"], by="month")
        assert standardised(Counted(rows, "month"), "segi")[0].estimate is not None
        with pytest.raises(Forbidden):
            standardised(Counted(rows, "month"), "alliance")
