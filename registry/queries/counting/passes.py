"""The passes of a tally: one statement for everything that the same records say.

Most units are judged by their examination alone; the few that a lesion, a tumour or an event speaks
of are counted apart and replace that judgement. So the large table is read once for everything that
counts examinations and once, from a covering index, for everything that counts persons.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from registry.access import Permission, may, scope
from registry.codes.alliance import Role
from registry.extensions import db
from registry.indicators import Counts, Indicator, Mark, Source, State
from registry.indicators.alike import first_alike
from registry.indicators.resection import EXPECTED
from registry.models import Appointment, Examination, Specimen, Tumour, User, VitalStatus
from registry.queries.counting.frame import RARE, Frame, records
from registry.queries.counting.occasion import occasion

# Records that a file may bring apart from the examination that they are counted at.
IMPORTED: dict[Source, Any] = {
    Source.TUMOUR: Tumour,
    Source.LATER_TUMOUR: Tumour,
    Source.LATER_DEATH: VitalStatus,
}
STATES = (State.NOT_MET, State.UNKNOWN, State.AWAITED, State.MET)


def judged(met: Any, awaited: Any) -> Any:
    """The state of a record as a number; what is missing in a declaration is a plain no."""
    choices = [] if met is None else [(met, int(State.MET))]
    if awaited is not None:
        choices.append((awaited, int(State.AWAITED)))
    if met is not None:
        return case(*choices, (not_(met), int(State.NOT_MET)), else_=int(State.UNKNOWN))
    return case(*choices, else_=int(State.NOT_MET)) if choices else int(State.NOT_MET)


def own_mark(indicator: Indicator) -> tuple[Mark, ...]:
    """What the base's records say of a unit, where the base is not the examination itself."""
    if indicator.base is Source.EXAMINATION:
        return ()
    return (Mark(indicator.base, indicator.eligible, indicator.met, indicator.awaited),)


def spoken_of_together(indicators: Iterable[Indicator]) -> list[dict[Indicator, tuple[Mark, ...]]]:
    """The indicators that records besides the examination speak of, with what these say.

    Apart where they share no source of records, even through a third: a row need not carry the columns of
    indicators that it can say nothing of.
    """
    found: list[tuple[set[Source], dict[Indicator, tuple[Mark, ...]]]] = []
    for indicator in indicators:
        said = (*own_mark(indicator), *indicator.marks)
        if not said:
            continue
        sources, speaking = {mark.source for mark in said}, {indicator: said}
        for other in [one for one in found if one[0] & sources]:
            sources |= other[0]
            speaking = other[1] | speaking
            found.remove(other)
        found.append((sources, speaking))
    return [speaking for _, speaking in found]


def _many(*conditions: Any) -> Any:
    return func.count().filter(and_(*conditions))


