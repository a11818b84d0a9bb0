"""What every statement of a tally has in common: groups, period, centres, and the records it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from registry.extensions import db
from registry.indicators import Source
from registry.indicators.endoscopy import NORMAL
from registry.indicators.linked import WATCHED
from registry.indicators.resection import ESD, PROVED
from registry.models import (
    AdverseEvent,
    Background,
    Examination,
    FollowUp,
    KnownSyndrome,
    Lesion,
    Person,
    PriorSurgery,
    Reading,
    Report,
    Result,
    RiskAssessment,
    ScreeningRound,
    Specimen,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.models.portable import unsought
from registry.queries.counting.grouping import Grouping
from registry.queries.unfinished import counted

# Records of a person, few beside their examinations.
RARE = {Source.OPERATION, Source.TREATMENT, Source.SYNDROME, Source.LATER_TUMOUR, Source.LATER_DEATH}


@dataclass(frozen=True, eq=False)
class Frame:
    """What every statement of one tally has in common: groups, period, centres, endoscopist, open imports."""

    grouping: Grouping
    start: date | None
    end: date | None
    centre_ids: Sequence[int] | None
    unfinished: Sequence[int]
    operator_id: int | None = None

    def group(self, at: Any = Examination) -> list[Any]:
        """What is grouped by, of an examination or of what stands for it; nothing where all is one group."""
        return [] if self.grouping.of is None else [self.grouping.of(at).label("grouped")]

    @property
    def labels(self) -> list[str]:
        return [] if self.grouping.of is None else ["grouped"]

    def within(self, statement: Select[Any], at: Any = Examination, *, rare: bool = False) -> Select[Any]:
        """Limit a statement to the frame, and join the person where the group needs one.

        Where it reads records that are `rare` beside examinations, it begins with them.
        """
        on = unsought(at.performed_on) if rare else at.performed_on
        if self.grouping.of_person:
            statement = statement.join(Person, Person.id == at.person_id)
        if self.start:
            statement = statement.where(on >= self.start)
        if self.end:
            statement = statement.where(on <= self.end)
        if self.centre_ids is not None:
            statement = statement.where(at.centre_id.in_(self.centre_ids))
        if self.operator_id is not None:
            statement = statement.where(at.operator_id == self.operator_id)
        return statement.where(*self.finished(at))

    def finished(self, imported: Any) -> list[Any]:
        return counted(imported, self.unfinished)

    def grouped(self, statement: Select[Any]) -> Select[Any]:
        """Group by the label: PostgreSQL would not know the expression again, with parameters of its own."""
        return statement.group_by(*self.labels)

    def rows(self, statement: Any) -> Iterator[tuple[Any, list[Any]]]:
        """Each group's value with the counts that follow it."""
        for row in db.session.execute(statement):
            values = list(row)
            yield (values[0], values[1:]) if self.labels else (None, values)


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
    """Select from a source's records, joined to their examination where they have one."""
    statement = select(*columns)
    at = Examination.id
    person = Examination.person_id
    match source:
        case Source.EXAMINATION:
            return statement.select_from(Examination)
        case Source.NORMAL:
            return statement.select_from(Examination).where(NORMAL)
        case Source.BACKGROUND:
            return statement.select_from(Background).join(Examination, at == Background.examination_id)
        case Source.LESION:
            return statement.select_from(Lesion).join(Examination, at == Lesion.examination_id)
        case Source.RESULT:
            joined = statement.select_from(Result).join(Report, Report.id == Result.report_id)
            joined = joined.join(Specimen, Specimen.id == Report.specimen_id).where(Report.current)
            return joined.join(Examination, at == Specimen.examination_id)
        case Source.READING:
            joined = statement.select_from(Reading).join(Examination, at == Reading.examination_id)
            return joined.outerjoin(Lesion, Lesion.id == Reading.lesion_id)
        case Source.TUMOUR:
            return statement.select_from(Tumour).join(Examination, at == Tumour.detecting_examination_id)
        case Source.EVENT:
            return statement.select_from(AdverseEvent).join(Examination, at == AdverseEvent.examination_id)
        case Source.OPERATION:
            return statement.select_from(PriorSurgery).join(Examination, person == PriorSurgery.person_id)
        case Source.TREATMENT:
            joined = statement.select_from(Treatment).join(Tumour, Tumour.id == Treatment.tumour_id)
            return joined.join(Examination, person == Treatment.person_id)
        case Source.SYNDROME:
            return statement.select_from(KnownSyndrome).join(Examination, person == KnownSyndrome.person_id)
        case Source.LATER_TUMOUR:
            joined = statement.select_from(Tumour).join(Examination, person == Tumour.person_id)
            return joined.join(WATCHED, WATCHED.id == Tumour.person_id)
        case Source.LATER_DEATH:
            joined = statement.select_from(VitalStatus).join(Examination, person == VitalStatus.person_id)
            return joined.join(WATCHED, WATCHED.id == VitalStatus.person_id)
        case Source.SPECIMEN:
            return statement.select_from(Specimen).join(Examination, at == Specimen.examination_id)
        case Source.RESECTION:
            joined = statement.select_from(Specimen).join(Examination, at == Specimen.examination_id)
            return joined.outerjoin(PROVED, PROVED.c.specimen_id == Specimen.id).where(ESD)
        case Source.ROUND:
            return statement.select_from(ScreeningRound)
        case Source.ASSESSMENT:
            return statement.select_from(RiskAssessment)
        case Source.PLAN:
            return statement.select_from(FollowUp).join(WATCHED, WATCHED.id == FollowUp.person_id)
