"""Fixed families of tables as they leave, and a reader who works out what is hidden; see `reader`.

Each table holds hidden numbers and others that protect them; to show one of these in spite of it is found
out. What is kept from a reader of two releases is kept from a reader of one.
"""

import numpy as np
import pytest

from registry.indicators.released import columns
from registry.queries.releases.first_table import COLUMNS
from registry.queries.releases.tables import STATES
from registry.services.releases.first_table import signs_of
from registry.stats.disclosure import State
from tests.services.releases.reader import given_away, narrowed_by_both
from tests.services.releases.test_first_table import KINDS, REASONS, WIDTH
from tests.services.releases.test_first_table import table as first_table
from tests.services.releases.test_protecting import CANCERS, INDICATOR, MONTHS, QUARTERS, released
from tests.services.releases.test_protecting import table as rate_table
from tests.services.releases.test_survival import LAYOUT, STRETCHES, leave


def drawn(seed, shape, few, most):
    """Counts under `most`, of which a part are small."""
    chance = np.random.default_rng(seed)
    return np.where(chance.random(shape) < few, chance.integers(0, 6, shape), chance.integers(8, most, shape))


def rates(seed):
    """Counts by centre, month, sex and part: few met it, fewer are awaited or unknown."""
    chance = np.random.default_rng(seed)
    return chance.poisson(np.array([2.5, 15, 0.4, 0.7]), (2, 3, 2, 4))


def assert_not_empty(states):
    """There is something to protect, something that protects it, and something left to read."""
    assert {State.SHOWN, State.HIDDEN, State.PROTECTED} <= set(states)


# ---- indicator × centre × period, with totals --------------------------------------------------------

PARTS = {
    "met": (0,), "not_met": (1,), "awaited": (2,), "unknown": (3,),
    "known": (0, 1), "expected": (0, 1, 2), "eligible": (0, 1, 2, 3),
}  # fmt: skip


def who(indicator, key, shape):
    """The groups of centre, month, sex and part that the printed columns of a row count."""
    grouping, _, code = key.partition(":")
    centre, _, quarter = code.partition("/")
    there = np.zeros(shape)
    match grouping:
        case "year":
            there[:] = 1
        case "quarter" | "month":
            there[:, [code in pair for pair in zip(MONTHS, QUARTERS, strict=True)]] = 1
        case "sex":
            there[:, :, int(code)] = 1
        case "centre" | "centre-quarter":
            there[int(centre), [quarter in ("", name) for name in QUARTERS]] = 1
    without = indicator is CANCERS
    printed = [name for name in PARTS if not (without and name in ("known", "expected"))]
    for name in printed:
        inside = np.isin(np.arange(4), PARTS[name])
        yield columns(indicator).index(name), (there * inside).ravel()


def seen(indicator, cells, signs):
    weights, states = [], []
    for row in rate_table(cells):
        for place, counted in who(indicator, row.key, cells.shape):
            weights.append(counted)
            states.append(STATES[signs[row.key][place]])
    return np.array(weights), np.array(weights) @ cells.ravel(), states


@pytest.mark.parametrize(
    ("indicator", "seed"), [(INDICATOR, 7), pytest.param(CANCERS, 10, marks=pytest.mark.slow)]
)
def test_a_rate_by_centre_and_period_with_totals_in_two_releases(indicator, seed):
    cells = rates(seed)
    later = cells + np.random.default_rng(seed).poisson(0.4, cells.shape)
    first, refused = released(indicator, rate_table(cells))
    second, refused_again = released(indicator, rate_table(later), earlier=[(rate_table(cells), first)])
    assert not refused and not refused_again
    weights, counts, states = seen(indicator, cells, first)
    assert_not_empty(states)
    _, then, states_then = seen(indicator, later, second)
    assert narrowed_by_both(weights, (counts, states), (then, states_then)) == ([], [])


def test_a_rate_of_which_one_protecting_number_is_shown_is_found_out():
    cells = rates(7)
    signs, _ = released(INDICATOR, rate_table(cells))
    assert given_away(*seen(INDICATOR, cells, signs)) is not None


# ---- numbers at risk and events beneath a curve ------------------------------------------------------


