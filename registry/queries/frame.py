"""What every statement of a tally has in common: groups, period, centres, and the records it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from registry.extensions import db
from registry.indicators import Source
from registry.indicators.resection import PROVED
from registry.models import (
    AdverseEvent,
    Examination,
    Lesion,
    Person,
    PriorSurgery,
    Reading,
    Specimen,
    Treatment,
    Tumour,
)
from registry.queries.grouping import Grouping
from registry.queries.unfinished import counted


@dataclass(frozen=True, eq=False)
class Frame:
    """What every statement of one tally has in common: groups, period, centres, imports left out."""

    grouping: Grouping
    start: date | None
    end: date | None
    centre_ids: Sequence[int] | None
    unfinished: Sequence[int]

    @property
    def group(self) -> list[Any]:
        expression = self.grouping.expression
        return [] if expression is None else [expression.label("grouped")]

    @property
    def labels(self) -> list[str]:
        return ["grouped"] if self.group else []

    def within(self, statement: Select[Any]) -> Select[Any]:
        """Limit a statement over examinations to the frame, and join the person where the group needs one."""
        if self.grouping.of_person:
            statement = statement.join(Person, Person.id == Examination.person_id)
        if self.start:
            statement = statement.where(Examination.performed_on >= self.start)
        if self.end:
            statement = statement.where(Examination.performed_on <= self.end)
        if self.centre_ids is not None:
            statement = statement.where(Examination.centre_id.in_(self.centre_ids))
        return statement.where(*self.finished(Examination))

    def finished(self, imported: Any) -> list[Any]:
        return counted(imported, self.unfinished)

    def grouped(self, statement: Select[Any]) -> Select[Any]:
        """Group by the label: PostgreSQL would not know the expression again, with parameters of its own."""
        return statement.group_by(*self.labels)

    def rows(self, statement: Any) -> Iterator[tuple[Any, list[Any]]]:
        """Each group's value with the counts that follow it."""
        for row in db.session.execute(statement):
            values = list(row)
            yield (values[0], values[1:]) if self.group else (None, values)


def counted_columns(statement: Any) -> list[list[Any]]:
    """The columns of a counting statement's rows.

    Rows come and go a few hundred at a time: tens of thousands held at once keep the garbage collector
    longer than the database takes. Under the bypass there is nothing to narrow, so they skip the ORM.
    """
    session = db.session()
    bypassed = session.info.get("bypass")
    result = session.connection().execute(statement) if bypassed else session.execute(statement)
    columns: list[list[Any]] = [[] for _ in result.keys()]  # noqa: SIM118 – a result is no dictionary
    for rows in result.partitions(500):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    return columns


def records(source: Source, columns: Sequence[Any]) -> Select[Any]:
    """Select from a source's records, joined to their examination."""
    statement = select(*columns)
    at = Examination.id
    match source:
        case Source.EXAMINATION:
            return statement.select_from(Examination)
        case Source.LESION:
            return statement.select_from(Lesion).join(Examination, at == Lesion.examination_id)
        case Source.READING:
            joined = statement.select_from(Reading).join(Examination, at == Reading.examination_id)
            return joined.outerjoin(Lesion, Lesion.id == Reading.lesion_id)
        case Source.TUMOUR:
            return statement.select_from(Tumour).join(Examination, at == Tumour.detecting_examination_id)
        case Source.EVENT:
            return statement.select_from(AdverseEvent).join(Examination, at == AdverseEvent.examination_id)
        case Source.OPERATION:
            same = Examination.person_id == PriorSurgery.person_id
            return statement.select_from(PriorSurgery).join(Examination, same)
        case Source.TREATMENT:
            same = Examination.person_id == Treatment.person_id
            joined = statement.select_from(Treatment).join(Tumour, Tumour.id == Treatment.tumour_id)
            return joined.join(Examination, same)
        case Source.RESECTION:
            joined = statement.select_from(Specimen).join(Examination, at == Specimen.examination_id)
            return joined.outerjoin(PROVED, PROVED.c.specimen_id == Specimen.id)
