"""Reports as files: fonts inside, pages counted, text that can be read back, figures as computed."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as some

from registry.exchange.papers import written
from registry.exchange.papers.lines import CLOSES, broken
from registry.reports.papers.paper import Grid, Heading, Paper, Picture, Sheet, Words

ONE_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "0500015ef32ac50000000049454e44ae426082"
)


def paper(rows=3, language="zh"):
    table = Grid(
        ["中心", "达到／分母"],
        [[f"县医院 {row}", f"{row}/345"] for row in range(rows)],
        (3, 1),
        frozenset({1}),
        total=True,
    )
    records = [{"indicator": "CDEI-04", "estimate": 0.1234567890123, "met": None, "label": "=1+1"}]
    return Paper(
        "brief", "早癌简报", "联盟", "2026 年 10 月", date(2026, 11, 2), language,
        [
            Words("查出早癌 7 人。"), Heading("各中心"), table, Picture(ONE_DOT, "一个点"),
            Words("定义", small=True),
        ],
        [Sheet("本期", records), Sheet("各中心", [])],
    )  # fmt: skip


def test_every_font_of_the_pdf_is_embedded_and_its_text_can_be_selected():
    file = written(paper(), "pdf")
    fonts = set(re.findall(rb"/BaseFont /([\w+-]+)", file))
    assert {font.partition(b"+")[2] for font in fonts} == {b"RegistrySansSC-Regular", b"RegistrySansSC-Bold"}
    subsets = len(re.findall(rb"/Subtype /TrueType", file))
    assert subsets == len(re.findall(rb"/FontFile2 \d", file)) == len(re.findall(rb"/ToUnicode \d", file)) > 0
    assert b"/Lang" in file


@pytest.mark.parametrize(("rows", "pages"), [(3, 1), (100, 3)])
def test_a_long_table_goes_on_over_numbered_pages(rows, pages):
    file = written(paper(rows), "pdf")
    assert int(re.search(rb"/Count (\d+)", file)[1]) == len(re.findall(rb"/Type /Page\b", file)) == pages


def test_the_same_report_is_the_same_pdf():
    assert written(paper(), "pdf") == written(paper(), "pdf")


def test_word_holds_the_same_words_and_numbers():
    made = Document(BytesIO(written(paper(), "docx")))
    titles = [one.text for one in made.paragraphs if one.style.name in {"Title", "Heading 1"}]
    assert titles == ["早癌简报", "各中心"]
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert cells == [["中心", "达到／分母"], *([f"县医院 {row}", f"{row}/345"] for row in range(3))]
    foot = made.sections[0].footer.paragraphs[0]
    assert "数据截至 2026-11-02" in foot.text
    assert re.findall(r"<w:instrText>(\w+)<", foot._p.xml) == ["PAGE", "NUMPAGES"]
    assert len(made.inline_shapes) == 1


def test_word_keeps_columns_numbers_and_figures_together():
    """Widths stand where Word and where LibreOffice and WPS look; no line ends inside a number."""
    (table,) = (made := Document(BytesIO(written(paper(), "docx")))).tables
    for places in ([column.width for column in table.columns], [cell.width for cell in table.rows[0].cells]):
        assert places[0] == pytest.approx(3 * places[1], rel=1e-3)
    order = [child.tag.partition("}")[2] for child in table._tbl.tblPr]
    schema = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    assert order == [name for name in schema if name in order]
    assert {"tblBorders", "tblCellMar"} <= set(order)
    said = written(replace(paper(), blocks=[Grid(["n"], [["1\u2009057 · 83.2 %"]], (1,))]), "docx")
    assert Document(BytesIO(said)).tables[0].rows[1].cells[0].text == "1\u202f057 · 83.2\u00a0%"
    figure = replace(paper(), blocks=[Words("what is seen"), Picture(ONE_DOT, "")])
    before = Document(BytesIO(written(figure, "docx"))).paragraphs[-2]
    assert (before.text, before.paragraph_format.keep_with_next) == ("what is seen", True)
    assert made.paragraphs[2].paragraph_format.keep_with_next is None


def test_the_workbook_keeps_every_figure_and_no_formula():
    book = openpyxl.load_workbook(BytesIO(written(paper(), "xlsx")))
    assert book.sheetnames == ["报告", "本期", "各中心"]
    head, row = book["本期"].iter_rows()
    found = dict(zip([cell.value for cell in head], row, strict=True))
    assert found["estimate"].value == 0.1234567890123
    assert found["met"].value is None
    assert (found["label"].value, found["label"].data_type) == ("=1+1", "s")


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="pdf, docx, xlsx"):
        written(paper(), "odt")


@given(some.text(alphabet="胃早癌，。（）12 %ab·／", max_size=60), some.integers(2, 20))
def test_lines_keep_every_sign_and_their_width(text, room):
    """Nothing is lost but spaces, no line is too wide, and none begins with a closing sign that had room."""
    lines = broken(text, room, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= room for line in lines)


def test_a_line_breaks_between_words_not_inside():
    lines = broken("ESD 整块切除率为 100.0 %（61.0–100.0），共 6/6。", 16, len)
    assert "100.0" in " ".join(lines).split()
    assert not any(line[0] in CLOSES for line in lines)
