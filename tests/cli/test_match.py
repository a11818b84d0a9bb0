"""`flask match`: records from before the keys are looked at, and looking twice finds nothing new."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from registry.codes.person import Sex
from registry.extensions import db
from registry.models import MatchKey, PossiblePair
from registry.services.unit import batch
from tests.book import book as book


@pytest.fixture
def flask(app, alliance):
    """`flask("match", …)` runs a command on the registry; gives its result."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


def test_records_without_keys_are_matched(flask, alliance, acting, book):
    with acting("recorder", "city"):
        for sign in "国果":
            book.enrol(None, name=f"单建{sign}", sex=Sex.MALE, born_on=date(1958, 3, 4))
        book.enrol(None, name="王芳", sex=Sex.FEMALE, born_on=date(1961, 7, 8))
        with batch("test.forget", "likeness") as session:
            session.execute(delete(MatchKey))
            session.execute(delete(PossiblePair))
    done = flask("match", "--centre", alliance.city.code)
    assert done.exit_code == 0, done.output
    assert "3 份；新的疑似重复 1 条" in done.output
    again = flask("match", "--centre", alliance.city.code)
    assert "0 份；新的疑似重复 0 条" in again.output
    with acting("recorder", "city"):
        assert db.session.scalar(select(func.count(PossiblePair.id))) == 1
