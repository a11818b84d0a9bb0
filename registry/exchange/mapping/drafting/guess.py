"""What a column probably holds: by its name, checked against its values; else by its values alone."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from registry.codes.code_set import CodeSet
from registry.exchange.cells import READERS, About, Unread, plain_cell, usual
from registry.exchange.cells.words import known
from registry.exchange.mapping.fields import RECORDS, column_of
from registry.exchange.readers import fold
from registry.label import Label
from registry.rules import identity

SYNONYMS = Path(__file__).parent / "synonyms.toml"
ENOUGH = 0.8
_TURNED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(\D.*)?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_DATED = re.compile(r"(19|20)\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?([ T].*)?")


@dataclass(frozen=True)
class Guess:
    """What a column is taken for; `target` is "record.field", None where nothing fits.

    `sure` means that name and values agree. `read`, `order` and `values` are as in a mapping.
    """

    column: str
    target: str | None
    sure: bool
    why: Label
    read: str | None = None
    order: str = "ymd"
    values: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def record(self) -> str:
        return (self.target or "").partition(".")[0]

    @property
    def name(self) -> str:
        return (self.target or "").partition(".")[2]


@cache
def told() -> dict[str, Any]:
    """The table of names and words."""
    return tomllib.loads(SYNONYMS.read_text("utf-8"))


@cache
def _names() -> dict[str, str]:
    """Folded name → "record.field"; the first that claims a name has it."""
    found: dict[str, str] = {}
    for record, fields in told().items():
        if record != "words":
            for name, words in fields.items():
                for word in words:
                    found.setdefault(fold(word), f"{record}.{name}")
    return found


def guess(column: str, cells: list[str], *, today: date) -> Guess:
    """What the column holds. `cells` are some of its values, empty ones left out."""
    words = [plain_cell(cell) for cell in cells]
    named, equal = _by_name(column)
    if named is not None:
        found = _checked(Guess(column, named, equal, _said(equal)), words, today)
        if found is not None:
            return found
    return _by_values(column, words, today)


def _said(equal: bool) -> Label:
    if equal:
        return Label("按列名和内容", "by its name and what it holds")
    return Label("列名相近，请核对", "by a similar name; please check")


def _by_name(column: str) -> tuple[str | None, bool]:
    folded, names = fold(column), _names()
    if folded in names:
        return names[folded], True
    bare = re.sub(r"[(\[【].*?[)\]】]|[:：*]", "", folded)
    if bare in names:
        return names[bare], True
    inside = [name for name in names if name in folded and len(name) >= (4 if name.isascii() else 2)]
    if not inside:
        return None, False
    return names[max(inside, key=lambda name: (len(name), folded.endswith(name)))], False


def _checked(found: Guess, words: list[str], today: date) -> Guess | None:
    """The guess with what reading its values needs; None where its values are something else."""
    if found.record == "age":
        found = replace(found, target="person.born_on", read="age")
    record, name = found.record, found.name
    info, kind = column_of(record, name)
    reader = found.read or usual(record, name, About(name, today, info, kind))
    if reader in {"day", "moment"}:
        found = replace(found, order=order_of(words))
        if found.order != "ymd" and not _settles(words):
            found = replace(
                found, sure=False, why=Label("日月顺序不明，请核对", "day and month may be swapped")
            )
    about = About(name, today, info, kind, order=found.order)
    unread = [word for word in dict.fromkeys(words) if not _reads(reader, word, about)]
    if not unread:
        return found
    if "codes" in info or kind is bool:
        return _translated(found, info.get("codes"), reader, words, about)
    if sum(word in set(unread) for word in words) <= (1 - ENOUGH) * len(words):
        return found
    return None


def _reads(reader: str, word: str, about: About) -> bool:
    try:
        READERS[reader](word, about)
    except Unread:
        return False
    return True


def _translated(
    found: Guess, codes: type[CodeSet] | None, reader: str, words: list[str], about: About
) -> Guess | None:
    """A table of words for a column of codes or of yes and no; what nobody knows is left for a person."""
    distinct = list(dict.fromkeys(words))
    if len(distinct) > 40:
        return None
    values, unknown = {}, []
    for word in distinct:
        meaning = _meaning(word, codes, about, reader)
        if meaning is None:
            unknown.append(word)
        else:
            values[word] = meaning
    if codes is not None and not values:
        return None
    why = Label("请核对各种写法的含义", "please check what its words mean")
    return replace(found, sure=False, why=why, values=values, unknown=tuple(unknown))


def _meaning(word: str, codes: type[CodeSet] | None, about: About, reader: str) -> str | None:
    if codes is None:
        try:
            value = READERS["yes"](word, about)[about.field]
        except Unread:
            return "yes"  # a word where others say no: an adverse event by its name
        return {True: "yes", False: "no"}.get(value, "")
    try:
        return known(codes, word).code
    except Unread:
        pass
    if reader != "code" and _reads(reader, word, about):
        return word
    return contained(about.field, word)


def contained(name: str, word: str) -> str | None:
    """The code whose word stands in a longer one, the longest such; None where none does."""
    hints = told()["words"].get(name, {})
    folded = word.casefold()
    fits = [(len(hint), code) for code, words in hints.items() for hint in words if _holds(folded, hint)]
    return max(fits)[1] if fits else None


def _holds(word: str, hint: str) -> bool:
    return word == hint if len(hint) == 1 and hint != "痛" else hint in word


def order_of(words: list[str]) -> str:
    """Whether days begin with the year, the day or the month."""
    turned = [found for word in words if (found := _TURNED.fullmatch(word)) and not _DATED.fullmatch(word)]
    if 2 * len(turned) < len(words) or not turned:
        return "ymd"
    if any(int(found[1]) > 31 for found in turned):
        return "ymd"
    return "mdy" if any(int(found[2]) > 12 for found in turned) else "dmy"


def _settles(words: list[str]) -> bool:
    turned = [found for word in words if (found := _TURNED.fullmatch(word))]
    return any(int(found[1]) > 12 or int(found[2]) > 12 for found in turned)


def _by_values(column: str, words: list[str], today: date) -> Guess:
    """Identity numbers, telephones and sexes look like nothing else."""
    nothing = Guess(column, None, False, Label("没有对应的项目", "nothing corresponds"))
    if not words:
        return nothing
    kinds = Counter(_kind(word, today) for word in words)
    kind, often = kinds.most_common(1)[0]
    if kind is None or often < ENOUGH * len(words):
        return nothing
    return Guess(column, kind, False, Label("按内容猜测，请核对", "by what it holds; please check"))


def _kind(word: str, today: date) -> str | None:
    if len(identity.clean(word)) == 18 and identity.clean(word)[:17].isdigit():
        return "document.value"
    if _MOBILE.fullmatch(word):
        return "enrolment.phone"
    if word in {"男", "女"}:
        return "person.sex"
    return None


def targets() -> set[str]:
    """Every field that the table names, to be checked against the record."""
    return {
        f"{'person' if record == 'age' else record}.{name}"
        for record, fields in told().items()
        if record != "words"
        for name in fields
        if record == "age" or record in RECORDS
    }
