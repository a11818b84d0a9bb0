"""Rates of indicators: counted, hidden where few, adjusted, compared, closed, and in words."""
