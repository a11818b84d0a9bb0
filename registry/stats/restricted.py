"""Restricted mean survival: how long people live on average within a horizon."""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.survival_limits import none_so_far


@dataclass(frozen=True)
class Mean:
    """A restricted mean, or a difference of two, in the unit of the times."""

    estimate: float
    std_err: float
    lower: float
    upper: float

    def __iter__(self):
        yield from (self.estimate, self.lower, self.upper)


def restricted_mean(curve, horizon):
    """Mean time lived up to `horizon`: the area under the curve.

    Parameters
    ----------
    curve : survival.Curve
    horizon : float
        In the unit of the curve's times, > 0. Beyond the last time the curve is carried forward, as
        in R; a horizon that nobody was followed to should not be asked for.

    Returns
    -------
    Mean
        With the standard error of the mean (Greenwood's sum over the area that is left after each
        death), not the spread of the times; NaN without anybody in the curve. Limits are symmetric on the
        logarithm of the time lost, horizon − mean, so that none lies beyond the horizon; where nobody died
        before it the lower one is what the horizon's exact limit of survival leaves, and so somewhat long.
        The plain interval holds the truth of 20 persons, 95 % of whom survive, in 51 of 100, this in 94.

    Raises
    ------
    ValueError
        If the horizon is not a finite number above 0.

    References
    ----------
    Klein JP, Moeschberger ML. Survival Analysis, 2003, 4.5; Royston P, Parmar MKB. BMC Med Res
    Methodol 2013;13:152; the scale as for a survival probability in Kalbfleisch and Prentice, 1.4.

    >>> from registry.stats.survival import kaplan_meier
    >>> mean = restricted_mean(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 0]), 4)
    >>> round(mean.estimate, 4), round(mean.std_err, 4)
    (2.5, 0.559)
    """
    horizon = float(horizon)
    if not (np.isfinite(horizon) and horizon > 0):
        raise ValueError("a horizon is a finite number above 0")
    z = normal_quantile(curve.level)
    if not curve.n:
        return Mean(np.nan, np.nan, np.nan, np.nan)
    inside = curve.times <= horizon
    times, events = curve.times[inside].astype(float), curve.events[inside]
    at_risk = curve.at_risk[inside].astype(float)
    heights = np.append(1.0, curve.survival[inside])
    areas = heights * np.diff(np.concatenate(([0.0], times, [horizon])))
    left = np.cumsum(areas[::-1])[::-1][1:]  # the area after each time
    died_out = at_risk == events
    shares = np.where(died_out, 0.0, events / (at_risk * np.where(died_out, 1.0, at_risk - events)))
    mean, error = float(areas.sum()), float(np.sqrt(left**2 @ shares))
    return Mean(mean, error, *_limits(curve, horizon, mean, error, z))


def _limits(curve, horizon, mean, error, z):
    lost = horizon - mean
    if error > 0:
        spread = np.exp(z * error / lost)
        return max(horizon - lost * spread, 0.0), horizon - lost / spread
    if lost > 0:  # all died on days that leave nothing to estimate
        return np.nan, np.nan
    began = 0.0
    if curve.entries is not None and curve.entries[1].sum() == curve.n:  # a landmark: nobody was seen before
        began = float(curve.entries[0].min())
    left = curve.at([horizon]).at_risk[0]
    return began + (horizon - began) * float(none_so_far(left, level=curve.level)), horizon


def difference(one, other, level=0.95):
    """The difference of two independent restricted means, with its normal interval."""
    z = normal_quantile(level)
    found, error = one.estimate - other.estimate, float(np.hypot(one.std_err, other.std_err))
    return Mean(found, error, found - z * error, found + z * error)
