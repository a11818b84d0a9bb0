"""What rules read from the texts of a case, and what of it the record does not hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table

from registry import keyring
from registry.codes.desk import TextSource
from registry.codes.lesion import Organ
from registry.codes.pathology import Method
from registry.models.reading import RECORDS
from registry.rules import proposing
from registry.rules.proposing import Spoken
from registry.rules.reading import read_endoscopy, read_pathology
from registry.rules.reading.part import FIELDS, Part, Read
from registry.services.values import SETTLED

MOST_PARTS = 99


def _proposable() -> frozenset[str]:
    """The fields that a rule can read and a record has."""
    found = set()
    for name in FIELDS:
        record, _, column = name.partition(".")
        model = RECORDS.get(record)
        if model is None or column in SETTLED.get(model, ()):
            continue
        if column in cast(Table, model.__table__).columns:
            found.add(name)
    return frozenset(found)


PROPOSABLE = _proposable()


@dataclass(frozen=True)
class Words:
    """One text of a case, and the records that it may speak of."""

    source: TextSource
    text: str
    report: int | None = None
    method: Method | None = None
    covered: Collection[int] | None = None
    results: Sequence[Mapping[str, Any]] = ()
    specimen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One part of a text with its lesion, and those of its codes that the record does not hold."""

    words: Words
    place: int
    part: Spoken
    lesion: int | None
    open: tuple[Read, ...]
    organ: Organ | None
    holds: Mapping[str, Mapping[str, Any]]

    def row(self) -> dict[str, Any]:
        """The columns of Reading, ids apart."""
        facts = proposing.proved(self.part, self.words.method, self.organ)
        return {
            "source": self.words.source,
            "part": self.place + 1,
            "text_digest": text_digest(self.words.text),
            "alike": self.alike,
            "weight": proposing.weigh(self.part, facts),
            "organ": self.organ,
            "worst": facts.worst,
            "deepest": facts.deepest,
            "adenoma": facts.adenoma,
            "serrated": facts.serrated,
            "cancer": facts.cancer,
        }

    @property
    def alike(self) -> str:
        """Equal for readings that say the same codes in the same words of the same kind of text."""
        said = sorted(
            f"{read.field}={read.code}|{self.words.text[read.begins : read.ends]}" for read in self.part.reads
        )
        return keyring.current().digest("reading", "\x1e".join([self.words.source.code, *said]))

    @property
    def text(self) -> tuple[TextSource, int | None]:
        """Which text of the case it stands in."""
        return self.words.source, self.words.report

    def proposals(self) -> list[dict[str, Any]]:
        """The columns of Proposal for each code that the record does not hold."""
        return [
            {
                "field": read.field,
                "value": read.code,
                "begins": read.begins,
                "ends": read.ends,
                "rule": read.rule[:60],
            }
            for read in self.open
        ]


def rows_for(
    *,
    findings: str | None = None,
    diagnosis: str | None = None,
    upper: bool | None = None,
    lesions: Mapping[int, Mapping[str, Any]] | None = None,
    background: Mapping[str, Any] | None = None,
    reports: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """What rules read from the texts of one case that its record does not hold, as rows to insert.

    Parameters
    ----------
    upper : bool or None
        Whether a gastroscope was used, a colonoscope (False), or neither is known.
    lesions : mapping of int to mapping
        The columns of each lesion by its number.
    reports : sequence of mapping
        Each with "wording"; "method" and "en_bloc" of its specimen; "lesions", the numbers of those the
        specimen covers; and "results", each with "lesion" (a number or None) and the columns of Result.

    Returns
    -------
    list of dict
        The columns of Reading, and besides: "report", the place in `reports` or None; "lesion", the
        number of the lesion or None; "proposals", the columns of Proposal. Whoever inserts them puts
        the ids of both and `examination_id`, `reading_id` and `centre_id` in their place.
    """
    said = [
        Words(source, text)
        for source, text in ((TextSource.FINDINGS, findings), (TextSource.DIAGNOSIS, diagnosis))
        if text
    ]
    said += [
        Words(
            TextSource.WORDING,
            report["wording"],
            report=place,
            method=report.get("method"),
            covered=tuple(report.get("lesions") or ()),
            results=tuple(report.get("results") or ()),
            specimen={"en_bloc": report.get("en_bloc")},
        )
        for place, report in enumerate(reports)
        if report.get("wording")
    ]
    found = find(said, upper=upper, lesions=lesions or {}, background=background or {})
    return [
        one.row() | {"report": one.words.report, "lesion": one.lesion, "proposals": one.proposals()}
        for one in found
        if one.open
    ]


def find(
    said: Sequence[Words],
    *,
    upper: bool | None,
    lesions: Mapping[int, Mapping[str, Any]],
    background: Mapping[str, Any],
    claimed: Mapping[tuple[TextSource, int | None], Mapping[int, int]] | None = None,
) -> list[Found]:
    """Every part of every text with its lesion; one whose codes the record holds has none open."""
    found = []
    for words in said:
        parts = proposing.spoken(_parts(words, upper, lesions), PROPOSABLE)[:MOST_PARTS]
        own = (claimed or {}).get((words.source, words.report), {})
        ties = proposing.tie(parts, lesions, covered=words.covered, claimed=own)
        for place, (part, number) in enumerate(zip(parts, ties, strict=True)):
            if not part.reads:
                continue
            holds = _holds(part, words, number, ties, lesions, background)
            organ = part.place or _organ_of(lesions.get(number or 0, {}), upper)
            found.append(Found(words, place, part, number, proposing.lacking(part, holds), organ, holds))
    return found


def _parts(words: Words, upper: bool | None, lesions: Mapping[int, Mapping[str, Any]]) -> tuple[Part, ...]:
    if words.source is not TextSource.WORDING:
        return _endoscopy(words.text, upper)
    sites = {lesions[number].get("site") for number in words.covered or () if number in lesions}
    organs = {site.organ for site in sites if site is not None}
    organ = organs.pop() if len(organs) == 1 and None not in sites else None
    resected = words.method.resects if words.method is not None else None
    return _pathology(words.text, organ or (Organ.COLON if upper is False else None), resected)


@lru_cache(maxsize=4096)
def _endoscopy(text: str, upper: bool | None) -> tuple[Part, ...]:
    return tuple(read_endoscopy(text, upper=upper))


@lru_cache(maxsize=4096)
def _pathology(text: str, organ: Organ | None, resected: bool | None) -> tuple[Part, ...]:
    return tuple(read_pathology(text, organ=organ, resected=resected))


def _holds(
    part: Spoken,
    words: Words,
    number: int | None,
    ties: Sequence[int | None],
    lesions: Mapping[int, Mapping[str, Any]],
    background: Mapping[str, Any],
) -> dict[str, Mapping[str, Any]]:
    """What the record has of what a part speaks of, by record."""
    own = [result for result in words.results if result.get("lesion") == number]
    result = proposing.counterpart(part.values["result"], own, alone=ties.count(number) == 1)
    return {
        "lesion": lesions.get(number, {}) if number is not None else {},
        "result": result or {},
        "specimen": words.specimen,
        "background": background,
    }


def _organ_of(lesion: Mapping[str, Any], upper: bool | None) -> Organ | None:
    """The organ of a lesion; where nothing says, what a colonoscope examines counts as colon."""
    if (site := lesion.get("site")) is not None:
        organ: Organ = site.organ
        return organ
    return Organ.COLON if upper is False else None


def text_digest(text: str) -> str:
    """By which a text is known again without being kept twice."""
    return keyring.current().digest("text", text)
