"""Coverage of survival figures under a known truth, simulated; whole days, so with ties.

Every setting has a seed of its own, so that one unlucky draw does not stand in all of them.
"""

from collections import defaultdict

import numpy as np

from registry.stats.age_standard import icss, standardised
from registry.stats.competing import cumulative_incidence
from registry.stats.cox import NoEstimate, cox
from registry.stats.life_table import People, RateTable
from registry.stats.net_survival import ederer2, pohar_perme, within
from registry.stats.restricted import restricted_mean
from registry.stats.survival import kaplan_meier
from registry.stats.survival_limits import KINDS, limits, none_so_far

SEED = 20261122
SIZES = (20, 50, 100, 400)
FIVE_YEARS = 1826
SHARES = (0.95, 0.9, 0.75, 0.5, 0.25)  # alive, or without the end, at five years
LEFT = 0.3  # lost to follow-up before five years, evenly in time
Z = 1.959963984540054
PERIOD = (1461, 2921)  # days 4 to 8 years after the first diagnosis, for diagnoses over five years


def plain(runs, size, share):
    """Coverage of the survival at five years by each kind of interval, its median and the restricted mean.

    Deaths are exponential. Where nobody died the exact interval of `none_so_far` stands instead, as on the
    pages; where everybody has there is none, which counts as missed. A median's limit that is not reached
    is open.
    """
    chance = _chance(1, size, share)
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
        for kind in KINDS:
            lower, upper = _limits(at, kind)
            held[kind].append(lower <= truth <= upper)
        found = curve.median()
        held["median"].append(not found.lower > median and not found.upper < median)
        mean = restricted_mean(curve, FIVE_YEARS)
        held["restricted mean"].append(mean.lower <= whole <= mean.upper)
    return {name: float(np.mean(each)) for name, each in held.items()}


def competing(runs, size, share):
    """Coverage of the incidence of one of two ends at five years.

    `share` is what would be without the end if there were no other; the other has a hazard of 0.0004 a day.
    Without a case the exact interval of those still at risk stands, as on the pages.
    """
    chance = _chance(2, size, share)
    first, other = -np.log(share) / FIVE_YEARS, 4e-4
    truth = first / (first + other) * (1 - np.exp(-(first + other) * FIVE_YEARS))
    ended = chance.exponential(1 / (first + other), (runs, size))
    kinds = np.where(chance.random((runs, size)) < first / (first + other), 1, 2)
    ended, left = _days(ended), _leaving(chance, (runs, size))
    days, ends = np.minimum(ended, left), np.where(ended <= left, kinds, 0)
    held = []
    for one, end in zip(days, ends, strict=True):
        at = cumulative_incidence(one, end).at([FIVE_YEARS])
        lower, upper = at.lower[0, 0], at.upper[0, 0]
        if not at.events[0, 0]:
            lower, upper = 0.0, 1 - float(none_so_far(at.at_risk[0]))
        held.append(lower <= truth <= upper)
    return float(np.mean(held))


def entering_late(runs, size, share):
    """Coverage of the survival at five years where half are seen from some day of the first year on.

    Whoever dies before is never known of, so fewer than `size` are counted.
    """
    chance = _chance(3, size, share)
    hazard = -np.log(share) / FIVE_YEARS
    held = []
    for _ in range(runs):
        died, left = _days(chance.exponential(1 / hazard, size)), _leaving(chance, size)
        entry = np.where(np.arange(size) % 2, chance.integers(1, 366, size), -1)
        days = np.minimum(died, left)
        known = days > entry
        at = kaplan_meier(days[known], (died <= left)[known], entry=entry[known]).at([FIVE_YEARS])
        if at.estimate[0] < 1:  # where nobody died pages give no interval of those who entered late
            held.append(at.lower[0] <= np.exp(-hazard * FIVE_YEARS) <= at.upper[0])
    return float(np.mean(held))


