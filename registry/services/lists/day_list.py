"""The day's list of a centre: lines put on it, struck off, and closed by the case that is entered.

A line is no examination: no rate knows of it. Who stands on a list is found among those enrolled, or
enrolled, exactly as if somebody had done it by hand.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from registry.codes.desk import ListedState
from registry.codes.person import DocumentOwner, Precision, Sex
from registry.extensions import db
from registry.label import Label
from registry.models import Enrolment, Examination, Listed
from registry.rules.dates import certainly_before, partial
from registry.rules.identity import STANDARD
from registry.rules.problem import Invalid, Problem, refusal
from registry.rules.problem import demand as stop_at
from registry.services.cases.recording import record_case
from registry.services.here import centre_here
from registry.services.lists.recognition import person_of, recognise
from registry.services.people import documents as papers_of
from registry.services.people import enrolling
from registry.services.staff.source_words import staff_of
from registry.services.unit import Unit, change
from registry.services.values import lacking, put, read, today

LIST = Label("名单是当前日子的", "A list is of days near this one")
ONE_LINE = Label("一个检查号是一个人的一次检查", "One examination number is one examination of one person")
CLOSED = Label("已录入的检查在病例中修改", "What was entered is changed in its case")
BEHIND, AHEAD = timedelta(days=31), timedelta(days=92)
ENROLLED = ("name", "phone", "address", "region", "record_number")


def put_on(
    *,
    listed: Mapping[str, Any],
    person: Mapping[str, Any],
    enrolment: Mapping[str, Any],
    document: Mapping[str, Any],
    person_id: int | None = None,
) -> str:
    """Put one line on the list; says whether it is "new", "updated" or "unchanged".

    The records are those of an import's case. `person_id` is somebody enrolled here whom a reader
    recognised; otherwise document or record number find the person, or the person is enrolled. A
    line already there is filled in, never emptied; one that is done or struck off stays as it is.

    Raises
    ------
    Invalid
        Storing nothing, with problems by path ("listed-number", "enrolment-name", "document-value").
    """
    values, problems = read(Listed, listed, path="listed")
    values = {name: value for name, value in values.items() if value is not None}
    problems += lacking(Listed, values, "listed_on", path="listed") + _day(values.get("listed_on"))
    if not enrolment.get("name") and not document.get("value") and not enrolment.get("record_number"):
        zh, en = "请写明姓名或证件号码", "Give a name or a document number"
        problems.append(refusal("enrolment-name", zh, en, LIST))
    person, wrong = by_number(person, document)
    stop_at(problems + wrong)
    with change("day.list") as unit:
        owner = _person(person, enrolment, document, person_id, values)
        if values.get("operator_words") and "operator_id" not in values:
            found = staff_of(centre_here()).operator(values["operator_words"])
            values |= {"operator_id": found} if found is not None else {}
        line = _line(values, owner)
        if line is None:
            values.setdefault("place", _last_place(values["listed_on"]) + 1)
            unit.add(Listed(person_id=owner, centre_id=centre_here(), state=ListedState.OPEN, **values))
            return "new"
        return _fill_in(unit, line, values)


def cancel(line: Listed) -> None:
    """Strike a line off: the examination was not done."""
    _turn(line, ListedState.OPEN, ListedState.CANCELLED, "day.cancel")


def reopen(line: Listed) -> None:
    """Put a line that was struck off back among those to be entered."""
    _turn(line, ListedState.CANCELLED, ListedState.OPEN, "day.reopen")


def record(line: Listed, **case: Any) -> Examination:
    """Store the case of a line and close the line, both or neither; takes what `record_case` takes."""
    with change("case.record", reason=case.get("reason")) as unit:
        examination = record_case(person_id=line.person_id, **case)
        if line.state is not ListedState.DONE:
            put(unit.edit(line), {"state": ListedState.DONE, "examination_id": examination.id})
    return examination


def _person(
    person: Mapping[str, Any],
    enrolment: Mapping[str, Any],
    document: Mapping[str, Any],
    person_id: int | None,
    values: Mapping[str, Any],
) -> int:
    """The id of whom the line means, who is enrolled here from now on."""
    if person_id is not None:
        chosen = db.session.scalar(
            select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.centre_id == centre_here())
        )
        if chosen is None:
            zh, en = "此人不在本中心", "This person is not enrolled here"
            raise Invalid([refusal("enrolment-name", zh, en, LIST)])
        return person_of(chosen)
    known = recognise(person, enrolment, document, today=today())
    stop_at(known.problems)
    if known.enrolment is not None:
        return person_of(known.enrolment)
    namesakes = {person_of(one) for one in known.likely}
    listed = [one for one in namesakes if _listed_already(one, values)]
    if len(listed) == 1:
        return listed[0]
    told: dict[str, Any] = {name: enrolment.get(name) for name in ENROLLED}
    told |= {name: person.get(name) for name in enrolling.PERSONAL}
    try:
        made = enrolling.enrol(documents=[document] if document.get("value") else [], **told)
    except Invalid as wrong:
        raise Invalid([_placed(problem) for problem in wrong.problems]) from wrong
    return made.person_id


def _listed_already(person_id: int, values: Mapping[str, Any]) -> bool:
    """Whether a namesake of the same sex and age stands on that day's list, and not by another number."""
    same = select(Listed).where(Listed.person_id == person_id, Listed.listed_on == values["listed_on"])
    found = list(db.session.scalars(same.where(Listed.centre_id == centre_here())))
    others = [
        line
        for line in found
        if line.type is values.get("type") and len({line.number, values.get("number")} - {None}) == 2
    ]
    return bool(found) and not others


