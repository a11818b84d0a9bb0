"""Age standardisation of survival by the International Cancer Survival Standards (ICSS).

Corazziari I, Quinn M, Capocaccia R. Standard cancer patient population for age standardising survival
ratios. Eur J Cancer 2004;40:2307-2316: three standard populations of cancer patients, by five years of
age from 15 on, of 100,000 each.
"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile
from registry.stats.net_survival import NetCurve

YOUNGEST = 15
# Patients of 15–19, 20–24, … 80–84, 85 years and more.
PATIENTS = {
    # most cancers, among them oesophagus, stomach, colon and rectum
    "icss1": (164, 215, 416, 842, 1874, 3489, 4906, 7094, 9641, 13359, 14234, 14766, 14131, 9347, 5522),
    # cancers that occur at every age: nervous system, soft tissue, bone, thyroid, melanoma …
    "icss2": (1128, 2011, 3745, 5755, 7538, 7823, 8283, 8717, 9894, 11106, 10992, 9008, 7254, 4116, 2630),
    # cancers of young adults: testis, Hodgkin lymphoma, acute lymphatic leukaemia
    "icss3": (6938, 11183, 12964, 11630, 9635, 7650, 5324, 4676, 5224, 4776, 5067, 4933, 5179, 3247, 1574),
}
AGES = (15, 45, 55, 65, 75)  # the age groups in which standardised survival is published


@dataclass(frozen=True)
class Standard:
    """Age groups and their weights; a group reaches to the next, the last has no end.

    Parameters
    ----------
    ages : tuple of int
        First completed year of age of each group, rising.
    weights : tuple of float
        Adding up to 1.
    """

    ages: tuple[int, ...]
    weights: tuple[float, ...]

    def group(self, age):
        """The place of the group for each age in completed years; −1 for those younger than any."""
        return np.searchsorted(self.ages, np.asarray(age), side="right") - 1


def icss(name="icss1", ages=AGES):
    """One of the standards, added up to wider age groups.

    Parameters
    ----------
    name : {"icss1", "icss2", "icss3"}
    ages : sequence of int
        First years of the groups; the first is 15, all are multiples of 5 up to 85.

    Raises
    ------
    KeyError
        If there is no such standard.
    ValueError
        If the standard cannot be divided there.

    >>> [round(weight, 2) for weight in icss().weights]
    [0.07, 0.12, 0.23, 0.29, 0.29]
    """
    patients = np.asarray(PATIENTS[name], dtype=float)
    limits = YOUNGEST + 5 * np.arange(patients.size)
    if not len(ages) or ages[0] != YOUNGEST or not np.isin(ages, limits).all() or (np.diff(ages) <= 0).any():
        raise ValueError("age groups begin at 15, rise, and begin at multiples of 5 up to 85")
    each = np.add.reduceat(patients, np.searchsorted(limits, ages))
    return Standard(tuple(int(age) for age in ages), tuple(float(one) for one in each / patients.sum()))


def standardised(curves, weights, *, level=0.95):
    """The weighted mean of the curves of age groups, day by day.

    Parameters
    ----------
    curves : sequence of NetCurve
        One for each age group; a group without anybody is an empty curve.
    weights : array_like of float
        Of each group, not negative, adding up to 1.

    Returns
    -------
    NetCurve
        Until the last day on which every weighted group knows its survival; standard error
        √Σ w² se², limits on the log scale. Empty where a weighted group has nobody: a
        standardised figure without one of its age groups is none.

    Raises
    ------
    ValueError
        If curves and weights are not of one number, or weights do not add up to 1.
    """
    z = normal_quantile(level)
    weights = np.asarray(weights, dtype=float)
    if (
        weights.ndim != 1
        or weights.size != len(curves)
        or (weights < 0).any()
        or abs(weights.sum() - 1) > 1e-9
    ):
        raise ValueError("each curve needs a weight; weights add up to 1")
    counted = [curve for curve, weight in zip(curves, weights, strict=True) if weight]
    weights = weights[weights > 0]
    counted = [curve.known() for curve in counted]
    days = min(curve.times.size for curve in counted)

    def together(name, factors):
        return sum(
            factor * getattr(curve, name)[:days] for curve, factor in zip(counted, factors, strict=True)
        )

    ones = np.ones(len(counted), dtype=np.int64)
    survival = together("survival", weights)
    squares = [weight**2 * curve.std_err[:days] ** 2 for curve, weight in zip(counted, weights, strict=True)]
    std_err = np.sqrt(sum(squares))
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = np.where(survival > 0, survival, np.nan)
        of_log = std_err / limits
    return NetCurve(
        n=sum(curve.n for curve in counted),
        level=float(level),
        times=np.arange(days),
        at_risk=together("at_risk", ones),
        events=together("events", ones),
        censored=together("censored", ones),
        survival=survival,
        std_err=std_err,
        lower=limits * np.exp(-z * of_log),
        upper=limits * np.exp(z * of_log),
        expected=together("expected", weights),
    )
