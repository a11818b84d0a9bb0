"""What is asked of the database before anybody is let in, and what it is told."""

import pytest
from sqlalchemy import text

from registry.extensions import db
from registry.services import health


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL learns it by itself
def test_sqlite_learns_how_large_its_tables_are(acting, book):
    with acting("recorder", "city"):
        for serial in (3, 5, 7):
            book.enrol(serial)
    with acting("recorder", "city"):
        health.measure_tables()
        with db.engine.connect() as connection:
            (told,) = connection.execute(
                text("SELECT DISTINCT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'person'")
            )
    assert told == (3,)
