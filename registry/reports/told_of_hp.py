"""What texts say of tests for H. pylori, shown where somebody fills them in.

Which test it was, and on which day, the words seldom tell; and the record has its place in an assessment of
risk, which a person makes. So nothing is stored from words here: they are shown beside the field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.codes.desk import TextSource
from registry.codes.risk import TestResult
from registry.label import Label
from registry.queries.record.history import Words
from registry.rules.reading import read_endoscopy, read_pathology

FIELD = "risk.hp_result"


@dataclass(frozen=True)
class Told:
    """One result as a text of an examination has it."""

    examination_id: int
    on: date
    source: Label
    words: str
    result: Label


def told_of_hp(texts: Iterable[Words]) -> list[Told]:
    """Every result that is asserted, in the order of the texts; the same words of one case once."""
    found: dict[tuple[int, str], Told] = {}
    for one in texts:
        pathology = one.source is TextSource.WORDING
        for part in read_pathology(one.text) if pathology else read_endoscopy(one.text):
            for read in part.reads:
                if read.field == FIELD:
                    words = one.text[read.begins : read.ends]
                    result = TestResult(read.code).label
                    told = Told(one.examination_id, one.on, one.source.label, words, result)
                    found.setdefault((one.examination_id, words), told)
    return list(found.values())
