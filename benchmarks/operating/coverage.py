"""Coverage of every interval for a proportion or a rate, exactly: sums over all counts, no simulation."""

import numpy as np
from scipy import stats

from registry.stats import proportions

PROPORTIONS = {
    "Wilson": proportions.wilson,
    "Clopper–Pearson": proportions.clopper_pearson,
    "Jeffreys": proportions.jeffreys,
    "mid-P": proportions.mid_p,
}
SIZES = (10, 20, 30, 50, 100, 200, 500, 1000)
TRUTHS = np.round(np.arange(0.005, 1.0, 0.005), 3)
FINER = np.round(np.arange(0.0005, 1.0, 0.0005), 4)
MEANS = np.round(np.concatenate([np.arange(0.1, 5, 0.1), np.arange(5, 50, 0.5), np.arange(50, 201, 5)]), 1)


def of_proportion(interval, size, truths, level=0.95):
    """Probability that the interval holds the truth, for each truth; shape (len(truths),)."""
    met = np.arange(size + 1)
    lower, upper = interval(met, size, level=level)
    held = (lower[:, None] <= truths) & (truths <= upper[:, None])
    return (stats.binom.pmf(met[:, None], size, truths) * held).sum(axis=0)


def least(sizes=SIZES, truths=FINER):
    """The smallest coverage of each interval between the points of the table, too: name, coverage, n, p."""
    rows = []
    for name, interval in PROPORTIONS.items():
        covered = [of_proportion(interval, size, truths) for size in sizes]
        at = min(range(len(sizes)), key=lambda place: covered[place].min())
        worst = int(np.argmin(covered[at]))
        rows.append((name, covered[at][worst], sizes[at], truths[worst]))
    return rows


def of_rate(means, level=0.95):
    """The same of the exact interval for a Poisson rate, by the number of events expected."""
    events = np.arange(int(means.max() + 12 * np.sqrt(means.max()) + 20))
    lower, upper = proportions.poisson_exact(events, 1.0, level=level)
    held = (lower[:, None] <= means) & (means <= upper[:, None])
    return (stats.poisson.pmf(events[:, None], means) * held).sum(axis=0)


def table(sizes=SIZES, truths=TRUTHS):
    """Rows of interval, size, mean coverage, smallest coverage and the truth where it is smallest."""
    rows = []
    for name, interval in PROPORTIONS.items():
        for size in sizes:
            covered = of_proportion(interval, size, truths)
            worst = int(np.argmin(covered))
            rows.append((name, size, covered.mean(), covered[worst], truths[worst]))
    return rows
