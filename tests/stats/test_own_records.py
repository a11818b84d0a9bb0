"""What docs/own-records.md states on many runs, on few: calls by chance are rare, what is there is seen."""

import numpy as np
import pytest

from benchmarks.operating import own_records
from registry.stats.heaping import heap


def test_smooth_times_are_not_called_and_written_sixes_are():
    for words, curve in own_records.CURVES.items():
        if "1.2" not in words:
            assert own_records.heaped(curve, 400, 0.0) < 0.001
    seven = own_records.CURVES["gamma, mean 7, spread 2.3"]
    assert own_records.heaped(seven, 150, 0.9) > 0.9


def test_the_exact_share_is_what_a_simulation_gives():
    seven, rng = own_records.CURVES["gamma, mean 7, spread 2.3"], np.random.default_rng(4)
    called = 0
    for _ in range(300):
        minutes = seven.rvs(150, random_state=rng)
        minutes[(minutes < 5.5) & (rng.random(150) < 0.6)] = 6
        counts = np.histogram(minutes, np.arange(3.5, 9.0))[0]
        called += heap(counts).p < 0.001
    assert called / 300 == pytest.approx(own_records.heaped(seven, 150, 0.6), abs=0.12)


def test_rows_are_called_as_rarely_as_designed_and_blocks_are_seen():
    assert all(
        own_records.runs_by_chance(n, p) < 0.001 for n in own_records.SIZES for p in own_records.NORMAL
    )
    assert own_records.runs_with(300, 0.75, row=84, runs=5) > 0.7
    assert own_records.runs_of_days(300, runs=100) <= 0.02


def test_peers_who_vary_seldom_make_a_stranger():
    assert own_records.beside(8, 0.05, 0.0, runs=300) == 0
    assert own_records.beside(15, 0.05, 0.0, times=6, runs=40) > 0.9


def test_the_page_has_a_place_for_everything():
    assert "%(" not in own_records.write(16)
