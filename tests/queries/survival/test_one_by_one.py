"""Tumours one by one: the same that are counted, with age, sex and day of the start."""

from datetime import date

import pytest
from sqlalchemy import insert

from registry.codes.lesion import Organ
from registry.codes.person import Precision, Sex
from registry.codes.tumour import Basis, SummaryStage
from registry.models import Enrolment, Person, Tumour
from registry.queries.survival import one_by_one as module
from registry.queries.survival.by_days import followed
from registry.queries.survival.one_by_one import one_by_one
from registry.services.unit import batch


@pytest.fixture
def tumours(acting, alliance):
    """`tumours(rows)`: one person with one tumour each; a row may change anything of either."""

    def store(rows):
        persons, found = [], []
        for number, row in enumerate(rows, start=1):
            person = {
                "id": number,
                "pseudonym": f"t{number}",
                "sex": Sex.MALE,
                "born_on": date(1950, 1, 1),
                "born_precision": Precision.DAY,
            }
            tumour = {
                "person_id": number,
                "centre_id": alliance.city.id,
                "sequence": 1,
                "organ": Organ.COLON,
                "invasive": True,
                "invasive_on": None,
                "incidence_on": date(2010, 1, 1),
                "incidence_precision": Precision.DAY,
                "basis": Basis.HISTOLOGY_PRIMARY,
                "summary_stage": None,
                "followed_days": 100,
                "dead": True,
            }
            persons.append({name: row.get(name, value) for name, value in person.items()})
            found.append({name: row.get(name, value) for name, value in tumour.items()})
        with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
            session.execute(insert(Person), persons)
            session.execute(insert(Tumour), found)

    return store


@pytest.fixture
def asked(acting):
    """`asked(function, …)`: what a quality reviewer is told."""

    def ask(function, *args, **selection):
        with acting("quality_reviewer", None):
            return function(*args, **selection)

    return ask


def test_age_day_and_sex_at_the_start(tumours, asked):
    tumours(
        [
            {},
            {"sex": Sex.FEMALE, "invasive_on": date(2010, 1, 11), "dead": False, "followed_days": 7},
            {"born_on": date(1950, 5, 1), "born_precision": Precision.MONTH},
            {"born_on": date(1950, 1, 1), "born_precision": Precision.AGE},
            {"incidence_on": date(2010, 3, 1), "incidence_precision": Precision.YEAR},
            {"incidence_precision": Precision.YEAR, "invasive_on": date(2010, 1, 2)},
        ]
    )
    (group,) = asked(one_by_one).groups
    began = [date(2010, 1, day) for day in (1, 11, 1, 1)] + [date(2010, 7, 1), date(2010, 1, 2)]
    born = [date(1950, 1, 1)] * 2 + [date(1950, 5, 15), date(1950, 7, 1)] + [date(1950, 1, 1)] * 2
    order = [*zip(group.on.tolist(), group.age.tolist(), strict=True)]
    expected = [
        ((one - date(1970, 1, 1)).days, (one - other).days) for one, other in zip(began, born, strict=True)
    ]
    assert sorted(order) == sorted(expected)
    (place,) = (at for at, days in enumerate(group.days) if days == 7)
    assert (group.sex[place], group.dead[place], group.on[place]) == (1, False, expected[1][0])
    assert group.dead.sum() == 5


def test_who_cannot_be_compared_is_counted(tumours, asked):
    tumours(
        [
            {"born_on": None},
            {"sex": Sex.UNKNOWN},
            {"born_on": date(2020, 1, 1)},
            {"incidence_on": None},
            {"followed_days": None, "dead": None},
            {"followed_days": None, "dead": None, "basis": Basis.DCO, "born_on": None},
            {},
        ]
    )
    found = asked(one_by_one)
    assert (found.not_comparable, found.not_followed, found.death_certificate_only) == (4, 1, 1)
    assert [len(group.days) for group in found.groups] == [1]


def test_the_same_tumours_as_are_counted_in_the_same_groups(tumours, asked, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 7)
    stages = [SummaryStage.DISTANT, None, SummaryStage.LOCALISED, SummaryStage.UNKNOWN]
    tumours(
        [
            {"summary_stage": stages[number % 4], "followed_days": number % 50, "dead": number % 3 == 0}
            for number in range(40)
        ]
    )
    for selection in ({}, {"site": "stomach"}, {"start": date(2011, 1, 1)}, {"end": date(2010, 12, 31)}):
        counted, found = (asked(query, "summary_stage", **selection) for query in (followed, one_by_one))
        assert len(found.groups) == (0 if selection.keys() & {"site", "start"} else 3)
        assert [one.group for one in found.groups] == [one.group for one in counted.groups]
        for one, other in zip(found.groups, counted.groups, strict=True):
            assert (len(one.days), one.dead.sum()) == (other.weight.sum(), other.weight[other.dead].sum())
    with pytest.raises(KeyError, match="cannot divide"):
        asked(one_by_one, "shoe size")
    with pytest.raises(ValueError, match="没有部位"):
        asked(one_by_one, site="nowhere")


def test_another_centre_s_tumours_do_not_exist(tumours, acting, alliance):
    tumours([{}, {}])
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        row = {"person_id": 1, "centre_id": alliance.city.id, "enrolled_on": date(2010, 1, 1)}
        session.execute(insert(Enrolment), [row])
    with acting("endoscopist", "county_a"):
        assert one_by_one().groups == []
    with acting("endoscopist", "city"):
        assert [len(group.days) for group in one_by_one().groups] == [1]
