"""A new case with everything that takes a key or a rule worked out, before the write lock is taken."""

from dataclasses import dataclass

from registry import keyring
from registry.queries import matching
from registry.services import proposals
from registry.services.imports import memory
from registry.services.imports.case import Case, Records
from registry.services.imports.judging import Sound, sex_of
from registry.services.imports.persons import number_of
from registry.services.imports.staff import Staff


@dataclass
class Prepared:
    """A case with everything that takes a key worked out, so that the write lock is held briefly."""

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
    ring = keyring.current()
    wrapped = ring.new_data_key()
    naming, paper = sound.naming, sound.paper
    sealed = {f"{name}_sealed": seal(wrapped, f"Enrolment.{name}", naming[name]) for name in naming}
    value = paper["value"] if paper else None
    sealed["value_sealed"] = seal(wrapped, "IdentityDocument.value", value)
    words = matching.words(
        name=naming["name"],
        documents=[value] if value else [],
        record_number=naming["record_number"],
        phone=naming["phone"],
    )
    return Prepared(
        sound,
        memory.key_digest(source, sound.case),
        memory.content_digest(sound.case),
        memory.fields(sound.case),
        number_of(sound, centre_id),
        wrapped,
        sealed,
        frozenset(words),
        matching.match_digests(
            name=naming["name"],
            sex=sex_of(sound.personal),
            born_on=sound.personal.get("born_on"),
            born_precision=sound.personal.get("born_precision"),
            phone=naming["phone"],
        ),
        _readings(sound) if sound.parts is not None else [],
    )


def _readings(sound: Sound) -> list[Records]:
    """What rules read from the words of a case and its record does not hold."""
    parts, given = sound.whole, sound.whole.examination.given
    kind = given["type"]
    reports = []
    for reported in sound.reports:
        specimen = parts.specimens[reported.place]
        results = [
            said | {"lesion": number} for said, number in zip(reported.results, reported.lesions, strict=True)
        ]
        reports.append(
            {
                "wording": reported.values["wording"],
                "method": specimen.given.get("method"),
                "en_bloc": specimen.given.get("en_bloc"),
                "lesions": list(dict.fromkeys(specimen.lesions or ())),
                "results": results,
            }
        )
    return proposals.rows_for(
        findings=given.get("findings"),
        diagnosis=given.get("diagnosis"),
        upper=True if kind.upper else False if kind.lower else None,
        lesions={part.given["number"]: part.given for part in parts.lesions},
        background=parts.background.given if parts.background is not None else {},
        reports=reports,
    )


def seal(wrapped: bytes, place: str, value: str | None) -> bytes | None:
    """A value that names somebody, encrypted under the person's key; None where there is none."""
    return keyring.current().seal(wrapped, str(value), place) if value else None
