"""What tests of commands share."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """A command says the same on both engines; what it asks for has tests of its own on both."""
    return str(request.param)