def hazard_ratio(runs, size, ratio):
    """Coverage of Cox's hazard ratio of a group of two fifths; samples without an estimate are left out."""
    chance = _chance(4, size, ratio)
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
    """Coverage of net survival at five years: Pohar Perme's, and Ederer II's as if it were the same.

    Also of Pohar Perme's in a period, from those then under observation, and standardised by age, where the
    excess rises with age and the truth is the mean by the standard. Samples in which an age group of the
    standard is empty, or nobody is observed for so long, have no figure and are left out.
    """
    table, chance, standard = population(), _chance(5, size, excess), icss()
    truth, held = np.exp(-excess * FIVE_YEARS), defaultdict(list)
    of_ages = excess * np.linspace(0.5, 1.5, len(standard.weights))
    by_age = np.array(standard.weights) @ np.exp(-of_ages * FIVE_YEARS)
    for _ in range(runs):
        age = chance.integers(25 * 365, 85 * 365, size)
        # Gompertz: the hazard cumulated over t days is b/c (e^(ct) − 1) e^(c·age), solved for t.
        rise = np.log(2) / (8 * 365.25)
        now = 6e-8 * np.exp(rise * age)
        other = np.log1p(chance.exponential(1, size) * rise / now) / rise
        waits, left = chance.exponential(1, size), _leaving(chance, size)
        died = _days(np.minimum(other, waits / excess))
        on = chance.integers(0, FIVE_YEARS, size)
        nobody = np.zeros(size, int)
        people = People(nobody, age, on, np.minimum(died, left))
        found = {"Pohar Perme": pohar_perme(table, people, died <= left)}
        found["Ederer II"] = ederer2(table, people, died <= left)
        seen = within(on, people.days, died <= left, *PERIOD)
        late = People(nobody[seen.who], age[seen.who], on[seen.who], seen.days)
        found["period"] = pohar_perme(table, late, seen.dead, seen.entry)
        group = standard.group(age // 365)
        died = _days(np.minimum(other, waits / of_ages[group]))
        people = People(nobody, age, on, np.minimum(died, left))
        parts = [pohar_perme(table, people[group == g], (died <= left)[group == g]) for g in range(5)]
        found["by age"] = standardised(parts, standard.weights)
        for name, curve in found.items():
            at = curve.at([FIVE_YEARS])
            if np.isfinite(at.estimate[0]):
                held[name].append(at.lower[0] <= (by_age if name == "by age" else truth) <= at.upper[0])
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
            if size > 20:
                found["late"][size, share] = entering_late(runs, size, share)
    rows = []
    for name, label in (
        *((kind, f"Kaplan–Meier at 5 years, {kind}") for kind in KINDS),
        ("late", "Kaplan–Meier, half enter late"),
        ("median", "median survival"),
        ("restricted mean", "restricted mean to 5 years"),
        ("incidence", "cumulative incidence at 5 years"),
    ):
        sizes = sorted({size for size, _ in found[name]})
        setting = f"n = {sizes[0]}–{sizes[-1]}, 30 % lost"
        rows.append((label, setting, *_least(found[name], "n = {}, S = {:g}")))
    ratios = {(n, r): hazard_ratio(max(runs // 2, 50), n, r) for n in (50, 100, 400) for r in (1.0, 2.0)}
    rows.append(("Cox, hazard ratio", "n = 50–400, ratio 1–2", *_least(ratios, "n = {}, ratio {:g}")))
    of_size = {n: net(runs, n) for n in (100, 400, 1600)}
    for name, label in (
        ("Pohar Perme", "net survival at 5 years, Pohar Perme"),
        ("period", "Pohar Perme, period"),
        ("by age", "Pohar Perme, standardised by age"),
        ("Ederer II", "net survival at 5 years, Ederer II"),
    ):
        values = {(n,): each[name] for n, each in of_size.items() if n > 100 or name != "by age"}
        rows.append((label, f"n = {min(values)[0]}–1600", *_least(values, "n = {}")))
    return rows


def _chance(*setting):
    return np.random.default_rng([SEED, *(int(1e6 * part) for part in setting)])


def _limits(at, kind):
    """The interval of one day as pages give it."""
    if at.estimate[0] == 1:
        return float(none_so_far(at.at_risk[0])), 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = limits(at.estimate, at.std_err / at.estimate, Z, kind)
    return lower[0], upper[0]


def _days(times):
    return np.ceil(times).astype(np.int64)


def _leaving(chance, shape):
    """The day somebody is lost, or the end just after five years."""
    lost = chance.random(shape) < LEFT
    return np.where(lost, chance.integers(1, FIVE_YEARS, shape), FIVE_YEARS + 30)


def _least(found, where):
    least = min(found, key=found.__getitem__)
    return float(np.mean(list(found.values()))), found[least], where.format(*least)
