"""Every example of the commands that count, in docs/ and in their help, does what it says."""

import re
import shlex
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from registry.cli import chart, funnel, life_table, rates, report, survival
from registry.codes.lesion import Organ
from registry.codes.outcome import TreatmentType
from registry.codes.person import Sex
from registry.codes.tumour import SummaryStage
from registry.services.staff import accounts
from registry.services.unit import change
from tests.cli.test_numbers import flask as flask
from tests.counted import case

DOCS = Path(__file__).parents[2] / "docs"
STAGES = [SummaryStage.LOCALISED, SummaryStage.REGIONAL, SummaryStage.DISTANT]
FORMATS = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF", ".docx": b"PK", ".xlsx": b"PK"}


@pytest.fixture
def cases(acting, alliance, tmp_path, monkeypatch):
    """Colonoscopies of two years with a tumour each, at two centres; and the files that examples name."""
    with acting("alliance_admin", None):
        zhang, _ = accounts.add_user(
            username="zhang", name="张医师", roles=[("endoscopist", alliance.city.id)]
        )
        zhang_id = zhang.id
    who = {"city": zhang_id, "county_a": alliance.user("endoscopist", "county_a")}
    serial = count()
    for key in ("city", "county_a"):
        with acting("endoscopist", key), change("test.cases") as unit:
            for number in range(60):
                day = date(2025, 1, 15) + timedelta(days=11 * number)
                seen = date(2019, 1, 1) + timedelta(days=23 * number)
                chance = 37 * next(serial) % 100
                case(
                    unit,
                    alliance.place(key).id,
                    kind="colonoscopy" if number % 2 else "ogd",
                    performed_on=day,
                    operator_id=who[key],
                    withdrawal_min=8 if chance < 70 else 4,
                    caecum_reached=chance > 8,
                    facts={"born_on": date(1940 + number % 31, 3, 4), "sex": Sex("12"[chance % 3 > 1])},
                    treatments=[{"type": TreatmentType("esd"), "started_on": seen + timedelta(days=chance)}],
                    tumours=[
                        {
                            "organ": Organ.COLON if number % 2 else Organ.STOMACH,
                            "invasive": True,
                            "summary_stage": STAGES[number % 3],
                            "incidence_on": seen,
                            "first_treatment": TreatmentType("esd")
                            if number % 4
                            else TreatmentType("surgery"),
                            "followed_days": 30 + 17 * chance,
                            "dead": chance % 7 < 3,
                        }
                    ],
                )
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for number in range(140):  # enough for a chart of months
            day, minutes = date(2025 + number // 120, number // 10 % 12 + 1, 9), 8 if number % 4 else 4
            case(unit, alliance.city.id, kind="colonoscopy", performed_on=day, withdrawal_min=minutes)
    rows = [f"{sex},{age},2020,{q}" for sex in (1, 2) for age, q in ((0, 0.005), (60, 0.01), (80, 0.06))]
    for name in ("china.csv", "china-2020.csv", "slopop.csv"):
        (tmp_path / name).write_text("\n".join(["sex,age,year,probability", *rows]))
    monkeypatch.chdir(tmp_path)


def examples(text):
    """The lines of code blocks, or of a help's examples, that call flask."""
    return [line.strip() for line in text.splitlines() if re.match(r"(?:    +)?flask ", line)]


def run(flask, example):
    """The example does not fail, says something, and writes the files that it names."""
    words = shlex.split(example.partition(" >")[0])[1:]
    said = flask(*words)
    assert said.strip() or "--out" in words, example
    for word in words:
        if (made := Path(word)).suffix in FORMATS:
            assert made.read_bytes().startswith(FORMATS[made.suffix]), example


@pytest.mark.slow
@pytest.mark.parametrize("page", ["numbers.md", "survival.md", "life-tables.md", "data-quality.md"])
def test_every_example_of_the_documentation_runs(page, flask, cases):
    found = examples((DOCS / page).read_text("utf-8"))
    assert len(found) >= 3
    for example in found:
        run(flask, example)


@pytest.mark.slow
def test_every_example_of_the_help_runs(flask, cases):
    table = life_table.command
    helped = [table, *(table.commands[name] for name in ("load", "list", "show", "remove"))]
    helped += [one.command for one in (survival, rates, funnel, chart, report)]
    for command in helped:
        found = examples(command.help)
        assert found, command.name
        for example in found:
            run(flask, example)


@pytest.mark.parametrize("command", ["rates", "survival", "funnel", "chart", "report", "life-table"])
def test_every_command_that_counts_is_documented(command):
    said = (DOCS / "numbers.md").read_text("utf-8")
    assert f"\nflask {command} " in said
    if command == "survival":
        assert set(re.findall(r"--method ([\w-]+)", said)) == {"cif", "cox", "ederer2", "pohar-perme", "km"}
