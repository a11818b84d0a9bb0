"""Control charts: a centre line, limits by subgroup, and the rules that tell a special cause from noise.

Every subgroup gets a score, the normal deviate of its mid-P value under the centre line, so that a rule
means the same for thirty examinations as for three thousand. For large subgroups the scores are the
textbook's (p − p̄) / √(p̄(1 − p̄)/n).
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from registry.stats.counts import whole
from registry.stats.funnel import judged_proportion_limits, judged_ratio_limits
from registry.stats.proportions import Interval

THREE_SIGMA = 0.9973002039367398  # the normal distribution between −3 and 3
# Eight tosses of a coin fall on one side with 0.4 %. Of rare events most months lie below their mean
# anyway, and eight of those are no sign: a run counts once chance alone makes it rarer than this.
RARE_RUN = 0.01


class Rule(Enum):
    """A sign of a special cause: how many points of how many in a row do what, and who proposed it."""

    BEYOND = "Shewhart 1931; Western Electric 1956, test 1; Nelson 1984, test 1"
    TWO_OF_THREE = "Western Electric 1956, test 2; Nelson 1984, test 5"
    FOUR_OF_FIVE = "Western Electric 1956, test 3; Nelson 1984, test 6"
    RUN_OF_8 = "Western Electric 1956, test 4"
    RUN_OF_9 = "Nelson 1984, test 2"
    TREND_OF_6 = "Nelson 1984, test 3"
    ALTERNATING_14 = "Nelson 1984, test 4"
    HUGGING_15 = "Nelson 1984, test 7"
    MIXTURE_OF_8 = "Nelson 1984, test 8"

    @property
    def source(self):
        return self.value


PLAIN = (Rule.BEYOND, Rule.RUN_OF_8, Rule.TREND_OF_6)
WESTERN_ELECTRIC = (Rule.BEYOND, Rule.TWO_OF_THREE, Rule.FOUR_OF_FIVE, Rule.RUN_OF_8)
NELSON = (
    Rule.BEYOND,
    Rule.RUN_OF_9,
    Rule.TREND_OF_6,
    Rule.ALTERNATING_14,
    Rule.TWO_OF_THREE,
    Rule.FOUR_OF_FIVE,
    Rule.HUGGING_15,
    Rule.MIXTURE_OF_8,
)


@dataclass(frozen=True, eq=False)
class Chart:
    """Subgroups in order of time; NaN where a subgroup holds nothing.

    `estimate`, `centre` and the limits are fractions (p-chart) or events per unit (u-chart), `scores`
    normal deviates from the centre line. `chances` are the probabilities under the centre line of
    lying strictly below and strictly above it; None where they are a half.
    """

    estimate: np.ndarray
    centre: float
    limits: Interval
    scores: np.ndarray
    chances: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class Signal:
    """A special cause: the rule, the points it rests on (their places, rising), and its side.

    `side` is +1 above the centre line or rising, −1 below or falling, 0 where a rule has no side.
    """

    rule: Rule
    points: tuple[int, ...]
    side: int


def p_chart(met, size, *, centre=None, baseline=None, exact=True):
    """Proportions of subgroups with limits by size.

    Parameters
    ----------
    met, size : array_like of int, shape (n,)
        In order of time.
    centre : float, optional
        The centre line, in (0, 1); the pooled proportion of the baseline where none is given.
    baseline : int, optional
        How many of the first subgroups the centre line is taken from; all of them where it is left out.
    exact : bool
        Binomial limits outside of which chance goes with at most 0.135 % on either side, as 3σ would for a
        normal variable; False for the textbook's p̄ ± 3√(p̄(1 − p̄)/n).

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If a count is impossible, or no centre line between 0 and 1 can be drawn.

    References
    ----------
    Montgomery DC. Introduction to Statistical Quality Control, chapter 7.
    """
    met, size = np.broadcast_arrays(whole("met", met), whole("size", size))
    if (met > size).any():
        raise ValueError("met must not exceed size")
    centre = _centre(met, size, centre, baseline)
    if not 0 < centre < 1:
        raise ValueError("a p-chart needs a centre line between 0 and 1")
    known = np.where(size > 0, size, np.nan)
    if exact:
        limits = judged_proportion_limits(size, centre, level=THREE_SIGMA)
    else:
        reach = 3 * np.sqrt(centre * (1 - centre) / known)
        limits = Interval(np.maximum(centre - reach, 0), np.minimum(centre + reach, 1))
    return Chart(met / known, centre, limits, _scores(met, size, centre), _sides(size, centre))


def u_chart(events, exposure, *, centre=None, baseline=None, exact=True):
    """Events per unit of exposure with limits by exposure; arguments as `p_chart`.

    Parameters
    ----------
    events : array_like of int
    exposure : array_like of float
        Not negative: examinations, person-years.
    centre : float, optional
        Events per unit, above 0.
    """
    events, exposure = np.broadcast_arrays(whole("events", events), np.asarray(exposure, dtype=float))
    if not (np.isfinite(exposure) & (exposure >= 0)).all():
        raise ValueError("exposure must be finite and not negative")
    centre = _centre(events, exposure, centre, baseline)
    if not 0 < centre < np.inf:
        raise ValueError("a u-chart needs a centre line above 0")
    known = np.where(exposure > 0, exposure, np.nan)
    if exact:
        ratio = judged_ratio_limits(exposure * centre, level=THREE_SIGMA)
        limits = Interval(ratio.lower * centre, ratio.upper * centre)
    else:
        reach = 3 * np.sqrt(centre / known)
        limits = Interval(np.maximum(centre - reach, 0), centre + reach)
    scores = _event_scores(events, exposure, centre)
    return Chart(events / known, centre, limits, scores, _event_sides(exposure * centre))


def signals(chart, rules=PLAIN):
    """Every special cause that the rules see, in order of its last point.

    Points without a subgroup are passed over, as if the chart had none there.

    Parameters
    ----------
    chart : Chart
    rules : sequence of Rule

    Returns
    -------
    list of Signal
        Overlapping windows of one rule and side are one signal; a run reaches back to its first point,
        and counts once chance alone makes it rarer than RARE_RUN.
    """
    places = np.flatnonzero(~np.isnan(chart.estimate))
    found = []
    for rule in rules:
        if rule is Rule.BEYOND:
            lower, upper = (limit[places] for limit in chart.limits)
            estimate = chart.estimate[places]
            hits = {1: estimate > upper + 1e-12, -1: estimate < lower - 1e-12}
            width = 1
        else:
            seen = chart.estimate[places] - chart.centre if rule in AS_SEEN else chart.scores[places]
            hits, width = windows(rule, seen), WIDTHS[rule]
        for side, ends in hits.items():
            back = None
            if rule in RUNS:
                back = side * seen > 0
                if chart.chances is not None:
                    ends = ends & _rare(back, chart.chances[side > 0][places])
            found += _joined(rule, side, np.flatnonzero(ends), width, places, chart.scores, back)
    return sorted(found, key=lambda signal: (signal.points[-1], signal.points[0], signal.rule.name))


def windows(rule, values):
    """Where a rule's window ends and the rule is met: by side, booleans of the shape of `values`.

    Parameters
    ----------
    rule : Rule
        Not by limits: BEYOND takes scores beyond ±3 here.
    values : array_like of float, shape (…, n)
        Scores, or for runs, trends and alternation distances from the centre line; time runs along the
        last axis.
    """
    values = np.asarray(values, dtype=float)
    match rule:
        case Rule.BEYOND:
            return {1: values > 3, -1: values < -3}
        case Rule.TWO_OF_THREE:
            return {side: _some(side * values > 2, 3, 2) for side in (1, -1)}
        case Rule.FOUR_OF_FIVE:
            return {side: _some(side * values > 1, 5, 4) for side in (1, -1)}
        case Rule.RUN_OF_8 | Rule.RUN_OF_9:
            width = WIDTHS[rule]
            return {side: _some(side * values > 0, width, width) for side in (1, -1)}
        case Rule.TREND_OF_6:
            steps = np.diff(values, axis=-1)
            return {side: _after(_some(side * steps > 0, 5, 5), values) for side in (1, -1)}
        case Rule.ALTERNATING_14:
            steps = np.diff(values, axis=-1)
            turns = steps[..., 1:] * steps[..., :-1] < 0
            return {0: _after(_some(turns, 12, 12), values)}
        case Rule.HUGGING_15:
            return {0: _some(np.abs(values) < 1, 15, 15)}
        case Rule.MIXTURE_OF_8:
            return {0: _some(np.abs(values) > 1, 8, 8)}


WIDTHS = {
    Rule.BEYOND: 1,
    Rule.TWO_OF_THREE: 3,
    Rule.FOUR_OF_FIVE: 5,
    Rule.RUN_OF_8: 8,
    Rule.RUN_OF_9: 9,
    Rule.TREND_OF_6: 6,
    Rule.ALTERNATING_14: 14,
    Rule.HUGGING_15: 15,
    Rule.MIXTURE_OF_8: 8,
}
# Rules that go by where the points are drawn: a point on the centre line is on neither side of it.
AS_SEEN = {Rule.RUN_OF_8, Rule.RUN_OF_9, Rule.TREND_OF_6, Rule.ALTERNATING_14}
RUNS = {Rule.RUN_OF_8, Rule.RUN_OF_9}
# How far out a point must lie for itself to be part of these rules' signals.
_ZONE = {Rule.TWO_OF_THREE: 2, Rule.FOUR_OF_FIVE: 1}


def _some(flags, width, enough):
    """Whether at least so many of the last `width` flags hold, and the last one does."""
    total = np.cumsum(flags, axis=-1)
    before = np.zeros_like(total)
    before[..., width:] = total[..., :-width] if width else total
    full = np.arange(flags.shape[-1]) >= width - 1
    return flags & full & (total - before >= enough)


def _after(flags, values):
    """Flags of steps or turns, laid upon the points that they end at."""
    laid = np.zeros(values.shape, dtype=bool)
    if flags.shape[-1]:
        laid[..., -flags.shape[-1] :] = flags
    return laid


def _rare(flags, chance):
    """Whether the run that each flagged point stands in, up to it, is rarer than RARE_RUN by chance."""
    total = np.cumsum(np.where(flags, np.log(np.clip(chance, 1e-300, 1)), 0.0))
    broken = np.maximum.accumulate(np.where(flags, -1, np.arange(flags.size)))
    before = np.where(broken >= 0, total[broken], 0.0)
    return flags & (total - before <= np.log(RARE_RUN))


def _joined(rule, side, ends, width, places, scores, back=None):
    """Windows that overlap as one signal; of “two of three” only the points that lie out there.

    `back` flags the points on this side, where a window reaches back as far as they do.
    """
    groups: list[set[int]] = []
    for end in ends:
        first = end - width + 1
        while back is not None and first > 0 and back[first - 1]:
            first -= 1
        window = set(range(first, end + 1))
        if groups and width > 1 and groups[-1] & window:
            groups[-1] |= window
        else:
            groups.append(window)
    least = _ZONE.get(rule)
    for window in groups:
        points = places[sorted(window)]
        if least:
            points = points[side * scores[points] > least]
        yield Signal(rule, tuple(int(point) for point in points), side)


def _centre(above, below, centre, baseline):
    if centre is not None:
        return float(centre)
    if baseline is not None and baseline < 1:
        raise ValueError("a baseline needs at least one subgroup")
    kept = slice(None) if baseline is None else np.flatnonzero(below > 0)[:baseline]
    total = np.sum(below[kept])
    if not total:
        raise ValueError("there is nothing to take a centre line from")
    return float(np.sum(above[kept]) / total)


def _sides(size, centre):
    from scipy.special import bdtr, bdtrc

    line = size * centre
    below, above = np.ceil(line - 1e-9) - 1, np.floor(line + 1e-9)
    return np.where(below < 0, 0.0, bdtr(np.maximum(below, 0), size, centre)), bdtrc(above, size, centre)


def _event_sides(mean):
    from scipy.special import pdtr, pdtrc

    below, above = np.ceil(mean - 1e-9) - 1, np.floor(mean + 1e-9)
    return np.where(below < 0, 0.0, pdtr(np.maximum(below, 0), mean)), pdtrc(above, mean)


def _scores(met, size, centre):
    from scipy.special import betainc, betaincc

    at_least, unmet = np.maximum(met, 1), np.maximum(size - met, 1)
    none, all_ = met == 0, met >= size
    reached = np.where(none, 1.0, betainc(at_least, size - at_least + 1, centre))  # P(X ≥ x)
    beyond = np.where(all_, 0.0, betainc(met + 1, unmet, centre))  # P(X > x)
    up_to = np.where(all_, 1.0, betaincc(met + 1, unmet, centre))
    under = np.where(none, 0.0, betaincc(at_least, size - at_least + 1, centre))
    return _deviate(reached + beyond, up_to + under, size > 0)


def _event_scores(events, exposure, centre):
    from scipy.special import gammainc, gammaincc

    mean, at_least = exposure * centre, np.maximum(events, 1)
    reached = np.where(events == 0, 1.0, gammainc(at_least, mean))
    under = np.where(events == 0, 0.0, gammaincc(at_least, mean))
    return _deviate(reached + gammainc(events + 1, mean), gammaincc(events + 1, mean) + under, exposure > 0)


def _deviate(above, below, known):
    """The normal deviate of the mid-P value, from twice either tail; the smaller one is the exact one."""
    from scipy.special import ndtri

    smaller = np.clip(np.minimum(above, below) / 2, 1e-300, 0.5)
    return np.where(known, np.where(above < below, -1, 1) * ndtri(smaller), np.nan)
