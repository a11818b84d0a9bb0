"""Which cases still lack something that a complete case has, by the rules of completeness."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from registry.codes.endoscopy import ExaminationType
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, Examination, Lesion, Person, Report, Result, Specimen, User
from registry.rules import completeness as rules
from registry.rules.problem import Open

CONFLICT = Open("vital", Label("生存状态矛盾，请核实", "Vital status in conflict"))


@dataclass(frozen=True)
class Unfinished:
    """A case and what it still needs; a report that has not come is on another list."""

    examination_id: int
    person_id: int
    enrolment: Enrolment | None
    type: ExaminationType
    performed_on: date
    operator: str | None
    open: tuple[Open, ...]


@dataclass
class IncompleteCases:
    """Cases of a period with something open, the newest first. Rules judge, so they are read once:
    five queries whatever their number, and one more for the names on a page."""

    conditions: tuple[ColumnElement[bool], ...]

    def count(self) -> int:
        """How many cases have something open."""
        return len(self._found)

    def versions(self) -> Select[int, int, int, int]:
        """A statement that answers differently once any of the cases or their persons has changed."""
        return (
            select(
                func.count(Examination.id),
                func.max(Examination.id),
                func.sum(Examination.version),
                func.sum(Person.version),
            )
            .join(Person, Person.id == Examination.person_id)
            .where(*self.conditions)
        )

    def rows(self, limit: int | None = 50, offset: int = 0) -> list[Unfinished]:
        """The cases from `offset` on, at most `limit`."""
        page = self._found[offset : None if limit is None else offset + limit]
        persons = [row.person_id for row, _ in page]
        known = {
            (enrolment.person_id, enrolment.centre_id): enrolment
            for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.person_id.in_(persons)))
        }
        return [
            Unfinished(
                row.id,
                row.person_id,
                known.get((row.person_id, row.centre_id)),
                row.type,
                row.performed_on,
                row.operator,
                items,
            )
            for row, items in page
        ]

    @cached_property
    def _found(self) -> list[tuple[Any, tuple[Open, ...]]]:
        columns = [column for column in Examination.__table__.columns if column.key != "findings"]
        cases = db.session.execute(
            select(
                *(getattr(Examination, column.key) for column in columns),
                User.name.label("operator"),
                Person.sex,
                Person.born_on,
                Person.vital_conflict,
            )
            .join(Person, Person.id == Examination.person_id)
            .outerjoin(User, User.id == Examination.operator_id)
            .where(*self.conditions)
            .order_by(Examination.performed_on.desc(), Examination.id.desc())
        ).all()
        parts = self._parts()
        found = []
        for row in cases:
            values = row._mapping
            items = [
                *rules.person(sex=row.sex, born_on=row.born_on),
                *([CONFLICT] if row.vital_conflict else []),
                *(item.under("examination") for item in rules.examination(**values)),
                *parts[row.id],
            ]
            if items:
                found.append((row, tuple(items)))
        return found

    def _parts(self) -> dict[int, list[Open]]:
        """What is open in lesions, specimens and results, by examination."""
        found: dict[int, list[Open]] = defaultdict(list)
        for name, model, judge in (
            ("lesions", Lesion, rules.lesion),
            ("specimens", Specimen, rules.specimen),
        ):
            places: dict[int, int] = defaultdict(int)
            order = Lesion.number if model is Lesion else Specimen.letter
            for row in self._inside(model, order):
                path = f"{name}-{places[row.examination_id]}"
                places[row.examination_id] += 1
                items: Iterable[Open] = judge(**row._mapping)
                found[row.examination_id] += [item.under(path) for item in items if item.field != "reported"]
        for row in db.session.execute(self._results()):
            organ = row.site.organ if row.site else None
            values = {key: value for key, value in row._mapping.items() if key not in {"method", "site"}}
            items = rules.result(organ=organ, method=row.method, **values)
            found[row.examination_id] += [item.under("results") for item in items]
        return found

    def _inside(self, model: Any, order: Any) -> list[Any]:
        columns = [getattr(model, column.key) for column in model.__table__.columns]
        return list(
            db.session.execute(
                select(*columns)
                .join(Examination, Examination.id == model.examination_id)
                .where(*self.conditions)
                .order_by(model.examination_id, order)
            )
        )

    def _results(self) -> Select[Any]:
        columns = [getattr(Result, column.key) for column in Result.__table__.columns]
        return (
            select(*columns, Specimen.examination_id, Specimen.method, Lesion.site)
            .join(Report, Report.id == Result.report_id)
            .join(Specimen, Specimen.id == Report.specimen_id)
            .join(Examination, Examination.id == Specimen.examination_id)
            .outerjoin(Lesion, Lesion.id == Result.lesion_id)
            .where(Report.current, *self.conditions)
            .order_by(Result.id)
        )
