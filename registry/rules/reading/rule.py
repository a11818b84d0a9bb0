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

    __slots__ = ("begins", "clause", "cue", "ends", "hushed", "rule", "says", "sentence", "text", "value")

    def __init__(self, found: "Found", at: int, clause: int, sentence: int) -> None:
        """`found` in a piece of the text that begins at `at`, behind so many clauses and sentences."""
        self.rule, self.says, self.cue, self.text, begins, ends, self.value, after, behind = found
        self.begins = at + begins
        self.ends = at + ends
        self.clause = clause + after
        self.sentence = sentence + behind
        self.hushed = ""

    @property
    def silent(self) -> bool:
        """Whether the words neither assert anything nor can be denied."""
        return self.rule.silent


# No rule's words go on behind a comma, unless with one of these signs.
_ON = "(低高轻中重GNMHFPCOLAB洛颗结扁均假难不无"
_CLAUSE = re.compile(rf"[^,。;\n]*(?:,(?=[{_ON}])[^,。;\n]*)*(?:[,。;\n]|\Z)")
_BOUNDS = {"sentence", "clause"}
SHORT = 80  # what is no longer is often the same in many reports, and remembered
# A word as it stands in a piece of text: rule, says, cue, text, begins, ends, value, and how many clauses
# and sentences begin between the start of the piece and the word.
Found = tuple[Rule, str, bool, str, int, int, Any, int, int]
Piece = tuple[tuple[Found, ...], int, int]  # its words, and how many clauses and sentences begin in it


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
        """The words of all rules, from left to right, never overlapping, with clauses and sentences numbered.

        No rule looks beyond its clause, so each is read alone; short ones that were read before are
        not scanned again.
        """
        words: list[Word] = []
        at = clause = sentence = 0
        remembered = self._remembered
        for said in _CLAUSE.findall(text):  # end to end: together they are the text
            found, clauses, sentences = remembered(said) if len(said) <= SHORT else self._scan(said)
            for one in found:
                words.append(Word(one, at, clause, sentence))
            at += len(said)
            clause += clauses
            sentence += sentences
        return words

    def scan(self, text: str) -> list[Word]:
        """The same in one pass, remembering nothing."""
        return [Word(found, 0, 0, 0) for found in self._scan(text)[0]]

    def _scan(self, text: str) -> Piece:
        found: list[Found] = []
        place = clause = sentence = 0
        while begins := self._beginning.search(text, place):
            at = begins.start()
            tried, rules = self._at[text[at]]
            match = tried.match(text, at)
            if match is None or match.end() == at or match.lastindex is None:
                place = at + 1
                continue
            place = match.end()
            rule, words = rules[match.lastindex - 1], match.group()
            says = rule.says
            if says == "nothing":
                continue
            if says in _BOUNDS:
                clause += 1
                sentence += says == "sentence"
            value = rule.meaning(words)
            found.append((rule, says, rule.cue, words, at, place, value, clause, sentence))
            if words == "?" and not _goes_on(text[place : place + 1]):
                clause += 1
        return tuple(found), clause, sentence


def _goes_on(sign: str) -> bool:
    """Whether what stands behind a question mark still belongs to the question: 萎缩？（C-2）."""
    return sign in "(),;?。\n" or (sign.isascii() and sign.isalpha())
