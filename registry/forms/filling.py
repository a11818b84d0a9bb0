"""Filling a form from values read elsewhere: what is empty is filled and marked, what is there stays."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.forms.page import Differing
from registry.label import Label

LONGEST = 30


@dataclass
class Filling:
    """What filling a form came to: how many fields were filled, and which already said something else."""

    text: str = ""
    refused: Label | None = None
    count: int = 0
    differing: list[Differing] = field(default_factory=list)

    def fill(self, form: Any, values: Iterable[Any], *, over: frozenset[str] = frozenset()) -> None:
        """Fill the fields of one part of a form; each value has `field`, `value` and `words`.

        A field that holds something keeps it, and where that is another value, both are told;
        those named in `over` were only defaults and give way.
        """
        for one in values:
            asked = form._fields.get(one.field)
            if asked is None or one.value is None:
                continue
            if asked.data in (None, "", []) or (one.field in over and asked.data != one.value):
                asked.data, asked.raw_data, asked.process_errors = one.value, None, []
                asked.proposed = marked(one.words)
                self.count += 1
            elif asked.data != one.value:
                self.differing.append(_differing(asked, one.value))


def marked(words: str) -> Label:
    """The mark of a value that was read from words, with those words where they are few."""
    if not words or len(words) > LONGEST:
        return Label("来自粘贴的文字，请核对", "From the pasted text, please check")
    return Label(f"来自文字“{words}”，请核对", f"From the words “{words}”, please check")


def _differing(asked: Any, value: Any) -> Differing:
    kept, stored = asked.data, asked.plain()
    asked.data = value
    said = asked.plain()
    asked.data = kept
    return Differing(asked.label.text, stored[:60], said[:60])
