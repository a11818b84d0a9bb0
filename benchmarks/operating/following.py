"""Coverage of survival figures under a known truth, simulated with a fixed seed; whole days, so with ties."""

from collections import defaultdict

import numpy as np

from registry.stats.competing import cumulative_incidence
from registry.stats.cox import NoEstimate, cox
from registry.stats.life_table import People, RateTable
from registry.stats.net_survival import ederer2, pohar_perme
from registry.stats.restricted import restricted_mean
from registry.stats.survival import kaplan_meier
from registry.stats.survival_limits import none_so_far

SEED = 20261122
SIZES = (20, 50, 100, 400)
FIVE_YEARS = 1826
SHARES = (0.95, 0.9, 0.75, 0.5, 0.25)  # alive, or without the end, at five years
LEFT = 0.3  # lost to follow-up before five years, evenly in time


def plain(runs, size, share):
    """Coverage of the survival at five years, its median and the restricted mean, exponential deaths.

    Where nobody died the log-log interval does not exist; the exact one of `none_so_far` stands instead,
    as on the pages. A median's limit that is not reached is open.
    """
    chance = np.random.default_rng(SEED)
    hazard = -np.log(share) / FIVE_YEARS
    died, left = _days(chance.exponential(1 / hazard, (runs, size))), _leaving(chance, (runs, size))
    days, dead = np.minimum(died, left), died <= left
    # Days are rounded up, so whoever dies by the end of day t died before t: the truth is that of t.
    truth, whole = np.exp(-hazard * FIVE_YEARS), np.exp(-hazard * np.arange(FIVE_YEARS)).sum()
    median = np.ceil(np.log(2) / hazard)
    held = defaultdict(list)
    for one, event in zip(days, dead, strict=True):
        curve = kaplan_meier(one, event)
        at = curve.at([FIVE_YEARS])
        lower, upper = at.lower[0], at.upper[0]
        if np.isnan(lower) and at.estimate[0] == 1:
            lower, upper = float(none_so_far(at.at_risk[0])), 1.0
        held["survival"].append(lower <= truth <= upper)
        found = curve.median()
        held["median"].append(not found.lower > median and not found.upper < median)
        mean = restricted_mean(curve, FIVE_YEARS)
        held["restricted mean"].append(mean.lower <= whole <= mean.upper)
    return {name: float(np.mean(each)) for name, each in held.items()}


def competing(runs, size, share):
    """Coverage of the incidence of one of two ends at five years; without a case of it there is no interval.

    `share` is that without the end; the other end is twice as frequent where there is room.
    """
    chance = np.random.default_rng(SEED)
    first, other = -np.log(share) / FIVE_YEARS, 4e-4
    truth = first / (first + other) * (1 - np.exp(-(first + other) * FIVE_YEARS))
    ended = chance.exponential(1 / (first + other), (runs, size))
    kinds = np.where(chance.random((runs, size)) < first / (first + other), 1, 2)
    ended, left = _days(ended), _leaving(chance, (runs, size))
    days, ends = np.minimum(ended, left), np.where(ended <= left, kinds, 0)
    held = []
    for one, end in zip(days, ends, strict=True):
        at = cumulative_incidence(one, end).at([FIVE_YEARS])
        if at.events[0, 0]:
            held.append(at.lower[0, 0] <= truth <= at.upper[0, 0])
    return float(np.mean(held))


def hazard_ratio(runs, size, ratio):
    """Coverage of Cox's hazard ratio of a group of two fifths; samples without an estimate are left out."""
    chance = np.random.default_rng(SEED)
    held = []
    for _ in range(runs):
        group = (np.arange(size) < 0.4 * size).astype(float)
        died = _days(chance.exponential(1 / (4e-4 * ratio**group)))
        left = _leaving(chance, size)
        try:
            found = cox(np.minimum(died, left), died <= left, group[:, None])
        except NoEstimate:
            continue
        held.append(found.lower[0] <= ratio <= found.upper[0])
    return float(np.mean(held))


def population():
    """A made-up life table by Gompertz: mortality doubles every eight years of age, alike in every year."""
    ages = np.arange(0, 110)
    hazard = 6e-8 * 2 ** (ages / 8)
    return RateTable(hazard[None, :, None], ages * 365.25, np.zeros(1, dtype=int), 40_000)


def net(runs, size, excess=3e-4):
    """Coverage of net survival at five years: Pohar Perme's, and Ederer II's as if it were the same."""
    table, chance = population(), np.random.default_rng(SEED)
    truth, held = np.exp(-excess * FIVE_YEARS), defaultdict(list)
    for _ in range(runs):
        age = chance.integers(45 * 365, 85 * 365, size)
        # Gompertz: the hazard cumulated over t days is b/c (e^(ct) − 1) e^(c·age), solved for t.
        rise = np.log(2) / (8 * 365.25)
        now = 6e-8 * np.exp(rise * age)
        other = np.log1p(chance.exponential(1, size) * rise / now) / rise
        died = _days(np.minimum(other, chance.exponential(1 / excess, size)))
        left = _leaving(chance, size)
        people = People(np.zeros(size, int), age, np.zeros(size, int), np.minimum(died, left))
        for name, method in (("Pohar Perme", pohar_perme), ("Ederer II", ederer2)):
            at = method(table, people, died <= left).at([FIVE_YEARS])
            held[name].append(at.lower[0] <= truth <= at.upper[0])
    return {name: float(np.mean(each)) for name, each in held.items()}


def table(runs):
    """Rows of interval, setting, mean and smallest coverage and where it is smallest."""
    found = defaultdict(dict)
    for size in SIZES:
        for share in SHARES:
            for name, value in plain(runs, size, share).items():
                if name != "median" or share < 0.4:  # reached within five years
                    found[name][size, share] = value
            found["incidence"][size, share] = competing(runs, size, share)
    rows = []
    for name, label in (
        ("survival", "Kaplan–Meier at 5 years, log-log"),
        ("median", "median survival"),
        ("restricted mean", "restricted mean to 5 years"),
        ("incidence", "cumulative incidence at 5 years"),
    ):
        rows.append((label, "n = 20–400, 30 % lost", *_least(found[name], "n = {}, S = {:g}")))
    ratios = {(n, r): hazard_ratio(max(runs // 2, 50), n, r) for n in (50, 100, 400) for r in (1.0, 2.0)}
    rows.append(("Cox, hazard ratio", "n = 50–400, ratio 1–2", *_least(ratios, "n = {}, ratio {:g}")))
    of_size = {n: net(max(runs // 5, 50), n) for n in (100, 400)}
    for name in ("Pohar Perme", "Ederer II"):
        values = {(n,): each[name] for n, each in of_size.items()}
        rows.append((f"net survival at 5 years, {name}", "n = 100–400", *_least(values, "n = {}")))
    return rows


def _days(times):
    return np.ceil(times).astype(np.int64)


def _leaving(chance, shape):
    """The day somebody is lost, or the end just after five years."""
    lost = chance.random(shape) < LEFT
    return np.where(lost, chance.integers(1, FIVE_YEARS, shape), FIVE_YEARS + 30)


def _least(found, where):
    least = min(found, key=found.__getitem__)
    return float(np.mean(list(found.values()))), found[least], where.format(*least)
