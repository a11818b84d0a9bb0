"""Control charts and CUSUM under a known truth, by simulation with a fixed seed."""

import numpy as np

from registry.stats import control_charts, cusum

SETS = {
    "points, runs of 8, trends of 6": control_charts.PLAIN,
    "Western Electric 1956": control_charts.WESTERN_ELECTRIC,
    "Nelson 1984": control_charts.NELSON,
}


def signalled(met, size, centre, rules):
    """Whether and when each of many charts signals: shape (charts, months), True from the first signal on."""
    scores = control_charts.p_chart(met.ravel(), size, centre=centre).scores.reshape(met.shape)
    limits = control_charts.p_chart([0], [size], centre=centre).limits
    return _called(met / size, scores, centre, limits, rules)


def _called(estimate, scores, centre, limits, rules):
    called = np.zeros(estimate.shape, dtype=bool)
    for rule in rules:
        if rule is control_charts.Rule.BEYOND:
            called |= (estimate > limits.upper[0] + 1e-12) | (estimate < limits.lower[0] - 1e-12)
            continue
        seen = estimate - centre if rule in control_charts.AS_SEEN else scores
        for ends in control_charts.windows(rule, seen).values():
            called |= ends
    return np.maximum.accumulate(called, axis=1)


def months(runs, size, centre, truth, rules, *, number=24, seed=20261122):
    """Share of charts that have signalled by each month, with `size` examinations in each."""
    met = np.random.default_rng(seed).binomial(size, truth, (runs, number))
    return signalled(met, size, centre, rules).mean(axis=0)


def rare_months(runs, expected, rules, *, number=24, seed=20261122):
    """The same for a u-chart of events per 1000 procedures, `expected` of them in each month."""
    events = np.random.default_rng(seed).poisson(expected, (runs, number))
    chart = control_charts.u_chart(events.ravel(), np.full(events.size, float(expected)), centre=1.0)
    limits = control_charts.u_chart([0], [float(expected)], centre=1.0).limits
    seen = chart.scores.reshape(events.shape)
    return _called(events / expected, seen, 1.0, limits, rules).mean(axis=0)


def days(runs, design, truth, *, a_day=3, number=600, seed=20261122):
    """Results until a CUSUM that is looked at once a day calls; inf where it did not in `number` days."""
    met = np.random.default_rng(seed).binomial(a_day, truth, (runs, number))
    steps = met * design.weights.met + (a_day - met) * design.weights.unmet
    height, waited = np.zeros(runs), np.full(runs, np.inf)
    for day in range(number):
        height = np.maximum(height + steps[:, day], 0)
        waited = np.where((height >= design.threshold) & np.isinf(waited), (day + 1) * a_day, waited)
    return waited


def worse(p0, odds_ratio=0.5):
    """The proportion after the odds changed."""
    odds = odds_ratio * p0 / (1 - p0)
    return odds / (1 + odds)


def designs(levels=(0.25, 0.5, 0.8, 0.9, 0.95), arl0=5000):
    """The CUSUM for each level, from its odds to half of them."""
    return {p0: cusum.design(p0, worse(p0), arl0=arl0) for p0 in levels}
