"""Records of two centres, for the tests of who may see what."""

import pytest

from tests.records import Records, one_of_each


@pytest.fixture
def at_city(acting, alliance) -> Records:
    """One of each record at the city hospital."""
    with acting("endoscopist", "city") as scope:
        return one_of_each(alliance.city, scope.actor_id)


@pytest.fixture
def at_county(acting, alliance) -> Records:
    """One of each record at county A."""
    with acting("endoscopist", "county_a") as scope:
        return one_of_each(alliance.county_a, scope.actor_id)
