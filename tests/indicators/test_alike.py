"""What counts the same is counted once: same question, another name; a limit or an age apart is another."""

from dataclasses import replace

from registry.indicators import INDICATORS
from registry.indicators.alike import first_alike
from registry.label import Label


def alike(*keys):
    return len(set(first_alike([INDICATORS[key] for key in keys]).values())) == 1


def test_editions_of_one_question_are_counted_once():
    assert alike("CDEI-05", "AGA-PREP", "ASGE-PREP", "ESGE-PREP", "UK-PREP")
    assert alike("ASGE-CIR", "ESGE-CIR", "UK-CIR", "BCSP-CIR", "AGA-CIR")
    assert alike("CDEI-12", "CDEI-12.known")  # divided otherwise, counted alike
    assert alike("PEUGIC", "UK-OGD-MISSED")


def test_another_limit_mark_or_unit_is_another_question():
    assert not alike("ESGE-7MIN", "ESGE-DURATION")
    assert not alike("CDEI-06", "ASGE-CIR")
    assert not alike("PEUGIC", "PEUGIC.0")
    assert not alike("ASGE-ADR", "ASGE-ADR.2015")
    assert not alike("UK-WITHDRAWAL", "ASGE-WITHDRAWAL")  # from 45 years on
    assert not alike("BCSP-ADR", "ASGE-ADR-FIT")  # bowel disease is left out of one
    assert not alike("CDEI-12", "CDEI-13")


def test_a_number_within_a_definition_tells_it_apart():
    six = INDICATORS["CDEI-07"]
    again = replace(six, key="again", label=Label("再", "again"), target=0.9)
    nine = replace(six, key="nine", met=six.met.left >= 9)
    without = replace(six, key="without", met=None)
    assert first_alike([six, again, nine, without]) == {six: six, again: six, nine: nine, without: without}
