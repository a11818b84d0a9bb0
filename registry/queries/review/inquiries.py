"""Queries to the centres: who waits for whom, what was said, and what the record holds today."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Boolean, Date, Float, Integer, Table, Time, func, select
from sqlalchemy.orm import joinedload, selectinload

from registry.codes.review import InquiryState
from registry.extensions import db
from registry.indicators.checks import CHECKS
from registry.label import Label
from registry.models import (
    Background,
    Base,
    Enrolment,
    Examination,
    Inquiry,
    InquiryStep,
    Lesion,
    Report,
    Result,
    Specimen,
)
from registry.models.fields import Coded
from registry.queries.centre import here

OPEN = (InquiryState.ASKED, InquiryState.ANSWERED)
WHOLE = "case"
RECORDS: dict[str, tuple[type[Base], Label]] = {
    "examination": (Examination, Label("检查", "Examination")),
    "background": (Background, Label("背景黏膜", "Background mucosa")),
    "lesion": (Lesion, Label("病变", "Lesion")),
    "specimen": (Specimen, Label("标本", "Specimen")),
    "report": (Report, Label("病理报告", "Pathology report")),
    "result": (Result, Label("病理结果", "Pathology result")),
}
# Of the person nothing is shown; of texts neither, because they may name somebody.
PERSON = {
    "person.sex": Label("受检者 · 性别", "Person · sex"),
    "person.born_on": Label("受检者 · 出生日期", "Person · birth date"),
    "person.died_on": Label("受检者 · 死亡日期", "Person · death date"),
}
SHOWN = (Coded, Integer, Float, Boolean, Date, Time)


def _fields() -> dict[str, Label]:
    found = {WHOLE: Label("整个病例", "The whole case"), **PERSON}
    found["examination.operator_id"] = Label("检查 · 操作医师", "Examination · operator")
    for name, (model, record) in RECORDS.items():
        for column in cast(Table, model.__table__).columns:
            if label := column.info.get("label"):
                found[f"{name}.{column.key}"] = Label(
                    f"{record.zh} · {label.zh}", f"{record.en} · {label.en}"
                )
    return found


FIELDS: dict[str, Label] = _fields()


def called(field: str, place: str | None = None) -> Label:
    """What a query is about in words; a field that is no longer recorded keeps its key."""
    words = FIELDS.get(field, Label(field, field))
    if not place:
        return words
    zh, en = (" · " in each for each in words)
    return Label(
        words.zh.replace(" · ", f" {place} · ", 1) if zh else f"{words.zh}（{place}）",
        words.en.replace(" · ", f" {place} · ", 1) if en else f"{words.en} ({place})",
    )


def check_of(key: str | None) -> Any:
    """The check that a query came from; None where it came from none, or from one that is gone."""
    return CHECKS.get(key or "")


def inquiries(
    *, states: Sequence[InquiryState] = OPEN, limit: int | None = 50, offset: int = 0
) -> Sequence[Inquiry]:
    """Queries in scope in these states: those that wait longest first; closed ones the latest first."""
    order = Inquiry.moved_at.desc() if InquiryState.CLOSED in states else Inquiry.moved_at
    return db.session.scalars(
        select(Inquiry)
        .where(Inquiry.state.in_(states), here(Inquiry))
        .options(joinedload(Inquiry.examination), selectinload(Inquiry.steps))
        .order_by(order, Inquiry.id)
        .limit(limit)
        .offset(offset)
    ).all()


def counts() -> dict[InquiryState, int]:
    """How many queries in scope are in each state."""
    found = select(Inquiry.state, func.count()).where(here(Inquiry)).group_by(Inquiry.state)
    return dict.fromkeys(InquiryState, 0) | dict(db.session.execute(found).all())


def waiting_for_centre() -> int:
    """How many queries wait for an answer of the centre that is acted for."""
    found = select(func.count(Inquiry.id)).where(Inquiry.state == InquiryState.ASKED, here(Inquiry))
    return db.session.scalar(found) or 0


def inquiry(inquiry_id: int) -> Inquiry | None:
    """One query in scope with its steps and its examination, as stored now."""
    return db.session.scalar(
        select(Inquiry)
        .where(Inquiry.id == inquiry_id, here(Inquiry))
        .options(
            joinedload(Inquiry.examination),
            selectinload(Inquiry.steps).joinedload(InquiryStep.author),
        )
        .execution_options(populate_existing=True)
    )


def of_case(examination_id: int) -> Sequence[Inquiry]:
    """The queries about an examination, open ones first."""
    found = db.session.scalars(
        select(Inquiry)
        .where(Inquiry.examination_id == examination_id, here(Inquiry))
        .options(selectinload(Inquiry.steps))
        .order_by(Inquiry.id)
    ).all()
    return sorted(found, key=lambda one: one.state is InquiryState.CLOSED)


def open_about(examination_id: int, field: str, place: str | None) -> bool:
    """Whether a query about this is under way already."""
    same = select(Inquiry.id).where(
        Inquiry.examination_id == examination_id,
        Inquiry.field == field,
        Inquiry.place.is_not_distinct_from(place),
        Inquiry.state.in_(OPEN),
    )
    return db.session.scalar(same.limit(1)) is not None


def examination(examination_id: int) -> Examination | None:
    """The examination that is asked about, within scope."""
    return db.session.scalar(select(Examination).where(Examination.id == examination_id))


def names_of(examination: Examination) -> list[str]:
    """How the examination's own centre calls its person, for who may open names; empty for others."""
    enrolled = db.session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == examination.person_id, Enrolment.centre_id == examination.centre_id
        )
    )
    return [enrolment.name for enrolment in enrolled if enrolment.name]


def held(inquiry: Inquiry) -> tuple[Any, dict[str, Any]] | None:
    """What the record holds today, with what is known of the column; None where it is not to be shown.

    Only codes, numbers, days and yes or no are; of several results of one specimen none.
    """
    record, _, name = inquiry.field.partition(".")
    if record not in RECORDS:
        return None
    model: Any = RECORDS[record][0]
    column = cast(Table, model.__table__).columns.get(name)
    if column is None or column.foreign_keys or not isinstance(column.type, SHOWN):
        return None
    statement = select(getattr(model, name))
    at = inquiry.examination_id
    if model is Examination:
        statement = statement.where(Examination.id == at)
    elif model is Background:
        statement = statement.where(Background.examination_id == at)
    elif model is Lesion:
        statement = statement.where(Lesion.examination_id == at, Lesion.number == _number(inquiry.place))
    else:
        if model is not Specimen:
            statement = statement.select_from(model)
        if model is Result:
            statement = statement.join(Report, Report.id == Result.report_id)
        if model in (Report, Result):
            statement = statement.join(Specimen, Specimen.id == Report.specimen_id).where(Report.current)
        statement = statement.where(Specimen.examination_id == at, Specimen.letter == inquiry.place)
    found = db.session.scalars(statement.limit(2)).all()
    return (found[0], dict(column.info)) if len(found) == 1 else None


def _number(place: str | None) -> int:
    return int(place) if place and place.isascii() and place.isdigit() else 0


def parts(examination: Examination) -> list[str]:
    """The lesions and specimens of a case, as a query may name one of them."""
    lesions = select(Lesion.number).where(Lesion.examination_id == examination.id).order_by(Lesion.number)
    specimens = (
        select(Specimen.letter).where(Specimen.examination_id == examination.id).order_by(Specimen.letter)
    )
    return [*(str(one) for one in db.session.scalars(lesions)), *db.session.scalars(specimens)]
