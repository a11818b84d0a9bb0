"""`flask mapping`: what the columns of a file mean."""

from pathlib import Path

import pytest

EXPORTS = Path(__file__).resolve().parent.parent / "data" / "hospital_exports"


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["mapping", *map(str, words)])


def test_the_shipped_mappings_are_listed_and_shown(run):
    listed = run("list")
    assert listed.exit_code == 0
    names = {line.split()[0] for line in listed.output.splitlines()}
    assert {"colrec", "template", "workstation_a", "workstation_b"} <= names
    shown = run("show", "workstation_b")
    assert "退镜(min:s)" in shown.output
    assert run("show", "nothing").exit_code == 1


def test_a_draft_is_written_checked_and_reads(run, tmp_path):
    file, ours = EXPORTS / "workstation-a.xlsx", tmp_path / "ours.toml"
    assert run("draft", file, "--output", ours).exit_code == 0
    checked = run("check", file, "--mapping", ours, "--rows", 3)
    assert checked.exit_code == 0, checked.output
    assert "130900195012150032" in checked.output
    assert 'key = ["检查号"]' in run("draft", file).output


def test_a_check_fails_where_a_cell_or_a_column_does(run, tmp_path):
    file = EXPORTS / "workstation-b.csv"
    ours = tmp_path / "ours.toml"
    run("draft", file, "--output", ours)
    unread = run("check", file, "--mapping", ours, "--rows", 1)
    assert unread.exit_code == 1 and "未处理" in unread.output
    absent = run("check", file, "--mapping", "workstation_a")
    assert absent.exit_code == 1 and "检查号" in absent.output
    (tmp_path / "x.csv").write_bytes(b"\x89PNG....")
    assert run("draft", tmp_path / "x.csv").exit_code == 1
    assert run("check", tmp_path / "x.csv", "--mapping", "colrec").exit_code == 1


def test_the_template_is_written(run, tmp_path):
    assert run("template", tmp_path / "t.xlsx").exit_code == 0
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
