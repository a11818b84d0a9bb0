"""The examinations behind a rate: those of the units that are met, not met, awaited or unknown.

Judged exactly as `queries.counting.passes` counts them: what a lesion, a tumour or an event says replaces
what the examination says by itself, and a person is in the highest state of all the own examinations.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select, true, union_all
from sqlalchemy.orm import aliased

from registry.indicators import Indicator, Mark, Source, State
from registry.models import Examination
from registry.queries.counting.frame import Frame, records
from registry.queries.counting.grouping import NO_GROUPING
from registry.queries.counting.passes import IMPORTED, judged, own_mark
from registry.queries.unfinished import unfinished_imports


def can_be_listed(indicator: Indicator) -> bool:
    """Whether its units are found at examinations; an invitation, a test or a plan is none."""
    return not indicator.base.without_examination


def behind(
    indicator: Indicator,
    state: State | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    operator_id: int | None = None,
) -> ColumnElement[bool]:
    """A condition on examinations: those of the units in this state, or of all that are eligible.

    A person in a state is listed with the examinations that show it: one with an adenoma by the
    colonoscopy that found it, one without by every colonoscopy.

    Raises
    ------
    ValueError
        If the indicator's units are not found at examinations.
    """
    if not can_be_listed(indicator):
        raise ValueError(f"{indicator.key} is not counted at examinations")
    frame = Frame(NO_GROUPING, start, end, centre_ids, unfinished_imports(), operator_id)
    marks = (*own_mark(_timed(indicator)), *indicator.marks)
    spoken = _spoken(frame, indicator, marks) if marks else None
    if indicator.base is not Source.EXAMINATION:
        return Examination.id.in_(_of_records(spoken, indicator, state))
    return Examination.id.in_(_of_examinations(frame, _timed(indicator), spoken, state))


def _timed(indicator: Indicator) -> Indicator:
    """A mean has no states: whoever was timed is met, whoever was not is unknown."""
    if indicator.minutes is None:
        return indicator
    return replace(indicator, met=case((indicator.minutes.is_not(None), true()), else_=null()))


def _spoken(frame: Frame, indicator: Indicator, marks: Sequence[Mark]) -> Any:
    """Every record that speaks, with its examination, its person and the state that it gives."""
    parts = []
    for mark in marks:
        own = indicator.base is Source.EXAMINATION
        where = and_(indicator.eligible, mark.where) if own else mark.where
        state = int(State.EXCLUDED) if mark.excludes else judged(mark.met, mark.awaited)
        columns = [Examination.id, Examination.person_id, Examination.centre_id]  # the last for the scope
        statement = frame.within(records(mark.source, [*columns, case((where, state)).label("state")]))
        if (brought := IMPORTED.get(mark.source)) is not None:
            statement = statement.where(*frame.finished(brought))
        parts.append(statement.where(where))
    return (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("spoken")


def _highest(spoken: Any, unit: str) -> Any:
    column = spoken.c[unit]
    return select(column.label("unit"), func.max(spoken.c.state).label("state")).group_by(column).subquery()


def _wanted(column: Any, state: State | None) -> Any:
    return column == int(state) if state is not None else column < int(State.EXCLUDED)


def _of_records(spoken: Any, indicator: Indicator, state: State | None) -> Any:
    """Of an indicator whose units are other records than examinations, or persons found by them."""
    # An ORM select, so that the scope narrows what is inside.
    at = aliased(Examination, spoken, adapt_on_names=True)
    found = select(at.id).where(_wanted(spoken.c.state, state))
    if indicator.by_record:
        return found
    unit = "person_id" if indicator.persons else "id"
    top = _highest(spoken, unit)
    return found.join(top, top.c.unit == spoken.c[unit]).where(_wanted(top.c.state, state))


def _of_examinations(frame: Frame, indicator: Indicator, spoken: Any, state: State | None) -> Any:
    """Of an indicator that starts from every examination: its own word, or what replaces it."""
    itself = judged(indicator.met, indicator.awaited)
    found = frame.within(select(Examination.id)).where(indicator.eligible)
    if spoken is None:
        return found.where(_wanted(itself, state))
    unit = Examination.person_id if indicator.persons else Examination.id
    top = _highest(spoken, "person_id" if indicator.persons else "id")
    found = found.outerjoin(top, top.c.unit == unit)
    found = found.where(_wanted(func.coalesce(top.c.state, itself), state))
    if not indicator.persons or state in {None, State.NOT_MET}:
        return found
    here = select(spoken.c.id).where(spoken.c.state == int(state))
    return found.where(or_(top.c.state.is_(None), Examination.id.in_(here)))
