"""The SQL for millions and the rule for one record give the same answers, on either engine."""

from itertools import product

from sqlalchemy import select

from registry.access import unscoped
from registry.codes.lesion import Organ
from registry.codes.pathology import Depth, Vienna
from registry.codes.tumour import StagePrefix, TCategory
from registry.extensions import db
from registry.indicators.early import cancer, early
from registry.models import Person, Tumour
from registry.rules import early as rule
from registry.services.unit import change


def test_early_in_sql_is_early_by_the_rule(acting, alliance):
    facts = list(product(Organ, [None, *Depth], [None], [None]))
    facts += list(product(Organ, [None, Depth.SM1], [None, *TCategory], [None, *StagePrefix]))
    with acting("endoscopist", "city"):
        with change("test.tumours") as unit:
            for place, (organ, depth, t, prefix) in enumerate(facts):
                person = unit.add(Person(pseudonym=f"p{place}"))
                unit.session.flush()
                unit.add(
                    Tumour(
                        person_id=person.id, centre_id=alliance.city.id, sequence=1, organ=organ,
                        deepest=depth, t=t, stage_prefix=prefix, invasive=True,
                    )
                )  # fmt: skip
        with unscoped("tallies"):
            staged = (Tumour.organ, Tumour.deepest, Tumour.t, Tumour.stage_prefix)
            rows = db.session.execute(select(*staged, early(Tumour))).all()
    found = {tuple(facts): None if answer is None else bool(answer) for *facts, answer in rows}
    assert found == {
        (organ, depth, t, prefix): rule.early(organ, depth, t=t, prefix=prefix)
        for organ, depth, t, prefix in facts
    }


def test_cancer_in_sql_is_proved_carcinoma(acting, alliance):
    facts = list(product([None, *Vienna], [None, True, False]))
    with acting("endoscopist", "city"):
        with change("test.tumours") as unit:
            for place, (worst, invasive) in enumerate(facts):
                person = unit.add(Person(pseudonym=f"p{place}"))
                unit.session.flush()
                unit.add(
                    Tumour(
                        person_id=person.id, centre_id=alliance.city.id, sequence=1, organ=Organ.STOMACH,
                        worst=worst, invasive=invasive,
                    )
                )  # fmt: skip
        with unscoped("tallies"):
            rows = db.session.execute(select(Tumour.worst, Tumour.invasive).where(cancer(Tumour))).all()
    assert {tuple(row) for row in rows} == {
        (worst, invasive) for worst, invasive in facts if invasive or (worst and worst.carcinoma)
    }
