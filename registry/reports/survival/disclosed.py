"""Disclosure control over survival: numbers at risk, events and estimates by group, before they leave.

An estimate on a day tells how many had died by then, and a curve drawn step by step tells the day of
every death. So survival is said on a few fixed days only, the figure is drawn through just those, and
an estimate stands only where the number of deaths so far might stand itself. A test of several groups
tells how many died in each of them, so it stands only where nothing of them is hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from registry.label import Label
from registry.reports.rates.shown import HIDDEN
from registry.stats.disclosure import State
from registry.stats.followed_tables import Layout, cut, protected

NO_TEST = Label(
    "有不公开的数时不给出组间检验：由检验值可推算出该组的死亡数。",
    "Where a number is hidden no test is given: how many died in that group could be worked out from it.",
)


@dataclass(frozen=True)
class Guarded:
    """One group: which of its numbers stand. `at_risk` and `estimates` hold one value a day.

    `small` are those of "n", "events" and the places of `at_risk` that are hidden for being small themselves.
    """

    n: bool
    events: bool
    at_risk: tuple[bool, ...]
    estimates: tuple[bool, ...]
    small: frozenset[str | int] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.n and self.events and all(self.at_risk) and all(self.estimates)


def guard(curves: Sequence[Any], days: Sequence[int], smallest: int) -> list[Guarded]:
    """What may be said of each group's curve on these days, everybody together included.

    Size, numbers at risk, deaths so far and all deaths are one family of linked tables, together with
    the losses and with what happens between the days, which nobody prints but anybody can reckon. The
    totals come first, as they stand where nothing is grouped.

    Parameters
    ----------
    curves : sequence of stats.survival.Curve
        One for each group, followed from the start.
    days : sequence of int, rising
    smallest : int
        Smallest count that may be shown.
    """
    parts = [
        [
            cut(curve.times, np.full(curve.times.size, ended), getattr(curve, name), days)[not ended]
            for curve in curves
        ]
        for name, ended in (("events", True), ("censored", False))
    ]
    events, censored = (tuple(tuple(row.tolist()) for row in rows) for rows in parts)
    return list(_guard(events, censored, smallest))


@lru_cache(maxsize=512)
def _guard(
    events: tuple[tuple[int, ...], ...], censored: tuple[tuple[int, ...], ...], smallest: int
) -> tuple[Guarded, ...]:
    whole = [[sum(stretch) for stretch in zip(*rows, strict=True)] for rows in (events, censored)]
    (everybody,), _ = protected([whole[0]], [whole[1]], smallest)
    states = [everybody]
    if len(events) > 1:  # where too much is known of so few, the groups say nothing beyond the total
        states, _ = protected(events, censored, smallest, total=everybody)
    return tuple(map(said, states))


def said(states: Sequence[State]) -> Guarded:
    """What the states of a row, as `stats.followed_tables` lays it out, let a reader see."""
    layout = Layout(len(states) // 4)
    shown = [state is State.SHOWN for state in states]
    risk, deaths = ([shown[at] for at in cells] for cells in (layout.at_risk, layout.so_far))
    seen = tuple(risk[1::2])
    # Limits tell how many were at risk, so without these there is no estimate either.
    told = tuple(both and risk[0] for both in map(bool.__and__, seen, deaths[1::2]))
    places: dict[str | int, int] = {"n": layout.at_risk[0], "events": layout.so_far[-1]}
    places |= dict(enumerate(layout.at_risk[1::2]))
    small = frozenset(name for name, at in places.items() if states[at] is State.HIDDEN)
    return Guarded(risk[0], deaths[-1], seen, told, small)


def signs(may: Guarded, days: Sequence[int], smallest: int) -> dict[str, str]:
    """What stands in place of each count that is hidden: ≤7 where it is small itself, else *.

    By "n", "events" and "at_risk 365" for each of the days.
    """
    shown: dict[str | int, bool] = {"n": may.n, "events": may.n and may.events}
    shown |= dict(enumerate(may.at_risk if may.n else [False] * len(days)))
    names: dict[str | int, str] = {place: f"at_risk {day}" for place, day in enumerate(days)}
    small = f"≤{smallest - 1}"
    return {
        names.get(place, str(place)): small if place in may.small else HIDDEN
        for place, seen in shown.items()
        if not seen
    }


def hidden(signs: Mapping[str, str], at: Mapping[str, Any]) -> str:
    """The signs of a group and of one of its days, `at`, as a line of a file names them.

    >>> told = {"n": "≤7", "at_risk 365": "*", "at_risk 1095": "≤7"}
    >>> hidden(told, {"day": 1095, "at_risk": None, "estimate": None})
    'n ≤7; at_risk ≤7; estimate *'
    >>> hidden({}, {"day": 1095, "at_risk": 0, "estimate": None})  # nobody is followed any longer
    ''
    """
    names = {"n": "n", "events": "events", f"at_risk {at['day']}": "at_risk"}
    lacking = [f"{names[name]} {sign}" for name, sign in signs.items() if name in names]
    if at["estimate"] is None and at["at_risk"] != 0:
        lacking.append(f"estimate {HIDDEN}")
    return "; ".join(lacking)


def unless_few(number: int, smallest: int) -> int | None:
    """A count that stands by itself; None where it is hidden."""
    return None if 0 < number < smallest else number


def all_of(several: Sequence[Guarded]) -> Guarded:
    """What may be said where each of several tables of the same group must allow it."""
    return Guarded(
        all(one.n for one in several),
        all(one.events for one in several),
        tuple(map(all, zip(*(one.at_risk for one in several), strict=True))),
        tuple(map(all, zip(*(one.estimates for one in several), strict=True))),
        frozenset.intersection(*(one.small for one in several)),
    )
