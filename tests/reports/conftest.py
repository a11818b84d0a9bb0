"""What tests of reports share."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """A report is made of the same numbers on both engines: their queries have tests of their own on both."""
    return str(request.param)
