"""The monthly card of one endoscopist: the own work against the own past, and peers without names.

It ranks nobody. A month that is too small says so; a change is called one only where the interval of the
difference leaves no room for chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from registry.indicators import Direction, Indicator, State, indicator_called
from registry.label import Label
from registry.queries.counting.tallies import peers
from registry.queries.review import own_cases
from registry.reports.papers.periods import days_of, moved
from registry.reports.rates.quality import Rate, Status, proportion, rates
from registry.reports.rates.shown import UNITS, interval, written
from registry.reports.variation.funnel import can_be_judged
from registry.stats.comparison import difference

KEYS = ("CDEI-04", "CDEI-05", "CDEI-06", "CDEI-07", "CDEI-14")
PAST_MONTHS = 12
FEWEST_PEERS = 5  # with fewer the spread would tell who has which rate
LONG_WITHDRAWAL = 9  # minutes, the upper quarter of normal practice: long, and nothing found
CASES = 2


@dataclass(frozen=True)
class Line:
    """One indicator of the card: this month, the twelve before, and the middle half of the peers."""

    now: Rate
    past: Rate
    change: Label
    peers: Label | None

    @property
    def sentence(self) -> Label:
        """One sentence: this month's rate, how it stands to the own past, where peers lie."""
        peers = self.peers or Label("", "")
        now = Label("没有可计的检查", "nothing to count")
        if self.now.eligible:
            said = _said(self.now)
            now = Label(f" {said.zh}", said.en)
        told = Label("本月%(now)s；%(change)s%(peers)s。", "This month %(now)s; %(change)s%(peers)s.")
        return told % {"now": now, "change": self.change, "peers": peers}


@dataclass(frozen=True)
class Case:
    """A case worth reviewing, and by which rule it was chosen."""

    examination_id: int
    day: date
    why: Label


@dataclass(frozen=True)
class Card:
    """What one endoscopist reads of a month."""

    code: str
    start: date
    end: date
    lines: list[Line]
    cases: list[Case]


def card(code: str, *, endoscopist_id: int, centre_ids: Sequence[int], today: date) -> Card:
    """The card of a month; for the endoscopist alone, so counts are true ones.

    Peers are those of the same centres over the same twelve months; where fewer than five of them can be
    judged those of the whole alliance; and where these are fewer too, their spread is left out.

    Raises
    ------
    ValueError
        If `code` is no month.
    """
    start, end = days_of("monthly", code)
    first = days_of("monthly", moved("monthly", code, -PAST_MONTHS))[0]
    before = start - timedelta(days=1)
    own = {"centre_ids": centre_ids, "operator_id": endoscopist_id, "today": today}
    now = rates(KEYS, start=start, end=end, **own)  # type: ignore[arg-type]
    past = rates(KEYS, start=first, end=before, **own)  # type: ignore[arg-type]
    here = rates(KEYS, by="endoscopist", start=first, end=before, centre_ids=centre_ids, today=today)
    here = [rate for rate in here if rate.group.code != str(endoscopist_id)]
    indicators = [indicator_called(key) for key in KEYS]
    everywhere = [proportion(one) for one in peers(indicators, but=endoscopist_id, start=first, end=before)]
    lines = [
        Line(one, earlier, _change(one, earlier), _peers(one.indicator, here, everywhere))
        for one, earlier in zip(now, past, strict=True)
        if one.eligible or can_be_judged(earlier)
    ]
    return Card(code, start, end, lines, _cases(endoscopist_id, start, end))


def _said(rate: Rate) -> Label:
    """A rate and what may be said of it."""
    words = str(written(rate))
    status = rate.status.value
    if rate.status is Status.FINAL:
        return Label(words, words)
    return Label(f"{words}，{status.zh}", f"{words}, {status.en}")


