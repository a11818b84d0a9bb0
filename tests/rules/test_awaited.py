"""Awaited is not unknown: the table of cases for one record, and for one person with several."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.awaited import State, of_person, provisional, state, tally

MET, AWAITED, UNKNOWN, NOT_MET, OUT = (
    State.MET,
    State.AWAITED,
    State.UNKNOWN,
    State.NOT_MET,
    State.NOT_ELIGIBLE,
)


@pytest.mark.parametrize(
    ("eligible", "met", "sampled", "awaited", "expected"),
    [
        # eligible, criterion, tissue taken, report awaited → state
        (True, True, True, False, MET),
        (True, True, True, True, MET),  # a report to come cannot take back what is proved
        (True, True, None, False, MET),
        (True, False, True, False, NOT_MET),
        (True, False, True, True, AWAITED),  # one report says no, another is still to come
        (True, False, False, False, NOT_MET),
        (True, None, False, False, NOT_MET),  # no tissue taken = not met
        (True, None, True, True, AWAITED),  # tissue taken, report awaited = awaited
        (True, None, True, False, UNKNOWN),  # reported, but it does not say: depth unknown
        (True, None, None, False, UNKNOWN),  # not a matter of pathology, and not recorded
        (True, None, None, True, AWAITED),
        (False, True, True, False, OUT),
        (False, None, True, True, OUT),
        (None, None, True, True, AWAITED),  # whether it is a cancer at all is awaited
        (None, True, True, True, AWAITED),
        (None, None, True, False, UNKNOWN),
        (None, False, False, False, UNKNOWN),
    ],
)
def test_one_record(
    eligible: bool | None, met: bool | None, sampled: bool | None, awaited: bool, expected: State
) -> None:
    assert state(eligible=eligible, met=met, sampled=sampled, awaited=awaited) is expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        # Counting persons: any met → met; else any awaited → awaited; else unknown; else not met
        ([], OUT),
        ([OUT], OUT),
        ([OUT, NOT_MET], NOT_MET),
        ([NOT_MET, NOT_MET], NOT_MET),
        ([NOT_MET, UNKNOWN], UNKNOWN),
        ([UNKNOWN, AWAITED], AWAITED),
        ([NOT_MET, AWAITED], AWAITED),
        ([AWAITED, MET], MET),
        ([NOT_MET, UNKNOWN, AWAITED, MET, OUT], MET),
    ],
)
def test_one_person(states: list[State], expected: State) -> None:
    assert all(of_person(order) is expected for order in permutations(states))


@given(st.lists(st.sampled_from(list(State))), st.lists(st.sampled_from(list(State))))
def test_persons_can_be_combined_in_any_grouping(first: list[State], second: list[State]) -> None:
    assert of_person([of_person(first), of_person(second)]) is of_person([*first, *second])


@given(st.lists(st.sampled_from(list(State))))
def test_eligible_is_the_sum_of_its_parts(states: list[State]) -> None:
    counted = tally(states)
    assert counted.eligible == counted.known + counted.awaited + counted.unknown
    assert counted.eligible == len(states) - states.count(OUT)


def test_a_rate_is_provisional_until_95_percent_are_reported() -> None:
    assert provisional(949, 1000) and not provisional(950, 1000)
    assert not provisional(0, 0)
    with pytest.raises(ValueError, match="3 of 2"):
        provisional(3, 2)
