"""Agreement of two readers, or of a record with its re-abstraction, beyond what chance gives."""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import normal_quantile, tail, whole


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa with its standard error and interval, and the agreement it is made of.

    NaN where both readers used one category throughout, because chance then explains everything.
    """

    kappa: float
    standard_error: float
    lower: float
    upper: float
    agreed: float
    by_chance: float
    known: int


def kappa(table, *, weights="none", level=0.95):
    """Cohen's kappa of a square table, plain or weighted.

    Parameters
    ----------
    table : array_like of int, shape (categories, categories)
        How often the first reader said the row's and the second the column's category.
    weights : {"none", "linear", "quadratic"} or array_like of float, shape (categories, categories)
        What a disagreement is worth as agreement, 1 on the diagonal: nothing, or the less the farther
        apart in order, or a table of one's own.
    level : float

    Returns
    -------
    Kappa
        With the large-sample standard error; limits are cut at -1 and 1. Where all or none agreed that
        error may be 0, which is no certainty: the inner limit is then at least as far away as Clopper and
        Pearson's of the agreement leaves it.

    Raises
    ------
    ValueError
        If the table is not square or empty, or the weights do not fit.

    References
    ----------
    Cohen J. Educ Psychol Meas 1960;20:37-46; Cohen J. Psychol Bull 1968;70:213-220;
    Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327.

    >>> found = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])  # Fleiss, Statistical Methods, table 18.1
    >>> round(found.kappa, 3), round(found.standard_error, 3)
    (0.676, 0.088)
    """
    z = normal_quantile(level)
    counts = whole("table", table)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.shape[0] < 2:
        raise ValueError("the table must have the same two or more categories in rows and columns")
    known = int(counts.sum())
    if not known:
        raise ValueError("nobody was read")
    worth = _worth(weights, counts.shape[0])
    p = counts / known
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    agreed, by_chance = float((worth * p).sum()), float((worth * np.outer(rows, columns)).sum())
    if np.isclose(by_chance, 1.0, rtol=0, atol=1e-12):
        nan = float("nan")
        return Kappa(nan, nan, nan, nan, agreed, by_chance, known)
    found = (agreed - by_chance) / (1 - by_chance)
    expected = (worth @ columns)[:, None] + (worth.T @ rows)[None, :]
    spread = (p * (worth - expected * (1 - found)) ** 2).sum() - (found - by_chance * (1 - found)) ** 2
    error = float(np.sqrt(max(spread, 0.0) / known) / (1 - by_chance))
    lower, upper = max(found - z * error, -1.0), min(found + z * error, 1.0)
    if not counts[worth < 1].any():
        lower = max(float((tail(level) ** (1 / known) - by_chance) / (1 - by_chance)), -1.0)
    if not counts[worth > 0].any():
        upper = max(upper, float((1 - tail(level) ** (1 / known) - by_chance) / (1 - by_chance)))
    return Kappa(float(found), error, float(lower), float(upper), agreed, by_chance, known)


def _worth(weights, size):
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    if isinstance(weights, str):
        match weights:
            case "none":
                return np.eye(size)
            case "linear":
                return 1 - apart
            case "quadratic":
                return 1 - apart**2
        raise ValueError(f"there are no weights {weights!r}; choose one of none, linear, quadratic")
    given = np.asarray(weights, dtype=float)
    if given.shape != (size, size) or not np.isfinite(given).all() or not (np.diag(given) == 1).all():
        raise ValueError("weights must have the table's shape and be 1 on the diagonal")
    return given
