"""A clinical definition as the reference page shows it: what it says, where from, and who checked it."""

from dataclasses import dataclass

from registry.label import Label


@dataclass(frozen=True)
class Definition:
    """One edition of one definition. A change makes a new edition; the old one stays computable.

    `checked` names who signed it off and when; None shows as awaiting clinical sign-off.
    """

    key: str
    label: Label
    says: Label
    edition: str
    source: str
    clause: str
    checked: str | None = None
