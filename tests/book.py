"""Shorthand for the cases that these tests record: people, gastroscopies, reports."""

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from registry.extensions import db
from registry.models import Enrolment, Examination, Lesion, Report, Specimen, Tumour
from registry.rules.identity import check_character
from registry.services.cases import pathology, recording
from registry.services.people import enrolling


def number(serial: int, birth: str = "19600101") -> str:
    """A made-up resident identity number with a true check character."""
    first = f"110105{birth}{serial:03d}"
    return first + check_character(first)


def enrol(serial: int | None = 2, name: str = "张三", **more: Any) -> Enrolment:
    documents = [] if serial is None else [{"type": "resident_id", "value": number(serial)}]
    return enrolling.enrol(**{"name": name, "documents": documents, **more})


def examine(
    person_id: int,
    on: str,
    *,
    kind: str = "ogd",
    lesions: Iterable[dict[str, Any]] = (),
    specimens: Iterable[dict[str, Any]] = (),
    **more: Any,
) -> Examination:
    """A case of this day; `more` beyond record_case's own arguments are columns of the examination."""
    own = {"background", "adverse_events", "accepted", "next_due", "existing", "seen", "reason", "ask"}
    columns = {key: value for key, value in more.items() if key not in own}
    rest = {key: value for key, value in more.items() if key in own}
    examination = {"type": kind, "performed_on": date.fromisoformat(on), **columns}
    return recording.record_case(
        person_id=person_id, examination=examination, lesions=list(lesions), specimens=list(specimens), **rest
    )


def report(specimen: Specimen, on: str, *results: dict[str, Any], **more: Any) -> Report:
    return pathology.record_report(specimen, reported_on=date.fromisoformat(on), results=results, **more)


def biopsy(
    person_id: int, on: str, reported: str, *, site: str = "C16.3", lesion: Any = None, **said: Any
) -> Lesion:
    """One lesion, biopsied and reported."""
    seen = examine(
        person_id,
        on,
        lesions=[{"site": site, **(lesion or {})}],
        specimens=[{"method": "forceps", "lesions": [1]}],
        kind="ogd" if site < "C17.9" else "colonoscopy",
    )
    report(seen.specimens[0], reported, {"lesion_id": seen.lesions[0].id, **said})
    return seen.lesions[0]


def resect(
    person_id: int,
    on: str,
    reported: str,
    *,
    method: str = "esd",
    site: str = "C16.3",
    lesion: Any = None,
    **said: Any,
) -> Lesion:
    """One lesion, resected and reported."""
    seen = examine(
        person_id,
        on,
        kind="therapeutic_upper" if site < "C17.9" else "therapeutic_lower",
        lesions=[{"site": site, **(lesion or {})}],
        specimens=[{"method": method, "lesions": [1], "pieces": 1, "en_bloc": True}],
    )
    report(seen.specimens[0], reported, {"lesion_id": seen.lesions[0].id, **said})
    return seen.lesions[0]


def tumours(person_id: int) -> list[Tumour]:
    return list(
        db.session.query(Tumour)
        .filter(Tumour.person_id == person_id)
        .order_by(Tumour.sequence)  # narrowed too
    )


@pytest.fixture
def book() -> SimpleNamespace:
    """The verbs of these tests."""
    return SimpleNamespace(
        number=number,
        enrol=enrol,
        examine=examine,
        report=report,
        biopsy=biopsy,
        resect=resect,
        tumours=tumours,
    )
