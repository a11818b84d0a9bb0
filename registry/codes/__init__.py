"""Coded value sets, by subject: the one home of every code, its two labels and its source."""
