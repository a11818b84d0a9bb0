"""The page that says what was found, with its numbers."""

import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.operating import adjusting, charts, coverage, following, funnels, pictures, two_groups
from registry.stats import cusum

TEMPLATE = Path(__file__).with_name("page.md")


def covered(runs):
    """Coverage of every interval but those of a single proportion: three tables by their name."""
    return {
        "two_groups": two_groups.table(),
        "adjusting": adjusting.table(runs),
        "following": following.table(runs),
    }


def write(runs, found):
    """The page as Markdown; `found` is what `covered` gave."""
    rate = coverage.of_rate(coverage.MEANS)
    return TEMPLATE.read_text("utf-8") % {
        "runs": f"{runs:,}",
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "python": platform.python_version(),
        "sizes": ", ".join(map(str, coverage.SIZES)),
        "coverage": _lines(
            (name, size, _percent(mean, 2), _percent(least, 2), _percent(at))
            for name, size, mean, least, at in coverage.table()
        ),
        "least": "; ".join(
            f"{name} {_percent(share)} (n = {size}, p = {_percent(at, 2)})"
            for name, share, size, at in coverage.least()
        ),
        "means": coverage.MEANS.size,
        "rate_mean": _percent(rate.mean(), 2),
        "rate_least": _percent(rate.min(), 2),
        "rate_at": f"{coverage.MEANS[int(np.argmin(rate))]:g}",
        "shares": ", ".join(f"{100 * share:g}" for share in two_groups.SHARES) + " %",
        "counts": ", ".join(map(str, two_groups.MEANS)),
        "noise": _percent(1.96 * np.sqrt(0.95 * 0.05 / runs)),
        **{name: _covered(rows) for name, rows in found.items()},
        "rare": _lines(_rare(runs)),
        "truths": ", ".join(f"{100 * truth:g}" for truth in funnels.TRUTHS) + " %",
        "funnel": _lines(
            (
                f"{100 * level:g} %, {'as judged' if judged else 'as drawn'}",
                *(_percent(value, 3) for value in values),
            )
            for level, judged, *values in funnels.false_alarms()
        ),
        "alliances": _lines(_alliances(runs)),
        "charts": _lines(_charts(runs)),
        "cusum": _lines(_cusum(runs)),
        "power": _lines(_power()),
    }


def _alliances(runs):
    for words, extra in (("chance alone", 0.0), ("0.15 on the logit", 0.15), ("0.3 on the logit", 0.3)):
        counts, widened = funnels.alliances(max(runs // 8, 50), extra=extra)
        (near, near_wide), (far, far_wide) = counts
        values = (f"{value:.2f}" for value in (near, far))
        yield words, *values, _percent(widened, 0), f"{near_wide:.2f}", f"{far_wide:.2f}"


def _charts(runs):
    for name, rules in charts.SETS.items():
        for p in (0.25, 0.9):
            shares = (charts.months(runs, size, p, p, rules)[-1] for size in (20, 60, 200))
            yield name, _percent(p, 0), *(_percent(share) for share in shares)


def _rare(runs):
    for name, rules in charts.SETS.items():
        shares = (charts.rare_months(runs, expected, rules)[-1] for expected in (0.5, 2, 8))
        yield name, *(_percent(share) for share in shares)


def _cusum(runs):
    for p0, design in charts.designs().items():
        quiet = charts.days(max(runs // 4, 100), design, p0, number=12_000)
        moved = charts.days(runs, design, design.p1, number=1_000)
        called = cusum.call_probability(p0, design.weights, design.threshold, 1000)[-1]
        # Charts that never called in the time simulated count as waiting that long, and as one call less.
        waited = np.where(np.isinf(quiet), 36_000, quiet).sum() / np.isfinite(quiet).sum()
        lengths = (f"{design.arl0:,.0f}", f"{waited:,.0f}", f"{design.arl1:,.0f}", f"{moved.mean():,.0f}")
        yield _percent(p0, 0), _percent(design.p1), *lengths, _percent(called)


def _power():
    yearly = np.array([60, 120, 240, 480, 960])
    for p0 in (0.25, 0.9):
        lines = pictures.power_lines(p0, yearly, runs=4000)
        for place, size in enumerate(yearly):
            to = _percent(charts.worse(p0), 0)
            shown = ("–" if np.isnan(line[place]) else _percent(line[place], 0) for line in lines.values())
            yield f"{_percent(p0, 0)} → {to}", size, *shown


def _covered(rows):
    """Rows of interval, setting, mean and smallest coverage, and where it is smallest."""
    return _lines((*names, _percent(mean), _percent(least), at) for *names, mean, least, at in rows)


def _percent(value, digits=1):
    return f"{100 * value:.{digits}f} %"


def _lines(rows):
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)
