"""Proportions over several groups: do they differ, and do they rise or fall with the groups' order?"""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import whole


@dataclass(frozen=True)
class Trend:
    """A test for trend.

    `slope` is the change of the fraction per unit of score (weighted least squares); `chi2` has one degree
    of freedom; `departure` and `departure_p` say whether the groups stray from a straight line, with
    `departure_df` degrees. NaN where nothing can be said.
    """

    slope: float
    chi2: float
    p: float
    departure: float
    departure_df: int
    departure_p: float


@dataclass(frozen=True)
class Homogeneity:
    """Pearson's test that all groups share one proportion."""

    chi2: float
    df: int
    p: float


def cochran_armitage(met, known, score=None):
    """Test for a linear trend of proportions over ordered groups, as R's `prop.trend.test`.

    Parameters
    ----------
    met, known : array_like of int, shape (groups,)
        Records meeting the criterion and records where it is known; empty groups say nothing.
    score : array_like of float, shape (groups,), optional
        Where each group stands, in any unit; 1, 2, 3 … unless given.

    Returns
    -------
    Trend
        NaN throughout with fewer than two groups, all at one score, or all or nobody meeting.

    Raises
    ------
    ValueError
        If counts cannot be or the shapes do not agree.

    References
    ----------
    Armitage P. Biometrics 1955;11:375-386.

    >>> found = cochran_armitage([4, 9, 14, 21], [2110, 2480, 2305, 2198])
    >>> round(found.chi2, 4), round(found.p, 6)
    (13.4826, 0.000241)
    """
    from scipy.special import chdtrc

    met, known = _groups(met, known)
    score = np.arange(1.0, met.size + 1) if score is None else np.asarray(score, dtype=float)
    if score.shape != met.shape or not np.isfinite(score).all():
        raise ValueError("score must give one finite number for each group")
    there = known > 0
    met, known, score = met[there], known[there], score[there]
    everybody = known.sum()
    if not everybody:
        return Trend(
            slope=np.nan, chi2=np.nan, p=np.nan, departure=np.nan, departure_df=0, departure_p=np.nan
        )
    share = met.sum() / everybody
    away = score - (known * score).sum() / everybody
    spread, lean = (known * away**2).sum(), (met * away).sum()
    if share in (0, 1) or not np.ptp(score):  # rounding would leave a lean that is none, over nothing
        slope = chi2 = float("nan")
    else:
        slope, chi2 = float(lean / spread), float(lean**2 / (share * (1 - share) * spread))
    rest, df = homogeneity(met, known).chi2 - chi2, max(met.size - 2, 0)
    rest = max(rest, 0.0) if np.isfinite(rest) and df else float("nan")
    return Trend(slope, chi2, float(chdtrc(1, chi2)), rest, df, float(chdtrc(df, rest)) if df else rest)


def homogeneity(met, known, *, corrected=False):
    """Pearson's χ² that all groups share one proportion, as R's `prop.test`.

    Parameters
    ----------
    met, known : array_like of int, shape (groups,)
    corrected : bool
        With Yates's continuity correction; for two groups only.

    Returns
    -------
    Homogeneity
        NaN where there are not two groups, or all or nobody meet.

    References
    ----------
    Pearson K. Phil Mag 1900;50:157-175; Yates F. Suppl J R Stat Soc 1934;1:217-235.

    >>> round(homogeneity([62, 41], [11843, 11902]).chi2, 4)
    4.4057
    """
    from scipy.special import chdtrc

    met, known = _groups(met, known)
    there = known > 0
    met, known = met[there], known[there]
    df = max(met.size - 1, 0)
    if not df:
        return Homogeneity(float("nan"), 0, float("nan"))
    share = met.sum() / known.sum()
    away = np.abs(met - known * share)
    if corrected:
        if met.size != 2:
            raise ValueError("the continuity correction is for two groups")
        away = away - min(0.5, away.min())
    with np.errstate(divide="ignore", invalid="ignore"):
        chi2 = float((away**2 / (known * share * (1 - share))).sum())
    return Homogeneity(chi2, df, float(chdtrc(df, chi2)))


def _groups(met, known):
    met, known = np.broadcast_arrays(whole("met", met), whole("known", known))
    if met.ndim != 1:
        raise ValueError("the groups must stand in one row")
    if (met > known).any():
        raise ValueError("met must not exceed known")
    return met, known
