"""`flask report` writes what the page shows."""

from io import BytesIO

import openpyxl
import pytest
from docx import Document

from registry.services.unit import change
from tests.counted import case


@pytest.fixture
def flask(app, alliance, acting):
    """Runs `flask report …` on a registry with a dozen gastroscopies in January 2001."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for _ in range(12):
            case(unit, alliance.city.id, 0)

    def run(*words, exit_code=0):
        done = app.test_cli_runner().invoke(args=["report", *map(str, words)])
        assert done.exit_code == exit_code, done.output
        return done.output

    return run


def test_the_brief_as_word_pdf_and_workbook(flask, tmp_path, alliance):
    for suffix in ("docx", "pdf", "xlsx"):
        flask("monthly", "--period", "2001-01", "--out", tmp_path / f"brief.{suffix}")
    made = Document(tmp_path / "brief.docx")
    assert "12" in [cell.text for cell in made.tables[0].rows[-1].cells]
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")
    book = openpyxl.load_workbook(BytesIO((tmp_path / "brief.xlsx").read_bytes()))
    rows = list(book["各中心"].iter_rows(values_only=True))
    line = dict(zip(rows[0], rows[1], strict=True))
    assert (line["indicator"], line["group"], line["met"]) == ("CDEI-01", alliance.city.code, 12)


def test_a_quarter_of_one_centre_in_english(flask, tmp_path, alliance):
    out = tmp_path / "quarter.docx"
    of_centre = ("--centre", alliance.city.code, "--language", "en")
    told = flask("quarterly", "--period", "2001-Q1", *of_centre, "--out", out)
    assert "报告已写入" in told
    made = Document(out)
    assert made.paragraphs[0].text == "Quality report: Quarterly report"
    assert "Indicator" in made.tables[0].rows[0].cells[0].text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("monthly", "--period", "2001-Q1", "--out", "x.pdf"), "不是月度简报的时段"),
        (("monthly", "--period", "2999-01", "--out", "x.pdf"), "还没有开始"),
        (("monthly", "--period", "2001-01", "--out", "nowhere/x.pdf"), "没有文件夹 nowhere"),
        (("annual", "--period", "2001", "--out", "x.odt"), ".docx"),
        (("annual", "--period", "2001", "--centre", "NOWHERE", "--out", "x.pdf"), "NOWHERE"),
        (("weekly", "--out", "x.pdf"), "weekly"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(flask, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert said in flask(*words, exit_code=2)
    assert list(tmp_path.glob("x.*")) == []


def test_a_report_that_is_there_is_replaced_only_where_that_is_said(flask, tmp_path):
    out = tmp_path / "x.docx"
    out.write_text("of last month")
    words = ("monthly", "--period", "2001-01", "--out", out)
    assert "--overwrite" in flask(*words, exit_code=2)
    assert out.read_text() == "of last month"
    flask(*words, "--overwrite")
    assert out.read_bytes().startswith(b"PK")
