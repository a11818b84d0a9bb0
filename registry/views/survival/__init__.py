"""Survival: what a page is asked for, its curves, and the life tables they are measured against."""
