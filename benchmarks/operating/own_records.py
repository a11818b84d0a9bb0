"""`python -m benchmarks.operating.own_records`: writes docs/own-records.md – how often counts of the own
records stand out by chance alone, and when something is there."""

import argparse
from functools import cache
from pathlib import Path

import numpy as np
from scipy.stats import binom, gamma, norm

from registry.stats.heaping import SMOOTH, heap
from registry.stats.peers import beside_peers
from registry.stats.runs import longest_run, run_over_days, run_tail

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEMPLATE = Path(__file__).with_name("own_records.md")
LEVEL, SEED = 0.001, 20261122
# True withdrawal times of one endoscopist: as clocks give them, skewed, and the narrowest normal allowed.
CURVES = {
    "gamma, mean 6, spread 2": gamma(9, scale=6 / 9),
    "gamma, mean 7, spread 2.3": gamma(9, scale=7 / 9),
    "gamma, mean 9, spread 3": gamma(9, scale=9 / 9),
    "normal around 6, spread 1.5": norm(6, 1.5),
    "normal around 6, spread 1.2": norm(6, 1.2),
}
TIMES, MOVED = (60, 150, 400), (0.0, 0.3, 0.6, 0.9)
SIZES, NORMAL = (100, 300, 800), (0.5, 0.75, 0.9)
A_DAY = 12
PEERS = (5, 8, 15)
SPREADS = {"2 %, alike": (0.02, 0.0), "5 %, alike": (0.05, 0.0), "5 %, 1 to 11 %": (0.05, 0.02),
           "30 %, 9 to 56 %": (0.3, 0.1), "2 %, half under 0.7 %, some 8 %": (0.02, 0.05)}  # fmt: skip


def heaped(curve, number, moved):
    """The chance that `number` withdrawals are called, where this share of those below 6 is written as 6.

    Exact, given the share of the middle among 4 to 8; the number among them is taken at its mean.
    """
    cells = np.diff(curve.cdf(np.arange(3.5, 9.0)))
    lower = float(curve.cdf(3.5))
    cells[2] += moved * (lower + cells[:2].sum())
    cells[:2] *= 1 - moved
    among = round(number * cells.sum())
    return float(binom.sf(_call_from(among) - 1, among, cells[2] / cells.sum()))


@cache
def _call_from(among):
    """The smallest number on the middle value that is called."""
    return next(
        there
        for there in range(among + 2)
        if there > among or heap([0, 0, there, 0, among - there]).p < LEVEL
    )


def runs_by_chance(trials, share):
    """How often the longest row is called where the order is chance: below LEVEL, because rows are whole."""
    there = round(trials * share)
    return next(tail for length in range(there + 2) if (tail := run_tail(length, there, trials)) < LEVEL)


def runs_with(trials, share, *, row, runs, seed=SEED):
    """How often it is called where `row` examinations in a row were recorded as normal, twelve a day."""
    rng, called = np.random.default_rng(seed), 0
    for _ in range(runs):
        values = rng.random(trials) < share
        at = rng.integers(0, trials - row + 1)
        values[at : at + row] = True
        called += _called(values)
    return called / runs


def runs_of_days(trials, *, runs, whole_days=True, seed=SEED):
    """How often it is called where every fifth day is one of check-ups: 95 normal of 100, on others 60.

    Without `whole_days` by the order of examinations alone, as nobody should.
    """
    rng, called = np.random.default_rng(seed), 0
    for _ in range(runs):
        shares = np.repeat(np.where(rng.random(trials // A_DAY + 1) < 0.2, 0.95, 0.6), A_DAY)[:trials]
        called += _called(rng.random(trials) < shares, whole_days=whole_days)
    return called / runs


def _called(values, *, whole_days=True):
    found = longest_run(values)
    if found.p >= LEVEL or not whole_days:
        return found.p < LEVEL
    starts = np.arange(0, values.size, A_DAY)
    there = np.add.reduceat(values.astype(int), starts)
    return run_over_days(found.longest, there, np.diff([*starts, values.size])) < LEVEL


def beside(peers, share, within, *, times=1.0, runs, seed=SEED):
    """How often one of `peers` + 1 is called, where the one has `times` the share of the others."""
    rng, called = np.random.default_rng(seed), 0
    for _ in range(runs):
        sizes = rng.integers(60, 300, peers + 1)
        truth = np.full(peers + 1, share)
        if within:
            truth = rng.beta(share * (1 / within - 1), (1 - share) * (1 / within - 1), peers + 1)
        if times != 1:
            truth[0] = min(share * times, 0.95)
        met = rng.binomial(sizes, truth)
        found = beside_peers(int(met[0]), int(sizes[0]), met[1:], sizes[1:])
        called += found.p < LEVEL and met[0] >= 5
    return called / runs


def write(runs):
    """The page as Markdown."""
    return TEMPLATE.read_text("utf-8") % {
        "runs": f"{runs:,}",
        "smooth": f"{100 * SMOOTH:g} %",
        "heaping": _lines(_heaping()),
        "runs_chance": _lines(
            (_percent(share, 0), *(_percent(runs_by_chance(size, share), 3) for size in SIZES))
            for share in NORMAL
        ),
        "runs_row": _lines(
            (row, *(_percent(runs_with(size, 0.75, row=row, runs=runs // 16)) for size in SIZES))
            for row in (20, 40, 60)
        ),
        "runs_order": ", ".join(
            _percent(runs_of_days(size, runs=runs // 4, whole_days=False)) for size in SIZES
        ),
        "runs_days": ", ".join(_percent(runs_of_days(size, runs=runs // 4), 2) for size in SIZES),
        "peers": _lines(_peers(runs)),
    }


def _heaping():
    for words, curve in CURVES.items():
        for moved in MOVED if "gamma" in words else MOVED[:1]:
            called = (_percent(heaped(curve, number, moved)) for number in TIMES)
            yield words, _percent(moved, 0) if moved else "none", *called


def _peers(runs):
    for words, spread in SPREADS.items():
        false = (_percent(beside(peers, *spread, runs=runs), 2) for peers in PEERS)
        true = (_percent(beside(peers, *spread, times=6, runs=runs // 4), 0) for peers in PEERS)
        yield words, *false, *true


def _percent(value, digits=1):
    return f"{100 * value:.{digits}f} %"


def _lines(rows):
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def main() -> None:
    """Compute and write."""
    told = argparse.ArgumentParser(prog="python -m benchmarks.operating.own_records", description=__doc__)
    told.add_argument("--runs", type=int, default=4000, help="simulated endoscopists in each row (4000)")
    told.add_argument("--into", type=Path, default=DOCS, help="the folder of the page (docs)")
    asked = told.parse_args()
    (asked.into / "own-records.md").write_text(write(asked.runs), "utf-8")
    print(asked.into / "own-records.md")


if __name__ == "__main__":
    main()
