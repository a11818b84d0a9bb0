"""Control charts: one group's months against its own level, with the rules that tell a special cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from registry.indicators import Direction, Indicator, indicator_called
from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.reports.rates.quality import Rate, Status, rates
from registry.reports.rates.shown import UNITS, figure, interval, whole
from registry.reports.variation.funnel import can_be_judged
from registry.reports.variation.signals import Told, told
from registry.stats import control_charts
from registry.stats.control_charts import NELSON, PLAIN, WESTERN_ELECTRIC, Chart, Rule

BY = ("month", "quarter")
RULES = {"plain": PLAIN, "western-electric": WESTERN_ELECTRIC, "nelson": NELSON}
RULE_SETS = {
    "plain": Label("界外、连续 8 点、连续 6 点升降", "beyond limits, runs of 8, trends of 6"),
    "western-electric": Label("西电 1956", "Western Electric 1956"),
    "nelson": Label("Nelson 1984", "Nelson 1984"),
}
BETTER = {Direction.UP: 1, Direction.DOWN: -1, Direction.NEITHER: 0}


@dataclass(frozen=True)
class ChartRow:
    """One month or quarter; without limits it is not judged, without examinations its rate is empty.

    `signals` are the places of its signals in the chart's list.
    """

    rate: Rate
    limits: tuple[float, float] | None
    score: float | None
    signals: tuple[int, ...]
    meaning: Label

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it: the rate's own columns, then the chart's."""
        lower, upper = self.limits or (None, None)
        return self.rate.as_dict() | {
            "lower_limit": lower,
            "upper_limit": upper,
            "score": self.score,
            "signals": " ".join(str(place + 1) for place in self.signals),
            "meaning": str(self.meaning),
        }


@dataclass(frozen=True)
class ControlChart:
    """A chart of one indicator over time; `kind` is "p", "u", or None where no centre line can be drawn."""

    indicator: Indicator
    by: str
    kind: str | None
    rules: str
    baseline: int | None
    centre: float | None
    rows: list[ChartRow]
    signals: list[Told]

    @property
    def judged(self) -> list[ChartRow]:
        return [row for row in self.rows if row.limits is not None]

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        return {
            "indicator": self.indicator.key,
            "edition": self.indicator.edition,
            "by": self.by,
            "kind": self.kind,
            "rules": [rule.name.lower() for rule in RULES[self.rules]],
            "baseline": self.baseline,
            "centre": self.centre,
            "sentence": str(sentence(self)),
            "signals": [one.as_dict() for one in self.signals],
            "rows": [row.as_dict() for row in self.rows],
        }


def chart(
    key: str,
    *,
    by: str = "month",
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    operator_id: int | None = None,
    rules: str = "plain",
    baseline: int | None = None,
    smallest: int = 8,
    today: date | None = None,
) -> ControlChart:
    """An indicator's months or quarters as a p-chart, or a u-chart where it counts events per 1000.

    Parameters
    ----------
    key : str
        The indicator.
    by : {"month", "quarter"}
    start, end, centre_ids, operator_id, smallest, today
        As for `reports.rates.quality.rates`.
    rules : {"plain", "western-electric", "nelson"}
    baseline : int or None
        How many of the first months judged the centre line is taken from; all of them where none is given.

    Returns
    -------
    ControlChart
        Months in which nothing was examined stand in the rows, so that time has no gaps.

    Raises
    ------
    KeyError
        If there is no such indicator.
    ValueError
        If it is no proportion, or `by`, `rules` or `baseline` is none of these.
    access.Forbidden
        As for `reports.rates.quality.rates`.
    """
    indicator = indicator_called(key)
    if not indicator.counts.proportion:
        said = Label(
            "%(key)s 不是比例，没有控制图", "%(key)s is no proportion: there is no control chart of it"
        )
        raise ValueError(str(said % {"key": indicator.key}))
    if by not in BY or rules not in RULES or (baseline is not None and baseline < 1):
        raise ValueError(
            f"a chart is by one of {', '.join(BY)}, by the rules of one of {', '.join(RULES)}, "
            "from a baseline of at least 1"
        )
    found = rates(
        [key],
        by=by,
        start=start,
        end=end,
        centre_ids=centre_ids,
        operator_id=operator_id,
        smallest=smallest,
        today=today,
    )
    return over_time(indicator, found, by=by, rules=rules, baseline=baseline)


def over_time(
    indicator: Indicator, found: Sequence[Rate], *, by: str, rules: str, baseline: int | None
) -> ControlChart:
    """The chart of rates that are there already."""
    held = _without_gaps(indicator, found, by)
    judged = [rate if can_be_judged(rate) else None for rate in held]
    kind, drawn = _drawn(indicator, judged, baseline)
    labels = [rate.group.label for rate in held]
    seen = [] if drawn is None else control_charts.signals(drawn, RULES[rules])
    signals = [told(one, labels, BETTER[indicator.direction]) for one in seen]
    rows = [
        _row(rate, drawn if judged[place] is not None else None, place, signals)
        for place, rate in enumerate(held)
    ]
    centre = None if drawn is None else drawn.centre
    return ControlChart(indicator, by, kind, rules, baseline, centre, rows, signals)


