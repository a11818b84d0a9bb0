"""A draw can be repeated by anybody, and gives every record the same chance."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.sampling import drawn


def test_it_is_what_its_method_says():
    """By hand: the first of the digests in ascending order."""
    ids = [11, 5, 902, 33, 78]
    by_hand = sorted(ids, key=lambda one: hashlib.sha256(f"2026-10:{one}".encode()).hexdigest())
    assert drawn(ids, seed="2026-10", share=40, least=0) == by_hand[:2]


@given(st.sets(st.integers(1, 10**6), max_size=60), st.floats(0.1, 100), st.integers(0, 20), st.text("ab"))
def test_size_and_order_follow_from_the_seed_alone(ids, share, least, seed):
    found = drawn(ids, seed=seed, share=share, least=least)
    assert found == drawn(sorted(ids, reverse=True), seed=seed, share=share, least=least)
    assert set(found) <= ids
    assert min(least, len(ids)) <= len(found) <= len(ids)
    assert len(found) >= min(len(ids), len(ids) * share / 100 - 1e-6)
    more = drawn(ids | {10**7}, seed=seed, share=100, least=0)
    assert [one for one in more if one != 10**7] == drawn(ids, seed=seed, share=100, least=0)


def test_everybody_has_the_same_chance():
    """4000 draws of 5 from 20: each is drawn 1000 times, within five standard deviations of 27."""
    seen = Counter(one for seed in range(4000) for one in drawn(range(20), seed=str(seed), share=25, least=0))
    assert set(seen) == set(range(20))
    assert max(abs(times - 1000) for times in seen.values()) < 5 * 27.4


@pytest.mark.parametrize(("share", "least"), [(0, 1), (-1, 1), (101, 1), (5, -1)])
def test_what_is_out_of_bounds_is_refused(share, least):
    with pytest.raises(ValueError, match="share"):
        drawn([1], seed="a", share=share, least=least)
