"""Funnel: every group of an indicator at its size, against limits that say what chance alone would do.

No league table: groups stand in the order of their names, or of their sizes where that is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from registry.indicators import Indicator, indicator_called
from registry.label import Label
from registry.reports.rates.case_mixed import case_mixed
from registry.reports.rates.quality import Rate, Status, rates
from registry.reports.rates.shown import UNITS, figure
from registry.reports.rates.strata import Counted
from registry.reports.variation.placed import Placed
from registry.stats.funnel import (
    ALARM,
    WARNING,
    Position,
    Spread,
    judged_proportion_limits,
    positions,
    proportion_limits,
    proportion_scores,
    spread,
)

BY = ("centre", "endoscopist")
FEWEST_TO_SPREAD = 10  # with fewer groups their spread cannot be told from one that is different
SURE_OF_SPREAD = 0.05
ORDERS = ("name", "size")


@dataclass(frozen=True)
class Funnel:
    """The groups of one indicator and what they are held against.

    `target` is a fraction; `agreed` says whether it was given rather than averaged over the groups judged.
    `phi` is what the limits are stretched by, 1 unless the groups vary more than chance explains.
    `adjusted` says whether each group is held against what its own people's age, sex and indication lead
    one to expect.
    """

    indicator: Indicator
    by: str
    rows: list[Placed]
    target: float | None
    agreed: bool
    spread: Spread | None
    phi: float
    adjusted: bool = False

    @property
    def judged(self) -> list[Placed]:
        return [row for row in self.rows if row.judged]

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        found = self.spread
        return {
            "indicator": self.indicator.key,
            "edition": self.indicator.edition,
            "by": self.by,
            "target": self.target,
            "target_is": "agreed" if self.agreed else "average",
            "adjusted_for": ["age", "sex", "indication"] if self.adjusted else [],
            "overdispersion": None
            if found is None
            else {"phi": found.phi, "p": found.p, "n": found.n, "limits_stretched_by": self.phi},
            "sentence": str(sentence(self)),
            "rows": [row.as_dict() for row in self.rows],
        }


def funnel(
    key: str,
    *,
    by: str = "centre",
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    target: float | None = None,
    stretch: bool = True,
    order: str = "name",
    adjusted: bool = False,
    smallest: int = 8,
    today: date | None = None,
) -> Funnel:
    """The groups of an indicator against exact binomial limits.

    Groups too small to judge, with too much unknown, with reports awaited, or suppressed for this reader
    have no place in it and are no part of the average; they stand in the rows with their reason.

    Parameters
    ----------
    key : str
        The indicator.
    by : {"centre", "endoscopist"}
    start, end, centre_ids, smallest, today
        As for `reports.rates.quality.rates`.
    target : float or None
        The fraction to hold the groups against, inside (0, 1); their average where none is given.
    stretch : bool
        Whether limits may be widened where at least 10 groups vary significantly more than chance.
    order : {"name", "size"}
    adjusted : bool
        Hold each group against what its people's age, sex and indication lead one to expect: observed
        over expected, times the average (Spiegelhalter 2005, section 3). Not together with a target.

    Returns
    -------
    Funnel

    Raises
    ------
    KeyError
        If there is no such indicator.
    ValueError
        If it is no proportion, or `by`, `order` or the target is none of these.
    access.Forbidden
        As for `reports.rates.quality.rates`; a reader of aggregates gets no adjusted rates.
    """
    indicator = indicator_called(key)
    if not indicator.counts.proportion:
        said = Label("%(key)s 不是比例，没有漏斗图", "%(key)s is no proportion: there is no funnel of it")
        raise ValueError(str(said % {"key": indicator.key}))
    if by not in BY or order not in ORDERS:
        raise ValueError(f"a funnel is by one of {', '.join(BY)}, in the order of one of {', '.join(ORDERS)}")
    if target is not None and not 0 < target < 1:
        raise ValueError(str(Label("目标须在 0 与 1 之间", "a target must lie between 0 and 1")))
    if adjusted and target is not None:
        said = Label(
            "目标与按病例组成调整只能用一个",
            "either a target or what the case mix leads one to expect, not both",
        )
        raise ValueError(str(said))
    found = rates([key], by=by, start=start, end=end, centre_ids=centre_ids, smallest=smallest, today=today)
    expected: dict[int, float] = {}
    if adjusted:
        mixed = case_mixed(Counted(found, by, start, end, centre_ids))
        expected = {
            id(one.rate): one.expected for one in mixed if one is not None and one.expected is not None
        }
    return against(
        indicator,
        found,
        by=by,
        target=target,
        stretch=stretch,
        order=order,
        expected=expected if adjusted else None,
    )


def against(
    indicator: Indicator,
    found: Sequence[Rate],
    *,
    by: str,
    target: float | None,
    stretch: bool,
    order: str,
    expected: Mapping[int, float] | None = None,
) -> Funnel:
    """The funnel of rates that are there already; `expected` counts by the id of their rate adjust it."""
    held = [rate for rate in found if can_be_judged(rate)]
    if expected is not None:
        held = [rate for rate in held if 0 < expected.get(id(rate), 0) < (rate.denominator or 0)]
    met = np.array([rate.met for rate in held], dtype=int)
    size = np.array([rate.denominator for rate in held], dtype=int)
    line = target if target is not None else float(met.sum() / size.sum()) if len(held) > 1 else None
    varied, phi = None, 1.0
    placed: dict[int, Placed] = {}
    if line is not None and 0 < line < 1 and held:
        own = np.full(len(held), line)
        if expected is not None:
            own = np.array([expected[id(rate)] for rate in held]) / size
        varied = spread(proportion_scores(met, size, own))
        if stretch and varied.n >= FEWEST_TO_SPREAD and varied.p < SURE_OF_SPREAD:
            phi = max(varied.phi, 1.0)
        scale = None if expected is None else line / own
        placed = {id(row.rate): row for row in _placed(held, met, size, own, phi, scale)}
    rows = [placed.get(id(rate)) or Placed(rate, None, None, Position.NOWHERE) for rate in found]
    if order == "size":
        rows.sort(key=lambda row: -(row.rate.denominator or 0))
    return Funnel(indicator, by, rows, line, target is not None, varied, phi, expected is not None)


def can_be_judged(rate: Rate) -> bool:
    """Whether a rate may be held against others: final, shown, enough of it, and of somebody."""
    return rate.status is Status.FINAL and rate.met is not None and rate.group.code != "unknown"


def _placed(held: Sequence[Rate], met: Any, size: Any, own: Any, phi: float, scale: Any) -> list[Placed]:
    """Each rate against its own target; shown times `scale`, where there is one, so that all share a line."""
    drawn, judged = (
        [limits(size, own, level=level, phi=phi) for level in (WARNING, ALARM)]
        for limits in (proportion_limits, judged_proportion_limits)
    )
    estimate = met / size
    seen, found = positions(estimate, *drawn), positions(estimate, *judged)
    by = np.ones(len(held)) if scale is None else scale

    def at(place: int, fractions: Any) -> float:
        return min(float(fractions[place] * by[place]), 1.0)

    return [
        Placed(
            rate,
            (at(place, drawn[0].lower), at(place, drawn[0].upper)),
            (at(place, drawn[1].lower), at(place, drawn[1].upper)),
            found[place],
            edge=seen[place] is not found[place],
            adjusted=None if scale is None else at(place, estimate),
        )
        for place, rate in enumerate(held)
    ]


def sentence(found: Funnel) -> Label:
    """What is seen in a funnel: how many groups lie where, who is far out, and what chance alone would do."""
    judged = found.judged
    if not judged:
        if len(found.rows) > 1:
            return Label("没有足够的组可以比较。", "There are not enough groups to compare.")
        return Label("只有一组，无从比较。", "There is but one group, and nothing to hold it against.")
    far = [row for row in judged if row.position.level == ALARM]
    near = [row for row in judged if row.position.level == WARNING]
    told = Label(
        "%(n)s 组可判：%(inside)s 组在 95 %% 界内，%(near)s 组在 95 %% 与 99.8 %% 界之间"
        "（靠机遇预计至多 %(chance)s 组），%(far)s 组在 99.8 %% 界外",
        "%(n)s groups to be judged: %(inside)s inside the 95 %% limits, %(near)s between those and 99.8 %% "
        "(chance alone puts at most %(chance)s there), %(far)s outside 99.8 %%",
    ) % {
        "n": len(judged),
        "inside": len(judged) - len(far) - len(near),
        "near": len(near),
        "chance": f"{0.05 * len(judged):.1f}",
        "far": len(far),
    }
    if far:
        named = [row.named for row in far]
        told = Label(
            f"{told.zh}：{'、'.join(name.zh for name in named)}",
            f"{told.en}: {', '.join(name.en for name in named)}",
        )
    return Label(f"{told.zh}。", f"{told.en}.")


def held_against(found: Funnel) -> Label:
    """What the line in the middle is, and whether the limits were widened."""
    per = found.indicator.per
    value = {"value": f"{figure(found.target, per)}{UNITS[per]}", "n": len(found.judged)}
    line = (
        Label("中线为给定值 %(value)s", "The line is the value given, %(value)s")
        if found.agreed
        else Label(
            "中线为可判 %(n)s 组的平均 %(value)s",
            "The line is the average of the %(n)s groups judged, %(value)s",
        )
    ) % value
    if found.adjusted:
        mix = Label("，各组按年龄、性别和指征调整", ", each adjusted for age, sex and indication")
        line = Label(line.zh + mix.zh, line.en + mix.en)
    varied = found.spread
    if found.target is None or varied is None or not varied.n:
        return line
    if found.phi > 1:
        spread_words = Label(
            "各组之间的差别是纯机遇的 %(phi)s 倍（φ），界已按 φ 的平方根放宽",
            "groups vary %(phi)s times as much as by chance (φ), and limits are stretched by the root of φ",
        ) % {"phi": f"{varied.phi:.1f}"}
    elif varied.n < FEWEST_TO_SPREAD:
        spread_words = Label(
            "不足 10 组，不估计各组差别是否超出机遇", "fewer than 10 groups: their spread is not estimated"
        )
    elif varied.p < SURE_OF_SPREAD:
        spread_words = Label(
            "各组之间的差别是纯机遇的 %(phi)s 倍（φ），界未放宽",
            "groups vary %(phi)s times as much as by chance (φ); the limits are not stretched",
        ) % {"phi": f"{varied.phi:.1f}"}
    else:
        spread_words = Label("各组之间的差别不超过机遇", "groups vary no more than by chance")
    return Label(f"{line.zh}；{spread_words.zh}。", f"{line.en}; {spread_words.en}.")
