"""Funnels under a known truth: how often chance puts somebody outside, and how often a true change does."""

import numpy as np
from scipy import stats

from registry.stats import funnel

LEVELS = (funnel.WARNING, funnel.ALARM)
SIZES = tuple(range(10, 1001, 10))
TRUTHS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def outside(size, target, truth, *, level, judged=True):
    """Exact probability of lying below and above the limits of a size, with the given truth."""
    met = np.arange(size + 1)
    limits = funnel.judged_proportion_limits if judged else funnel.proportion_limits
    lower, upper = limits(size, target, level=level)
    chance = stats.binom.pmf(met, size, truth)
    return chance[met / size < lower - 1e-12].sum(), chance[met / size > upper + 1e-12].sum()


def false_alarms(sizes=SIZES, truths=TRUTHS):
    """By level and by whether limits are as drawn or as judged: mean and largest probability of each side."""
    rows = []
    for level in LEVELS:
        for judged in (True, False):
            found = np.array(
                [
                    outside(size, truth, truth, level=level, judged=judged)
                    for size in sizes
                    for truth in truths
                ]
            )
            rows.append((level, judged, *found.mean(axis=0), *found.max(axis=0)))
    return rows


def power(sizes, target, odds_ratio):
    """Probability that a centre whose odds are changed lies outside each pair of limits, by size."""
    odds = odds_ratio * target / (1 - target)
    truth = odds / (1 + odds)
    return {
        level: np.array([sum(outside(size, target, truth, level=level)) for size in sizes])
        for level in LEVELS
    }


def alliances(runs, *, target=0.25, centres=22, extra=0.0, seed=20261122):
    """Alliances in which every centre has the same truth, or truths that vary by `extra` on the logit.

    Returns the mean number of centres outside by level – with their own average as target, as the page
    has it – as (plain, stretched where significant), and how often limits were stretched.
    """
    chance = np.random.default_rng(seed)
    sizes = np.exp(chance.uniform(np.log(40), np.log(1200), (runs, centres))).astype(int)
    logit = np.log(target / (1 - target)) + extra * chance.standard_normal((runs, centres))
    met = chance.binomial(sizes, 1 / (1 + np.exp(-logit)))
    counts, widened = np.zeros((2, 2)), 0
    for size, hit in zip(sizes, met, strict=True):
        line = hit.sum() / size.sum()
        spread = funnel.spread(funnel.proportion_scores(hit, size, line))
        phi = max(spread.phi, 1.0) if spread.p < 0.05 else 1.0
        widened += phi > 1
        for column, stretched in enumerate((1.0, phi)):
            limits = [
                funnel.judged_proportion_limits(size, line, level=level, phi=stretched) for level in LEVELS
            ]
            found = funnel.positions(hit / size, *limits)
            counts[0, column] += sum(one.level is not None for one in found)
            counts[1, column] += sum(one.level == funnel.ALARM for one in found)
    return counts / runs, widened / runs
