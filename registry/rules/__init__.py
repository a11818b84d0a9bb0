"""Clinical reasoning over plain values: what is refused, what is flagged, and what follows from the facts.

Nothing here knows the database or the web. A value that is not known is None and never raises a
problem; where it matters for an answer, the answer is None too and says what was missing.
"""
