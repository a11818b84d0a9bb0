"""Counts for rates: the only place where centres are compared. Counts leave it, never rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from registry.access import Forbidden, Permission, demand, may, unscoped
from registry.indicators import Counts, Indicator, State
from registry.queries.counting.frame import Frame
from registry.queries.counting.grouping import ALL, Group, Grouping, grouping
from registry.queries.counting.kept import kept
from registry.queries.counting.passes import STATES, Passes
from registry.queries.unfinished import unfinished_imports


@dataclass(slots=True)
class Tally:
    """The counts of one indicator in one group.

    `counts` are shared with whoever asks for the same: nobody may change them. `tissue` are the specimens
    that the indicator waits for, and how many of them have their report. For the workload `met` are
    procedures, `endoscopists` those they are divided by, and `days` the first and last procedure. For a
    mean `met` are those measured, `minutes` their sum, and `squares` that of their squares.
    """

    indicator: Indicator
    group: Group
    counts: Mapping[State, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    tissue: tuple[int, int] = (0, 0)
    endoscopists: int | None = None
    days: tuple[date | None, date | None] = (None, None)
    minutes: float | None = None
    squares: float | None = None

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
        A key of `queries.counting.grouping.GROUPINGS` or a grouping of one's own; None puts everybody
        together.
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
        centres = None if centre_ids is None else tuple(centre_ids)
        return _counted(indicators, chosen, (start, end), centres, operator_id)


def peers(indicators: Sequence[Indicator], *, but: int, start: date, end: date) -> list[Tally]:
    """What all other endoscopists of the alliance have, for a spread in which nobody can be told.

    For whoever sees rates of the own centre: groups have no name and no code, and stand by their counts.

    Parameters
    ----------
    but : int
        The endoscopist who asks, and is no peer.

    Raises
    ------
    access.Forbidden
        For whoever sees no rates, or aggregates only.
    """
    demand(Permission.RATES)
    with unscoped("tallies"):
        found = _counted(indicators, grouping("endoscopist"), (start, end), None, None)
    others = [one for one in found if one.group.code not in ("unknown", str(but))]
    nobody = Group("peer", ALL)
    return [replace(one, group=nobody) for one in sorted(others, key=lambda one: (one.met, one.not_met))]


def _counted(
    indicators: Sequence[Indicator],
    chosen: Grouping,
    days: tuple[date | None, date | None],
    centres: tuple[int, ...] | None,
    operator_id: int | None,
) -> list[Tally]:
    unfinished = tuple(unfinished_imports())

    def count() -> Passes:
        counted = Passes(Frame(chosen, *days, centres, unfinished, operator_id), indicators)
        counted.count()
        return counted

    wanted = ("tally", tuple(indicators), chosen, *days, centres, operator_id, unfinished)
    return _tallies(kept(wanted, count, lambda counted: len(STATES) * len(counted.counts)))


def _tallies(counted: Passes) -> list[Tally]:
    """Everything counted, in the order of the indicators, groups in theirs."""
    values = {group for _, group in counted.counts} or (set() if counted.frame.labels else {None})
    groups = counted.frame.grouping.name(values)
    ordered = sorted(groups.items(), key=lambda item: item[1].order)
    nothing = dict.fromkeys(STATES, 0)
    return [
        Tally(
            indicator,
            group,
            counted.counts.get((indicator.key, value), nothing),
            counted.tissue.get((indicator.key, value), (0, 0)),
            counted.staff.get(value, 0) if indicator.counts is Counts.PROCEDURES_A_YEAR else None,
            counted.days.get(value, (None, None)),
            *counted.minutes.get((indicator.key, value), (None, None)),
        )
        for indicator in counted.all
        for value, group in ordered
    ]


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
