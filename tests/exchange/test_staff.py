"""The workbook of centres, accounts and codes: written, filled in, read back."""

import io

import openpyxl
import pytest

from registry.exchange import staff
from registry.exchange.readers import Unreadable
from registry.label import reading


@pytest.fixture
def workbook(tmp_path):
    """`workbook(rows, language)`: the template with these rows, as a path and as openpyxl reads it."""

    def made(rows, language="zh"):
        with reading(language):
            content = staff.template(rows)
        path = tmp_path / "staff.xlsx"
        path.write_bytes(content)
        return path, openpyxl.load_workbook(io.BytesIO(content))

    return made


ROWS = {
    "users": [{"username": "zhang", "name": "张医师", "role": "内镜医师", "centre": "370001"}],
    "codes": [{"kind": "医师", "code": "D01", "username": "zhang", "meaning": "=1+1"}],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_is_read_back(workbook, language):
    path, _ = workbook(ROWS, language)
    entries = staff.read(path)
    assert {(one.sheet, one.line): dict(one.cells) for one in entries} == {
        ("users", 2): ROWS["users"][0],
        ("codes", 2): ROWS["codes"][0],
    }


def test_a_formula_stays_text_and_choices_are_offered(workbook):
    _, book = workbook(ROWS)
    page = book["来源代码"]
    assert [cell.data_type for cell in page[2] if cell.value == "=1+1"] == ["s"]
    assert page["C2"].number_format == "@"
    rules = [rule.formula1 for rule in book["用户"].data_validations.dataValidation]
    assert any("内镜医师" in rule for rule in rules)
    assert book.sheetnames == ["说明", "中心", "用户", "来源代码"]


def test_one_table_tells_by_its_headings_what_it_is(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("用户名,姓名,角色,机构代码\nli,李医师,录入员,370002\n", "utf-8")
    (entry,) = staff.read(path)
    assert (entry.sheet, entry["name"], entry["centre"]) == ("users", "李医师", "370002")


def test_another_workbook_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["病理号", "诊断", "日期"])
    book.active.append(["H1", "慢性胃炎", "2024-01-01"])
    path = tmp_path / "other.xlsx"
    book.save(path)
    with pytest.raises(Unreadable, match="模板"):
        staff.read(path)
