"""Precision and recall of the reading rules on the labelled sentences.

`python -m tests.rules.reading.score` writes docs/reading.md, and the measured.toml beside the rules, which
the review list shows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry.codes.lesion import Organ
from registry.codes.pathology import Morphology, Vienna, WhoType
from registry.rules.reading import Part, read_endoscopy, read_pathology

HERE = Path(__file__).parent
HOUSE = HERE.parents[2]
LABELLED = HERE / "labelled.jsonl"
MEASURED = HOUSE / "registry" / "rules" / "reading" / "measured.toml"
SETS = "written_with", "round_1", "round_2", "round_3"
ROUNDS = SETS[1:]
CANCER = "cancer"  # not a field: what the fields of one result prove
Labels = Mapping[str, str]


@dataclass
class Tally:
    """How often a value was right, made up (or another), and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def proposed(self) -> int:
        return self.right + self.wrong

    @property
    def true(self) -> int:
        return self.right + self.missed

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else float("nan")

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else float("nan")


@dataclass
class Score:
    """Tallies by field, and the sentences from which something was read wrongly or not at all."""

    fields: dict[str, Tally] = field(default_factory=dict)
    wrong: list[tuple[str, list[Labels], list[Labels]]] = field(default_factory=list)
    sentences: int = 0
    silent: int = 0
    broken_silence: int = 0


def sentences(which: Iterable[str] = SETS) -> Iterator[dict[str, Any]]:
    """The labelled sentences of some sets, as dicts."""
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        sentence = json.loads(line)
        if sentence["set"] in which:
            yield sentence


def read(sentence: Mapping[str, Any]) -> list[Part]:
    """What the rules read from a labelled sentence."""
    if sentence["kind"] == "endoscopy":
        return read_endoscopy(sentence["text"], upper=sentence.get("upper"))
    organ = Organ(sentence["organ"]) if "organ" in sentence else None
    return read_pathology(sentence["text"], organ=organ, resected=sentence.get("resected"))


def labels(part: Part) -> Labels:
    """A part in the form of the labels."""
    told = {"kind": part.kind, **{read.field: read.code for read in part.reads}}
    if part.kind == "result" and part.site is not None:
        told["where"] = part.site.code
    return told


def with_cancer(told: Labels) -> Labels:
    """The labels of a part, with cancer where they prove a carcinoma."""
    proofs = (
        "result.vienna" in told and Vienna(told["result.vienna"]).carcinoma,
        "result.who_type" in told and WhoType(told["result.who_type"]).is_carcinoma,
        "result.morphology" in told and Morphology(told["result.morphology"]).carcinoma,
    )
    return {**told, CANCER: "yes"} if any(proofs) else told


def pairs(expected: list[Labels], found: list[Labels]) -> Iterator[tuple[Labels, Labels]]:
    """Expected and found parts that are of one thing: those that agree most, each once."""
    left, right = list(enumerate(expected)), list(enumerate(found))
    likeness = sorted(
        (-len(set(one.items()) & set(other.items())), abs(at - place), at, place)
        for at, one in left
        for place, other in right
        if one["kind"] == other["kind"]
    )
    taken: tuple[set[int], set[int]] = set(), set()
    for _, _, at, place in likeness:
        if at not in taken[0] and place not in taken[1]:
            taken[0].add(at)
            taken[1].add(place)
            yield expected[at], found[place]
    yield from ((one, {}) for at, one in left if at not in taken[0])
    yield from (({}, other) for place, other in right if place not in taken[1])


def score(which: Iterable[str], *, first: bool = False) -> Score:
    """Compare what the rules read, or had read at first, with the labels of some sets."""
    result = Score()
    for sentence in sentences(which):
        result.sentences += 1
        expected = [with_cancer(told) for told in sentence["expected"]]
        read_now = sentence["first_read"] if first else [labels(part) for part in read(sentence)]
        found = [with_cancer(told) for told in read_now]
        if not expected:
            result.silent += 1
            result.broken_silence += bool(found)
        differs = False
        for one, other in pairs(expected, found):
            for name in (one.keys() | other.keys()) - {"kind"}:
                tally = result.fields.setdefault(name, Tally())
                wanted, got = one.get(name), other.get(name)
                tally.right += wanted == got
                tally.wrong += got is not None and got != wanted
                tally.missed += wanted is not None and got != wanted
                differs |= wanted != got
        if differs:
            result.wrong.append((sentence["text"], sentence["expected"], found))
    return result


if __name__ == "__main__":
    from tests.rules.reading.publish import publish

    publish()
