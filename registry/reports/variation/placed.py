"""One group of a funnel: where it lies, and what that means in a sentence."""

from dataclasses import dataclass
from typing import Any

from registry.indicators import Direction
from registry.label import Label
from registry.reports.rates.quality import Rate, Status
from registry.reports.rates.shown import UNITS, figure, interval, whole
from registry.stats.funnel import Position


@dataclass(frozen=True)
class Placed:
    """One group: its rate, both pairs of limits at its size, and where it lies; None where it is not judged.

    `adjusted` is the rate as it would be with everybody's case mix, where the funnel is of such; limits and
    place are then those of the adjusted rate.
    `edge` marks one beyond a drawn line by less than a case, which the exact probability does not put
    outside: drawn limits are interpolated between counts, judgement goes by whole cases.
    """

    rate: Rate
    warning: tuple[float, float] | None
    alarm: tuple[float, float] | None
    position: Position
    edge: bool = False
    adjusted: float | None = None

    @property
    def judged(self) -> bool:
        return self.position is not Position.NOWHERE

    @property
    def named(self) -> Label:
        """Who it is and on which side, where it lies outside."""
        side = {1: Label("（高）", " (high)"), -1: Label("（低）", " (low)")}.get(self.position.side or 0)
        label = self.rate.group.label
        return label if side is None else Label(label.zh + side.zh, label.en + side.en)

    @property
    def estimate(self) -> float | None:
        """What is held against the limits."""
        return self.rate.estimate if self.adjusted is None else self.adjusted

    @property
    def good(self) -> bool | None:
        """Whether the side it lies on is the better one; None inside, or where neither is better."""
        side, better = self.position.side, _BETTER[self.rate.indicator.direction]
        return side == better if side and better else None

    def as_dict(self) -> dict[str, Any]:
        """The row as files hold it: the rate's own columns, then the funnel's."""
        warning, alarm = self.warning or (None, None), self.alarm or (None, None)
        return self.rate.as_dict() | {
            "adjusted": self.adjusted,
            "lower_95": warning[0],
            "upper_95": warning[1],
            "lower_998": alarm[0],
            "upper_998": alarm[1],
            "position": CODES[self.position],
            "edge": self.edge,
            "meaning": str(self.meaning),
        }

    @property
    def meaning(self) -> Label:
        """Who, how many of how many, and what can be said of it: one sentence, kind and exact."""
        rate, per = self.rate, self.rate.indicator.per
        if self.warning is None or self.alarm is None:
            told = {"who": rate.group.label, "why": self.advice}
            return Label("%(who)s：%(why)s。", "%(who)s: %(why)s.") % told
        limits = self.alarm if self.position in _FAR else self.warning
        values = {
            "who": rate.group.label,
            "count": f"{whole(rate.met)}/{whole(rate.denominator)}",
            "rate": f"{figure(rate.estimate, per)}{UNITS[per]}",
            "limits": f"{interval(*limits, per)}{UNITS[per]}",
        }
        begins = Label("%(who)s %(count)s（%(rate)s）", "%(who)s %(count)s (%(rate)s)") % values
        if self.adjusted is not None:
            values["adjusted"] = f"{figure(self.adjusted, per)}{UNITS[per]}"
            begins = _ADJUSTED % values
        lies = _LIES[self.position] % values
        return Label("%(begins)s%(lies)s%(advice)s", "%(begins)s %(lies)s %(advice)s") % {
            "begins": begins,
            "lies": lies,
            "advice": self.advice,
        }

    @property
    def advice(self) -> Label:
        """What can be said of it, without who and how many; why it is not judged, where it is not."""
        if not self.judged:
            return _ALONE if self.rate.status is Status.FINAL else self.rate.status.value
        if self.edge and not self.position.side:
            return _EDGE
        return _ADVICE[_how_far(self.position), self.good]


