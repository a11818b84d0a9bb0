"""What holds for every text: nothing crashes, words lie inside, twice is the same, lists are the sum."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.codes.lesion import Organ
from registry.rules.reading import FIELDS, Part, read_endoscopy, read_pathology
from registry.rules.reading.endoscopy import MOST_PARTS
from registry.rules.reading.folding import _fold_one, fold
from tests.rules.reading.score import sentences

SENTENCES = list(sentences())
PIECES = sorted(
    {piece for one in SENTENCES for piece in one["text"].replace("，", "。").split("。") if piece}
)
SIGNS = list("，。；、：（）()-+?？0123456789.XxIVabcＡⅡ①②㎜µ\n\r\t \u3000\x00\x1e癌未见疑cm距大小")
TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from(SIGNS)),
    st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(SIGNS)), max_size=30).map("".join),
)
ENDOSCOPIC = [one["text"] for one in SENTENCES if one["kind"] == "endoscopy"]
PATHOLOGICAL = [one["text"] for one in SENTENCES if one["kind"] == "pathology"]


def shifted(parts: list[Part], kind: str, by: int) -> list[object]:
    """Parts of a kind, with their words further on in a longer text."""
    return [
        (part.organ, part.site, [(r.field, r.value, r.begins + by, r.ends + by, r.rule) for r in part.reads])
        for part in parts
        if part.kind == kind
    ]


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from([None, True, False]), st.sampled_from([None, *Organ]))
def test_any_text_is_read_and_its_words_lie_inside(text: str, yes: bool | None, organ: Organ | None) -> None:
    for parts in (read_endoscopy(text, upper=yes), read_pathology(text, organ=organ, resected=yes)):
        assert len(parts) <= MOST_PARTS + 1
        for part in parts:
            assert part.reads
            assert len({read.field for read in part.reads}) == len(part.reads)
            for read in part.reads:
                assert 0 <= read.begins < read.ends <= len(text)
                assert isinstance(read.value, FIELDS[read.field])
                json.dumps(read.code)
    assert read_endoscopy(text, upper=yes) == read_endoscopy(text + "", upper=yes)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_folding_knows_the_way_back(text: str) -> None:
    folded, places = fold(text)
    assert len(places) == len(folded) + 1
    assert list(places) == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert fold(folded)[0] == folded or "\x1e" in folded


def test_every_sign_becomes_what_it_becomes_alone() -> None:
    """Also those that are not looked at one by one; a space between two figures stays, and no other."""
    for sign in map(chr, range(0x10000)):
        folded = _fold_one(sign)
        assert fold(f"1{sign}2")[0] == f"1{folded if folded == ' ' else folded.replace(' ', '')}2"
        assert fold(f"癌{sign}")[0] == f"癌{folded.replace(' ', '')}"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(ENDOSCOPIC), min_size=1, max_size=6))
def test_a_list_of_findings_is_the_sum_of_its_findings(texts: list[str]) -> None:
    expected: list[object] = []
    at = 0
    for text in texts:
        expected += shifted(read_endoscopy(text), "lesion", at + 2)
        at += len(text) + 2
    assert shifted(read_endoscopy("".join(f"\n①{text}" for text in texts)), "lesion", 0) == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PATHOLOGICAL), min_size=1, max_size=6), st.booleans())
def test_a_list_of_results_is_the_sum_of_its_results(texts: list[str], resected: bool) -> None:
    expected: list[object] = []
    at = 0
    for text in texts:
        expected += shifted(read_pathology(text, resected=resected), "result", at + 2)
        at += len(text) + 2
    joined = "".join(f"\n①{text}" for text in texts)
    assert shifted(read_pathology(joined, resected=resected), "result", 0) == expected


@pytest.mark.parametrize("width", [str, lambda text: text.translate({ord("-"): "－", ord("("): "（"})])
def test_spelling_does_not_matter(width: object) -> None:
    """粘 and 黏, full and half width, case, Roman numerals and the letters they are made of."""
    one = read_endoscopy("胃窦粘膜见0-Ⅱa+Ⅱc病变(约1.2cm×0.8cm)")
    other = read_endoscopy("胃窦黏膜见０－IIa＋IIC病变（约１．２ＣＭ＊0.8㎝）")
    assert [read.code for part in one for read in part.reads] == ["C16.3", "0-IIa+IIc", "12"]
    assert [read.code for part in other for read in part.reads] == ["C16.3", "0-IIa+IIc", "12"]


@pytest.mark.parametrize(
    "text", ["未见" * 50_000, "0-IIa" * 20_000, "（" * 90_000, "1.2cm×" * 20_000, "，" * 90_000]
)
def test_a_flood_of_signs_ends(text: str) -> None:
    """Every repetition in every rule is bounded (test_rules.py); this would not come back otherwise."""
    assert len(read_endoscopy(text)) <= MOST_PARTS + 1
    assert len(read_pathology(text)) <= MOST_PARTS + 1
