"""Tumours followed from their first treatment on, or to a death of their cancer, in the usual shape."""

from typing import Any

import numpy as np

from registry.queries.survival.by_days import Counted, Followed
from registry.queries.survival.rows import rows
from registry.rules.cause import End


def followed_from_treatment(
    by: str | None = None, *, keep_clock: bool = False, cancer_only: bool = False, **selection: Any
) -> tuple[Counted, int]:
    """Count tumours by group, days followed from the first treatment on, and death.

    Parameters
    ----------
    by, selection
        As for `queries.survival.by_days.followed`.
    keep_clock : bool
        Days go on counting from diagnosis, and the day of treatment is the entry (delayed entry).
    cancer_only : bool
        Only deaths of this cancer count; others are censored.

    Returns
    -------
    tuple of Counted and int
        And how many were left out because no treatment is recorded that began while they were
        followed (with delayed entry: before their last day, since nobody is at risk on the day of entry).
    """
    found = rows([by], treated=True, causes=cancer_only, **selection)
    died = found.ends == End.CANCER.number if cancer_only else found.ends > 0
    delay = np.maximum(0, found.delay)  # treated before the first proof: from the start on
    seen = delay < found.days if keep_clock else delay <= found.days
    seen |= (delay == 0) & ~np.isnan(delay)
    groups = []
    for place, group in enumerate(found.groups[str(by)]):
        own = seen & (found.places[str(by)] == place)
        if own.any():
            late, days, dead = delay[own].astype(np.int64), found.days[own], died[own]
            entry = np.where(late > 0, late, -1) if keep_clock else None
            groups.append(
                Followed(group, days if keep_clock else days - late, dead, found.weight[own], entry)
            )
    counted = Counted(groups, found.death_certificate_only, found.not_followed)
    return counted, int(found.weight[~seen].sum())


def followed_to_cancer_death(by: str | None = None, **selection: Any) -> Counted:
    """As `survival.by_days.followed`, where only deaths of this cancer count and others are censored."""
    found = rows([by], causes=True, **selection)
    groups = []
    for place, group in enumerate(found.groups[str(by)]):
        own = found.places[str(by)] == place
        groups.append(
            Followed(group, found.days[own], found.ends[own] == End.CANCER.number, found.weight[own])
        )
    return Counted(groups, found.death_certificate_only, found.not_followed)
