"""The records that checks of data quality judge: how each kind is joined, dated, placed and listed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, String, and_, cast, func, null

from registry import models
from registry.indicators.checks import Records
from registry.indicators.checks.timely import FIRST

# Columns as expressions: a type checker takes a nullable one for no condition.
Examination: Any = models.Examination
FollowUp: Any = models.FollowUp
Lesion: Any = models.Lesion
Person: Any = models.Person
Report: Any = models.Report
Result: Any = models.Result
RiskAssessment: Any = models.RiskAssessment
Specimen: Any = models.Specimen
Tumour: Any = models.Tumour
NO_NUMBER: Any = cast(null(), Integer)
NO_WORD: Any = cast(null(), String)


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record in SQL.

    `joined` begins the statement at the records; `on`, `centre_id` and `imported` say when, where and by
    which import they came; `examination_id`, `place` and `tumour_id` say what a list leads to.
    """

    id: Any
    joined: Callable[[Select[Any]], Select[Any]]
    on: Any
    centre_id: Any
    person_id: Any
    imported: tuple[Any, ...]
    examination_id: Any = NO_NUMBER
    number: Any = NO_WORD
    place: Any = NO_WORD
    tumour_id: Any = NO_NUMBER


def _of_examination(model: Any, joined: Callable[[Select[Any]], Select[Any]], place: Any = NO_WORD) -> Kind:
    return Kind(
        id=model.id,
        joined=joined,
        on=Examination.performed_on,
        centre_id=Examination.centre_id,
        person_id=Examination.person_id,
        imported=(Examination,),
        examination_id=Examination.id,
        number=Examination.number,
        place=place,
    )


def _specimens(statement: Select[Any]) -> Select[Any]:
    at = statement.select_from(Specimen).join(Examination, Examination.id == Specimen.examination_id)
    return at.outerjoin(FIRST, FIRST.c.specimen_id == Specimen.id)


def _reports(statement: Select[Any]) -> Select[Any]:
    at = statement.select_from(Report).join(Specimen, Specimen.id == Report.specimen_id)
    return at.join(Examination, Examination.id == Specimen.examination_id).where(Report.current)


def _results(statement: Select[Any]) -> Select[Any]:
    at = statement.select_from(Result).join(Report, and_(Report.id == Result.report_id, Report.current))
    at = at.join(Specimen, Specimen.id == Report.specimen_id)
    at = at.join(Examination, Examination.id == Specimen.examination_id)
    return at.outerjoin(Lesion, Lesion.id == Result.lesion_id)


KINDS: dict[Records, Kind] = {
    Records.EXAMINATION: _of_examination(Examination, lambda of: of.select_from(Examination)),
    Records.PERSON: _of_examination(
        Examination,
        lambda of: of.select_from(Examination).join(Person, Person.id == Examination.person_id),
    ),
    Records.LESION: _of_examination(
        Lesion,
        lambda of: of.select_from(Lesion).join(Examination, Examination.id == Lesion.examination_id),
        cast(Lesion.number, String),
    ),
    Records.SPECIMEN: _of_examination(Specimen, _specimens, Specimen.letter),
    Records.REPORT: _of_examination(Report, _reports, Specimen.letter),
    Records.RESULT: _of_examination(Result, _results, Specimen.letter),
    Records.TUMOUR: Kind(
        id=Tumour.id,
        joined=lambda of: of.select_from(Tumour),
        on=func.coalesce(Tumour.detected_on, Tumour.incidence_on),
        centre_id=Tumour.centre_id,
        person_id=Tumour.person_id,
        imported=(Tumour,),
        tumour_id=Tumour.id,
    ),
    Records.ASSESSMENT: Kind(
        id=RiskAssessment.id,
        joined=lambda of: of.select_from(RiskAssessment),
        on=RiskAssessment.assessed_on,
        centre_id=RiskAssessment.centre_id,
        person_id=RiskAssessment.person_id,
        imported=(RiskAssessment,),
    ),
    Records.FOLLOW_UP: Kind(
        id=FollowUp.id,
        joined=lambda of: of.select_from(FollowUp).join(Person, Person.id == FollowUp.person_id),
        on=FollowUp.contacted_on,
        centre_id=FollowUp.centre_id,
        person_id=FollowUp.person_id,
        imported=(FollowUp,),
    ),
}
