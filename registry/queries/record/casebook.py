"""Examinations with everything that hangs on them, as plain values in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from registry.codes.endoscopy import ExaminationType, Indication
from registry.codes.lesion import Impression, Paris, Site
from registry.codes.pathology import (
    Depth,
    Differentiation,
    Finding,
    Margin,
    Method,
    Morphology,
    Vienna,
    WhoType,
)
from registry.extensions import db
from registry.label import Label
from registry.models import Centre, Covering, Examination, Lesion, Report, Result, Specimen, User
from registry.rules.summary import result_of


@dataclass(frozen=True)
class Told:
    """One result of a report."""

    id: int
    lesion_id: int | None
    origin: str | None
    finding: Finding | None
    vienna: Vienna | None
    who_type: WhoType | None
    morphology: Morphology | None
    differentiation: Differentiation | None
    depth: Depth | None
    depth_um: int | None
    horizontal_margin: Margin | None
    vertical_margin: Margin | None


@dataclass(frozen=True)
class Reported:
    """One report, current or superseded."""

    id: int
    reported_on: date | None
    received_on: date | None
    laboratory: str | None
    current: bool
    supersedes_id: int | None
    results: tuple[Told, ...]


@dataclass(frozen=True)
class Taken:
    """One specimen, the ids of the lesions it covers, and its reports, the newest last."""

    id: int
    letter: str
    method: Method
    taken_on: date
    pathology_number: str | None
    pieces: int | None
    en_bloc: bool | None
    origin: str | None
    reported: bool
    lesions: tuple[int, ...]
    reports: tuple[Reported, ...]


@dataclass(frozen=True)
class Seen:
    """One lesion as it was seen, and what its tissue has proved."""

    id: int
    number: int
    site: Site | None
    size_mm: int | None
    paris: Paris | None
    impression: Impression | None
    same_as_id: int | None
    sampled: bool
    awaited: bool
    worst: Vienna | None
    deepest: Depth | None
    cancer: bool | None

    @property
    def said(self) -> Label | None:
        """What its tissue says, in words; None where none was taken."""
        told = result_of(self.worst, self.cancer, self.sampled, self.awaited)[1]
        return told if self.sampled else None


@dataclass(frozen=True)
class Examined:
    """One examination with its lesions and specimens."""

    id: int
    on: date
    type: ExaminationType
    number: str | None
    indication: Indication | None
    centre_id: int
    centre: Label
    operator: str | None
    any_adverse_event: bool | None
    lesions: tuple[Seen, ...]
    specimens: tuple[Taken, ...]


def examinations(*conditions: ColumnElement[bool]) -> list[Examined]:
    """The examinations that meet the conditions, the newest first, in six queries whatever their number.

    Free text is left out: it may name somebody.
    """
    rows = db.session.execute(
        select(
            Examination.id,
            Examination.performed_on,
            Examination.type,
            Examination.number,
            Examination.indication,
            Examination.centre_id,
            Examination.any_adverse_event,
            Centre.name_zh,
            Centre.name_en,
            User.name,
        )
        .join(Centre, Centre.id == Examination.centre_id)
        .outerjoin(User, User.id == Examination.operator_id)
        .where(*conditions)
        .order_by(Examination.performed_on.desc(), Examination.id.desc())
    ).all()
    ids = [row.id for row in rows]
    lesions = _by(Lesion, Seen, "examination_id", ids, Lesion.number)
    specimens = _specimens(ids)
    return [
        Examined(
            row.id,
            row.performed_on,
            row.type,
            row.number,
            row.indication,
            row.centre_id,
            Label(row.name_zh, row.name_en or row.name_zh),
            row.name,
            row.any_adverse_event,
            tuple(lesions[row.id]),
            tuple(specimens[row.id]),
        )
        for row in rows
    ]


def _specimens(examination_ids: list[int]) -> dict[int, list[Taken]]:
    rows = _columns(Specimen, Taken, "examination_id", examination_ids, Specimen.letter)
    ids = [row.id for row in rows]
    reports = _columns(Report, Reported, "specimen_id", ids, Report.id)
    results = _by(Result, Told, "report_id", [row.id for row in reports], Result.id)
    covered = defaultdict(list)
    for row in _select([Covering.specimen_id, Covering.lesion_id], Covering.specimen_id, ids, Covering.id):
        covered[row.specimen_id].append(row.lesion_id)
    told = defaultdict(list)
    for row in reports:
        told[row.specimen_id].append(_made(Reported, row, results=tuple(results[row.id])))
    found = defaultdict(list)
    for row in rows:
        more = {"lesions": tuple(covered[row.id]), "reports": tuple(told[row.id])}
        found[row.examination_id].append(_made(Taken, row, **more))
    return found


def _by(model: Any, kind: Any, parent: str, ids: list[int], order: Any) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for row in _columns(model, kind, parent, ids, order):
        found[getattr(row, parent)].append(_made(kind, row))
    return found


def _columns(model: Any, kind: Any, parent: str, ids: list[int], order: Any) -> list[Any]:
    """The columns that a dataclass asks for, and the parent's id; relationships are filled in by hand."""
    names = [name for name in kind.__dataclass_fields__ if name in model.__table__.columns]
    return _select([getattr(model, name) for name in [*names, parent]], getattr(model, parent), ids, order)


def _select(columns: Iterable[Any], parent: Any, ids: list[int], order: Any) -> list[Any]:
    return list(db.session.execute(select(*columns).where(parent.in_(ids)).order_by(order)))


def _made(kind: Any, row: Any, **more: Any) -> Any:
    return kind(
        **{name: getattr(row, name) for name in kind.__dataclass_fields__ if name not in more}, **more
    )
