"""The centre that is acted for, as a condition on its records."""

from typing import Any

from sqlalchemy import ColumnElement, and_

from registry.access import scope
from registry.models import Enrolment


def here(model: Any) -> ColumnElement[bool]:
    """Rows of the centre that is acted for; all within scope for who acts for none."""
    current = scope()
    if current is None or current.centre_id is None:
        return model.centre_id.is_not(None)
    return model.centre_id == current.centre_id


def enrolled(person_id: Any, centre_id: Any) -> ColumnElement[bool]:
    """The enrolment of a person at the centre of a record."""
    return and_(Enrolment.person_id == person_id, Enrolment.centre_id == centre_id)
