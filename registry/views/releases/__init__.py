"""Releases: what leaves for readers of aggregates – the first table, what was let go, and its making."""
