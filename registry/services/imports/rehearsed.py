"""How a rehearsal ends: everything was done inside a change, and none of it is kept."""


class Rehearsed(Exception):
    """Everything would have been stored; it was only tried."""
