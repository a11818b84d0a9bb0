"""What tests of this room share."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is released is worked out from counts that have tests of their own on both engines."""
    return str(request.param)
