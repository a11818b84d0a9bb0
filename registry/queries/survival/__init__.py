"""Tumours for survival: counted by days followed, divided, or one by one; and life tables."""
