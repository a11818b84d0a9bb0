"""Queries, indicators and statistics together: the rows that page, plot, file and command all show."""
