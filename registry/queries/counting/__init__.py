"""Counting for rates: what is counted, by which groups, in which passes, and who stands behind a count."""