def sentence(found: ControlChart) -> Label:
    """What is seen in a chart: its level, and what is more than noise."""
    per, n = found.indicator.per, len(found.judged)
    if found.centre is None:
        if not any(can_be_judged(row.rate) for row in found.rows):
            return Label("还没有可判的时段。", "There is no period to be judged yet.")
        return Label("全部相同，没有变化可看。", "All are the same: there is no variation to look at.")
    values = {"n": n, "value": f"{figure(found.centre, per)}{UNITS[per]}"}
    level = (
        Label("%(n)s 个时段可判，中心线 %(value)s", "%(n)s periods to be judged, around %(value)s") % values
    )
    if not found.signals:
        noise = Label(
            "；没有特殊原因的信号，起伏可由机遇解释。",
            "; no sign of a special cause: what goes up and down is chance.",
        )
        return Label(level.zh + noise.zh, level.en + noise.en)
    last = found.signals[-1].words
    many = Label("；%(n)s 个信号，最近：", "; %(n)s signals, the latest: ") % {"n": len(found.signals)}
    return Label(f"{level.zh}{many.zh}{last.zh}", f"{level.en}{many.en}{last.en}")


def _drawn(
    indicator: Indicator, judged: Sequence[Rate | None], baseline: int | None
) -> tuple[str | None, Chart | None]:
    """The p- or u-chart, with nothing where a month is not judged; None where there is no centre line."""
    met, size = (
        np.array([(getattr(rate, name) or 0) if rate else 0 for rate in judged], dtype=int)
        for name in ("met", "denominator")
    )
    first = np.flatnonzero(size > 0)[:baseline]
    total = int(size[first].sum())
    kind = "u" if indicator.per == 1000 else "p"
    if not total or not met[first].sum() or (kind == "p" and met[first].sum() == total):
        return None, None
    make = control_charts.u_chart if kind == "u" else control_charts.p_chart
    return kind, make(met, size, baseline=baseline)


def _row(rate: Rate, drawn: Chart | None, place: int, signals: Sequence[Told]) -> ChartRow:
    if drawn is None:
        no_line = Label("没有中心线", "there is no centre line")
        return ChartRow(rate, None, None, (), no_line if can_be_judged(rate) else rate.status.value)
    per = rate.indicator.per
    limits = float(drawn.limits.lower[place]), float(drawn.limits.upper[place])
    mine = tuple(at for at, one in enumerate(signals) if place in one.signal.points)
    values = {
        "count": f"{whole(rate.met)}/{whole(rate.denominator)}",
        "limits": f"{interval(*limits, per)}{UNITS[per]}",
    }
    outside = next((signals[at] for at in mine if signals[at].signal.rule is Rule.BEYOND), None)
    if outside is not None:
        words = outside.words
    elif mine:
        words = signals[mine[0]].words
    else:
        words = (
            Label(
                "%(count)s，在界 %(limits)s 内，可由机遇解释。",
                "%(count)s, inside %(limits)s: chance can explain it.",
            )
            % values
        )
    return ChartRow(rate, limits, float(drawn.scores[place]), mine, words)


def _without_gaps(indicator: Indicator, found: Sequence[Rate], by: str) -> list[Rate]:
    """Every month or quarter from the first to the last; without examinations its rate is empty."""
    known = {rate.group.code: rate for rate in found if rate.group.code != "unknown"}
    if not known:
        return []
    steps = 12 if by == "month" else 4
    numbers = [_number(code, steps) for code in known]
    codes = (_code(number, steps) for number in range(min(numbers), max(numbers) + 1))
    return [known.get(code) or _nothing(indicator, code) for code in codes]


def _nothing(indicator: Indicator, code: str) -> Rate:
    group = Group(code, Label(code, code), (0, code))
    return Rate(
        indicator,
        group,
        eligible=0,
        met=0,
        not_met=0,
        awaited=0,
        unknown=0,
        denominator=0,
        estimate=None,
        lower=None,
        upper=None,
        level=None,
        method="wilson",
        status=Status.NOTHING,
    )


def _number(code: str, steps: int) -> int:
    year, _, part = code.partition("-")
    return int(year) * steps + int(part.lstrip("Q")) - 1


def _code(number: int, steps: int) -> str:
    year, part = divmod(number, steps)
    return f"{year}-{part + 1:02d}" if steps == 12 else f"{year}-Q{part + 1}"
