"""The parts of a case as given and as stored, side by side, and what is wrong with them together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from registry.access import unscoped
from registry.codes.endoscopy import ExaminationType
from registry.extensions import db
from registry.label import Label
from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Examination,
    Lesion,
    Person,
    PriorSurgery,
    Specimen,
    User,
)
from registry.rules import examination as examination_rules
from registry.rules import lesion as lesion_rules
from registry.rules import specimen as specimen_rules
from registry.rules.problem import Problem, refusal
from registry.rules.report import report_dates
from registry.services.here import dates_of
from registry.services.values import image, lacking, read, today

NUMBERS = Label("一次检查的每个病变各有编号", "Each lesion of an examination has a number of its own")
LETTERS = Label("一次检查的每份标本各有字母", "Each specimen of an examination has a letter of its own")
GONE = Label("所修改的仍然存在", "What is edited is still there")
SAME = Label("同一病变指同一人先前的病变", "A lesion is the same as an earlier one of the same person")
CONTINUES = Label("重做承接同一人先前的检查", "A repeat continues an earlier examination of the same person")
STAFF = Label("术者、指导者与录入者都是用户", "Operator, supervisor and recorder are users")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Part:
    """One record of a case: the row it is stored in, if any, and the values given for it."""

    path: str
    given: dict[str, Any]
    row: Any = None
    lesions: list[int] | None = None

    @property
    def whole(self) -> dict[str, Any]:
        """Every column as it will be stored."""
        return (image(self.row) if self.row is not None else {}) | self.given


@dataclass
class Case:
    """A whole case as it will be, the stored rows that are no longer in it, and what is wrong so far."""

    person: Person
    examination: Part
    background: Part | None
    lesions: list[Part]
    specimens: list[Part]
    adverse_events: list[Part]
    dropped: list[Base] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def assemble(
    person: Person,
    existing: Examination | None,
    examination: Mapping[str, Any],
    background: Mapping[str, Any] | None,
    lesions: Iterable[Mapping[str, Any]],
    specimens: Iterable[Mapping[str, Any]],
    adverse_events: Iterable[Mapping[str, Any]],
) -> Case:
    """Bring what was given together with what is stored; read every value, number what has no number."""
    values, problems = read(
        Examination, examination, without={"id", "person_id", "version"}, path="examination"
    )
    root = Part("examination", values, existing)
    case = Case(person, root, None, [], [], [], problems=problems)
    case.problems += lacking(Examination, root.whole, "type", "performed_on", path="examination")
    if background is not None:
        values, wrong = read(Background, background, without={"id"}, path="background")
        case.problems += wrong
        case.background = Part("background", values, existing.background if existing else None)
    stored: dict[str, list[Any]] = {
        name: list(getattr(existing, name)) if existing else []
        for name in ("lesions", "specimens", "adverse_events")
    }
    case.lesions = _parts(case, Lesion, lesions, stored["lesions"], "lesions")
    case.specimens = _parts(case, Specimen, specimens, stored["specimens"], "specimens")
    case.adverse_events = _parts(
        case, AdverseEvent, adverse_events, stored["adverse_events"], "adverse_events"
    )
    _number(case)
    return case


def _parts(
    case: Case, model: type[Base], given: Iterable[Mapping[str, Any]], stored: list[Any], name: str
) -> list[Part]:
    known = {row.id: row for row in stored}
    parts = []
    for place, wanted in enumerate(given):
        path = f"{name}-{place}"
        values, wrong = read(model, wanted, without={"id", "lesions"}, path=path)
        case.problems += wrong
        row = known.pop(int(wanted["id"]), None) if wanted.get("id") else None
        if wanted.get("id") and row is None:
            said = "该项已被删除，请刷新", "This is gone in the meantime; reload the page"
            case.problems.append(refusal(f"{path}-id", *said, GONE))
        covers = wanted.get("lesions") if model is Specimen else None
        lesions = None if covers is None else [int(number) for number in covers]
        parts.append(Part(path, values, row, lesions))
    case.dropped += known.values()
    return parts


def _number(case: Case) -> None:
    """Number lesions and letter specimens that have none; specimens are taken on the day unless said."""
    numbers = {part.whole.get("number") for part in case.lesions}
    for part in case.lesions:
        if part.whole.get("number") is None:
            part.given["number"] = next(n for n in range(1, 1000) if n not in numbers)
            numbers.add(part.given["number"])
    letters = {part.whole.get("letter") for part in case.specimens}
    spare = (a + b for a in ["", *ALPHABET] for b in ALPHABET)
    for part in case.specimens:
        if part.whole.get("letter") is None:
            part.given["letter"] = next(letter for letter in spare if letter not in letters)
            letters.add(part.given["letter"])
        if part.whole.get("taken_on") is None:
            part.given["taken_on"] = case.examination.whole.get("performed_on")
    case.problems += _twice(case.lesions, "number", "病变序号重复", "Two lesions have this number", NUMBERS)
    case.problems += _twice(
        case.specimens, "letter", "标本编号重复", "Two specimens have this letter", LETTERS
    )


def _twice(parts: list[Part], name: str, zh: str, en: str, clause: Label) -> list[Problem]:
    seen: set[Any] = set()
    problems = []
    for part in parts:
        if (value := part.whole[name]) in seen:
            problems.append(refusal(f"{part.path}-{name}", zh, en, clause))
        seen.add(value)
    return problems


def contradictions(case: Case) -> list[Problem]:
    """What rules say of the case as a whole, each problem with the path of its field."""
    performed_on: date | None = case.examination.whole.get("performed_on")
    problems = coherent(case, surgeries=_surgeries(case.person, performed_on))
    problems += _references(case, performed_on)
    for part in case.lesions:
        problems += [problem.under(part.path) for problem in _same_as(case, part, performed_on)]
    return problems


def coherent(case: Case, *, surgeries: Collection[Any] = ()) -> list[Problem]:
    """What rules say of the case by itself: of its own values, the person's dates and operations."""
    whole = case.examination.whole
    person, now = dates_of(case.person), today()
    performed_on: date | None = whole.get("performed_on")
    kind: ExaminationType | None = whole.get("type")
    whole.pop("age", None)
    found = examination_rules.check(**whole, **person, surgeries=surgeries, today=now)
    events = examination_rules.adverse_events(whole.get("any_adverse_event"), len(case.adverse_events))
    problems = [problem.under("examination") for problem in [*found, *events]]
    if case.background is not None:
        found = examination_rules.check_background(**case.background.whole)
        problems += [problem.under("background") for problem in found]
    for part in case.lesions:
        found = lesion_rules.check(**_without_facts(part.whole), examination_type=kind)
        problems += [problem.under(part.path) for problem in found]
    for part in case.specimens:
        found = specimen_rules.check(**part.whole, performed_on=performed_on, **person, today=now)
        found += lacking(Specimen, part.whole, "method", "taken_on")
        problems += [problem.under(part.path) for problem in [*found, *_reported_before(part)]]
        problems += _covers(case, part)
    for part in case.adverse_events:
        problems += lacking(AdverseEvent, part.whole, "kind", path=part.path)
    return problems


