"""Two records side by side: in what they agree, and what that is worth."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.codes.code_set import CodeSet
from registry.codes.person import DocumentType, Precision, Sex
from registry.rules.likeness import births, names
from registry.rules.likeness.blocks import telephone
from registry.rules.likeness.weights import (
    ASK_BITS,
    BITS,
    LINK_BITS,
    STATED,
    Item,
    PaperLikeness,
    Plain,
)
from registry.rules.pinyin import plain


@dataclass(frozen=True, repr=False)
class Told:
    """What one record tells of who somebody is. It names a person, so it never prints itself.

    `papers` are the own documents as (type, cleaned number, doubtful).
    """

    name: str | None = None
    sex: Sex | None = None
    born_on: date | None = None
    born_precision: Precision | None = None
    phone: str | None = None
    papers: tuple[tuple[DocumentType, str, bool], ...] = ()
    record_number: str | None = None


@dataclass(frozen=True)
class Likeness:
    """The level of each item that both records tell, and the sum of their weights in bits."""

    levels: dict[Item, CodeSet] = field(default_factory=dict)

    @property
    def bits(self) -> float:
        return sum(BITS.get(pair, 0.0) for pair in self.levels.items())

    @property
    def score(self) -> int:
        """The bits in tenths, from 0 to 1000, as pairs are sorted by."""
        return max(0, min(1000, round(self.bits * 10)))

    @property
    def contradicted(self) -> bool:
        """Whether both have sound documents of one kind, and they differ."""
        return self.levels.get(Item.DOCUMENT) is PaperLikeness.DIFFERENT

    @property
    def asks(self) -> bool:
        return self.bits >= ASK_BITS

    @property
    def links(self) -> bool:
        """Whether a list's entry may be taken for this person without asking.

        A number given out once decides unless the rest speaks against it.
        """
        given = {(Item.DOCUMENT, PaperLikeness.SAME), (Item.RECORD_NUMBER, Plain.SAME)}
        enough = ASK_BITS if given & set(self.levels.items()) else LINK_BITS
        return self.bits >= enough and not self.contradicted


def compare(one: Told, other: Told) -> Likeness:
    """In what two records agree; an item that either does not tell is left out."""
    found: dict[Item, Any] = {
        Item.NAME: names.compare(one.name, other.name),
        Item.BIRTH: births.compare(one.born_on, one.born_precision, other.born_on, other.born_precision),
        Item.SEX: _equal(*(each.sex if each.sex in STATED else None for each in (one, other))),
        Item.PHONE: _equal(telephone(one.phone), telephone(other.phone)),
        Item.DOCUMENT: papers(one, other),
        Item.RECORD_NUMBER: _equal(*(plain(each.record_number or "") or None for each in (one, other))),
    }
    if found[Item.RECORD_NUMBER] is Plain.DIFFERENT:
        found[Item.RECORD_NUMBER] = None  # whoever was enrolled twice has two
    return Likeness({item: level for item, level in found.items() if level is not None})


def papers(one: Told, other: Told) -> PaperLikeness | None:
    """How alike own documents of one kind are; a doubtful number proves no difference."""
    best: PaperLikeness | None = None
    for kind, number, doubtful in one.papers:
        for other_kind, other_number, other_doubtful in other.papers:
            if kind is not other_kind:
                continue
            if number == other_number:
                return PaperLikeness.SAME
            if (doubtful or other_doubtful) and _slip(number, other_number):
                best = PaperLikeness.TYPO
            elif not (doubtful or other_doubtful) and best is None:
                best = PaperLikeness.DIFFERENT
    return best


def _equal(one: object, other: object) -> Plain | None:
    if one is None or other is None:
        return None
    return Plain.SAME if one == other else Plain.DIFFERENT


def _slip(one: str, other: str) -> bool:
    """Whether one digit differs, two neighbours changed places, or one was left out."""
    if abs(len(one) - len(other)) == 1:
        shorter, longer = sorted((one, other), key=len)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    if len(one) != len(other):
        return False
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) == 2:
        first, second = apart
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(apart) == 1
