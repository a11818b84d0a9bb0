"""Releases: what leaves for readers of aggregates is counted once, protected and remembered."""
