"""A text with its words marked: nothing is lost, nothing doubled, and a list shows only what is near."""

from hypothesis import given
from hypothesis import strategies as st

from registry.reports.readings import AROUND, measured, stretches
from registry.services.cases.proposals.finding import PROPOSABLE


@st.composite
def marked(draw):
    text = draw(st.text(alphabet="胃窦见管状腺瘤0.8cm，。", max_size=200))
    ends = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(ends, ends).map(lambda pair: tuple(sorted(pair))), max_size=6))
    return text, [pair for pair in pairs if pair[0] < pair[1]]


@given(marked())
def test_a_whole_text_is_shown_as_it_is_with_just_the_words_marked(given):
    text, marks = given
    found = stretches(text, marks, whole=True)
    assert "".join(one.text for one in found) == text
    wanted = {place for begins, ends in marks for place in range(begins, ends)}
    at, seen = 0, set()
    for one in found:
        seen |= set(range(at, at + len(one.text))) if one.marked else set()
        at += len(one.text)
    assert seen == wanted


@given(marked())
def test_what_is_far_from_all_marks_is_left_out(given):
    text, marks = given
    shown = "".join(one.text for one in stretches(text, marks))
    assert shown.strip("…") in text or not text
    if marks:
        reach = max(ends for _, ends in marks) - min(begins for begins, _ in marks)
        assert len(shown) <= reach + 2 * AROUND + 2


def test_every_field_that_is_proposed_says_how_well_it_is_read():
    figures = measured()
    told = [field for field in PROPOSABLE if field in figures]
    assert {"result.vienna", "result.who_type", "lesion.site", "lesion.size_mm"} <= set(told)
    for field in told:
        assert 0 <= figures[field]["precision"] <= 1
        assert 0 <= figures[field]["recall"] <= 1
