"""What tests of this room share."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What the quality-control centre keeps is written and read as every other record."""
    return str(request.param)
