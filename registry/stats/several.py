"""Several questions asked at once: p values adjusted for it."""

import numpy as np


def adjusted(p, *, method="bh"):
    """p values adjusted for having asked several questions at once, as R's `p.adjust`.

    Parameters
    ----------
    p : array_like of float, shape (n,)
        NaN is a question that could not be asked: it stays NaN and does not count.
    method : {"bh", "by", "holm"}
        False discovery rate of independent ("bh") or of any ("by") questions; family-wise error ("holm").

    Returns
    -------
    ndarray of float, shape (n,)

    References
    ----------
    Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289-300; Benjamini Y, Yekutieli D. Ann Stat
    2001;29:1165-1188; Holm S. Scand J Stat 1979;6:65-70.

    >>> [round(float(q), 3) for q in adjusted([0.01, 0.02, float("nan"), 0.5])]
    [0.03, 0.03, nan, 0.5]
    """
    if method not in ("bh", "by", "holm"):
        raise ValueError(f"there is no method {method!r}; choose one of bh, by, holm")
    p = np.asarray(p, dtype=float)
    if p.ndim != 1:
        raise ValueError(f"p must be a list of values, not of shape {p.shape}")
    asked = ~np.isnan(p)
    if ((p[asked] < 0) | (p[asked] > 1)).any():
        raise ValueError("p must lie between 0 and 1")
    found, values = np.full(p.shape, np.nan), p[asked]
    order = np.argsort(values, kind="stable")
    rank = np.arange(1, values.size + 1)
    if method == "holm":
        steps = np.maximum.accumulate((values.size - rank + 1) * values[order])
    else:
        factor = (1 / rank).sum() if method == "by" else 1.0
        steps = np.minimum.accumulate((factor * values.size / rank * values[order])[::-1])[::-1]
    back = np.empty(values.size)
    back[order] = np.minimum(steps, 1.0)
    found[asked] = back
    return found
