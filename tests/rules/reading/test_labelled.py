"""How well the labelled sentences are read, and that what is published of it is what was measured."""

import pytest

from registry.codes.code_set import CodeSet
from registry.rules.reading import FIELDS, RULES
from tests.rules.reading.publish import TOLD, measured, page
from tests.rules.reading.score import CANCER, MEASURED, ROUNDS, SETS, read, score, sentences

SENTENCES = list(sentences())


def test_there_are_enough_sentences_and_a_third_had_not_been_seen() -> None:
    assert len(SENTENCES) >= 420
    assert sum(sentence["set"] in ROUNDS for sentence in SENTENCES) >= len(SENTENCES) / 3
    assert len({(one["text"], one.get("resected"), one.get("organ")) for one in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("first", [False, True], ids=["now", "first reading"])
@pytest.mark.parametrize("field", ["result.vienna", CANCER])
def test_category_and_cancer_are_read_rightly(field: str, first: bool) -> None:
    """The aim: precision of 0.99 at a recall of 0.8, also where the rules had not seen the sentences."""
    tally = score(ROUNDS if first else SETS, first=first).fields[field]
    assert tally.true >= 50
    assert tally.precision >= 0.99
    assert tally.recall >= 0.8


def test_what_asserts_nothing_proposes_nothing() -> None:
    silent = [sentence for sentence in SENTENCES if not sentence["expected"]]
    assert len(silent) > 100
    assert [sentence["text"] for sentence in silent if read(sentence)] == []


def test_what_is_published_is_what_was_measured() -> None:
    """`python -m tests.rules.reading.score` writes both anew."""
    assert MEASURED.read_text(encoding="utf-8") == measured()
    assert TOLD.read_text(encoding="utf-8") == page()


def test_labels_name_fields_and_codes_that_exist() -> None:
    for sentence in SENTENCES:
        for part in sentence["expected"]:
            for field, value in part.items():
                if field in FIELDS and issubclass(FIELDS[field], CodeSet):
                    assert FIELDS[field](value).code == value
                assert field in FIELDS or field in {"kind", "where"}


def test_every_field_and_most_rules_that_propose_are_tried() -> None:
    labelled = {field for one in SENTENCES for part in one["expected"] for field in part}
    assert set(FIELDS) <= labelled
    used = {found.rule for one in SENTENCES for part in read(one) for found in part.reads}
    assert used <= set(RULES)
    assert len(used) > 80


def test_every_read_points_at_its_words() -> None:
    for sentence in SENTENCES:
        text = sentence["text"]
        for part in read(sentence):
            for found in part.reads:
                assert 0 <= found.begins < found.ends <= len(text)
                assert isinstance(found.value, FIELDS[found.field])
                assert text[found.begins : found.ends] == text[found.begins : found.ends].strip()
