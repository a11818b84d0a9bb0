"""The rules as data: keys, values, sources, and patterns that read in linear time."""

import re
import re._constants as constants
import re._parser as parser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes.code_set import CodeSet
from registry.models import Background, Lesion, Result, RiskAssessment, Specimen
from registry.rules.reading import FIELDS, RULES, endoscopy, pathology
from registry.rules.reading.endoscopy import RULES as ENDOSCOPY
from registry.rules.reading.first import first_of
from registry.rules.reading.folding import fold
from registry.rules.reading.part import Part, Read
from registry.rules.reading.pathology import RULES as PATHOLOGY
from registry.rules.reading.rule import Scanner, Word
from registry.rules.reading.size import ONE
from tests.rules.reading.score import sentences

RECORDS = {
    "lesion": Lesion,
    "background": Background,
    "result": Result,
    "specimen": Specimen,
    "risk": RiskAssessment,
}
ALL = list(dict.fromkeys((*ENDOSCOPY, *PATHOLOGY)))
FOLDED = [fold(one["text"])[0] for one in sentences()]
TEXT = "\n".join(FOLDED)
each_rule = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)


def test_a_key_names_one_rule() -> None:
    assert len({rule.key for rule in ALL}) == len(ALL)
    assert set(RULES) >= {rule.key for rule in ALL}
    assert all(len(key) <= 60 for key in RULES)


@each_rule
def test_a_rule_that_proposes_says_where_from_and_means_a_code(rule: Any) -> None:
    if rule.says in FIELDS:
        assert rule.source
        kind = FIELDS[rule.says]
        assert callable(rule.value) or isinstance(rule.value, kind)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_a_column_of_the_record(field: str) -> None:
    record, _, name = field.partition(".")
    column = RECORDS[record].__table__.columns[name]
    kind = FIELDS[field]
    if issubclass(kind, CodeSet):
        assert column.info["codes"] is kind
    else:
        assert column.type.python_type is kind


def repeats(parsed: Any) -> list[tuple[int, Any]]:
    """The lower and upper bounds of every repetition in a parsed pattern."""
    found = []
    for operation, argument in parsed:
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}:
            found.append((argument[0], argument[1]))
            found += repeats(argument[2])
        elif operation is constants.SUBPATTERN:
            found += repeats(argument[3])
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                found += repeats(branch)
        elif operation in {constants.ASSERT, constants.ASSERT_NOT}:
            found += repeats(argument[1])
    return found


@each_rule
def test_no_repetition_is_without_end(rule: Any) -> None:
    bounds = repeats(parser.parse(rule.pattern))
    assert all(most is not constants.MAXREPEAT and most <= 12 for _, most in bounds)


@each_rule
def test_a_rule_begins_as_it_is_looked_for(rule: Any) -> None:
    """`first_of` finds every sign that a match can begin with: none is lost by looking only there."""
    firsts = first_of(rule.pattern)
    pattern = re.compile(rule.pattern, re.ASCII)
    for words in (found.group() for found in pattern.finditer(TEXT)):
        assert words[0] in firsts


@pytest.mark.parametrize("scanner", [endoscopy.SCANNER, pathology.SCANNER], ids=["endoscopy", "pathology"])
def test_clause_by_clause_finds_what_the_whole_text_holds(scanner: Scanner) -> None:
    """Reading by clauses, some remembered, finds the same words as one pass over the whole text."""

    def told(words: list[Word]) -> list[object]:
        return [(one.rule.key, one.begins, one.ends, one.text, one.clause, one.sentence) for one in words]

    for text in [*FOLDED, *(",".join(pair) for pair in pairwise(FOLDED)), TEXT]:
        assert told(scanner.words(text)) == told(scanner.scan(text))


@given(st.text(st.sampled_from("0123456789. XCM厘米毫公分乘-至到,"), max_size=20))
def test_looking_at_what_follows_the_figure_loses_no_size(text: str) -> None:
    """A size is tried only where the first figure has a neighbour that a size can have."""
    ahead, size = ONE[: ONE.index(")") + 1], ONE[ONE.index(")") + 1 :]
    assert ahead.startswith("(?=")
    quickly, slowly = re.compile(ONE, re.ASCII), re.compile(size, re.ASCII)
    for place in range(len(text)):
        found = [pattern.match(text, place) for pattern in (quickly, slowly)]
        assert len({match and match.group() for match in found}) == 1


def test_the_first_signs_are_those_that_the_engine_knows() -> None:
    """Compared with the engine's own for patterns it has a prefix for."""
    for rule in ALL:
        parsed = parser.parse(rule.pattern)
        if parsed and parsed[0][0] is constants.LITERAL:
            assert first_of(rule.pattern) == {chr(parsed[0][1])}


@pytest.mark.parametrize("pattern", ["a*", "a?", "(a)b", "x|", ".a", "a+"])
def test_a_pattern_that_is_not_plain_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"plain|unbounded|capturing|begin"):
        first_of(pattern)


def test_a_value_is_written_as_it_is_stored() -> None:
    def code(field: str, value: Any) -> str:
        return Read(field, value, 0, 1, "rule").code

    assert code("specimen.en_bloc", True) == "true"
    assert code("lesion.distance_cm", 28.0) == "28"
    assert code("lesion.distance_cm", 28.5) == "28.5"
    assert code("lesion.size_mm", 12) == "12"
    assert Part("lesion", (Read("lesion.size_mm", 12, 0, 1, "size"),)).value("lesion.paris") is None