def by_number(
    person: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The person as their own number tells, and where the line contradicts that number."""
    if document.get("type") is None or document.get("doubtful") or not document.get("value"):
        return person, []
    told = papers_of.numbered(document["type"], document["value"], today())[2]
    if told is None or document.get("owner") not in (None, DocumentOwner.OWN):
        return person, []
    problems = []
    born = partial(person.get("born_on"), person.get("born_precision"))
    if certainly_before(born, told.birth) or certainly_before(told.birth, born):
        zh, en = (
            "年龄或出生日期与证件号码不符，请核对",
            "Age or birth date differ from the number: check them",
        )
        problems.append(refusal("person-born_on", zh, en, STANDARD))
    if person.get("sex") in (Sex.MALE, Sex.FEMALE) and person["sex"] is not told.sex:
        zh, en = "性别与证件号码不符，请核对", "Sex differs from the number: check them"
        problems.append(refusal("person-sex", zh, en, STANDARD))
    return {**person, "born_on": told.birth, "born_precision": Precision.DAY}, problems


def _placed(problem: Problem) -> Problem:
    """A problem of an enrolment by its path in a line."""
    record, _, rest = problem.field.partition("-0-")
    if record == "documents":
        path = f"document-{rest}"
    elif problem.field in enrolling.PERSONAL:
        path = f"person-{problem.field}"
    else:
        path = f"enrolment-{problem.field}"
    return Problem(path, problem.message, problem.clause, problem.refuse)


def _line(values: Mapping[str, Any], person_id: int) -> Listed | None:
    """The line that says the same: of that number, else of the same person, day and kind."""
    same = select(Listed).where(Listed.centre_id == centre_here(), Listed.listed_on == values["listed_on"])
    if number := values.get("number"):
        found = db.session.scalar(same.where(Listed.number == number).limit(1))
        if found is not None and found.person_id != person_id:
            zh, en = (
                "当天名单上这个检查号属于另一人",
                "On that day's list this number belongs to somebody else",
            )
            raise Invalid([refusal("listed-number", f"{zh}，请核对", f"{en}: check it", ONE_LINE)])
        if found is not None:
            return found
    for line in db.session.scalars(same.where(Listed.person_id == person_id).order_by(Listed.id)):
        numbers = {line.number, values.get("number")} - {None}
        kinds = {line.type, values.get("type")} - {None}
        if len(numbers) < 2 and len(kinds) < 2:
            return line
    return None


def _fill_in(unit: Unit, line: Listed, values: Mapping[str, Any]) -> str:
    new = {name: value for name, value in values.items() if getattr(line, name) != value}
    if not new or line.state is not ListedState.OPEN:
        return "unchanged"
    put(unit.edit(line), new)
    return "updated"


def _last_place(day: date) -> int:
    found = select(func.max(Listed.place)).where(Listed.centre_id == centre_here(), Listed.listed_on == day)
    return db.session.scalar(found) or 0


def _day(day: date | None) -> list[Problem]:
    if day is None or today() - BEHIND <= day <= today() + AHEAD:
        return []
    zh, en = "名单日期离今天太远，请核对", "The day of the list is too far from today: check it"
    return [refusal("listed-listed_on", zh, en, LIST)]


def _turn(line: Listed, before: ListedState, after: ListedState, action: str) -> None:
    with change(action) as unit:
        unit.edit(line)
        if line.state is ListedState.DONE:
            zh, en = "这一行已录入，请在病例中修改", "This line has been entered: change its case"
            raise Invalid([refusal("state", zh, en, CLOSED)])
        if line.state is before:
            line.state = after
