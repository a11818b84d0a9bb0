"""`flask import`, from the register's file to R's numbers."""

import csv
import json
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "data"
COLREC = DATA / "colrec.csv"
DAYS = [365, 730, 1095, 1826, 3652]


@pytest.fixture
def flask(app, alliance):
    """`flask("import", …)` runs a command on the registry; gives its result."""

    def run(*words):
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return run


def test_the_slovene_register_gives_rs_survival(flask, alliance):
    done = flask("import", COLREC, "--mapping", "colrec", "--centre", alliance.city.code)
    assert done.exit_code == 0, done.output
    assert "5,971" in done.output
    told = flask("survival", "--by", "summary_stage", "--days", ",".join(map(str, DAYS)), "--format", "json")
    assert told.exit_code == 0, told.output
    answer = json.loads(told.output)
    oracle = json.loads((DATA / "km_colrec.json").read_text())["by_stage"]["log-log"]["points"]
    points = {(point["stratum"], point["day"]): point for point in oracle}
    groups = {group["group"]: group for group in answer["groups"]}
    assert set(groups) == {"localised", "regional", "distant", "unknown"}
    assert sum(group["n"] for group in groups.values()) == 5971
    compared = 0
    for name, group in groups.items():
        for at in group["at"]:
            expected = points[name, at["day"]]
            assert at["at_risk"] == expected["n_risk"]
            assert at["estimate"] == pytest.approx(expected["surv"], abs=1e-9)
            assert at["lower"] == pytest.approx(expected["lower"], abs=1e-9)
            assert at["upper"] == pytest.approx(expected["upper"], abs=1e-9)
            compared += 1
    assert compared == 20
    tested = json.loads((DATA / "logrank.json").read_text())["colrec_stage_all4"]["logrank_rho0"]
    assert answer["log_rank"]["chi2"] == pytest.approx(tested["chisq"], abs=1e-6)
    assert answer["log_rank"]["df"] == 3
    again = flask("import", COLREC, "--mapping", "colrec", "--centre", alliance.city.code)
    assert "5,971" in again.output
    assert "新增 0" in again.output


@pytest.fixture
def faulty(tmp_path):
    """Five patients, two of whom no registry can take."""
    lines = COLREC.read_text("utf-8").splitlines()[:6]
    lines[2] = lines[2].replace("female", "neither")
    lines[4] = lines[4].replace(",3998,", ",3999,")
    path = tmp_path / "faulty.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_refused_rows_are_reported_with_their_reasons(flask, alliance, faulty, tmp_path):
    words = ("import", faulty, "--mapping", "colrec", "--centre", alliance.city.code, "--report")
    assert flask(*words, tmp_path / "rehearsal.json", "--dry-run").exit_code == 0
    told = json.loads((tmp_path / "rehearsal.json").read_text("utf-8"))
    assert (told["new"], told["refused"]) == (3, 2)
    assert [(row["line"], row["field"]) for row in told["reasons"]] == [
        ("3", "person-sex"),
        ("5", "followed_days"),
    ]
    assert flask(*words, tmp_path / "report.csv").exit_code == 0
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["field"], row["reason"]) for row in rows[:5]] == [
        ("new", "3"),
        ("unchanged", "0"),
        ("updated", "0"),
        ("refused", "2"),
        ("flagged", "0"),
    ]
    assert [(row["line"], row["what"]) for row in rows[5:]] == [("3", "refused"), ("5", "refused")]


def test_without_a_report_the_first_reasons_are_shown(flask, alliance, faulty):
    done = flask("import", faulty, "--mapping", "colrec", "--centre", alliance.city.code)
    assert done.exit_code == 0
    assert "第 3 行" in done.output
    assert "neither" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--mapping", "colrec", "--centre", "nowhere"], "nowhere"),
        (["--mapping", "no-such", "--centre", "370001"], "no-such"),
    ],
)
def test_a_wrong_word_is_answered_not_traced(flask, words, said):
    done = flask("import", COLREC, *words)
    assert done.exit_code != 0
    assert said in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
