"""Who may be one person is looked up by index: nothing reads all of a registry, or all of a centre."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, insert
from sqlalchemy.orm import Session, with_loader_criteria

from registry.models import (
    Base,
    Enrolment,
    IdentityDocument,
    MatchKey,
    Person,
    PersonKey,
    PossiblePair,
)
from registry.queries.record import likeness
from registry.services.imports.ahead.persons import _people

LOOKED_IN: tuple[Any, ...] = Person, PersonKey, Enrolment, IdentityDocument, MatchKey, PossiblePair


@pytest.fixture
def session() -> Iterator[Session]:
    """A bare registry: three persons, the second merged into the first, enrolled at centres 1 to 3."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [model.__table__ for model in LOOKED_IN])
    for model in LOOKED_IN:  # in the migrations' order: between equals SQLite goes by that, not by chance
        for index in sorted(model.__table__.indexes, key=lambda one: str(one.name)):
            index.drop(engine)
            index.create(engine)
    with engine.connect() as connection:
        raw(connection).execute("PRAGMA foreign_keys=OFF")  # nobody asks for centres and imports here
        for number, kept in ((1, None), (2, 1), (3, None)):
            person = {"id": number, "pseudonym": f"p{number}", "merged_into_id": kept}
            enrolment = {
                "id": 10 + number,
                "person_id": number,
                "centre_id": number,
                "enrolled_on": date(2026, 1, 1),
                "sealed_for_id": 9 if number == 3 else None,
            }
            connection.execute(insert(Person).values(person))
            connection.execute(insert(Enrolment).values(enrolment))
        key = {"enrolment_id": 11, "person_id": 1, "centre_id": 1, "digest": "d"}
        connection.execute(insert(MatchKey).values(key))
        yield Session(connection)
    engine.dispose()


def raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def narrowed(person_id: int, centre_id: int) -> Any:
    """As the guard narrows it to a centre."""
    own = with_loader_criteria(Enrolment, Enrolment.centre_id.in_([centre_id]))
    return likeness.sealed_for(person_id, centre_id).options(own)


LOOKED_UP: dict[str, tuple[Callable[[Session], Any], Any]] = {
    "families": (lambda session: likeness.families(session, {1, 2}), {1: 1, 2: 1}),
    "centres": (lambda session: likeness.centres_of(session, {1, 3}), {1: {1, 2}, 3: {3}}),
    "those of a list": (
        lambda session: likeness.enrolments_of(
            session, 2, among={11, 12}, persons={1, 2, 3}, record_number="d"
        ),
        {12},
    ),
    "met under a key": (lambda session: likeness.meetings(session, {"d": {12}}), {12: {11}}),
    "keys": (lambda session: likeness.keys_of(session, {11, 12}), {"d": {11}}),
    "a centre's own": (lambda session: {one.id for one in session.scalars(narrowed(1, 1))}, {11}),
    "a centre's own after a merge": (
        lambda session: {one.id for one in session.scalars(narrowed(9, 3))},
        {13},
    ),
    "records": (lambda session: likeness.records(session, {11, 12}), {}),
    "pairs on record": (lambda session: likeness.known_pairs(session, {1, 2}), set()),
    "an import's": (lambda session: set(_people(session, {1, 3}, 1)), {1, 3}),
}


@pytest.mark.parametrize("what", LOOKED_UP)
def test_records_are_looked_up_by_index(session: Session, what: str) -> None:
    """SQLite's plans, without statistics as a registry has none: a condition on the centre alone, which
    half of all records fulfil, is never what the search begins with."""
    connection = session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    look, found = LOOKED_UP[what]
    assert look(session) == found
    assert asked
    for statement, values in asked:
        plan = [step[3] for step in raw(connection).execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert not [step for step in plan if step.startswith("SCAN") or "(centre_id=?)" in step], plan
