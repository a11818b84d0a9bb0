"""The shorthand of the services' tests, and a count of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from registry.extensions import db
from tests.book import book as book


@pytest.fixture
def statements(app: Any) -> Any:
    """`with statements() as run:` – the statements run inside; transactions' own words do not count."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        run: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
                run.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield run
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
