"""What tests of commands share."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """A command says the same on both engines.

    Those that count run on both in tests/cli/test_documented.py.
    """
    return str(request.param)
