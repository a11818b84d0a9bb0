"""A rule as a row of data, and the one pass over a text that finds the words of all rules."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from registry.rules.reading.first import first_of

# What a rule's words mean: a constant, or what a function makes of the words (None: nothing).
Meaning = Callable[[str], Any]


@dataclass(frozen=True)
class Rule:
    """Words, and what they say.

    `says` is a field ("lesion.paris") or a part of speech of the readers ("cue.not", "place").
    `pattern` is a regular expression over folded text without capturing groups and without unbounded
    repetition, so that reading is linear. `source` names the clause that gives the meaning.
    """

    key: str
    says: str
    pattern: str
    value: Any = None
    source: str = ""
    checked: str | None = None

    @cached_property
    def cue(self) -> bool:
        """Whether the words say how others are meant."""
        return self.says.startswith("cue.")

    @cached_property
    def silent(self) -> bool:
        """Whether the words neither assert anything nor can be denied."""
        return self.says in {"sentence", "clause", "marker", "cue.but", "cue.after_not"}

    def meaning(self, words: str) -> Any:
        """The value of these words."""
        return self.value(words) if callable(self.value) and not isinstance(self.value, type) else self.value


class Word:
    """A rule's words found in a text: [begins, ends) in the folded text, and how they are meant.

    `clause` and `sentence` number what stands between commas and between full stops. `hushed` tells
    why nothing may be read from the words: "not", "doubt" or "history"; empty if they are asserted.
    """

    __slots__ = (
        "begins",
        "clause",
        "cue",
        "ends",
        "hushed",
        "rule",
        "says",
        "sentence",
        "silent",
        "text",
        "value",
    )

    def __init__(self, rule: Rule, text: str, begins: int, value: Any) -> None:
        self.rule = rule
        self.says = rule.says
        self.cue = rule.cue
        self.silent = rule.silent
        self.text = text
        self.begins = begins
        self.ends = begins + len(text)
        self.value = value
        self.clause = self.sentence = 0
        self.hushed = ""


# No rule's words go on behind a comma, unless with one of these signs.
_ON = "(低高轻中重GNMHFPCOLAB洛颗结扁均假难不无"
_CLAUSE = re.compile(rf"[^,。;\n]*(?:,(?=[{_ON}])[^,。;\n]*)*(?:[,。;\n]|\Z)")
SHORT = 80  # what is no longer is often the same in many reports, and remembered
Found = tuple[Rule, str, int, Any]


class Scanner:
    """All rules of one kind of text, tried in their order at each place where one can begin."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        starts: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for sign in first_of(rule.pattern):
                starts.setdefault(sign, []).append(number)
        self._beginning = re.compile("[" + re.escape("".join(sorted(starts))) + "]")
        made: dict[tuple[int, ...], tuple[re.Pattern[str], tuple[Rule, ...]]] = {}
        self._at: dict[str, tuple[re.Pattern[str], tuple[Rule, ...]]] = {}
        for sign, numbers in starts.items():
            chosen = tuple(dict.fromkeys(numbers))
            if chosen not in made:
                rules_here = tuple(self.rules[number] for number in chosen)
                tried = "|".join(f"({rule.pattern})" for rule in rules_here)
                made[chosen] = re.compile(tried, re.ASCII), rules_here
            self._at[sign] = made[chosen]

        self._remembered = lru_cache(maxsize=16_384)(self._scan)

    def words(self, text: str) -> list[Word]:
        """The words of all rules, from left to right, never overlapping.

        No rule looks beyond its clause, so each is read alone; short ones that were read before are
        not scanned again.
        """
        words: list[Word] = []
        for clause in _CLAUSE.finditer(text):
            at, said = clause.start(), clause.group()
            if not said:
                continue
            found = self._remembered(said) if len(said) <= SHORT else self._scan(said)
            words += [Word(rule, written, at + begins, value) for rule, written, begins, value in found]
        return words

    def scan(self, text: str) -> list[Word]:
        """The same in one pass, remembering nothing."""
        return [Word(rule, written, begins, value) for rule, written, begins, value in self._scan(text)]

    def _scan(self, text: str) -> tuple[Found, ...]:
        found: list[Found] = []
        place = 0
        while begins := self._beginning.search(text, place):
            at = begins.start()
            tried, rules = self._at[text[at]]
            match = tried.match(text, at)
            if match is None or match.end() == at or match.lastindex is None:
                place = at + 1
                continue
            place = match.end()
            rule, words = rules[match.lastindex - 1], match.group()
            if rule.says == "nothing":
                continue
            found.append((rule, words, at, rule.meaning(words)))
        return tuple(found)
