"""What may be said of a share on one day where an estimator has nothing to go by."""

from registry.label import Label
from registry.stats.survival_limits import none_so_far

EXACT = Label(
    "尚无一例发生时，区间由风险人数得出，为精确区间（n 人中 n 人，Clopper–Pearson；Fay 等 2013）。",
    "Where it has happened to nobody so far, the interval is exact, from those at risk (n of n, "
    "Clopper–Pearson; Fay et al. 2013).",
)
NOBODY_LEFT = Label("全部死亡以后没有区间。", "Once everybody has died there is no interval.")
Stated = tuple[float | None, float | None, float | None]


def stated(
    at_risk: int, figures: Stated, *, untouched: float, level: float, from_start: bool = True
) -> Stated:
    """Estimate and limits of a share on one day, without what nobody can know.

    After the last person left, an estimate that has not come to its end would only be carried
    forward: there is none. Where it has happened to nobody so far, limits that rest on the deaths
    do not exist: the exact ones from those at risk stand instead (`stats.survival_limits.none_so_far`).

    Parameters
    ----------
    at_risk : int
        Those who are still followed on that day.
    figures : tuple
        Estimate, lower and upper limit as estimated; None where there is none.
    untouched : float
        The share while nothing has happened: 1 for survival, 0 for incidence.
    level : float
        Confidence level.
    from_start : bool
        Whether all were followed from the start; of those seen from a later day on the exact limits
        do not hold, and there are none.
    """
    estimate, lower, upper = figures
    if estimate is None or (not at_risk and estimate != 1 - untouched):
        return None, None, None
    if estimate != untouched:
        return estimate, lower, upper
    if not from_start:
        return estimate, None, None
    reach = float(none_so_far(at_risk, level=level))
    return (estimate, reach, 1.0) if untouched else (estimate, 0.0, 1 - reach)
