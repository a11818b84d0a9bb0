"""One case of a file as plain values."""

from dataclasses import dataclass, field
from typing import Any

from registry.rules.problem import Problem

Records = dict[str, Any]


@dataclass
class Case:
    """What a file says of one case.

    `key` is what the source knows it by and `lines` are where it stands in the file. `records`
    hold columns by name: "person", "enrolment", "document" (type, value, owner, doubtful),
    "examination", "background", "tumour", "vital_status" and "listed" are dicts; "lesions",
    "specimens" and "adverse_events" lists of dicts. A specimen names its lesions by number in
    "lesions" and may hold a "report" (reported_on, received_on, laboratory, wording, "results",
    each with the number of its "lesion" or None).

    `agrees` is what the source itself derived; the registry must come to the same. `problems` are
    what could not be read, by path ("lesions-0-size_mm"). `where` gives for a path the line and
    column it was read from, and `rows` the cells of every line as text.
    """

    key: str
    lines: list[int]
    records: Records
    agrees: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    where: dict[str, tuple[int, str]] = field(default_factory=dict)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def person(self) -> Records:
        return self._one("person")

    @property
    def enrolment(self) -> Records:
        return self._one("enrolment")

    @property
    def document(self) -> Records:
        return self._one("document")

    @property
    def examination(self) -> Records:
        return self._one("examination")

    @property
    def background(self) -> Records:
        return self._one("background")

    @property
    def tumour(self) -> Records:
        return self._one("tumour")

    @property
    def listed(self) -> Records:
        return self._one("listed")

    @property
    def lesions(self) -> list[Records]:
        return self._many("lesions")

    @property
    def specimens(self) -> list[Records]:
        return self._many("specimens")

    @property
    def adverse_events(self) -> list[Records]:
        return self._many("adverse_events")

    @property
    def vital_status(self) -> Records:
        """What the file says of life or death; empty where it does not say as of when."""
        told = self._one("vital_status")
        return told if told.get("vital") and told.get("as_of") else {}

    def _one(self, name: str) -> Records:
        found: Records | None = self.records.get(name)
        return found or {}

    def _many(self, name: str) -> list[Records]:
        found: list[Records] | None = self.records.get(name)
        return found or []
