"""Coverage of adjusted, shrunken and agreement figures under a known truth, simulated; a seed a setting."""

from itertools import product

import numpy as np
from scipy import stats

from registry.stats.agreement import kappa
from registry.stats.case_mix import case_mix
from registry.stats.means import mean
from registry.stats.shrinkage import beta_binomial
from registry.stats.standard_populations import SEGI
from registry.stats.standardise import direct

SEED = 20261122
SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95)
PERSONS = (100, 400, 1600)
RARE = 0.1  # below it pages take the Poisson interval, from it on the score interval
SPREADS = (0.0, 0.15, 0.3, 0.6)
KAPPAS = (0.2, 0.4, 0.6, 0.8, 0.9)
READ = (50, 100, 200, 400)


def strata(persons, share):
    """Persons and proportions of 16 strata of age and sex: more in the middle, rising with age."""
    size = np.tile([6, 10, 14, 18, 18, 14, 12, 8], 2) / 200 * persons
    lean = np.linspace(-0.4, 0.5, 8) * min(share, 1 - share)
    return np.maximum(size.round().astype(int), 1), np.tile(share + lean, 2)


def standardised(runs, persons, share):
    """Coverage of the directly standardised rate's intervals: Fay–Feuer and the score interval."""
    size, chances = strata(persons, share)
    weights = np.tile(np.add.reduceat(SEGI.over(40)[1], np.arange(8)), 2)[: size.size]
    truth = (weights * chances).sum() / weights.sum()
    met = _chance(1, persons, share).binomial(size, chances, (runs, size.size))
    return [_share(direct(met, size, weights, method=method), truth) for method in ("fay-feuer", "wilson")]


def observed_over_expected(runs, persons, share):
    """Coverage of observed over expected against a large reference: exact Poisson and the score interval."""
    size, chances = strata(persons, share)
    met = _chance(2, persons, share).binomial(size, chances, (runs, size.size))
    of_all = np.full(size.size, 10**7)
    found = case_mix(met, size, np.round(chances * of_all).astype(int), of_all)
    return [_share(each, 1.0) for each in (found.ratio, found.score)]


def shrunken(runs, share, spread, centres=22, *, mostly_large=False):
    """Coverage of the empirical-Bayes interval over all centres, and of those whose truth is extreme.

    Truths are normal on the logit, not Beta as the method takes them, and spread by `spread`. Where most
    centres are large, all but six have twenty thousand, and the coverage of those six is told.
    """
    chance = _chance(3, share, spread, mostly_large)
    held, extreme = [], []
    for _ in range(runs):
        known = np.exp(chance.uniform(np.log(20), np.log(600), centres)).astype(int)
        known[6:] = 20_000 if mostly_large else known[6:]
        away = chance.standard_normal(centres)
        truth = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + spread * away)))
        found = beta_binomial(chance.binomial(known, truth), known).shrunken
        inside = (found.lower <= truth) & (truth <= found.upper)
        held.append(inside[:6].mean() if mostly_large else inside.mean())
        extreme.append(inside[np.abs(away) > 1.5])
    return float(np.mean(held)), float(np.concatenate(extreme).mean())


def agreement(runs, truth, number, margins=(0.3, 0.7)):
    """Coverage of Cohen's kappa for a yes-or-no field; tables of one category only are left out."""
    margins = np.asarray(margins)
    table = (1 - truth) * np.outer(margins, margins) + truth * np.diag(margins)
    drawn = _chance(4, truth, number).multinomial(number, table.ravel(), runs).reshape(runs, 2, 2)
    found = [kappa(each) for each in drawn]
    told = [each for each in found if not np.isnan(each.kappa)]
    return float(np.mean([each.lower <= truth <= each.upper for each in told]))


def minutes(runs, number):
    """Coverage of the mean of minutes: whole ones, leaning to the right as withdrawal times do."""
    chance = _chance(5, number)
    given = np.round(chance.lognormal(np.log(7.5), 0.4, (runs, number)))
    truth = _mean_of_rounded(7.5, 0.4)
    found = mean(given.sum(axis=1), (given**2).sum(axis=1), number)
    return _share(found, truth)


def _mean_of_rounded(median, spread):
    whole = np.arange(400)
    below = stats.lognorm.cdf(whole + 0.5, spread, scale=median)
    return float((1 - below).sum())


def table(runs):
    """Rows of interval, setting, mean and smallest coverage and where it is smallest."""
    rows = []
    for name, simulate, kinds in (
        ("directly standardised", standardised, ("Fay–Feuer", "score")),
        ("observed over expected", observed_over_expected, ("exact Poisson", "score")),
    ):
        for place, kind in enumerate(kinds):
            shares = [p for p in SHARES if (p < RARE) == (place == 0)]
            found = {(n, p): simulate(runs, n, p)[place] for n, p in product(PERSONS, shares)}
            where = f"{'under' if place == 0 else 'from'} {RARE:.0%} on" if place else f"under {RARE:.0%}"
            rows.append((f"{name}, {kind}", where.replace("%", " %"), *_least(found, "n = {}, p = {:g}")))
    found = {(p, s): shrunken(max(runs // 10, 20), p, s) for p, s in product((0.05, 0.25, 0.9), SPREADS)}
    setting = "22 centres of 20–600, spread 0–0.6"
    where = "p = {:g}, spread {:g}"
    rows.append(("shrunken, all centres", setting, *_least({at: v[0] for at, v in found.items()}, where)))
    some = {at: v[1] for at, v in found.items()}
    rows.append(("shrunken, the most extreme seventh", setting, *_least(some, where)))
    of_six = {
        (p, s): shrunken(max(runs // 10, 20), p, s, mostly_large=True)[0]
        for p, s in product((0.05, 0.25, 0.9), SPREADS)
    }
    rows.append(("shrunken, small beside large", "6 of 20–600, 16 of 20,000", *_least(of_six, where)))
    found = {(k, n): agreement(runs, k, n) for k, n in product(KAPPAS, READ)}
    rows.append(("Cohen's kappa", "n = 50–400, 0.2–0.9", *_least(found, "kappa {:g}, n = {}")))
    found = {(n,): minutes(runs, n) for n in (10, 30, 100, 400)}
    rows.append(("mean of minutes, Student", "n = 10–400", *_least(found, "n = {}")))
    return rows


def _chance(*setting):
    return np.random.default_rng([SEED, *(int(1e6 * part) for part in setting)])


def _share(found, truth):
    return float(np.mean((found.lower <= truth) & (truth <= found.upper)))


def _least(found, where):
    least = min(found, key=found.__getitem__)
    return float(np.mean(list(found.values()))), found[least], where.format(*least)
