"""What codes read from words come to: which lesion they speak of, what would follow, how much it matters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry.codes.lesion import Impression, Organ, Site
from registry.codes.pathology import Finding, Method, Vienna
from registry.label import Label
from registry.rules.reading.part import Part, Read
from registry.rules.summary import ResultFacts, Summary, summarise

RECORDS = ("lesion", "result", "specimen", "background")
RECOGNISED_BY = ("size_mm", "paris", "distance_cm")
# Growths for which a report needs a lesion to be about.
GROWTHS = {Finding.NEOPLASIA, Finding.LYMPHOMA, Finding.NET, Finding.GIST}
SUGGESTIVE = {
    Impression.EARLY: 78,
    Impression.ADVANCED: 75,
    Impression.NEOPLASIA: 45,
    Impression.BENIGN: 25,
}
BACKGROUND = 10
# What a weight says, from the heaviest down: the first that it reaches.
WEIGHTS = (
    (100, Label("癌", "Carcinoma")),
    (85, Label("高级别瘤变", "High-grade neoplasia")),
    (80, Label("淋巴瘤、神经内分泌瘤、间质瘤", "Lymphoma, neuroendocrine tumour, GIST")),
    (75, Label("内镜疑癌", "Suspected at endoscopy")),
    (60, Label("腺瘤、低级别瘤变", "Adenoma, low-grade neoplasia")),
    (55, Label("锯齿状病变", "Serrated lesion")),
    (50, Label("不确定瘤变", "Indefinite for neoplasia")),
    (25, Label("病变", "Lesion")),
    (20, Label("非肿瘤性病理", "Tissue without neoplasia")),
    (0, Label("背景", "Background")),
)


@dataclass(frozen=True)
class Spoken:
    """One thing that a text speaks of: the codes read of it, each field once."""

    kind: str
    organ: Organ | None
    site: Site | None
    reads: tuple[Read, ...]

    @cached_property
    def values(self) -> dict[str, dict[str, Any]]:
        """The codes by record and column: {"lesion": {"size_mm": 8}}."""
        found: dict[str, dict[str, Any]] = {record: {} for record in RECORDS}
        for read in self.reads:
            record, _, column = read.field.partition(".")
            found[record][column] = read.value
        return found

    @property
    def place(self) -> Organ | None:
        """The organ of the site said, or the organ said."""
        return self.site.organ if self.site is not None else self.organ

    @property
    def about_a_lesion(self) -> bool:
        """Whether it speaks of a growth, and not of the mucosa around."""
        if self.kind == "lesion":
            return True
        said = self.values["result"]
        vienna: Vienna | None = said.get("vienna")
        return (
            said.get("who_type") is not None
            or said.get("finding") in GROWTHS
            or bool(vienna is not None and vienna.neoplasia)
        )


def spoken(parts: Sequence[Part], fields: Collection[str]) -> list[Spoken]:
    """What a text speaks of, in its order; `fields` are those that the record has.

    A field that is read twice in one part counts once, and not at all where the two differ.
    """
    return [Spoken(part.kind, part.organ, part.site, _unequivocal(part.reads, fields)) for part in parts]


def _unequivocal(reads: Sequence[Read], fields: Collection[str]) -> tuple[Read, ...]:
    first: dict[str, Read] = {}
    doubtful = set()
    for read in reads:
        if read.field not in fields:
            continue
        if first.setdefault(read.field, read).value != read.value:
            doubtful.add(read.field)
    return tuple(read for field, read in first.items() if field not in doubtful)


# ---- which lesion ------------------------------------------------------------------------------------


def tie(
    said: Sequence[Spoken],
    lesions: Mapping[int, Mapping[str, Any]],
    *,
    covered: Collection[int] | None = None,
    claimed: Mapping[int, int] | None = None,
) -> list[int | None]:
    """The number of the one lesion that each part speaks of; None where none or several would do.

    Parameters
    ----------
    lesions : mapping of int to mapping
        The columns of each recorded lesion by its number.
    covered : collection of int or None
        For a report: the lesions that its specimen covers. One covered lesion is meant unless the
        place contradicts it.
    claimed : mapping of int to int
        Parts of the same text (counted from 0) whose lesion a person has settled already. In a
        description each lesion is spoken of once, so no other part is tied to it.
    """
    claimed = claimed or {}
    chosen = [_one(part, candidates(part, lesions, covered=covered), lesions) for part in said]
    for place, number in claimed.items():
        if place < len(chosen):
            chosen[place] = number
    if covered is not None:
        return chosen
    taken = set(claimed.values())

    def settled(place: int, number: int) -> bool:
        rivals = [other for other, wanted in enumerate(chosen) if wanted == number]
        return number not in taken and _stands_out(place, rivals, said, lesions[number])

    return [
        number if place in claimed or (number is not None and settled(place, number)) else None
        for place, number in enumerate(chosen)
    ]


def candidates(
    part: Spoken, lesions: Mapping[int, Mapping[str, Any]], *, covered: Collection[int] | None = None
) -> list[int]:
    """The numbers of the lesions that a part may speak of, by their place."""
    if part.kind == "background":
        return []
    offered = [number for number in lesions if covered is None or not covered or number in covered]
    if covered is not None and not covered and not part.about_a_lesion:
        return []
    return [number for number in offered if _fits(part, lesions[number])]


def _one(part: Spoken, offered: list[int], lesions: Mapping[int, Mapping[str, Any]]) -> int | None:
    if len(offered) > 1:
        offered = [number for number in offered if _agrees(part, lesions[number])]
    return offered[0] if len(offered) == 1 else None


def _stands_out(place: int, rivals: list[int], said: Sequence[Spoken], lesion: Mapping[str, Any]) -> bool:
    """Whether this part alone among those that want the lesion is recognised by size or shape."""
    if rivals == [place]:
        return True
    return [other for other in rivals if _agrees(said[other], lesion)] == [place]


def _fits(part: Spoken, lesion: Mapping[str, Any]) -> bool:
    here: Site | None = lesion.get("site")
    if here is None:
        return True
    if part.site is not None:
        return same_place(part.site, here)
    return part.organ is None or part.organ is here.organ


def same_place(one: Site, other: Site) -> bool:
    """Whether two sites may be one place: equal, or one says no more than the organ."""
    return one is other or (one.organ is other.organ and (vague(one) or vague(other)))


def vague(site: Site) -> bool:
    """Whether a site leaves open where in its organ: .8 and .9."""
    return site.code[-1] in "89"


def _agrees(part: Spoken, lesion: Mapping[str, Any]) -> bool:
    said = part.values["lesion"]
    both = [
        (said[name], lesion[name])
        for name in RECOGNISED_BY
        if said.get(name) is not None and lesion.get(name) is not None
    ]
    return bool(both) and all(one == other for one, other in both)


# ---- what the record lacks ---------------------------------------------------------------------------


def lacking(part: Spoken, holds: Mapping[str, Mapping[str, Any]]) -> tuple[Read, ...]:
    """The codes that the record does not hold already; `holds` are the columns of each record."""
    return tuple(read for read in part.reads if not _held(read, holds))


def _held(read: Read, holds: Mapping[str, Mapping[str, Any]]) -> bool:
    record, _, column = read.field.partition(".")
    stored = holds.get(record, {}).get(column)
    if isinstance(read.value, Site) and isinstance(stored, Site):
        return read.value is stored or (same_place(read.value, stored) and vague(read.value))
    return bool(stored == read.value)


def counterpart(
    said: Mapping[str, Any], results: Sequence[Mapping[str, Any]], *, alone: bool
) -> Mapping[str, Any] | None:
    """The result of a report that a part of its words speaks of; None where the words have none yet.

    `alone` tells that no other part speaks of the same lesion: then its one result is meant, whatever
    it says, and a difference is shown as such.
    """
    best: tuple[int, Mapping[str, Any]] | None = None
    for result in results:
        both = [(value, result.get(name)) for name, value in said.items() if result.get(name) is not None]
        equal = sum(one == other for one, other in both)
        if equal == len(both) and equal and (best is None or equal > best[0]):
            best = equal, result
    if best is not None:
        return best[1]
    return results[0] if alone and len(results) == 1 else None


# ---- what would follow -------------------------------------------------------------------------------


def proved(part: Spoken, method: Method | None, organ: Organ | None) -> Summary:
    """The facts that would be settled if the part were confirmed; nothing for what is no tissue."""
    names = ("finding", "vienna", "who_type", "morphology", "depth", "depth_um")
    said = {name: value for name, value in part.values["result"].items() if name in names}
    return summarise([ResultFacts(**said, method=method)], organ) if said else Summary()


def weigh(part: Spoken, facts: Summary) -> int:
    """How much it matters to the person that somebody looks at this, from 0 to 100: cancer first."""
    said = part.values
    if part.kind == "background":
        return BACKGROUND
    if part.kind == "lesion":
        if said["lesion"].get("borrmann") is not None:
            return SUGGESTIVE[Impression.ADVANCED]
        impression = said["lesion"].get("impression")
        if impression is not None:
            return SUGGESTIVE[impression]
        return 40 if (said["lesion"].get("size_mm") or 0) >= 10 else 30
    return _weigh_tissue(said["result"], facts)


def weighed(weight: int) -> Label:
    """What a weight says, in words."""
    return next(label for least, label in WEIGHTS if weight >= least)


def _weigh_tissue(said: Mapping[str, Any], facts: Summary) -> int:
    worst = facts.worst
    if facts.cancer or said.get("finding") in {Finding.LYMPHOMA, Finding.NET, Finding.GIST}:
        return 100 if facts.cancer else 80
    if worst is not None and worst.high_grade:
        return 90 if worst is Vienna.SUSPICIOUS else 85
    if facts.adenoma or (worst is not None and worst.neoplasia):
        return 60
    if facts.serrated:
        return 55
    return 50 if worst is Vienna.INDEFINITE else 20
