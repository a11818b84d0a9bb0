"""Questions as their reader answers them: which field, what the record holds, what the source says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.codes.code_set import CodeSet
from registry.label import Label, measured_in
from registry.queries.lists import questions
from registry.queries.record.cases import earlier_lesions

YES, NO, NOTHING = Label("是", "Yes"), Label("否", "No"), Label("未填", "not known")
GONE = Label("来源中已没有", "no longer in the source")
KEEP, TAKE = Label("保留登记值", "Keep the registry's"), Label("采用来源值", "Take the source's")
RECORDS = {
    "person": Label("受检者", "Person"),
    "enrolment": Label("档案", "Enrolment"),
    "examination": Label("检查", "Examination"),
    "background": Label("背景黏膜", "Background mucosa"),
    "lesion": Label("病变", "Lesion"),
    "specimen": Label("标本", "Specimen"),
    "report": Label("病理报告", "Pathology report"),
    "tumour": Label("肿瘤", "Tumour"),
    "vital_status": Label("生存状态", "Vital status"),
}


@dataclass(frozen=True)
class Asked:
    """One question as a line: `held` is the record's value, `said` the source's."""

    id: int
    person_id: int
    examination_id: int | None
    record: Label
    field: Label
    held: str | Label
    said: str | Label
    asked_on: date
    keep: Label = KEEP
    take: Label = TAKE


def asked(question: Any) -> Asked:
    """A question as a line."""
    if question.field == "same_as_id":
        return _same_cancer(question)
    info = questions.info_of(question)
    missing = question.said is None and question.field in ("number", "letter")
    return Asked(
        question.id,
        question.person_id,
        question.examination_id,
        RECORDS[question.subject],
        info.get("label", Label(question.field, question.field)),
        worded(questions.stored_value(question), info),
        GONE if missing else worded(questions.said_value(question), info),
        question.asked_at.date(),
    )


def _same_cancer(question: Any) -> Asked:
    """Whether two tumours of a person who was two are one, told by their lesions."""
    earlier = dict(earlier_lesions(question.person_id, question.examination_id))
    return Asked(
        question.id,
        question.person_id,
        question.examination_id,
        RECORDS[question.subject],
        Label("与合并前另一份档案的肿瘤是否同一个", "The same cancer as in the other record, now merged?"),
        Label("分别登记", "counted as two"),
        earlier.get(questions.said_value(question), GONE),
        question.asked_at.date(),
        keep=Label("不是同一个", "Two cancers"),
        take=Label("是同一个", "One cancer"),
    )


def worded(value: Any, info: Any) -> str | Label:
    """A column's value as a reader sees it: code, yes or no, number with its unit."""
    if value is None:
        return NOTHING
    if isinstance(value, CodeSet):
        return value.label
    if isinstance(value, bool):
        return YES if value else NO
    if not (unit := info.get("unit")):
        return str(value)
    named = measured_in(unit)
    return Label(f"{value} {named.zh}", f"{value} {named.en}")
