"""Codes that rules read from words, kept beside the record until a person confirms them.

What rules find is no fact: it is stored apart, without an entry in the trail, and found anew whenever
a text or the record changes. What a person says of it is a change like any other (services.cases.confirming).
"""

from registry.services.cases.proposals.finding import rows_for
from registry.services.cases.proposals.keeping import refresh, untie

__all__ = ["refresh", "rows_for", "untie"]
