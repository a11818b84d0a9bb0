"""The verbs by which these tests record cases."""

from tests.book import book as book
