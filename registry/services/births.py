"""A person's sex and birth date as the alliance holds them, and the ages that follow."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.access import unscoped
from registry.extensions import db
from registry.models import Examination, Person
from registry.rules import person as rules
from registry.rules.dates import age_on, certainly_before, partial
from registry.rules.life import BIRTH
from registry.rules.problem import Invalid, demand, refusal
from registry.services.unit import Unit
from registry.services.values import image, put


def correct(unit: Unit, person: Person, values: Mapping[str, Any], today: date) -> None:
    """Change sex or birth date; the age at every examination follows, at every centre.

    Raises
    ------
    Invalid
        When an examination would lie before the birth.
    """
    demand(rules.check(**(image(person) | dict(values)), today=today))
    unit.edit(person)
    put(person, values)
    if not {"born_on", "born_precision"} & set(values):
        return
    born = partial(person.born_on, person.born_precision)
    with unscoped("settled facts"):
        examined = db.session.scalars(select(Examination).where(Examination.person_id == person.id)).all()
    if any(certainly_before(examination.performed_on, born) for examination in examined):
        raise Invalid(
            [refusal("born_on", "出生日期晚于已有的检查", "There are examinations before this birth", BIRTH)]
        )
    for examination in examined:
        unit.settle(examination).age = age_at(person, examination.performed_on)


def age_at(person: Person, day: date) -> int | None:
    """Age in completed years, from the middle of what is known of the birth date."""
    born = partial(person.born_on, person.born_precision)
    return None if born is None or born.middle > day else age_on(born.middle, day)