CODES = {
    Position.INSIDE: "inside",
    Position.ABOVE_95: "above 95",
    Position.BELOW_95: "below 95",
    Position.ABOVE_998: "above 99.8",
    Position.BELOW_998: "below 99.8",
    Position.NOWHERE: "not judged",
}
WORDS = {
    Position.INSIDE: Label("界内", "inside"),
    Position.ABOVE_95: Label("高于 95 % 界", "above 95 %"),
    Position.BELOW_95: Label("低于 95 % 界", "below 95 %"),
    Position.ABOVE_998: Label("高于 99.8 % 界", "above 99.8 %"),
    Position.BELOW_998: Label("低于 99.8 % 界", "below 99.8 %"),
    Position.NOWHERE: Label("不判", "not judged"),
}
_BETTER = {Direction.UP: 1, Direction.DOWN: -1, Direction.NEITHER: 0}
_FAR = (Position.ABOVE_998, Position.BELOW_998)
_ALONE = Label("没有可以比较的组", "there is nothing to compare it with")
_LIES = {
    Position.INSIDE: Label("在 95 %% 界 %(limits)s 内：", "lies inside the 95 %% limits %(limits)s:"),
    Position.ABOVE_95: Label("高于 95 %% 界 %(limits)s：", "lies above the 95 %% limits %(limits)s:"),
    Position.BELOW_95: Label("低于 95 %% 界 %(limits)s：", "lies below the 95 %% limits %(limits)s:"),
    Position.ABOVE_998: Label("高于 99.8 %% 界 %(limits)s：", "lies above the 99.8 %% limits %(limits)s:"),
    Position.BELOW_998: Label("低于 99.8 %% 界 %(limits)s：", "lies below the 99.8 %% limits %(limits)s:"),
}
_ADJUSTED = Label(
    "%(who)s %(count)s（%(rate)s，按病例组成调整为 %(adjusted)s）",
    "%(who)s %(count)s (%(rate)s, adjusted for case mix %(adjusted)s)",
)
_EDGE = Label(
    "图上越过界线不足 1 例，按精确概率仍属界内。",
    "over the drawn line by less than one case, which exact probability leaves inside.",
)
# By how far out it lies and whether that side is the better one.
_ADVICE = {
    ("inside", None): Label("与中线的差别可由机遇解释。", "chance can explain how it differs from the line."),
    ("near", True): Label(
        "在好的一侧；只凭机遇偏离这么远的可能不到 2.5 %，看下一期是否仍如此。",
        "on the better side; chance alone puts under 2.5 % so far out, so see whether it lasts.",
    ),
    ("near", False): Label(
        "在差的一侧；只凭机遇偏离这么远的可能不到 2.5 %，先核对记录，看下一期是否仍如此。",
        "on the worse side; chance alone puts under 2.5 % so far out: check records, see whether it lasts.",
    ),
    ("near", None): Label(
        "只凭机遇偏离这么远的可能不到 2.5 %，看下一期是否仍如此。",
        "chance alone puts under 2.5 % so far out, so see whether it lasts.",
    ),
    ("far", True): Label(
        "机遇难以解释（只凭机遇不到 0.1 %），在好的一侧；值得请教做法，也请核对记录。",
        "hardly chance (under 0.1 % by chance), on the better side; worth learning from and worth checking.",
    ),
    ("far", False): Label(
        "机遇难以解释（只凭机遇不到 0.1 %），在差的一侧；请一起看病例、病例组成和记录。",
        "hardly chance (under 0.1 % by chance), on the worse side; look at cases, mix and records together.",
    ),
    ("far", None): Label(
        "机遇难以解释（只凭机遇不到 0.1 %）；请一起看病例、病例组成和记录。",
        "hardly chance (under 0.1 % by chance); look at cases, case mix and records together.",
    ),
}


def _how_far(position: Position) -> str:
    return "inside" if not position.side else "far" if position in _FAR else "near"
