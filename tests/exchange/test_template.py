"""The workbook for those who have no export: what it asks for is what its mapping reads."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from registry.codes.endoscopy import ExaminationType, Extent, Indication
from registry.codes.lesion import Site
from registry.codes.pathology import Method, Vienna
from registry.codes.person import Precision
from registry.exchange import mapping, readers, template
from registry.exchange.gathering import cases
from registry.rules.problem import refusals

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(BytesIO(template.workbook()))


def filled(path, *rows):
    """The template with these rows typed in, read back through its mapping."""
    book = openpyxl.load_workbook(BytesIO(template.workbook()))
    sheet = book["数据"]
    places = {cell.value: cell.column for cell in sheet[3] if cell.value}
    for line, row in enumerate(rows, 4):
        for name, value in row.items():
            sheet.cell(line, places[name], value)
    book.save(path)
    chosen = mapping.load(mapping.find("template"))
    table = readers.open_table(path, sheet=chosen.sheet, needed=chosen.columns)
    return sorted(cases.gather(table, chosen, today=TODAY), key=lambda case: case.key)


def test_its_sheets_columns_and_text_formats(book):
    assert book.sheetnames == ["说明", "数据", "字典", "代码表"]
    names = [cell.value for cell in book["数据"][3]]
    assert set(names) == mapping.load(mapping.find("template")).columns
    assert len(names) == len(set(names))
    assert names[:2] == ["检查号", "姓名"]
    place = names.index("证件号码") + 1
    spans = book["数据"].column_dimensions.values()  # neighbours of one format are one span
    assert [span.number_format for span in spans if span.min <= place <= span.max] == ["@"]
    assert [cell.value for cell in book["字典"]["A"]][1:] == names


def test_every_coded_column_has_a_list_of_its_codes(book):
    lists = {
        str(one.sqref).rstrip("0123456789").split(":")[0]: one
        for one in book["数据"].data_validations.dataValidation
    }
    for place, column in enumerate(template.columns(), 1):
        corner = f"{openpyxl.utils.get_column_letter(place)}4"
        if column.yes_no:
            assert lists[corner].formula1 == '"是,否"'
        elif column.codes is not None:
            sheet, _, cells = lists[corner].formula1.replace("$", "").partition("!")
            offered = [row[0].value for row in book[sheet.strip("'")][cells]]
            assert offered == [member.label.zh for member in column.codes], column.name
        else:
            assert corner not in lists


def test_what_is_typed_in_is_read_back(tmp_path):
    found = filled(
        tmp_path / "x.xlsx",
        {
            "姓名": "王小明", "登记号": "007", "证件号码": "11010519491231002X", "性别": "女",
            "检查号": "E1", "检查类型": "结肠镜检查", "检查日期": date(2024, 6, 3), "适应证": "健康体检",
            "到达部位": "回肠末端",
            "BBPS 右": 3, "BBPS 横": 2, "BBPS 左": 2, "退镜时间": 8.5, "盲肠留图": "是", "不良事件": "否",
            "病变序号": 1, "部位": "乙状结肠", "大小": "3-5", "取材方法": "冷圈套切除", "病理号": "B1",
            "病理报告": "管状腺瘤", "报告日期": date(2024, 6, 9), "维也纳分类": "低级别上皮内瘤变",
        },
        {"检查号": "E1", "病变序号": 2, "部位": "直肠"},
        {"检查号": "E2", "检查类型": "胃镜检查", "检查日期": "2024-06-04", "姓名": "李", "年龄": 63,
         "性别": "男"},
    )  # fmt: skip
    assert [refusals(case.problems) for case in found] == [[], []]
    first, second = found
    assert first.enrolment["record_number"] == "007"
    assert first.person["born_on"] == date(1949, 12, 31)
    examination = first.examination
    assert examination["type"] is ExaminationType.COLONOSCOPY
    assert examination["indication"] is Indication.CHECK_UP
    assert (examination["extent"], examination["caecum_reached"]) == (Extent.TERMINAL_ILEUM, True)
    assert (examination["bbps_right"], examination["withdrawal_min"]) == (3, 8.5)
    assert [lesion["site"] for lesion in first.lesions] == [Site.SIGMOID, Site.RECTUM]
    (specimen,) = first.specimens
    assert (specimen["method"], specimen["lesions"]) == (Method.COLD_SNARE, [1])
    assert specimen["report"]["results"][0]["vienna"] is Vienna.LOW_GRADE
    assert second.person["born_precision"] is Precision.AGE
    assert second.lesions == []


def test_an_empty_template_holds_no_case(tmp_path):
    assert filled(tmp_path / "x.xlsx") == []
