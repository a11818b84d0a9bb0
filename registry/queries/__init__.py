"""The only SQL: find one, list some, worklists, tallies, survival counts."""
