"""Tumours counted by covariates, by cause of death and from treatment on."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from registry.codes.lesion import Organ
from registry.codes.outcome import TreatmentType
from registry.codes.person import Precision, Sex, Vital, VitalSource
from registry.codes.tumour import SummaryStage
from registry.models import Person, Treatment, Tumour, VitalStatus
from registry.queries.survival.rows import rows
from registry.queries.survival.treated import followed_from_treatment
from registry.services.unit import batch

BEGIN = date(2020, 1, 1)


@pytest.fixture
def store(acting, alliance):
    """Keep stomach cancers that began on one day; each with its person, cause of death and treatments."""

    def keep(*given):
        with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
            for n, one in enumerate(given, start=1):
                one = dict(one)
                person = {"sex": one.pop("sex", Sex.MALE), "born_on": one.pop("born_on", None)}
                causes, treated = one.pop("causes", ()), one.pop("treated", ())
                session.execute(insert(Person), [{"id": n, "pseudonym": f"p{n}", **person}])
                own = {"person_id": n, "centre_id": alliance.city.id}
                known = {"invasive": True, "incidence_on": BEGIN, "followed_days": 100, "dead": False}
                session.execute(
                    insert(Tumour),
                    [{"id": n, **own, "sequence": 1, "organ": Organ.STOMACH, **known, **one}],
                )
                for source, cause in causes:
                    said = {"vital": Vital.DEAD, "as_of": BEGIN, "as_of_precision": Precision.DAY}
                    session.execute(insert(VitalStatus), [{**own, **said, "source": source, "cause": cause}])
                for days, kind, refused in treated:
                    begun = BEGIN + timedelta(days)
                    told = {"tumour_id": n, "type": kind, "refused": refused, "started_on": begun}
                    session.execute(insert(Treatment), [{**own, **told}])
        return acting("quality_reviewer", None)

    return keep


LIST, FAMILY = VitalSource.DEATH_LIST, VitalSource.FAMILY


def test_ends_are_told_by_the_most_trusted_cause(store):
    with store(
        {},
        {"dead": True, "causes": [(LIST, "C16.9"), (FAMILY, "I21.9")]},
        {"dead": True, "causes": [(FAMILY, "C16.2"), (LIST, "I21.9")]},
        {"dead": True, "causes": [(LIST, None), (FAMILY, "c78")]},
        {"dead": True, "causes": [(LIST, "R99")]},
        {"dead": True},
        {"dead": False, "causes": [(LIST, "C16.9")]},
    ):
        found = rows(causes=True)
    told = Counter()
    for end, number in zip(found.ends.tolist(), found.weight.tolist(), strict=True):
        told[end] += number
    assert told == {0: 2, 1: 2, 2: 1, 3: 2}


def test_several_divisions_and_age_at_once(store):
    with store(
        {"sex": Sex.FEMALE, "born_on": date(1950, 1, 2), "summary_stage": SummaryStage.LOCALISED},
        {
            "sex": Sex.FEMALE,
            "born_on": date(1949, 12, 31),
            "summary_stage": SummaryStage.DISTANT,
            "dead": True,
        },
        {"summary_stage": None},
        {"followed_days": None, "dead": None},
    ):
        found = rows(["summary_stage", "sex", None], age=True)
    assert [group.code for group in found.groups["summary_stage"]] == ["localised", "distant", "unknown"]
    told = {
        (
            found.groups["summary_stage"][found.places["summary_stage"][row]].code,
            found.groups["sex"][found.places["sex"][row]].code,
        ): (found.age[row], int(found.ends[row]))
        for row in range(found.days.size)
    }
    female = Sex.FEMALE.code
    assert told["localised", female] == (69, 0)
    assert told["distant", female] == (70, 1)
    assert len(told) == 3
    assert found.groups["None"][0].code == "all"
    assert (found.death_certificate_only, found.not_followed) == (0, 1)


def test_from_the_first_treatment_that_was_given(store):
    esd, none = TreatmentType.ESD, TreatmentType.NONE
    with store(
        {"treated": [(40, TreatmentType.SURGERY, None), (10, esd, False), (5, esd, True), (2, none, None)]},
        {"dead": True, "treated": [(0, esd, None)]},
        {"treated": [(-3, esd, None)]},
        {"dead": True, "treated": [(100, esd, None)]},
        {"treated": [(150, esd, None)]},
        {},
    ):
        counted, untreated = followed_from_treatment()
        entered, without = followed_from_treatment(keep_clock=True)
    (group,) = counted.groups
    told = sorted(zip(group.days.tolist(), group.dead.tolist(), group.weight.tolist(), strict=True))
    assert told == [(0, True, 1), (90, False, 1), (100, False, 1), (100, True, 1)]
    assert untreated == 2
    (group,) = entered.groups
    assert sorted(zip(group.days.tolist(), group.entry.tolist(), strict=True)) == [
        (100, -1),
        (100, -1),
        (100, 10),
    ]
    assert without == 3
