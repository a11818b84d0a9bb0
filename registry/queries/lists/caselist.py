"""Examinations within scope as a list that names nobody: for who checks cases without opening names."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Site
from registry.codes.person import Sex
from registry.extensions import db
from registry.label import Label
from registry.models import Centre, Examination, Lesion, Person, Specimen
from registry.rules.summary import result_of


@dataclass(frozen=True)
class Shown:
    """One lesion: its number, its site and what its tissue says."""

    number: int
    site: Site | None
    result: Label


@dataclass(frozen=True)
class Listed:
    """One examination of somebody of a sex and an age; `awaited` is None where no tissue was brought."""

    examination_id: int
    number: str | None
    performed_on: date
    type: ExaminationType
    centre: Label
    sex: Sex
    age: int | None
    lesions: tuple[Shown, ...]
    awaited: bool | None


@dataclass(frozen=True)
class CaseList:
    """Examinations that meet the conditions, the newest first: one query counts them, three read a page."""

    conditions: tuple[ColumnElement[bool], ...]

    def count(self) -> int:
        """How many there are in all."""
        return db.session.scalar(select(func.count(Examination.id)).where(*self.conditions)) or 0

    def rows(self, limit: int = 50, offset: int = 0) -> list[Listed]:
        """The examinations from `offset` on, at most `limit`."""
        found = db.session.execute(
            select(
                Examination.id,
                Examination.number,
                Examination.performed_on,
                Examination.type,
                Examination.age,
                Person.sex,
                Centre.name_zh,
                Centre.name_en,
            )
            .join(Person, Person.id == Examination.person_id)
            .join(Centre, Centre.id == Examination.centre_id)
            .where(*self.conditions)
            .order_by(Examination.performed_on.desc(), Examination.id.desc())
            .limit(limit)
            .offset(offset)
        ).all()
        ids = [row.id for row in found]
        lesions, waits = _lesions(ids), _waits(ids)
        return [
            Listed(
                row.id,
                row.number,
                row.performed_on,
                row.type,
                Label(row.name_zh, row.name_en or row.name_zh),
                row.sex,
                row.age,
                tuple(lesions[row.id]),
                waits.get(row.id),
            )
            for row in found
        ]


def cases(
    *,
    centre_id: int | None = None,
    start: date | None = None,
    end: date | None = None,
    kind: ExaminationType | None = None,
    operator_id: int | None = None,
    behind: ColumnElement[bool] | None = None,
) -> CaseList:
    """Examinations within scope of a centre, from day to day, of a type, by somebody; None limits nothing.

    `behind` limits them to those that a rate counted (`queries.counting.indicator_cases`).
    """
    conditions = [] if behind is None else [behind]
    if centre_id is not None:
        conditions.append(Examination.centre_id == centre_id)
    if start is not None:
        conditions.append(Examination.performed_on >= start)
    if end is not None:
        conditions.append(Examination.performed_on <= end)
    if kind is not None:
        conditions.append(Examination.type == kind)
    if operator_id is not None:
        conditions.append(Examination.operator_id == operator_id)
    return CaseList(tuple(conditions))


def numbered(number: str) -> CaseList:
    """The examinations within scope with this number; centres number each for themselves."""
    return CaseList((Examination.number == number.strip(),))


def _lesions(examination_ids: list[int]) -> dict[int, list[Shown]]:
    found: dict[int, list[Shown]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Lesion.examination_id,
            Lesion.number,
            Lesion.site,
            Lesion.worst,
            Lesion.cancer,
            Lesion.sampled,
            Lesion.awaited,
        )
        .where(Lesion.examination_id.in_(examination_ids))
        .order_by(Lesion.examination_id, Lesion.number)
    ):
        _, result = result_of(row.worst, row.cancer, row.sampled, row.awaited)
        found[row.examination_id].append(Shown(row.number, row.site, result))
    return found


def _waits(examination_ids: list[int]) -> dict[int, bool]:
    """Whether a report is still awaited, of each examination that brought tissue to the laboratory."""
    found: dict[int, bool] = {}
    rows: Any = db.session.execute(
        select(Specimen.examination_id, Specimen.reported).where(
            Specimen.examination_id.in_(examination_ids),
            Specimen.reported.is_(True) | Specimen.retrieved.is_not(False),
        )
    )
    for examination_id, reported in rows:
        found[examination_id] = found.get(examination_id, False) or not reported
    return found
