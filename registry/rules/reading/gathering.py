"""From words to what is proposed: one read for each field, pointing into the text as written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.codes.lesion import Impression, Site
from registry.rules.reading.part import Part, Read, Value
from registry.rules.reading.rule import Rule, Word

# A value that follows from words read for another field.
FOLLOWING = (
    Rule(
        "impression.borrmann",
        "lesion.impression",
        "BORRMANN",
        Impression.ADVANCED,
        "Borrmann 1–4 只用于进展期癌：Japanese Classification of Gastric Carcinoma, 15th",
    ),
)
_FIELDS = {"place": "lesion.site", "wall": "lesion.wall", "distance": "lesion.distance_cm"}


def read_of(field: str, value: Value, word: Word, places: Sequence[int], rule: str | None = None) -> Read:
    """A read with the place of its word in the text as written."""
    return Read(field, value, places[word.begins], places[word.ends - 1] + 1, rule or word.rule.key)


def lesion_part(words: Mapping[str, Word], places: Sequence[int]) -> Part:
    """A lesion from its words by part of speech."""
    reads: list[Read] = []
    for says, word in words.items():
        if says == "size":
            least, upper = word.value
            reads.append(read_of("lesion.size_mm", least, word, places))
            if upper is not None:
                reads.append(read_of("lesion.size_mm_upper", upper, word, places))
        else:
            reads.append(read_of(_FIELDS.get(says, says), word.value, word, places))
    if "lesion.borrmann" in words and "lesion.impression" not in words:
        reads.append(_advanced(words["lesion.borrmann"], places))
    site = words["place"].value if "place" in words else None
    return Part("lesion", in_order(reads), site.organ if site else None, site)


def _advanced(word: Word, places: Sequence[int]) -> Read:
    from registry.codes.lesion import Impression

    return read_of("lesion.impression", Impression.ADVANCED, word, places, "impression.borrmann")


def background_part(words: Iterable[Word], places: Sequence[int]) -> tuple[Part, ...]:
    """The background as one part, or nothing; a field said twice with different values is left out."""
    said: dict[str, list[tuple[Any, Word]]] = {}
    for word in words:
        if word.value is None:
            continue
        if word.says == "background.prague":
            for field, value in zip(("background.prague_c", "background.prague_m"), word.value, strict=True):
                said.setdefault(field, []).append((value, word))
        else:
            field = "background.kimura" if word.says == "kimura.after" else word.says
            said.setdefault(field, []).append((word.value, word))
    reads = [
        read_of(field, *found[0], places)
        for field, found in said.items()
        if len({value for value, _ in found}) == 1
    ]
    return (Part("background", in_order(reads)),) if reads else ()


def in_order(reads: Iterable[Read]) -> tuple[Read, ...]:
    """Reads as the text says them."""
    return tuple(sorted(reads, key=lambda read: (read.begins, read.ends, read.field)))


def site_in(words: Iterable[Word]) -> Site | None:
    """The site that words name, if they name just one."""
    sites = {word.value for word in words}
    return sites.pop() if len(sites) == 1 else None
