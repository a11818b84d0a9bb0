"""Whether somebody's count is larger than those of peers, who differ among themselves, lead one to expect."""

from dataclasses import dataclass

import numpy as np

from registry.stats.counts import whole


@dataclass(frozen=True)
class Beside:
    """A count beside the peers': their pooled share, their spread beyond chance as a standard deviation on
    the scale arcsin √p (0 where chance explains it), and how likely a new peer has as many or more."""

    share: float
    expected: float
    spread: float
    p: float


def beside_peers(met, known, peers_met, peers_known):
    """Hold a count against those of peers, as one more of them would be predicted.

    Peers are not copies of each other, so the binomial of their pooled share would call too many; and few
    of them tell badly how far they differ. So the count is held, on Anscombe's arcsine scale, where
    proportions vary alike, against Student's t prediction of one more peer, with the chance of its own
    number of cases; and against the exact binomial. The larger p value counts.

    Parameters
    ----------
    met, known : int
        The one who is looked at; 0 <= met <= known, known > 0.
    peers_met, peers_known : array_like of int, shape (k,)
        Everybody else, two or more, each with something known.

    Returns
    -------
    Beside

    Raises
    ------
    ValueError
        If counts do not fit, or there are fewer than two peers.

    References
    ----------
    Anscombe FJ. Biometrika 1948;35:246-254; Geisser S. Predictive inference. 1993, section 2.1 (t).

    >>> alike = beside_peers(3, 100, [3, 2, 4, 3, 3], [100] * 5)
    >>> far = beside_peers(40, 100, [3, 2, 4, 3, 3], [100] * 5)
    >>> alike.p > 0.3, far.p < 0.001, round(far.expected, 3)
    (True, True, 0.031)
    """
    from scipy.stats import binom, t

    hits, totals = whole("peers_met", peers_met), whole("peers_known", peers_known)
    if hits.shape != totals.shape or hits.ndim != 1 or hits.size < 2 or (hits > totals).any():
        raise ValueError("there must be two peers or more, each with no more met than known")
    if not totals.all() or known < 1 or not 0 <= met <= known:
        raise ValueError("everybody has something known, and no more met than that")
    pooled = float((hits.sum() + 0.5) / (totals.sum() + 1))
    scaled, chance = _scaled(hits, totals), 1 / (4 * totals + 2)
    between = max(float(scaled.var(ddof=1) - chance.mean()), 0.0)
    own = between + 1 / (4 * known + 2)
    of_mean = float((between + chance).sum()) / hits.size**2
    distance = (float(_scaled(met, known)) - float(scaled.mean())) / np.sqrt(own + of_mean)
    p = max(float(t.sf(distance, hits.size - 1)), float(binom.sf(met - 1, known, pooled)))
    return Beside(met / known, pooled, float(np.sqrt(between)), min(p, 1.0))


def _scaled(met, known):
    return np.arcsin(np.sqrt((met + 0.375) / (known + 0.75)))