class Passes:
    """One tally under way: each method is one statement, or none where no indicator needs it."""

    def __init__(self, frame: Frame, indicators: Sequence[Indicator]) -> None:
        self.frame, self.all = frame, tuple(indicators)
        self.first = first_alike(indicators)
        self.indicators = list(dict.fromkeys(self.first.values()))
        self.counts: dict[tuple[str, Any], dict[State, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
        self.days: dict[Any, tuple[date | None, date | None]] = {}
        self.tissue: dict[tuple[str, Any], tuple[int, int]] = {}
        self.staff: dict[Any, int] = {}
        self.minutes: dict[tuple[str, Any], tuple[float, float]] = {}  # their sum, and that of the squares

    def count(self) -> None:
        """Run every pass that some indicator needs."""
        for source in Source:
            self._records(source, [i for i in self.indicators if i.base is source and i.by_record])
        self._persons()
        gathered = [i for i in self.indicators if not i.persons and (i.marks or not i.by_record)]
        for together in spoken_of_together(gathered):
            self._marks_on("id", together)
        for together in spoken_of_together([i for i in self.indicators if i.persons]):
            self._marks_on("person_id", together)
        self._specimens()
        self._endoscopists()
        self._tell_alike()

    def _records(self, source: Source, indicators: list[Indicator]) -> None:
        """Everything that one row of a source says: one pass over its records."""
        if not indicators:
            return
        days = any(i.counts is Counts.PROCEDURES_A_YEAR for i in indicators)
        at = occasion(source)
        averaged = [i for i in indicators if i.minutes is not None]
        columns: list[Any] = self.frame.group(at)
        for place, indicator in enumerate(indicators):
            met = indicator.met
            if indicator.minutes is not None:
                met = case((indicator.minutes.is_not(None), true()), else_=null())
            state = judged(met, indicator.awaited)
            columns.append(case((indicator.eligible, state), else_=None).label(f"state{place}"))
        columns += [
            case((i.eligible, i.minutes), else_=None).label(f"minutes{place}")
            for place, i in enumerate(averaged)
        ]
        if days:
            columns.append(at.performed_on.label("on"))
        # Each state is worked out once a record: without the offset it would be anew for each number.
        one = self.frame.within(records(source, columns), at).offset(0).subquery("one")
        numbers: list[Any] = [one.c.grouped] if self.frame.labels else []
        for said in (one.c[f"state{place}"] for place in range(len(indicators))):
            # A case of a column makes this an ORM select, as a filter would not: the scope narrows what is
            # inside.
            numbers += [func.count(case((said == int(state), 1))) for state in STATES]
        for minutes in (one.c[f"minutes{place}"] for place in range(len(averaged))):
            numbers += [func.sum(minutes), func.sum(minutes * minutes)]
        if days:
            numbers += [func.min(one.c.on), func.max(one.c.on)]
        for group, values in self.frame.rows(self.frame.grouped(select(*numbers))):
            if days:
                self.days[group] = (values[-2], values[-1])
            sums = [float(value or 0) for value in values[4 * len(indicators) :][: 2 * len(averaged)]]
            for place, indicator in enumerate(averaged):
                self.minutes[indicator.key, group] = (sums[2 * place], sums[2 * place + 1])
            for place, indicator in enumerate(indicators):
                counts = self.counts[indicator.key, group]
                for state, number in zip(STATES, values[4 * place : 4 * place + 4], strict=True):
                    counts[state] += number

    def _persons(self) -> None:
        """How many persons were examined, grouped by person first; none of them meets anything yet."""
        indicators = [i for i in self.indicators if i.persons and i.base is Source.EXAMINATION]
        examined = {id(i.eligible): i.eligible for i in indicators}
        if not examined:
            return
        group = self.frame.group()
        flags = [
            func.max(case((eligible, 1), else_=0)).label(f"e{place}")
            for place, eligible in enumerate(examined.values())
        ]
        inner = self.frame.within(records(Source.EXAMINATION, [*group, *flags]))
        inner = inner.group_by(*self.frame.labels, Examination.person_id)
        person = inner.subquery("persons")
        grouped = [person.c.grouped] if group else []
        outer = select(*grouped, *(func.sum(person.c[f"e{place}"]) for place in range(len(flags))))
        for value, sums in self.frame.rows(outer.group_by(*grouped)):
            number = dict(zip(examined, sums, strict=True))
            for indicator in indicators:
                self.counts[indicator.key, value][State.NOT_MET] += number[id(indicator.eligible)] or 0

    def _marks_on(self, unit: str, speaking: dict[Indicator, tuple[Mark, ...]]) -> None:
        """What rarer records say, brought together by person or examination, replaces what was judged."""
        sources = list(dict.fromkeys(mark.source for marks in speaking.values() for mark in marks))
        parts = [self._part(source, unit, speaking) for source in sources]
        said = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("said")
        at = aliased(
            Examination, said, adapt_on_names=True
        )  # makes this an ORM select, so that the scope narrows what is inside
        group = [said.c.grouped] if self.frame.labels else []
        names = [f"{kind}{place}" for place in range(len(speaking)) for kind in ("now", "before")]
        highest = (func.max(said.c[name]).label(name) for name in names)
        inner = select(*group, func.max(at.centre_id).label("centre_id"), *highest)
        one = inner.group_by(*group, said.c.unit).subquery("one")
        columns = [_many(one.c[name] == int(state)) for name in names for state in STATES]
        grouped = [one.c.grouped] if self.frame.labels else []
        outer = select(*grouped, *columns).where(one.c.centre_id.is_not(None)).group_by(*grouped)
        for value, numbers in self.frame.rows(outer):
            for place, indicator in enumerate(speaking):
                now, before = (numbers[8 * place + 4 * half :][:4] for half in (0, 1))
                counts = self.counts[indicator.key, value]
                for state, more, less in zip(STATES, now, before, strict=True):
                    counts[state] += more - less

    def _part(self, source: Source, unit: str, speaking: dict[Indicator, tuple[Mark, ...]]) -> Select[Any]:
        at = occasion(source)
        columns: list[Any] = [
            *self.frame.group(at),
            getattr(at, unit).label("unit"),
            at.centre_id.label("centre_id"),
        ]
        wheres = []
        for place, (indicator, marks) in enumerate(speaking.items()):
            found = [mark for mark in marks if mark.source is source]
            if not found:
                columns += [cast(null(), Integer).label(f"{kind}{place}") for kind in ("now", "before")]
                continue
            (mark,) = found
            counted = indicator.base is Source.EXAMINATION
            where = and_(indicator.eligible, mark.where) if counted else mark.where
            now = int(State.EXCLUDED) if mark.excludes else judged(mark.met, mark.awaited)
            before = judged(indicator.met, indicator.awaited) if counted else null()
            columns += [
                case((where, now), else_=None).label(f"now{place}"),
                cast(case((where, before), else_=None) if counted else null(), Integer).label(
                    f"before{place}"
                ),
            ]
            wheres.append(where)
        rare = source in RARE
        statement = self.frame.within(records(source, columns), at, rare=rare).where(or_(*wheres))
        brought = IMPORTED.get(source)
        return statement if brought is None else statement.where(*self.frame.finished(brought))

    def _specimens(self) -> None:
        """How many of the specimens that an indicator waits for have their report; lost ones never will."""
        kinds = {id(i.specimens): i.specimens for i in self.indicators if i.specimens is not None}
        if not kinds:
            return
        columns: list[Any] = self.frame.group()
        for wanted in kinds.values():
            columns += [_many(wanted), _many(wanted, Specimen.reported)]
        statement = select(*columns).select_from(Specimen).where(EXPECTED)
        statement = statement.join(Examination, Examination.id == Specimen.examination_id)
        for group, values in self.frame.rows(self.frame.grouped(self.frame.within(statement))):
            for place, kind in enumerate(kinds):
                for indicator in self.indicators:
                    if id(indicator.specimens) == kind:
                        self.tissue[indicator.key, group] = (values[2 * place], values[2 * place + 1])

    def _tell_alike(self) -> None:
        """What was counted for one indicator holds for those that count the same."""
        others = [(one.key, first.key) for one, first in self.first.items() if one is not first]
        groups = {group for _, group in self.counts}
        for told in (self.counts, self.tissue, self.minutes):
            numbers: dict[tuple[str, Any], Any] = told
            for key, first in others:
                numbers |= {(key, at): numbers[first, at] for at in groups if (first, at) in numbers}

    def _endoscopists(self) -> None:
        """Who the workload is divided by: active users who hold the role, at the centres counted."""
        if not any(i.counts is Counts.PROCEDURES_A_YEAR for i in self.indicators):
            return
        statement = (
            select(Appointment.centre_id, Appointment.user_id)
            .join(User, User.id == Appointment.user_id)
            .where(Appointment.role == Role.ENDOSCOPIST, User.active, Appointment.centre_id.is_not(None))
        )
        if self.frame.operator_id is not None:
            statement = statement.where(Appointment.user_id == self.frame.operator_id)
        if self.frame.centre_ids is not None:
            statement = statement.where(Appointment.centre_id.in_(self.frame.centre_ids))
        elif not (may(Permission.BENCHMARK) or may(Permission.AGGREGATE)):
            current = scope()
            statement = statement.where(Appointment.centre_id.in_(current.centres if current else ()))
        held = {(row.centre_id, row.user_id) for row in db.session.execute(statement)}
        match self.frame.grouping.key:
            case "centre":
                for centre_id, _ in held:
                    self.staff[centre_id] = self.staff.get(centre_id, 0) + 1
            case "endoscopist":
                self.staff = {user_id: 1 for _, user_id in held}
            case "sex" | "age" | "age5":
                self.staff = {}
            case _:
                everybody = len({user_id for _, user_id in held})
                self.staff = dict.fromkeys(self.days or [None], everybody)
