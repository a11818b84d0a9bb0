"""Counts for rates: the only place where centres are compared. Counts leave it, never rows.

Most units are judged by their examination alone; the few that a lesion, a tumour or an event speaks
of are counted apart and replace that judgement. So the large table is read once for everything that
counts examinations and once, from a covering index, for everything that counts persons.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, and_, case, cast, func, not_, null, or_, select, union_all
from sqlalchemy.orm import aliased

from registry.access import Forbidden, Permission, demand, may, scope, unscoped
from registry.codes.alliance import Role
from registry.extensions import db
from registry.indicators import Counts, Indicator, Mark, Source, State
from registry.indicators.resection import ESD, EXPECTED
from registry.models import (
    Appointment,
    Examination,
    Specimen,
    Tumour,
    User,
)
from registry.queries.frame import Frame, records, unfinished_imports
from registry.queries.grouping import Group, Grouping, grouping

STATES = (State.NOT_MET, State.UNKNOWN, State.AWAITED, State.MET)


@dataclass
class Tally:
    """The counts of one indicator in one group.

    `tissue` are the specimens that the indicator waits for, and how many of them have their report.
    For the workload `met` are procedures, `endoscopists` those they are divided by, and `days` the
    first and last procedure.
    """

    indicator: Indicator
    group: Group
    counts: dict[State, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    tissue: tuple[int, int] = (0, 0)
    endoscopists: int | None = None
    days: tuple[date | None, date | None] = (None, None)

    @property
    def met(self) -> int:
        return self.counts[State.MET]

    @property
    def not_met(self) -> int:
        return self.counts[State.NOT_MET]

    @property
    def awaited(self) -> int:
        return self.counts[State.AWAITED]

    @property
    def unknown(self) -> int:
        return self.counts[State.UNKNOWN]

    @property
    def eligible(self) -> int:
        return sum(self.counts.values())


def tally(
    indicators: Sequence[Indicator],
    *,
    by: str | Grouping | None = None,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    operator_id: int | None = None,
) -> list[Tally]:
    """Count indicators by group.

    Persons are counted once in each group, so groups need not add up to the whole. Whoever may not
    compare centres counts within the own scope.

    Parameters
    ----------
    by : str, Grouping or None
        A key of `queries.grouping.GROUPINGS` or a grouping of one's own; None puts everybody together.
    start, end : date or None
        First and last day of the examinations.
    operator_id : int or None
        Only the examinations of this endoscopist.

    Returns
    -------
    list of Tally
        In the order of the indicators, groups in theirs; without grouping each indicator has one.

    Raises
    ------
    access.Forbidden
        If rates are not for this reader, or endoscopists not for one who sees aggregates only.
    KeyError
        If there is no such grouping.
    """
    chosen = by if isinstance(by, Grouping) else grouping(by)
    with counting(chosen.key if operator_id is None else "endoscopist"):
        frame = Frame(chosen, start, end, centre_ids, unfinished_imports(), operator_id)
        counted = _Counted(frame, indicators)
        counted.examinations()
        counted.persons()
        counted.marks_on(Examination.id, [i for i in indicators if i.marks and not i.persons])
        counted.marks_on(Examination.person_id, [i for i in indicators if i.persons])
        counted.resections()
        counted.specimens()
        counted.endoscopists()
        return counted.tallies()


@contextmanager
def counting(by: str | None = None) -> Iterator[None]:
    """Across all centres for those who may; within the own scope otherwise."""
    if may(Permission.BENCHMARK) or may(Permission.AGGREGATE):
        if by == "endoscopist" and not may(Permission.BENCHMARK):
            raise Forbidden("endoscopists are not shown in aggregates")
        with unscoped("tallies"):
            yield
    else:
        demand(Permission.RATES)
        yield
