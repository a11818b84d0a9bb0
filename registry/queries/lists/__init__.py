"""Lists within scope: the day, cases that name nobody, and all that waits to be done."""
