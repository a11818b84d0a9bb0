"""Queries to a centre about its records: asked, answered, asked again, closed – every step on the record."""

from datetime import UTC, datetime

from registry.access import Forbidden, Permission, demand, may, scope
from registry.codes.review import InquiryMove, InquiryState
from registry.indicators.checks import CHECKS
from registry.label import Label
from registry.models import Inquiry, InquiryStep
from registry.queries.review import inquiries as queries
from registry.rules.identity import holds_number
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.unit import Overtaken, Unit, change

SAID = Label("质疑和答复都有内容", "A query and its answer say something")
NAMELESS = Label("质疑里不写受检者的姓名和证件号", "A query names nobody")
ONCE = Label("同一项目同时只有一条质疑", "One query at a time about one field")
TURN = Label("质疑轮流进行：中心答复，质控中心结束或再问", "Centre and quality centre take turns")
MOST = 1000


def ask(
    examination_id: int,
    *,
    field: str | None,
    place: str | None = None,
    said: str | None,
    check_key: str | None = None,
) -> Inquiry:
    """Ask the centre of an examination about one of its fields.

    Parameters
    ----------
    field : str
        A key of `queries.review.inquiries.FIELDS`, such as "lesion.size_mm".
    place : str or None
        The number of the lesion or the letter of the specimen that is meant.
    check_key : str or None
        The check of data quality that raised it.

    Raises
    ------
    Invalid
        Without words, about a field that is not recorded, with an identity number in the text, or where a
        query about the same is under way.
    access.Forbidden
        For whoever does not keep the review's record, or where the examination is out of scope.
    """
    demand(Permission.REVIEW)
    with change("inquiry.ask") as unit:
        examination = queries.examination(examination_id)
        if examination is None:
            raise Forbidden("there is no such examination in scope")
        place = place or None
        problems = worded(said, names=queries.names_of(examination))
        if field not in queries.FIELDS:
            problems.append(refusal("field", "请在所列中选择", "Please choose one of those listed", SAID))
        if place is not None and place not in queries.parts(examination):
            zh, en = "这个病例没有这处病变或标本", "This case has no such lesion or specimen"
            problems.append(refusal("place", zh, en, SAID))
        if field in queries.FIELDS and queries.open_about(examination_id, field, place):
            zh, en = "这一项已有未结束的质疑", "A query about this is under way"
            problems.append(refusal("field", zh, en, ONCE))
        if problems:
            raise Invalid(problems)
        now = datetime.now(UTC)
        found = unit.add(
            Inquiry(
                examination=examination,
                centre_id=examination.centre_id,
                check_key=check_key if check_key in CHECKS else None,
                field=field,
                place=place,
                state=InquiryState.ASKED,
                asked_at=now,
                moved_at=now,
            )
        )
        _step(unit, found, InquiryMove.ASK, said, now)
    return found


def answer(inquiry: Inquiry, *, said: str | None, seen: int | None = None) -> None:
    """Answer for the centre; what was wrong in the case is corrected in the case itself.

    Raises
    ------
    Invalid
        When it does not wait for an answer, or the words are missing or name the person.
    Overtaken
        When somebody else moved it since `seen`.
    access.Forbidden
        For whoever does not record cases at its centre.
    """
    if not answered_by_reader(inquiry):
        raise Forbidden("a query is answered by the centre that it was put to")
    _move(inquiry, InquiryMove.ANSWER, InquiryState.ANSWERED, (InquiryState.ASKED,), said, seen)


def ask_again(inquiry: Inquiry, *, said: str | None, seen: int | None = None) -> None:
    """Put it to the centre again, after its answer; raises as `answer` does."""
    demand(Permission.REVIEW)
    _move(inquiry, InquiryMove.AGAIN, InquiryState.ASKED, (InquiryState.ANSWERED,), said, seen)


def close(inquiry: Inquiry, *, said: str | None, seen: int | None = None) -> None:
    """Close it, answered or not, with a word on why; raises as `answer` does."""
    demand(Permission.REVIEW)
    _move(inquiry, InquiryMove.CLOSE, InquiryState.CLOSED, queries.OPEN, said, seen)


def answered_by_reader(inquiry: Inquiry) -> bool:
    """Whether who acts records cases at the centre that was asked."""
    current = scope()
    return may(Permission.WRITE) and current is not None and inquiry.centre_id in current.centres


def worded(said: str | None, *, names: list[str]) -> list[Problem]:
    """Refusals of words that are missing, too long, or that name somebody.

    `names` are those of the person, as far as who writes may see them.
    """
    text = (said or "").strip()
    if not text:
        return [refusal("said", "请写明内容", "Please say what it is about", SAID)]
    if len(text) > MOST:
        return [refusal("said", f"不超过 {MOST} 字", f"At most {MOST} signs", SAID)]
    if holds_number(text):
        zh = "里面像有身份证号，请删去；写检查号即可"
        en = "There seems to be an identity number in it: take it out, the examination number will do"
        return [refusal("said", zh, en, NAMELESS)]
    if any(len(name) > 1 and name in text for name in names):
        zh, en = "里面有受检者的姓名，请删去", "The person's name stands in it: take it out"
        return [refusal("said", zh, en, NAMELESS)]
    return []


def _move(
    inquiry: Inquiry,
    move: InquiryMove,
    state: InquiryState,
    before: tuple[InquiryState, ...],
    said: str | None,
    seen: int | None,
) -> None:
    with change(f"inquiry.{move.code}", seen=seen, root=inquiry) as unit:
        if seen is not None and inquiry.version != seen:  # before anything is said of its step
            raise Overtaken(inquiry, seen, inquiry.version)
        problems = worded(said, names=queries.names_of(inquiry.examination))
        if inquiry.state not in before:
            zh, en = "这条质疑已不在这一步", "This query is no longer at this step"
            problems.append(refusal("inquiry", zh, en, TURN))
        if problems:
            raise Invalid(problems)
        now = datetime.now(UTC)
        unit.edit(inquiry)
        inquiry.state, inquiry.moved_at = state, now
        _step(unit, inquiry, move, said, now)


def _step(unit: Unit, inquiry: Inquiry, move: InquiryMove, said: str | None, now: datetime) -> None:
    current = scope()
    unit.add(
        InquiryStep(
            inquiry=inquiry,
            centre_id=inquiry.centre_id,
            move=move,
            said=(said or "").strip(),
            said_at=now,
            author_id=current.actor_id if current else None,
        )
    )
