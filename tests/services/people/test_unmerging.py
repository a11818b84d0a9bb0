"""Merging and un-merging is the identity: whoever the two were, whatever was recorded of them, and where."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry.codes.person import Precision, Sex
from registry.extensions import db
from registry.models import Base
from registry.rules.problem import Invalid
from registry.services.course import history, outcome, tumours
from registry.services.people import merging
from registry.services.unit import change

APART = {"audit_entry", "merge", "possible_pair", "user_session"}
DAY = date(2024, 1, 1)
HOUSES = ("city", "county_a")
SERIAL = count(100)
days = st.integers(0, 400).map(lambda number: DAY + timedelta(days=number))

SITES = st.sampled_from(["C16.3", "C15.4", "C18.7"])
BIRTHS = [None, (date(1958, 7, 1), Precision.YEAR), (date(1958, 3, 4), Precision.DAY)]

# What may be recorded of somebody: a verb of the tests, and what it takes.
HAPPENED = st.one_of(
    st.tuples(
        st.just("biopsy"), days, st.sampled_from(["3", "4.1", "4.4"]), st.sampled_from(["C16.3", "C18.7"])
    ),
    st.tuples(st.just("resect"), days, st.sampled_from(["4.1", "4.4"]), st.sampled_from(["C16.3", "C15.4"])),
    st.tuples(st.just("look"), days),
    st.tuples(st.just("register"), days, st.sampled_from(["stomach", "colon", "oesophagus"])),
    st.tuples(st.just("contact"), days, st.sampled_from(["booked", "no_answer", "declined"])),
    st.tuples(st.just("alive"), days),
    st.tuples(st.just("dead"), days),
    st.tuples(st.just("surgery"), days),
    st.tuples(st.just("round"), days),
)
SOMEBODY = st.fixed_dictionaries(
    {
        "houses": st.permutations(HOUSES).flatmap(lambda both: st.sampled_from([both[:1], both])),
        "paper": st.booleans(),
        "born": st.sampled_from(
            [None, (date(1958, 7, 1), Precision.YEAR), (date(1958, 3, 4), Precision.DAY)]
        ),
        "sex": st.sampled_from([Sex.FEMALE, Sex.UNKNOWN]),
        "happened": st.lists(st.tuples(st.integers(0, 1), HAPPENED), max_size=5),
    }
)


def contents():
    """Every row of every table but the trail, the merges and the queue."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name not in APART
        }


def record(book, person_id, what, on, *more):
    """One thing that happened to somebody, recorded where one acts."""
    if what == "biopsy":
        book.biopsy(person_id, f"{on}", f"{on + timedelta(5)}", vienna=more[0], site=more[1])
    elif what == "resect":
        book.resect(person_id, f"{on}", f"{on + timedelta(5)}", vienna=more[0], site=more[1])
    elif what == "look":
        book.examine(
            person_id, f"{on}", next_due={"next_due_on": on + timedelta(365), "next_due_what": "ogd"}
        )
    elif what == "register":
        tumours.record_tumour(person_id, organ=more[0], incidence_on=on, invasive=True)
    elif what == "contact":
        outcome.contact(person_id, contacted_on=on, outcome=more[0], next_due_on=on + timedelta(90))
    elif what == "surgery":
        history.surgery(person_id, kind="right_colectomy", operated_on=on)
    elif what == "round":
        history.invite(person_id, round=1, invited_on=on)
    else:
        later = DAY + timedelta(days=500)
        outcome.vital_status(
            person_id, vital=what, as_of=later if what == "dead" else on, source="death_list",
            complete_until=later if what == "dead" else None,
        )  # fmt: skip


def make(acting, book, somebody):
    """Enrol somebody at the houses that know them, and record what happened."""
    serial, person_id = next(SERIAL), None
    for house in somebody["houses"]:
        with acting("endoscopist", house):
            known = {"person_id": person_id, "reason": "转诊"} if person_id else {}
            own = serial if somebody["paper"] and person_id is None else None
            if own is None and person_id is None:
                known |= {"sex": somebody["sex"]}
                if somebody["born"]:
                    known |= dict(zip(("born_on", "born_precision"), somebody["born"], strict=True))
            person_id = book.enrol(own, name="王芳", phone=f"1380000{serial:04d}", **known).person_id
    for place, happened in somebody["happened"]:
        house = somebody["houses"][place % len(somebody["houses"])]
        # The dead are not examined; what is refused leaves nothing behind.
        with acting("endoscopist", house), suppress(Invalid):
            record(book, person_id, *happened)
    return person_id


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example takes a second: none is shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=SOMEBODY, other=SOMEBODY, places=st.tuples(st.integers(0, 1), st.integers(0, 1)))
def test_merge_then_unmerge_is_the_identity(acting, book, one, other, places):
    persons = [make(acting, book, each) for each in (one, other)]
    here, there = ((one, other)[place]["houses"][0] for place in places)
    with acting("endoscopist", here):
        before = contents()
        with change("test.merge") as unit:
            found = merging.merge(unit, *persons).id
        assert contents() != before
    with acting("endoscopist", there):
        assert merging.recorded_since(found) == []
        merging.unmerge(found, reason="认错人")
        assert contents() == before
