"""Counts by stratum: they are the counts by group, divided; age, sex and indication as they were stored."""

from collections import Counter
from datetime import date

import pytest

from registry.access import Forbidden
from registry.codes.endoscopy import Indication
from registry.codes.person import Sex
from registry.indicators import indicator_called
from registry.models import Enrolment, Person
from registry.queries.counting.strata import BANDS, Stratum, stratified
from registry.queries.counting.tallies import tally
from registry.services.unit import change
from tests.counted import case

SEXES = (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN)
AGES = (None, 39, 40, 44, 45, 84, 85, 97)
WHY = (None, Indication.SYMPTOMS, Indication.CHECK_UP)
KINDS = ("CDEI-07", "CDEI-14")


@pytest.fixture
def made(acting, alliance):
    """Colonoscopies of two centres over every age, sex and indication that matters."""
    stored = []
    for key in ("city", "county_a"):
        with acting("endoscopist", key), change("test.cases") as unit:
            centre_id = alliance.place(key).id
            for place in range(30 if key == "city" else 18):
                sex, age, why = SEXES[place % 3], AGES[place % 8], WHY[place % 3 - 1 if place % 2 else 0]
                person = unit.add(Person(pseudonym=f"{key}{place}", sex=sex))
                unit.add(Enrolment(person=person, enrolled_on=date(2001, 1, 1), centre_id=centre_id))
                minutes = (None, 4, 8, 9)[place % 4]
                facts = {"age": age, "indication": why, "withdrawal_min": minutes, "person": person}
                case(unit, centre_id, place % 6, kind="colonoscopy", **facts)
                stored.append((alliance.place(key).code, sex, age, why, minutes))
    return stored


def band(age):
    return None if age is None else max(end for end in BANDS if end <= age)


def test_every_stratum_counts_what_was_stored(made, acting):
    with acting("quality_reviewer", None):
        found = stratified([indicator_called("CDEI-07")], by="centre")
    wanted = Counter()
    for centre, sex, age, why, minutes in made:
        known = sex if sex in (Sex.MALE, Sex.FEMALE) else None
        met = None if minutes is None else minutes >= 6
        wanted[centre, known, band(age), why, met] += 1
    counted = Counter()
    for one in found:
        assert isinstance(one.group, Stratum)
        stratum = (one.group.group.code, one.group.sex, one.group.age, one.group.indication)
        for met, number in ((True, one.met), (False, one.not_met), (None, one.unknown)):
            counted[*stratum, met] += number
    assert +counted == wanted


def test_the_strata_of_a_group_add_up_to_it(made, acting):
    """Nobody here is examined twice, so persons add up too."""
    indicators = [indicator_called(key) for key in KINDS]
    with acting("quality_reviewer", None):
        for by in (None, "centre", "endoscopist", "month", "quarter", "year"):
            summed = Counter()
            for one in stratified(indicators, by=by):
                for state, number in one.counts.items():
                    summed[one.indicator.key, one.group.group, state] += number
            wanted = Counter()
            for one in tally(indicators, by=by):
                wanted.update({(one.indicator.key, one.group, state): n for state, n in one.counts.items()})
            assert +summed == +wanted


def test_a_reader_of_one_centre_counts_its_own(made, acting, alliance):
    with acting("centre_manager", "county_a"):
        found = stratified([indicator_called("CDEI-07")], by="centre")
    assert {one.group.group.code for one in found} == {alliance.county_a.code}
    assert sum(one.eligible for one in found) == 18


def test_there_are_no_strata_within_ages_or_for_nobody(made, acting):
    with acting("quality_reviewer", None):
        for by in ("age", "age5", "sex", "day"):
            with pytest.raises(KeyError, match="no strata within"):
                stratified([indicator_called("CDEI-07")], by=by)
    with acting("researcher", None), pytest.raises(Forbidden):
        stratified([indicator_called("CDEI-07")], by="endoscopist")