def _without_facts(whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != "adenoma"}


def _surgeries(person: Person, day: date | None) -> list[Any]:
    """Operations on the digestive tract before a day; one without a date counts as earlier."""
    before = or_(PriorSurgery.operated_on.is_(None), PriorSurgery.operated_on <= (day or date.max))
    statement = select(PriorSurgery.kind).where(PriorSurgery.person_id == person.id, before)
    return list(db.session.scalars(statement))


def _references(case: Case, performed_on: date | None) -> list[Problem]:
    problems = []
    given = case.examination.given
    for name in ("operator_id", "supervisor_id", "recorder_id"):
        if given.get(name) is not None and db.session.get(User, given[name]) is None:
            problems.append(refusal(f"examination-{name}", "没有这个用户", "There is no such user", STAFF))
    if (earlier_id := given.get("continues_id")) is not None:
        earlier = db.session.scalar(
            select(Examination).where(Examination.id == earlier_id, Examination.person_id == case.person.id)
        )
        if earlier is None or (performed_on and earlier.performed_on > performed_on):
            said = "不是同一人更早的检查", "Not an earlier examination of this person"
            problems.append(refusal("examination-continues_id", *said, CONTINUES))
    return problems


def _same_as(case: Case, part: Part, performed_on: date | None) -> list[Problem]:
    """The lesion it is the same as may be another centre's; only that it is the person's is read."""
    earlier_id = part.given.get("same_as_id")
    if earlier_id is None:
        return []
    with unscoped("settled facts"):
        row = db.session.execute(
            select(Examination.person_id, Examination.performed_on, Lesion.examination_id)
            .join(Examination, Examination.id == Lesion.examination_id)
            .where(Lesion.id == earlier_id)
        ).first()
    own = case.examination.row.id if case.examination.row is not None else None
    if (
        row is not None
        and row.person_id == case.person.id
        and row.examination_id != own
        and (performed_on is None or row.performed_on <= performed_on)
    ):
        return []
    said = "不是同一人更早的病变", "Not an earlier lesion of this person"
    return [refusal("same_as_id", *said, SAME)]


def _reported_before(part: Part) -> list[Problem]:
    """Moving the day tissue was taken past the day of its report is refused too."""
    if part.row is None or "taken_on" not in part.given:
        return []
    wrong = [
        problem
        for report in part.row.reports
        for problem in report_dates(part.whole["taken_on"], report.received_on, report.reported_on)
        if problem.refuse
    ]
    return [Problem("taken_on", problem.message, problem.clause, refuse=True) for problem in wrong[:1]]


def _covers(case: Case, part: Part) -> list[Problem]:
    numbers: Collection[int] = {lesion.whole["number"] for lesion in case.lesions}
    unknown = sorted(set(part.lesions or ()) - set(numbers))
    if not unknown:
        return []
    listed = ", ".join(map(str, unknown))
    return [refusal(f"{part.path}-lesions", f"没有病变 {listed}", f"There is no lesion {listed}", NUMBERS)]
