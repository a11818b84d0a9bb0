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


MAPPING = """
source = "Somebody's list"
[rows]
key = ["no"]
[enrolment]
name = "name"
record_number = "no"
enrolled_on = "day"
[person]
sex = "sex"
born_on = "born"
"""


def test_whoever_is_brought_in_is_looked_at(flask, alliance, acting, book, tmp_path):
    with acting("recorder", "county_a"):
        book.enrol(None, name="单建国", sex=Sex.MALE, born_on=date(1958, 3, 4))
    (tmp_path / "own.toml").write_text(MAPPING, "utf-8")
    rows = (
        "1,单健国,男,1958-03-04",
        "2,李大海,男,1958-03-04",
        "3,单建国,男,1958-04-03",
        "4,李大海,男,1971-05-06",
    )
    lines = ["no,name,sex,born,day", *(f"{row},2026-01-05" for row in rows)]
    (tmp_path / "own.csv").write_text("\n".join(lines), "utf-8")
    for _ in range(2):
        done = flask("import", tmp_path / "own.csv", "--mapping", tmp_path / "own.toml",
                     "--centre", alliance.city.code)  # fmt: skip
        assert done.exit_code == 0, done.output
        with acting("recorder", "city"):
            pairs = db.session.scalars(select(PossiblePair)).all()
            # Rows 1 and 3 with the record of the county; of each other they differ in too much.
            assert len(pairs) == 2
        with acting("recorder", "county_a"):
            assert db.session.scalar(select(func.count(PossiblePair.id))) == 2
