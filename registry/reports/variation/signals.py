"""Signals of a control chart in words: which rule, when, which way, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.label import Label
from registry.stats.control_charts import Rule, Signal

NAMES = {
    Rule.BEYOND: Label("一点在控制界外", "a point beyond the limits"),
    Rule.TWO_OF_THREE: Label("连续 3 点中 2 点在同侧 2σ 外", "two of three beyond 2σ on one side"),
    Rule.FOUR_OF_FIVE: Label("连续 5 点中 4 点在同侧 1σ 外", "four of five beyond 1σ on one side"),
    Rule.RUN_OF_8: Label("连续 8 点在中心线同侧", "eight in a row on one side of the centre line"),
    Rule.RUN_OF_9: Label("连续 9 点在中心线同侧", "nine in a row on one side of the centre line"),
    Rule.TREND_OF_6: Label("连续 6 点上升或下降", "six in a row rising or falling"),
    Rule.ALTERNATING_14: Label("连续 14 点一升一降", "fourteen in a row going up and down"),
    Rule.HUGGING_15: Label("连续 15 点都在 1σ 内", "fifteen in a row within 1σ"),
    Rule.MIXTURE_OF_8: Label("连续 8 点都在 1σ 外", "eight in a row beyond 1σ"),
}
_SIDES = {
    Rule.TREND_OF_6: {1: Label("上升", "rising"), -1: Label("下降", "falling")},
    None: {1: Label("偏高", "high"), -1: Label("偏低", "low"), 0: Label("形态异常", "an unusual pattern")},
}
_ADVICE = {
    1: Label("向好；值得问是什么起了作用。", "for the better; worth asking what helped."),
    -1: Label(
        "向差；请一起看病例、设备、人员和记录有何变化。",
        "for the worse; look together at what changed in cases, devices, staff, records.",
    ),
    0: Label("请看这段时间记录或做法有何变化。", "look at what changed in records or practice."),
}


@dataclass(frozen=True)
class Told:
    """A signal with its words; `better` is +1 for the better, −1 for the worse, 0 where neither."""

    signal: Signal
    first: str
    last: str
    better: int
    words: Label

    def as_dict(self) -> dict[str, Any]:
        """The signal as files hold it."""
        return {
            "rule": self.signal.rule.name.lower(),
            "source": self.signal.rule.source,
            "from": self.first,
            "to": self.last,
            "side": {1: "high", -1: "low", 0: "none"}[self.signal.side],
            "better": {1: True, -1: False, 0: None}[self.better],
            "meaning": str(self.words),
        }


def told(signal: Signal, labels: Sequence[Label], direction: int) -> Told:
    """A signal over periods of these names; `direction` is +1 where high is better, −1 where low is."""
    first, last = labels[signal.points[0]], labels[signal.points[-1]]
    better = signal.side * direction
    sides = _SIDES.get(signal.rule, _SIDES[None])
    values = {
        "when": first if first == last else Label(f"{first.zh} 至 {last.zh}", f"{first.en} to {last.en}"),
        "rule": NAMES[signal.rule],
        "side": sides[signal.side],
        "advice": _ADVICE[better],
    }
    words = (
        Label("%(when)s %(rule)s，%(side)s：%(advice)s", "%(when)s: %(rule)s, %(side)s – %(advice)s") % values
    )
    return Told(signal, str(first), str(last), better, words)
