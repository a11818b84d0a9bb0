"""A source whose people were merged since goes on telling of the one who was kept."""

import pytest

from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.extensions import db
from registry.models import Person
from registry.queries.record.people import enrolment_of
from registry.services import imports
from registry.services.people import merging
from registry.services.unit import change
from registry.services.values import today

MAPPING = """
source = "Somebody's list"
[rows]
key = ["no"]
[enrolment]
name = "name"
record_number = "no"
phone = "phone"
enrolled_on = "day"
[person]
sex = "sex"
born_on = "born"
"""


@pytest.fixture
def bring(tmp_path):
    """`bring("13800000001")` brings in one woman under this phone; gives the receipt."""
    chosen = mapping.parse("own", MAPPING)

    def brought(phone):
        path = tmp_path / "own.csv"
        path.write_text(f"no,name,sex,born,phone,day\n7,王芳,女,1960-01-01,{phone},2026-01-05\n", "utf-8")
        origin = imports.Origin(chosen.source, chosen.name, chosen.digest, readers.digest(path))
        found = cases.gather(readers.open_table(path), chosen, today=today())
        return imports.bring_in(found, origin)

    return brought


def test_a_changed_row_reaches_the_one_who_was_kept(acting, book, bring):
    with acting("endoscopist", "county_a"):
        kept = book.enrol(2, name="王芳").person_id
    with acting("centre_manager", "city"):
        assert bring("13800000001").new == 1
        here = max(person.id for person in db.session.query(Person))
        with change("test.merge") as unit:
            merged = merging.merge(unit, kept, here).id
        assert enrolment_of(kept).phone == "13800000001"
        receipt = bring("13800000002")
        assert (receipt.updated, receipt.refused) == (1, [])
        db.session.expire_all()
        assert enrolment_of(kept).phone == "13800000002"
        merging.unmerge(merged, reason="认错人")
        assert enrolment_of(here).phone == "13800000002"
        assert bring("13800000002").unchanged == 1
