"""A new case with everything that takes a key or a rule worked out, before the write lock is taken."""

from dataclasses import dataclass
from functools import lru_cache

from registry import keyring
from registry.codes.pathology import Method
from registry.queries.record import matching
from registry.services.cases import proposals
from registry.services.imports import memory, tissue
from registry.services.imports.ahead.persons import number_of
from registry.services.imports.case import Case, Records
from registry.services.imports.judging import Reported, Sound, sex_of
from registry.services.staff.source_words import Staff


@dataclass
class Prepared:
    """A case with everything that takes a key worked out, so that the write lock is held briefly.

    `words` are digests; `facts` is what tissue proves of each lesion, by number.
    """

    sound: Sound
    key_digest: str
    content_digest: str
    fields: str
    number: str | None
    wrapped: bytes
    sealed: Records
    words: frozenset[str]
    match_keys: set[str]
    readings: list[Records]
    facts: dict[int, Records]
    examination_id: int | None = None

    @property
    def case(self) -> Case:
        return self.sound.case

    @property
    def simple(self) -> bool:
        """Whether a new person's case may be written in bulk: what a register says of a tumour beside an
        examination takes the services to settle."""
        return not (self.sound.tumour and self.sound.parts is not None)

    def follows(self, first: "Prepared") -> bool:
        """Whether this is one more examination of the person of `first`, and nothing else."""
        return (
            self.sound.parts is not None
            and not (self.sound.tumour or self.sound.vital_status)
            and not (first.sound.tumour or first.sound.vital_status)
            and self.sound.personal == first.sound.personal
        )


def prepare(sound: Sound, *, source: str, centre_id: int, staff: Staff) -> Prepared:
    """Make a data key in case the person is new; seal and digest what names them."""
    if sound.parts is not None:
        given = sound.parts.examination.given
        given["operator_id"] = given.get("operator_id") or staff.operator(given.get("operator_words"))
        given["scope"] = staff.device(given.get("scope"))
    ring, fields = keyring.current(), memory.fields(sound.case)
    wrapped = ring.new_data_key()
    naming, paper = sound.naming, sound.paper
    value = paper["value"] if paper else None
    places = {f"Enrolment.{name}": naming[name] for name in naming} | {"IdentityDocument.value": value}
    sealed = {f"{place.partition('.')[2]}_sealed": held for place, held in seal(wrapped, places).items()}
    words = matching.words(
        name=naming["name"],
        documents=[value] if value else [],
        record_number=naming["record_number"],
        phone=naming["phone"],
    )
    return Prepared(
        sound,
        memory.key_digest(source, sound.case),
        memory.content_digest(fields),
        fields,
        number_of(sound, centre_id),
        wrapped,
        sealed,
        matching.word_digests(centre_id, words),
        matching.match_digests(
            name=naming["name"],
            sex=sex_of(sound.personal),
            born_on=sound.personal.get("born_on"),
            born_precision=sound.personal.get("born_precision"),
            phone=naming["phone"],
        ),
        _readings(sound) if sound.parts is not None else [],
        tissue.settled(sound) if sound.parts is not None else {},
    )


def _readings(sound: Sound) -> list[Records]:
    """What rules read from the words of a case and its record does not hold."""
    parts, given = sound.whole, sound.whole.examination.given
    kind = given["type"]
    upper = True if kind.upper else False if kind.lower else None
    reports = [_words(sound, reported) for reported in sound.reports]
    if parts.lesions or parts.background or any(report["results"] for report in reports):
        return proposals.rows_for(
            findings=given.get("findings"),
            diagnosis=given.get("diagnosis"),
            upper=upper,
            lesions={part.given["number"]: part.given for part in parts.lesions},
            background=parts.background.given if parts.background is not None else {},
            reports=reports,
        )
    ring = keyring.current()
    found = [*_alone(ring, upper, "findings", given.get("findings"))]
    found += _alone(ring, upper, "diagnosis", given.get("diagnosis"))
    for place, report in enumerate(reports):
        words = _alone(ring, upper, "report", report["wording"], report["method"], report["en_bloc"])
        found += [row | {"report": place} for row in words]
    return found


@lru_cache(maxsize=20_000)
def _alone(
    ring: keyring.KeyRing,
    upper: bool | None,
    name: str,
    text: str | None,
    method: Method | None = None,
    en_bloc: bool | None = None,
) -> tuple[Records, ...]:
    """What rules read from one text beside which the record holds nothing; files say the same often."""
    if not text:
        return ()
    if name == "findings":
        return tuple(proposals.rows_for(upper=upper, findings=text))
    if name == "diagnosis":
        return tuple(proposals.rows_for(upper=upper, diagnosis=text))
    report: Records = {"wording": text, "method": method, "en_bloc": en_bloc, "lesions": [], "results": []}
    return tuple(proposals.rows_for(upper=upper, reports=[report]))


def _words(sound: Sound, reported: Reported) -> Records:
    """A report as rules read it: its words, and what they may speak of."""
    specimen = sound.whole.specimens[reported.place]
    pairs = zip(reported.results, reported.lesions, strict=True)
    return {
        "wording": reported.values["wording"],
        "method": specimen.given.get("method"),
        "en_bloc": specimen.given.get("en_bloc"),
        "lesions": list(dict.fromkeys(specimen.lesions or ())),
        "results": [said | {"lesion": number} for said, number in pairs],
    }


def seal(wrapped: bytes, values: dict[str, str | None]) -> dict[str, bytes | None]:
    """Values that name somebody, by place, encrypted under the person's key; None where there is none."""
    ring = keyring.current()
    return {place: ring.seal(wrapped, value, place) if value else None for place, value in values.items()}
