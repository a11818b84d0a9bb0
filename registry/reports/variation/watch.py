"""CUSUM of one group, day by day: how far it has moved towards the worse, and when it called."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from registry.access import Forbidden
from registry.indicators import Direction, Indicator, indicator_called
from registry.label import Label
from registry.queries.counting.grouping import DAY
from registry.queries.counting.tallies import Tally, tally
from registry.reports.rates.quality import REPORTED_ENOUGH, only_aggregates
from registry.reports.rates.shown import UNITS, figure, whole
from registry.stats.cusum import Design, Path, design, grouped_path

ARL0 = 5000
ODDS = 2.0
OFTEN_ENOUGH = 0.02  # rarer than this, on either side, a change takes longer to show than a chart can wait
FEWEST = 100  # results before a level can be taken from them


@dataclass(frozen=True)
class DayRow:
    """One day: results that met and that did not, and the height after it."""

    day: str
    met: int
    known: int
    height: float
    called: bool

    def as_dict(self) -> dict[str, Any]:
        """The day as files hold it."""
        return vars(self)


@dataclass(frozen=True, eq=False)
class Watch:
    """A CUSUM over days. `design` is None, with the reason in `why`, where none can be run.

    `awaited` are the months that are left out, as too many of their results are still to come.
    """

    indicator: Indicator
    design: Design | None
    rows: list[DayRow]
    why: Label | None = None
    awaited: tuple[str, ...] = ()

    @property
    def threshold(self) -> float | None:
        """The height at which it calls, in log-likelihood."""
        return None if self.design is None else self.design.threshold * self.design.weights.unit

    @property
    def calls(self) -> list[DayRow]:
        return [row for row in self.rows if row.called]

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        chart = self.design
        return {
            "indicator": self.indicator.key,
            "edition": self.indicator.edition,
            "from": None if chart is None else chart.p0,
            "to": None if chart is None else chart.p1,
            "threshold": self.threshold,
            "run_length_in_control": None if chart is None else chart.arl0,
            "run_length_after_change": None if chart is None else chart.arl1,
            "awaited": list(self.awaited),
            "sentence": str(sentence(self)),
            "rows": [row.as_dict() for row in self.rows],
        }


def watch(
    key: str,
    *,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    operator_id: int | None = None,
    level: float | None = None,
    odds: float = ODDS,
    arl0: float = ARL0,
) -> Watch:
    """Watch an indicator for odds that many times worse, with a false call in `arl0` results on average.

    Results count on the day of the examination; what is unknown counts when it is known, and months
    that still await results are left out, see `settled`.

    Parameters
    ----------
    key : str
        The indicator.
    start, end, centre_ids, operator_id
        As for `queries.counting.tallies.tally`.
    level : float or None
        The proportion in control; the one of the whole selection where none is given.
    odds : float
        How many times worse, above 1.
    arl0 : float
        Results between two false calls, above 1.

    Returns
    -------
    Watch

    Raises
    ------
    KeyError
        If there is no such indicator.
    ValueError
        If it is no proportion or has no worse side, or a number is impossible.
    access.Forbidden
        For readers of aggregates: single days are no aggregate.
    """
    indicator = indicator_called(key)
    if only_aggregates():
        raise Forbidden("single days are not shown in aggregates")
    if not indicator.counts.proportion or indicator.direction is Direction.NEITHER:
        said = Label("%(key)s 不分好坏，不能作 CUSUM", "%(key)s has no worse side to watch for")
        raise ValueError(str(said % {"key": indicator.key}))
    if odds <= 1 or arl0 <= 1 or (level is not None and not 0 < level < 1):
        said = Label(
            "水平须在 0 与 1 之间，比值倍数和平均运行长度须大于 1",
            "the level must lie inside 0 to 1, the odds and the run length above 1",
        )
        raise ValueError(str(said))
    days = tally([indicator], by=DAY, start=start, end=end, centre_ids=centre_ids, operator_id=operator_id)
    return over_days(indicator, days, level=level, odds=odds, arl0=arl0)


def over_days(
    indicator: Indicator, days: Sequence[Tally], *, level: float | None, odds: float, arl0: float
) -> Watch:
    """The CUSUM of days that are counted already, in their order."""
    days, awaited = settled(indicator, days)
    days = [day for day in days if day.met + day.not_met]
    met = np.array([day.met for day in days], dtype=int)
    known = np.array([day.met + day.not_met for day in days], dtype=int)
    n = int(known.sum())
    if level is None and n < FEWEST:
        too_few = Label("不足 %(n)s 个结果，还看不出水平", "fewer than %(n)s results, too few for a level")
        return Watch(indicator, None, [], too_few % {"n": FEWEST}, awaited)
    p0 = level if level is not None else float(met.sum() / n)
    if not OFTEN_ENOUGH <= p0 <= 1 - OFTEN_ENOUGH:
        too_rare = Label("太少见或几乎全部达到，不宜用累积和", "too rare, or met by nearly all, for a CUSUM")
        return Watch(indicator, None, [], too_rare, awaited)
    worse = odds if indicator.direction is Direction.DOWN else 1 / odds
    ratio = worse * p0 / (1 - p0)
    chart = design(p0, ratio / (1 + ratio), arl0=arl0)
    path = grouped_path(met, known, chart)
    return Watch(indicator, chart, _rows(days, path), None, awaited)


def settled(indicator: Indicator, days: Sequence[Tally]) -> tuple[list[Tally], tuple[str, ...]]:
    """The days of months whose results have come in, and the months that are left out.

    Who gave no tissue is known on the day, who did is known weeks later: while results are awaited
    those known are mostly those in whom nothing was found, and a CUSUM of them would call for
    nothing. So a month counts as a control chart judges it, once enough of its specimens are reported.
    """
    if indicator.specimens is None:
        return list(days), ()
    taken, reported = Counter[str](), Counter[str]()
    for day in days:
        taken[day.group.code[:7]] += day.tissue[0]
        reported[day.group.code[:7]] += day.tissue[1]
    late = {month for month in taken if reported[month] < REPORTED_ENOUGH * taken[month]}
    return [day for day in days if day.group.code[:7] not in late], tuple(sorted(late))


def sentence(found: Watch) -> Label:
    """Whether it has called, when last, how often it would call for nothing, and what is left out."""
    said = _said(found)
    if not found.awaited:
        return said
    months = {"months": ", ".join(found.awaited)}
    left_out = Label(
        "病理回报不足 95 %% 的月份未计入：%(months)s。",
        " Left out, with fewer than 95 %% of specimens reported: %(months)s.",
    )
    left_out = left_out % months
    return Label(said.zh + left_out.zh, said.en + left_out.en)


def _said(found: Watch) -> Label:
    if found.design is None:
        why = found.why or Label("", "")
        return Label(f"{why.zh}。", f"{why.en[:1].upper()}{why.en[1:]}.")
    per, chart = found.indicator.per, found.design
    values = {
        "from": f"{figure(chart.p0, per)}{UNITS[per]}",
        "to": f"{figure(chart.p1, per)}{UNITS[per]}",
        "false": whole(round(chart.arl0)),
        "after": whole(round(chart.arl1)),
    }
    known = (
        Label(
            "从 %(from)s 变为 %(to)s 时平均约 %(after)s 例后报警；"
            "没有变化时平均至少 %(false)s 例才误报一次。",
            "From %(from)s to %(to)s it calls after about %(after)s results on average; "
            "without a change it calls falsely once in at least %(false)s results.",
        )
        % values
    )
    if not found.calls:
        quiet = Label("没有报警。", "No call. ")
        return Label(quiet.zh + known.zh, quiet.en + known.en)
    called = Label(
        "报警 %(n)s 次，最近在 %(day)s：请一起看此前的病例和记录。",
        "%(n)s calls, the latest on %(day)s: look at cases and records before it together. ",
    ) % {"n": len(found.calls), "day": found.calls[-1].day}
    return Label(called.zh + known.zh, called.en + known.en)


def _rows(days: Sequence[Tally], path: Path) -> list[DayRow]:
    return [
        DayRow(day.group.code, day.met, day.met + day.not_met, float(path.height[place]), place in path.calls)
        for place, day in enumerate(days)
    ]
