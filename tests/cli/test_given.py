"""What is given wrongly to a command that counts is answered in a sentence, and nothing is written."""

from pathlib import Path

from registry.label import reading
from tests.cli.test_numbers import cases as cases
from tests.cli.test_numbers import flask as flask

TURNED = ("--from", "2001-12-31", "--to", "2001-01-01")
AHEAD = ("--from", "2999-01-01")


WRONG = [
    (("rates", *TURNED), "起止写反了", "turned round"),
    (("funnel", "CDEI-07", *TURNED), "起止写反了", "turned round"),
    (("chart", "CDEI-07", *TURNED), "起止写反了", "turned round"),
    (("review", "data-quality", *TURNED), "起止写反了", "turned round"),
    (("review", "sample", "agreement", "--from", "2001-12", "--to", "2001-01"), "写反了", "turned round"),
    (("rates", *AHEAD), "2999-01-01 还没有到", "yet to come"),
    (("chart", "CDEI-07", *AHEAD), "2999-01-01 还没有到", "yet to come"),
    (("rates", "--from", "2001-13-01"), "不是日期", "write it as 2026-01-31"),
    (("rates", "--indicator", "CDEI-77"), "有：CDEI-07", "there are: CDEI-07"),
    (("rates", "--set", "NHC"), "NHC-2022", "NHC-2022"),
    (("funnel", "ADR"), "没有 ADR", "there is no ADR"),
    (("review", "alerts", "--month", "2999-01"), "2999-01 还没有结束", "not over yet"),
    (("review", "signals", "--month", "2999-01"), "2999-01 还没有结束", "not over yet"),
    (("review", "close-month", "2999-01"), "2999-01 还没有结束", "not over yet"),
    (("review", "close-month", "2001-13"), "请写成 2026-10", "write it as 2026-10"),
    (("review", "month", "2001-01"), "2001-01 没有封存", "not closed"),
    (("review", "sample", "draw", "2999-01"), "2999-01 还没有结束", "not over yet"),
    (("first-table", "--year", "2199"), "2199 年还没有到", "yet to come"),
    (("life-table", "show", "china"), "没有寿命表 china", "no life table china"),
    (("survival", "--site", "Q99"), "没有部位或器官 Q99", "no site or organ"),
    (("survival", "--at", "one"), "请写成 1,3,5", "no list of numbers"),
    (("survival", "--figure", "nowhere/curve.svg"), "没有文件夹 nowhere", "no folder nowhere"),
    (("funnel", "CDEI-07", "--figure", "nowhere/funnel.svg"), "没有文件夹", "no folder nowhere"),
    (("funnel", "CDEI-07", "--figure", "there.svg"), "已存在", "--overwrite"),
    (("chart", "CDEI-07", "--figure", "there.svg"), "已存在", "--overwrite"),
    (("survival", "--figure", "there.svg"), "已存在", "--overwrite"),
]  # fmt: skip


def test_what_is_wrong_is_said_in_the_language_of_the_terminal(flask, tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("there.svg").write_text("of last month")
    for words, said, said_in_english in WRONG:
        assert said in flask(*words, exit_code=2), words
        with reading("en"):
            told = flask(*words, exit_code=2)
        assert said_in_english in told, words
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in told), told
        assert [path.name for path in folder.iterdir()] == ["there.svg"], words
    assert Path("there.svg").read_text() == "of last month"


def test_a_figure_is_replaced_where_that_is_said(flask, cases, tmp_path):
    drawn = tmp_path / "there.svg"
    for words in (("survival",), ("funnel", "CDEI-07")):
        drawn.write_text("of last month")
        flask(*words, "--figure", drawn, "--overwrite")
        assert drawn.read_bytes().startswith(b"<?xml"), words


def test_a_rate_of_nought_keeps_its_unit(flask, cases):
    told = flask("rates", "--indicator", "EARLY-COLORECTUM", "--from", "2001-01-01", "--to", "2002-12-31")
    assert "0.0 ‰" in told


def test_a_cusum_without_a_call_is_told_once(flask, cases):
    told = flask("chart", "CDEI-07", "--cusum", "--level", "5%", "--odds", "2")
    assert told.count("没有报警") == 1
