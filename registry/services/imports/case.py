"""One case of a file as plain values, and cases by the batch."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

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


class Batch(Protocol):
    """Some cases of a file, not read yet: cheap to send to another process. `rows` are the file's."""

    @property
    def rows(self) -> int: ...

    def cases(self) -> list[Case]: ...

    def only(self, place: int) -> "Batch":
        """The batch of one of its cases."""
        ...


@runtime_checkable
class Batched(Protocol):
    """What gives its cases by the batch, one person's in the same."""

    def batches(self, size: int, *, many: Callable[[], object], than: int) -> Iterator[Batch]:
        """`many` is called as soon as it is known that there are more rows `than` so many."""
        ...


@dataclass(frozen=True)
class Given:
    """A batch of cases that are read already."""

    given: list[Case]

    @property
    def rows(self) -> int:
        return sum(len(case.lines) for case in self.given)

    def cases(self) -> list[Case]:
        return self.given

    def only(self, place: int) -> "Given":
        return Given([self.given[place]])


def batches(
    cases: "Batched | Iterable[Case]", size: int, *, many: Callable[[], object], than: int
) -> Iterator[Batch]:
    """Cases so many at a time; neighbours of one person stay together, up to twice as many.

    `many` is called where it is known beforehand that there are more rows `than` so many.
    """
    if isinstance(cases, Batched):
        yield from cases.batches(size, many=many, than=than)
        return
    some: list[Case] = []
    for case in cases:
        if len(some) >= size and (len(some) >= 2 * size or _who(case) != _who(some[-1])):
            yield Given(some)
            some = []
        some.append(case)
    if some:
        yield Given(some)


def _who(case: Case) -> object:
    """By which neighbouring cases are one person's; each its own where nothing says."""
    return case.document.get("value") or case.enrolment.get("record_number") or object()
