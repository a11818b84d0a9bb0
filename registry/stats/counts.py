"""What every function on counts asks of its input before it calculates."""

import numpy as np


def whole(name, values):
    """`values` as int64, or ValueError saying which argument is no whole count ≥ 0."""
    given = np.asarray(values)
    if given.size == 0:
        return given.astype(np.int64)
    if given.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold whole numbers, not {given.dtype}")
    if given.dtype.kind == "f" and not (np.isfinite(given).all() and (given == np.floor(given)).all()):
        raise ValueError(f"{name} must hold whole numbers; missing or fractional values are none")
    if given.min() < 0:
        raise ValueError(f"{name} must not be negative")
    return given.astype(np.int64)


def normal_quantile(level):
    """The two-sided standard normal quantile, 1.96 for 0.95; ValueError outside (0, 1)."""
    from scipy.special import ndtri

    return float(-ndtri(tail(level)))


def tail(level):
    """The probability left on either side of a two-sided interval; ValueError outside (0, 1)."""
    level = float(level)
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level:g}")
    return (1 - level) / 2
