"""A log-rank test of equal net survival, each group held against what the life table expects of it."""

import numpy as np

from registry.stats.log_rank import Tail, quadratic_test
from registry.stats.population import at_risk


def net_log_rank(table, groups):
    """Test that k groups have the same net survival.

    Parameters
    ----------
    table : registry.stats.life_table.RateTable
    groups : sequence of (people, dead, entry)
        As for `net_survival.pohar_perme`; `entry` may be None.

    Returns
    -------
    registry.stats.log_rank.Tail
        NaN on no degree of freedom where nothing can be compared.

    Raises
    ------
    ValueError
        If there is no group.

    Notes
    -----
    Deaths in excess of the expected, each person weighing the inverse of the expected survival, are held
    against the share of them that a group at risk would have if all excess hazards were equal. The
    variance is that of the deaths alone, the expected being taken as known.

    References
    ----------
    Grafféo N, Castell F, Belot A, Giorgi R. Biometrics 2016;72:760-769, the test without strata; as R's
    `relsurv::rs.diff`.
    """
    if not groups:
        raise ValueError("a log-rank test needs at least one group")
    last = max(int(people.days.max(initial=-1)) for people, _, _ in groups) + 1
    here, excess, squared = (np.zeros((len(groups), last)) for _ in range(3))
    for place, (people, dead, entry) in enumerate(groups):
        seen = at_risk(table, people, np.full(len(people), -1) if entry is None else np.asarray(entry))
        own, dead = seen.own, np.asarray(dead, dtype=float)
        size = seen.number.size
        here[place, :size] = np.where(seen.number > 0, seen.weight, 0.0)
        excess[place, :size] = np.bincount(people.days, dead * own, size) - (seen.weight - seen.began)
        squared[place, :size] = np.bincount(people.days, dead * own**2, size)
    everybody = here.sum(axis=0)
    there = everybody > 0
    share = here[:, there] / everybody[there]
    excess, squared = excess[:, there], squared[:, there]
    score = (excess - share * excess.sum(axis=0)).sum(axis=1)
    # Σ over l of (1{h=l} − share_h)(1{j=l} − share_j) · squared_l
    mixed = share @ squared.T
    variance = np.diag(squared.sum(axis=1)) - mixed - mixed.T + (share * squared.sum(axis=0)) @ share.T
    compared = (here > 0).any(axis=1) & (np.diag(variance) > 0)
    return Tail(*quadratic_test(score, variance, compared))
