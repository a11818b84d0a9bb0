"""What a rule says, and logic that keeps "not known" apart from "no"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.label import Label, reading
from registry.rules.knowing import all_of, any_of, opposite
from registry.rules.problem import Invalid, Open, Problem, demand, flags, refusal, refusals, warning

ANSWERS = st.lists(st.sampled_from([True, False, None]), max_size=5)


def test_a_problem_finds_its_place_in_a_larger_form() -> None:
    assert warning("size_mm", "大", "large", "size").under("lesions-0").field == "lesions-0-size_mm"
    assert Open("size_mm", Label("大小", "Size")).under("lesions-1").field == "lesions-1-size_mm"


def test_flags_pass_and_refusals_stop_with_all_of_them() -> None:
    problems = [
        refusal("a", "甲", "first", "1"),
        warning("b", "乙", "second", "2"),
        refusal("c", "丙", "third", "3"),
    ]
    assert [problem.field for problem in refusals(problems)] == ["a", "c"]
    assert [problem.field for problem in flags(problems)] == ["b"]
    with pytest.raises(Invalid, match="a: first; c: third") as caught:
        demand(problems)
    assert [problem.field for problem in caught.value.problems] == ["a", "c"]
    assert demand(flags(problems)) == flags(problems)


def test_a_message_reads_in_the_readers_language() -> None:
    problem = Problem("a", Label("甲", "first"), Label("一", "1"), refuse=True)
    with reading("en"):
        assert str(problem.message) == "first"
    with reading("zh"):
        assert str(problem.message) == "甲"


@given(ANSWERS)
def test_any_and_all_are_each_others_opposite(answers: list[bool | None]) -> None:
    """De Morgan holds with three values too (Kleene 1952)."""
    assert any_of(answers) == opposite(all_of(opposite(answer) for answer in answers))


@given(ANSWERS)
def test_an_answer_never_changes_when_the_unknown_becomes_known(answers: list[bool | None]) -> None:
    for combine in (any_of, all_of):
        before = combine(answers)
        if before is not None:
            for settled in (True, False):
                assert combine([settled if answer is None else answer for answer in answers]) == before
