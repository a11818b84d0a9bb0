"""The workbook of returned rows: text as written, reasons beside their cells, nothing that calculates."""

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.returned import Reason, Returned, packed, reasons, unpacked, workbook
from registry.label import Label, reading
from registry.rules.problem import Problem
from registry.services.imports import Refused

RULE = Label("数值界限", "Limits of the value")
HEADER = ("姓名", "身份证号", "大小", "备注")


def too_large(field="lesions-0-size_mm"):
    return Problem(field, Label("应在 1–300 之间", "Must be within 1–300"), RULE, refuse=True)


@pytest.fixture
def refused():
    """One case of two rows; the size in the second is impossible."""
    first = {"姓名": "张三", "身份证号": "11010519491231002X", "大小": "5", "备注": "=1+1"}
    second = {**first, "大小": "900", "备注": ""}
    where = {"lesions-0-size_mm": (4, "大小"), "lesions-0-site": (4, "备注"), "enrolment-name": (3, "姓名")}
    return Refused((3, 4), (too_large(),), where, ((3, first), (4, second)))


def opened(returned):
    return openpyxl.load_workbook(BytesIO(workbook(returned)))


def test_a_reason_stands_beside_its_cell(refused):
    book = opened(Returned(HEADER, (refused,), ()))
    assert book.sheetnames == ["退回的行"]
    sheet = book.active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("退回原因", "原文件行号", *HEADER)
    assert rows[1][:2] == ("同一病例，见第 4 行", "3")
    assert rows[2][:2] == ("大小：应在 1–300 之间", "4")
    wrong = sheet["E3"]
    assert wrong.value == "900"
    assert wrong.fill.fgColor.rgb == "FFFCE4E2"
    assert "应在 1–300 之间" in wrong.comment.text
    assert sheet["E2"].comment is None
    assert sheet["E2"].fill.fill_type is None


def test_every_cell_is_text_and_none_a_formula(refused):
    sheet = opened(Returned(HEADER, (refused,), ())).active
    kinds = {(cell.data_type, cell.number_format) for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {("s", "@")}
    assert sheet["F2"].value == "=1+1"
    assert sheet["D2"].value == "11010519491231002X"
    assert sheet.freeze_panes == "C2"


def test_it_speaks_its_readers_language(refused):
    with reading("en"):
        book = opened(Returned(HEADER, (refused,), (refused,)))
    assert book.sheetnames == ["Rows returned", "Stored, please check"]
    assert book["Rows returned"]["A3"].value == "大小: Must be within 1–300"
    doubts = list(book["Stored, please check"].iter_rows(values_only=True, min_row=2))
    assert doubts == [("4", "大小", "900", "Must be within 1–300")]


def test_a_problem_of_a_whole_part_stands_in_the_line_of_the_part(refused):
    about = Refused(
        refused.lines, (too_large("lesions-0-paris"), too_large("row")), refused.where, refused.rows
    )
    found = reasons(about)
    assert [(one.line, one.column, one.cell) for one in found] == [(3, None, ""), (4, None, "")]
    assert isinstance(found[0], Reason)


def test_what_no_workbook_can_hold_is_held_as_far_as_it_goes():
    cells = {"姓名": "x" * 40_000, "身份证号": "a\ud800b", "大小": "\x00\x1f", "备注": "https://a.example"}
    strange = Refused((2,), (too_large("row"),), {}, ((2, cells),))
    row = next(opened(Returned(HEADER, (strange,), ())).active.iter_rows(values_only=True, min_row=2))
    assert len(row[2]) == 32_767
    assert row[3] == "a?b"
    assert row[5] == "https://a.example"


TEXT = st.text(max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4), st.integers(1, 10**6))
def test_what_is_packed_is_read_again(cells, line):
    rows = ((line, dict(cells)),)
    one = Refused((line,), (too_large(),), {"lesions-0-size_mm": (line, "大小")}, rows)
    told = Returned(HEADER, (one,), ())
    assert unpacked(packed(told)) == told
