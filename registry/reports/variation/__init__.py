"""Variation: funnels, control charts, CUSUMs, and what they say is worse than chance explains."""