def _change(now: Rate, past: Rate) -> Label:
    """The direction against the own past, by the 95 % interval of the difference (Newcombe)."""
    if not can_be_judged(past):
        return Label("与自己以往相比还说不出变化", "too little to compare with your own past")
    if not can_be_judged(now):
        alone = Label("自己前 12 个月为 %(past)s", "your own twelve months before: %(past)s")
        return alone % {"past": _short(past)}
    found = difference(now.met, now.denominator, past.met, past.denominator)
    values = {"past": _short(past)}
    if found.lower <= 0 <= found.upper:
        return (
            Label(
                "与自己前 12 个月（%(past)s）之差可由机遇解释",
                "what differs from your own twelve months before (%(past)s) can be chance",
            )
            % values
        )
    up = found.lower > 0
    side = Label("高于", "higher than") if up else Label("低于", "lower than")
    better = {Direction.UP: up, Direction.DOWN: not up}.get(now.indicator.direction)
    advice = {
        True: Label("，在向好", ", for the better"),
        False: Label("，值得看看是什么变了", ", worth asking what changed"),
        None: Label("", ""),
    }[better]
    return Label(
        "%(side)s自己前 12 个月（%(past)s）%(advice)s",
        "%(side)s your own twelve months before (%(past)s)%(advice)s",
    ) % {**values, "side": side, "advice": advice}


def _short(rate: Rate) -> str:
    words = written(rate)
    return " · ".join((f"{words.value} {words.interval}".strip(), words.count))


_HERE = Label(
    "；同中心 %(n)s 位同行的中间一半在 %(range)s",
    "; the middle half of %(n)s peers at your centre lies at %(range)s",
)
_EVERYWHERE = Label(
    "；全联盟 %(n)s 位同行的中间一半在 %(range)s",
    "; the middle half of %(n)s peers in the alliance lies at %(range)s",
)


def _peers(indicator: Indicator, here: Sequence[Rate], everywhere: Sequence[Rate]) -> Label | None:
    """The middle half of those peers who can be judged; nobody is named, and nobody is told apart."""
    for others, words in ((here, _HERE), (everywhere, _EVERYWHERE)):
        judged = [
            rate.estimate
            for rate in others
            if rate.indicator is indicator and can_be_judged(rate) and rate.estimate is not None
        ]
        if len(judged) >= FEWEST_PEERS:
            low, high = (float(edge) for edge in np.quantile(judged, [0.25, 0.75]))
            spread = f"{interval(low, high, indicator.per)}{UNITS[indicator.per]}"
            return words % {"n": len(judged), "range": spread}
    return None


_MISSED = (
    (
        "PEUGIC",
        Label("胃镜后 3 年内查出上消化道癌", "upper GI cancer found within 3 years after this gastroscopy"),
    ),
    (
        "PCCRC-3Y",
        Label("结肠镜后 3 年内查出结直肠癌", "colorectal cancer found within 3 years after this colonoscopy"),
    ),
)
_OF_MONTH = (
    ("CDEI-06", Label("未到盲肠", "the caecum was not reached")),
    ("CDEI-04", Label("胃镜检查不完整", "an incomplete gastroscopy")),
)


def _cases(endoscopist_id: int, start: date, end: date) -> list[Case]:
    """At most two: a cancer that came later, a long withdrawal without finding, what was left open."""
    found: dict[int, Case] = {}
    years_before = date(end.year - 3, end.month, 1)
    for key, why in _MISSED:
        seen = own_cases.latest_of(
            indicator_called(key), State.MET, operator_id=endoscopist_id, start=years_before, end=end
        )
        if seen is not None:
            found.setdefault(seen[0], Case(*seen, why))
    long = own_cases.longest_without_finding(
        operator_id=endoscopist_id, start=start, end=end, minutes=LONG_WITHDRAWAL
    )
    if long is not None:
        why = Label(
            "退镜 %(minutes)s 分钟，没有病变也没有标本",
            "%(minutes)s minutes of withdrawal, neither lesion nor specimen",
        ) % {"minutes": f"{long[2]:g}"}
        found.setdefault(long[0], Case(long[0], long[1], why))
    for key, why in _OF_MONTH:
        seen = own_cases.latest_of(
            indicator_called(key), State.NOT_MET, operator_id=endoscopist_id, start=start, end=end
        )
        if seen is not None:
            found.setdefault(seen[0], Case(*seen, why))
    return list(found.values())[:CASES]
