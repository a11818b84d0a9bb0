"""Intervals of a survival probability on the five scales that R's `survfit` offers.

Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2002, 1.4; Borgan Ø,
Liestøl K. Scand J Stat 1990;17:35-41 for the log, log-log and arcsine scales.
"""

import numpy as np


def limits(survival, of_log, z, kind="log-log"):
    """Lower and upper limit.

    Parameters
    ----------
    survival : array, shape (n,)
        Estimates in [0, 1].
    of_log : array, shape (n,)
        Standard errors of their logarithm (Greenwood without the factor S).
    z : float
        Two-sided normal quantile.
    kind : {"plain", "log", "log-log", "logit", "arcsin"}
        The scale on which the interval is symmetric.

    Returns
    -------
    tuple of array
        NaN where the scale has no such point, as in R: at 0, and for log-log and logit at 1.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no interval is called {kind!r}; choose one of {', '.join(KINDS)}")
    with np.errstate(divide="ignore", invalid="ignore"):
        return KINDS[kind](survival, of_log, z)


def none_so_far(at_risk, *, level=0.95):
    """Lower limit of the share free of an event that has happened to nobody so far: ((1 − level)/2)^(1/n).

    Exact for any censoring that does not depend on the outcome, since whoever was seen to the day is
    free of it: Clopper and Pearson's limit for n of n, and the beta product limit where there is no
    event. It ignores those who left earlier, so it covers at least as often as it says.

    Parameters
    ----------
    at_risk : array_like of int, shape (n,) or scalar
        Those followed from the start and still at risk on the day; 0 gives 0, as nothing is known.
    level : float
        Level of the two-sided interval whose other limit is 1, in (0, 1).

    Raises
    ------
    ValueError
        If a number is negative or `level` is outside (0, 1).

    References
    ----------
    Fay MP, Brittain EH, Proschan MA. Biostatistics 2013;14:723-736.

    >>> round(float(none_so_far(8)), 4)
    0.6306
    """
    at_risk = np.asarray(at_risk, dtype=float)
    if (at_risk < 0).any() or not 0 < level < 1:
        raise ValueError("numbers at risk are 0 or more, a level lies inside 0 to 1")
    with np.errstate(divide="ignore"):
        return ((1 - level) / 2) ** (1 / at_risk)


def _plain(survival, of_log, z):
    spread = z * of_log * survival
    return np.maximum(survival - spread, 0), np.minimum(survival + spread, 1)


def _log(survival, of_log, z):
    inner = np.where(survival == 0, np.nan, survival)
    lower, upper = (np.exp(np.log(inner) + shift) for shift in (-z * of_log, z * of_log))
    return lower, np.minimum(upper, 1)


def _log_log(survival, of_log, z):
    inner = np.where((survival == 0) | (survival == 1), np.nan, survival)
    spread = z * of_log / np.log(inner)
    lower, upper = (np.exp(-np.exp(np.log(-np.log(inner)) + shift)) for shift in (-spread, spread))
    return lower, upper


def _logit(survival, of_log, z):
    inner = np.where((survival == 0) | (survival == 1), np.nan, survival)
    spread = z * of_log * (1 + inner / (1 - inner))
    lower, upper = (1 - 1 / (1 + np.exp(np.log(inner / (1 - inner)) + shift)) for shift in (-spread, spread))
    return lower, upper


def _arcsin(survival, of_log, z):
    inner = np.where((survival == 0) | (survival == 1), np.nan, survival)
    spread = z * of_log * np.sqrt(inner / (1 - inner)) / 2
    angle = np.arcsin(np.sqrt(inner))
    return np.sin(np.maximum(0, angle - spread)) ** 2, np.sin(np.minimum(np.pi / 2, angle + spread)) ** 2


KINDS = {"log-log": _log_log, "log": _log, "plain": _plain, "logit": _logit, "arcsin": _arcsin}
