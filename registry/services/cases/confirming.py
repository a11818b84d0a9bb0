"""What a person says of codes read from words: taken into the record, or rejected. Nothing else does.

What somebody entered is never overwritten on the way: a code that contradicts it stays open, as a
difference to choose, until it is taken by itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from registry.codes.desk import ReadingState
from registry.extensions import db
from registry.label import Label
from registry.models import Background, Covering, Lesion, Proposal, Reading, Result
from registry.models.reading import RECORDS
from registry.queries.lists.readings import reading_of
from registry.rules import examination as examination_rules
from registry.rules import lesion as lesion_rules
from registry.rules import proposing
from registry.rules import specimen as specimen_rules
from registry.rules.problem import Invalid, Problem, demand, refusal
from registry.services.cases import pathology
from registry.services.cases.proposals.finding import Found
from registry.services.cases.proposals.keeping import CaseRead, read_again, refresh, settle_state
from registry.services.course import tumours
from registry.services.unit import Unit, change
from registry.services.values import image, put, read, today

WAITS = Label("只确认尚未确认的", "Only what is open is confirmed")
WHICH = Label("一处所见对应一个病变", "What is read of a lesion belongs to one lesion")
CHOSEN = Label("已录入的不被文本覆盖", "What was entered is not overwritten by what was read")
NEW = 0  # in the place of a lesion's number: a new one is meant


@dataclass
class Told:
    """What became of readings judged together: how many went in, what of it is unlikely, and why the
    others did not."""

    done: int = 0
    unlikely: list[tuple[int, list[Problem]]] = field(default_factory=list)
    refused: list[tuple[int, list[Problem]]] = field(default_factory=list)


def confirm(
    reading: Reading,
    *,
    proposal_id: int | None = None,
    lesion: int | None = None,
    instead: bool = False,
    seen: int | None = None,
) -> list[Problem]:
    """Take the open codes of a reading into the record, or one of them; what is unlikely since.

    Parameters
    ----------
    proposal_id : int or None
        The one code that is meant.
    lesion : int or None
        The number of the lesion that it speaks of, 0 for a new one; needed only where several may be
        meant.
    instead : bool
        Take the code in the place of what the record holds.

    Raises
    ------
    Invalid
        Changing nothing: it is open no longer, the lesion is not clear, the record holds another
        value, or the rules refuse what would follow.
    Overtaken
        When somebody else changed the case since `seen`.
    """
    with change("reading.confirm", seen=seen, root=reading.examination, reason=_rules(reading)) as unit:
        chosen = open_ones(reading, proposal_id)
        again = read_again(reading)
        if again is None:
            raise Invalid([_gone()])
        taking = _Taking(unit, reading, *again, instead=instead)
        spoken_of = taking.lesion(lesion)
        taken = taking.take(chosen, spoken_of)
        if not taken:
            raise Invalid([_differs(each) for each in chosen])
        unit.session.flush()
        unit.edit(reading).lesion_id = spoken_of.id if spoken_of is not None else None
        _judge(unit, reading, taken, ReadingState.CONFIRMED)
        pathology.settle(unit, reading.examination)
        tumours.settle(unit, reading.examination.person_id)
        refresh(unit, reading.examination)
    return taking.unlikely


def reject(reading: Reading, *, proposal_id: int | None = None, seen: int | None = None) -> None:
    """Say that the open codes of a reading, or one of them, were read wrongly or shall not be taken.

    Raises Invalid where it is open no longer, Overtaken as `confirm` does.
    """
    with change("reading.reject", seen=seen, root=reading.examination, reason=_rules(reading)) as unit:
        _judge(unit, reading, open_ones(reading, proposal_id), ReadingState.REJECTED)


def confirm_alike(ids: Iterable[int]) -> Told:
    """Confirm several readings, each case in a change of its own; one that is refused stays open."""
    return _together(ids, confirm)


def reject_alike(ids: Iterable[int]) -> Told:
    """Reject several readings, each case in a change of its own."""
    return _together(ids, reject)


def _together(ids: Iterable[int], judge: Any) -> Told:
    told = Told()
    for reading_id in ids:
        reading = reading_of(reading_id)
        if reading is None or reading.state is not ReadingState.UNCONFIRMED:
            continue
        try:
            unlikely = judge(reading)
            told.done += 1
            if unlikely:
                told.unlikely.append((reading_id, unlikely))
        except Invalid as wrong:
            told.refused.append((reading_id, wrong.problems))
    return told


def open_ones(reading: Reading, proposal_id: int | None = None) -> list[Proposal]:
    """The codes of a reading that wait for a person, or the one of them that is meant; Invalid if none."""
    waiting = [each for each in reading.proposals if each.state is ReadingState.UNCONFIRMED]
    found = [each for each in waiting if proposal_id in (None, each.id)]
    if not found:
        raise Invalid([_gone()])
    return found


def _judge(unit: Unit, reading: Reading, proposals: Collection[Proposal], state: ReadingState) -> None:
    unit.edit(reading)
    for proposal in proposals:
        unit.edit(proposal).state = state
    settle_state(reading)


def _rules(reading: Reading) -> str:
    """The rules that read it: the reason that the trail keeps."""
    return ", ".join(dict.fromkeys(each.rule for each in reading.proposals))[:400]


class _Taking:
    """One reading on its way into the record."""

    def __init__(self, unit: Unit, reading: Reading, found: Found, case: CaseRead, *, instead: bool) -> None:
        self.unit, self.reading, self.found, self.case = unit, reading, found, case
        self.examination, self.instead = reading.examination, instead
        self.unlikely: list[Problem] = []

    # which lesion

    def lesion(self, wanted: int | None) -> Lesion | None:
        """The lesion that is meant: the one chosen, the one it is tied to, a new one if none would do."""
        part, lesions = self.found.part, self.case.lesions
        if not part.about_a_lesion and self.found.lesion is None:
            return None
        if wanted == NEW:
            return self._new()
        number = wanted if wanted is not None else self.found.lesion
        if number in lesions:
            return lesions[number]
        offered = self.offered()
        if offered or wanted is not None:
            listed = "、".join(map(str, offered)), ", ".join(map(str, offered))
            said = f"请选择是哪个病变：{listed[0]}，或新病变", f"Choose the lesion: {listed[1]}, or a new one"
            raise Invalid([refusal("lesion", *said, WHICH)])
        return self._new()

    def offered(self) -> list[int]:
        """The numbers of the lesions that may be meant, without those settled for other parts of the text."""
        return offered(self.found, self.case)

    def _new(self) -> Lesion:
        numbers = set(self.case.lesions)
        number = next(n for n in range(1, 100) if n not in numbers)
        return self.unit.add(Lesion(examination=self.examination, number=number, site=self.found.part.site))

    # what is written

    def take(self, chosen: list[Proposal], lesion: Lesion | None) -> list[Proposal]:
        """Write what the record lacks; the codes that the record holds by then."""
        taken: list[Proposal] = []
        for record in dict.fromkeys(each.record for each in chosen):
            own = [each for each in chosen if each.record == record]
            row = self._row(record, lesion)
            fits = [each for each in own if self.instead or _lacks(row, each)]
            values, wrong = read(RECORDS[record], {each.name: each.meant for each in fits})
            self.unlikely += demand(wrong)
            if values:
                self._write(record, row, values, lesion)
            taken += fits
        return taken

    def _row(self, record: str, lesion: Lesion | None) -> Any:
        report = self.reading.report
        if record == "lesion":
            return lesion
        if record == "specimen":
            return report.specimen if report is not None else None
        if record == "background":
            own = Background.examination_id == self.examination.id
            return db.session.scalar(select(Background).where(own))
        result_id = self._result_id(lesion)
        return db.session.get(Result, result_id) if result_id is not None else None

    def _result_id(self, lesion: Lesion | None) -> int | None:
        number = lesion.number if lesion is not None else None
        holds = self.found.holds["result"]
        if number != self.found.lesion:
            own = [each for each in self.found.words.results if each["lesion"] == number]
            holds = proposing.counterpart(self.found.part.values["result"], own, alone=False) or {}
        return holds.get("id")

    def _write(self, record: str, row: Any, values: dict[str, Any], lesion: Lesion | None) -> None:
        whole = (image(row) if row is not None else {}) | values
        if record == "lesion":
            self._weigh(lesion_rules.check, row, whole, examination_type=self.examination.type)
            put(self.unit.edit(row), values)
        elif record == "specimen":
            day = self.examination.performed_on
            self._weigh(specimen_rules.check, row, whole, performed_on=day, today=today())
            put(self.unit.edit(row), values)
        elif record == "background":
            self._weigh(examination_rules.check_background, row, whole)
            if row is None:
                self.unit.add(Background(examination=self.examination, **values))
            else:
                put(self.unit.edit(row), values)
        else:
            self._code(row, values, lesion)

    def _code(self, result: Result | None, values: dict[str, Any], lesion: Lesion | None) -> None:
        report = self.reading.report
        if report is None:
            raise Invalid([_gone()])
        if lesion is not None and lesion not in report.specimen.lesions:
            covering = Covering(specimen=report.specimen, lesion=lesion, centre_id=report.centre_id)
            self.unit.add(covering)
        place = self.found.part.site or self.found.part.organ
        origin = report.specimen.origin or (place.label.zh if place is not None else None)
        _, unlikely = pathology.code(self.unit, report, values, lesion=lesion, origin=origin, result=result)
        self.unlikely += unlikely

    def _weigh(self, check: Any, row: Any, whole: dict[str, Any], **beside: Any) -> None:
        """Stop at what the rules refuse; keep what is unlikely and was not before."""
        known = {name: value for name, value in whole.items() if name != "adenoma"}
        found = demand(check(**known, **beside))
        before = check(**{name: getattr(row, name) for name in known}, **beside) if row is not None else []
        self.unlikely += [flag for flag in found if flag not in before]


def offered(found: Found, case: CaseRead) -> list[int]:
    """The numbers of the lesions that a part may mean, without those settled for other parts of its text."""
    lesions = {number: image(lesion) for number, lesion in case.lesions.items()}
    covered = found.words.covered
    likely = proposing.candidates(found.part, lesions, covered=covered)
    if covered:
        return likely or sorted(covered)
    taken = set(case.claimed.get(found.text, {}).values()) if covered is None else set()
    return [number for number in likely if number not in taken]


def _lacks(row: Any, proposal: Proposal) -> bool:
    held = getattr(row, proposal.name) if row is not None else None
    return held is None or held == proposal.meant


def _gone() -> Problem:
    zh, en = (
        "这一处已处理过，或原文已改，请刷新",
        "Dealt with already, or its text has changed: reload the page",
    )
    return refusal("reading", zh, en, WAITS)


def _differs(proposal: Proposal) -> Problem:
    label: Label = proposal.column.info["label"]
    return refusal(
        proposal.field,
        f"{label.zh}与已录入的不同，请在二者中选择",
        f"{label.en} differs from what was entered: choose between them",
        CHOSEN,
    )
