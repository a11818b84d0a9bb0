"""Survival: its methods, what they are asked, and what stands beside every curve."""
