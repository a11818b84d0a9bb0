"""Linkage on made-up lists whose truth is known; docs/linkage.md shows what comes of it."""

import os
from pathlib import Path

import pytest

from registry.exchange.made_up import linkage_trial
from registry.exchange.made_up.doubles import register
from registry.rules.likeness.weights import ASK_BITS, LINK_BITS

PAGE = Path(__file__).parents[2] / "docs" / "linkage.md"
BEGIN, END = "<!-- made by tests/exchange/test_doubles.py -->\n", "<!-- end -->"


@pytest.fixture(scope="module")
def trial():
    return linkage_trial.run()


def test_the_page_shows_what_is_measured(trial):
    """REGISTRY_WRITE_DOCS=1 writes the page anew."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    now = before + BEGIN + linkage_trial.table(trial) + "\n" + END + rest.partition(END)[2]
    if os.environ.get("REGISTRY_WRITE_DOCS"):
        PAGE.write_text(now, "utf-8")
    assert page == now


def test_nobody_is_linked_whom_the_truth_denies(trial):
    assert len(trial.true_bits) >= 4_900
    assert trial.doubles >= 5_000
    assert trial.linked_wrongly == []
    assert trial.linked_rightly > 500
    assert max(bits for bits, _ in trial.false_bits) < LINK_BITS


@pytest.mark.parametrize("seed", range(5))
def test_nor_on_other_lists(seed):
    other = linkage_trial.run(seed, people=2_000, twice=500, related=1_000)
    assert other.linked_wrongly == []
    assert other.at(ASK_BITS)[3] > 0.9


def test_what_is_asked_about_is_nearly_all_there_is(trial):
    _, _, precision, recall = trial.at(ASK_BITS)
    assert recall > 0.93
    assert precision > 0.8
    for slip in (
        "nothing",
        "a sign of the same sound",
        "full signs",
        "letters",
        "day and month",
        "one digit",
    ):
        assert trial.recall_of(slip, ASK_BITS) > 0.98, slip


def test_father_and_son_of_one_name_are_hardly_asked_about(trial):
    made = list(register(linkage_trial.SEED, people=16_000, twice=5_000, related=3_000))
    sons = sum(one.how == "father and son" for one in made)
    asked = sum(how == "father and son" and bits >= ASK_BITS for bits, how in trial.false_bits)
    assert asked < 0.02 * sons
