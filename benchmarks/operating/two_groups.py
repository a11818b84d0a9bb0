"""Coverage of what compares two groups, exactly: sums over all pairs of counts, no simulation."""

from functools import partial
from itertools import product

import numpy as np
from scipy import stats

from registry.stats import comparison, odds

PAIRS = ((20, 20), (30, 150), (100, 100), (200, 400))
SHARES = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98)
MEANS = (1, 2, 5, 10, 20, 50)
FEW = 20  # odds ratios are searched for table by table

PROPORTIONS = {
    "difference, Newcombe": (comparison.difference, lambda p, q: p - q),
    "ratio, Koopman": (comparison.risk_ratio, lambda p, q: p / q),
}
ODDS = {
    "odds ratio, exact": partial(odds.odds_ratio, method="exact"),
    "odds ratio, mid-P": partial(odds.odds_ratio, method="mid-p"),
}
RATES = {
    "rate ratio, exact": partial(comparison.rate_ratio, method="exact"),
    "rate ratio, mid-P": partial(comparison.rate_ratio, method="mid-p"),
}


def of_proportions(interval, truth, first, second, shares=SHARES):
    """Coverage for each pair of truths, shape (pairs,); tables that have no interval count as held.

    Such a table says nothing wrong: where nobody meets the criterion in either group there is no ratio.
    """
    met, other = (each.ravel() for each in np.meshgrid(np.arange(first + 1), np.arange(second + 1)))
    found = interval(met, first, other, second)
    nothing = np.isnan(found.lower) & np.isnan(found.upper)
    covered = []
    for p, q in product(shares, shares):
        chance = stats.binom.pmf(met, first, p) * stats.binom.pmf(other, second, q)
        value = truth(p, q)
        covered.append((chance * (nothing | _held(found, value))).sum())
    return np.array(covered)


def of_rates(interval, means=MEANS, exposure=3.0):
    """The same for two Poisson counts, the other group being watched `exposure` times as long."""
    most = int(max(means) * max(exposure, 1.0) + 12 * np.sqrt(max(means) * exposure) + 20)
    events, other = (each.ravel() for each in np.meshgrid(np.arange(most), np.arange(most)))
    found = interval(events, 1.0, other, exposure)
    nothing = events + other == 0
    covered = []
    for mean, of_other in product(means, means):
        chance = stats.poisson.pmf(events, mean) * stats.poisson.pmf(other, of_other * exposure)
        covered.append((chance * (nothing | _held(found, mean / of_other))).sum())
    return np.array(covered)


def table(pairs=PAIRS):
    """Rows of interval, sizes, mean and smallest coverage and the truths where it is smallest."""
    rows = []
    for name, (interval, truth) in PROPORTIONS.items():
        for first, second in pairs:
            covered = of_proportions(interval, truth, first, second)
            rows.append((name, f"{first} and {second}", *_least(covered, SHARES)))
    for name, interval in ODDS.items():
        covered = of_proportions(interval, lambda p, q: p / (1 - p) / (q / (1 - q)), FEW, FEW)
        rows.append((name, f"{FEW} and {FEW}", *_least(covered, SHARES)))
    for name, interval in RATES.items():
        rows.append((name, "1–50 events a unit", *_least(of_rates(interval), MEANS)))
    return rows


def _held(found, value):
    with np.errstate(invalid="ignore"):
        return (found.lower <= value * (1 + 1e-12)) & (value * (1 - 1e-12) <= found.upper)


def _least(covered, truths):
    first, second = tuple(product(truths, truths))[int(np.argmin(covered))]
    return covered.mean(), covered.min(), f"{first:g} and {second:g}"
