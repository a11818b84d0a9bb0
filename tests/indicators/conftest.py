"""A count of statements, as the queries' tests have it."""

from tests.queries.conftest import statements as statements