def beneath(release):
    """Printed cells of three groups and everybody over events and losses by group and stretch."""
    events, censored, total, groups = release
    weights, states = [], []
    places = [LAYOUT.at_risk[0], *LAYOUT.at_risk[1::2], *LAYOUT.so_far[1::2], LAYOUT.so_far[-1]]
    # Size, at risk on both days (which begin the second and the fourth stretch), dead by then, and in all.
    spans = [(0, 5, True), (1, 5, True), (3, 5, True), (0, 2, False), (0, 4, False), (0, 5, False)]
    for row, signs in enumerate([*groups, total]):
        for place, (start, end, anyhow) in zip(places, spans, strict=True):
            there = np.zeros((2, len(groups), STRETCHES))
            whom = slice(None) if row == len(groups) else row
            there[0, whom, start:end] = 1
            if anyhow:
                there[1, whom, start:end] = 1
            weights.append(there.ravel())
            states.append(signs[place])
    return np.array(weights), np.array(weights) @ np.stack([events, censored]).ravel(), states


@pytest.mark.parametrize("seed", [3, 8])
def test_numbers_beneath_a_curve_in_two_releases(seed):
    cells = drawn(seed, (2, 3, STRETCHES), few=0.6, most=25)
    first = leave(*cells)
    second = leave(*(cells + np.random.default_rng(seed).poisson(0.6, cells.shape)), earlier=[first])
    weights, counts, states = beneath(first)
    assert_not_empty(states)
    _, then, states_then = beneath(second)
    assert narrowed_by_both(weights, (counts, states), (then, states_then)) == ([], [])
    assert given_away(weights, counts, states) is not None


# ---- the first table ---------------------------------------------------------------------------------


def written(cells, signs):
    """Printed cells of year, sexes and centres over sex, centre and column; and what the reader knows."""
    sections = [(0, KINDS), (KINDS, KINDS + REASONS), (KINDS + REASONS, len(COLUMNS))]
    spans = [*((at, at + 1) for at in range(len(COLUMNS))), sections[0], sections[2]]
    places = [*range(len(COLUMNS)), WIDTH - 3, WIDTH - 1]  # the second section's sum is that of the first
    weights, states = [], []
    for row in first_table(cells):
        which = {"year": (slice(None),), "sex": (int(row.code),), "centre": (slice(None), int(row.code))}
        for place, (start, end) in zip(places, spans, strict=True):
            there = np.zeros(cells.shape)
            there[*which[row.grouping], ..., start:end] = 1
            weights.append(there.ravel())
            states.append(STATES[signs[row.key][place]])
    alike = []
    for sex, centre in np.ndindex(cells.shape[:2]):
        there = np.zeros(cells.shape)
        there[sex, centre, : sections[0][1]], there[sex, centre, slice(*sections[1])] = 1, -1
        alike.append(there.ravel())
    return np.array(weights), np.array(weights) @ cells.ravel(), states, np.array(alike)


def examinations(seed):
    """By sex, centre and column; as many by reason as by kind."""
    cells = drawn(seed, (2, 2, len(COLUMNS)), few=0.5, most=40)
    cells[..., KINDS] += 400
    reasons = cells[..., KINDS : KINDS + REASONS].sum(axis=-1)
    cells[..., 0] += reasons - cells[..., :KINDS].sum(axis=-1)
    return cells


@pytest.mark.parametrize("seed", [3])
def test_the_first_table_in_two_releases(seed):
    cells, more = examinations(seed), np.random.default_rng(seed).poisson(0.3, (2, 2, len(COLUMNS)))
    more[..., 0] += np.maximum(more[..., KINDS : KINDS + REASONS].sum(-1) - more[..., :KINDS].sum(-1), 0)
    more[..., KINDS] += more[..., :KINDS].sum(-1) - more[..., KINDS : KINDS + REASONS].sum(-1)
    first = signs_of(first_table(cells), 8)
    second = signs_of(first_table(cells + more), 8, [(first_table(cells), first)])
    weights, counts, states, alike = written(cells, first)
    assert_not_empty(states)
    _, then, states_then, _ = written(cells + more, second)
    assert State.SHOWN in states_then
    assert narrowed_by_both(weights, (counts, states), (then, states_then), alike=alike) == ([], [])
    assert given_away(weights, counts, states, alike=alike) is not None
