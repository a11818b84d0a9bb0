"""The workbook for those who have no export: guidance, an empty table with drop-downs, dictionary, codes.

What it asks for is what its mapping reads (mapping/shipped/template.toml), so the two cannot part.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.codes.code_set import CodeSet
from registry.exchange import mapping
from registry.exchange.cells import About, usual
from registry.exchange.mapping.fields import column_of
from registry.exchange.mapping.meaning import Source
from registry.label import Label

NAME = "template"
GUIDE, DATA, DICTIONARY, CODES = "说明", "数据", "字典", "代码表"
ROWS = 5000
HEADER = 2  # zero-based: a title and the English names stand above
YES_NO = ("是", "否")
TITLE = Label("消化道早癌登记 数据模板", "Registry of early gastrointestinal cancer: template")
GUIDANCE = (
    Label(
        "在“数据”工作表中填写，每处病变一行；没有病变的检查也写一行。",
        "Fill in the sheet 数据: one row per lesion; an examination without one has a row too.",
    ),
    Label(
        "同一次检查的各行写同一个检查号；检查的内容写在第一行即可，其余各行可空。",
        "Rows of one examination bear its number; what concerns all of it may stand on the first alone.",
    ),
    Label(
        "第 3 行是列名，请勿改动；列的次序可以改，不用的列可以空着。",
        "Line 3 names the columns: leave it as it is. Columns may be moved or left empty.",
    ),
    Label(
        "第 2 行标有 * 的列必填。有下拉的列请选，也可以粘贴代码表中的任一写法。",
        "Columns marked * on line 2 are needed. Choose from the lists, or paste any spelling of 代码表.",
    ),
    Label(
        "证件号码、电话、检查号已设为文本；粘贴时请选“值”，否则表格软件会改掉末几位。",
        "Identity, telephone and examination numbers are text; paste values, or their last digits are lost.",
    ),
    Label(
        "日期写 2024-06-13；不知道出生日期时写检查时的年龄。",
        "Write days as 2024-06-13; where the birth date is not known, give the age at the examination.",
    ),
    Label(
        "不知道就空着：空白是“不详”，不是“否”。",
        "Leave empty what is not known: empty means unknown, never no.",
    ),
)
TEXT = frozenset({"证件号码", "电话", "检查号", "登记号", "病理号"})
NEEDED = frozenset({"检查号", "检查类型", "检查日期"})


@dataclass(frozen=True)
class Column:
    """One column of the template: its name, and the field that it feeds."""

    name: str
    record: str
    field: str
    label: Label
    codes: type[CodeSet] | None
    yes_no: bool
    unit: str
    limits: tuple[Any, Any] | None
    reader: str


def columns() -> list[Column]:
    """Every column: what tells cases apart first, then as the mapping's text has them, each once."""
    chosen = mapping.load(mapping.find(NAME))
    found: dict[str, Column] = {}
    for record in (name for name in tomllib.loads(chosen.content) if name in chosen.fields):
        for field, sources in chosen.fields[record].items():
            for source in sources:
                if source.column:
                    found.setdefault(source.column, _column(record, field, source))
    return sorted(found.values(), key=lambda column: column.name not in chosen.key)


def _column(record: str, field: str, source: Source) -> Column:
    info, kind = column_of(record, field)
    reader = source.read or usual(record, field, About(field, date.min, info, kind))
    label = Label("年龄（检查时）", "Age at the examination") if reader == "age" else info["label"]
    limits = None if "codes" in info else info.get("limits")
    unit = "" if reader == "age" else info.get("unit", "")
    name = source.column or ""
    return Column(name, record, field, label, info.get("codes"), kind is bool, unit, limits, reader)


def workbook() -> bytes:
    """The template as the bytes of an .xlsx file."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": f"{TITLE.zh} {TITLE.en}"})
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bg_color": "#E4EEF0", "border": 1, "text_wrap": True}),
            "note": book.add_format({"font_color": "#5A6B70", "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"num_format": "@"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheets = {name: book.add_worksheet(name) for name in (GUIDE, DATA, DICTIONARY, CODES)}
        found = columns()
        _guide(sheets[GUIDE], looks)
        lists = _codes(sheets[CODES], found, looks)
        _data(sheets[DATA], found, lists, looks)
        _dictionary(sheets[DICTIONARY], found, looks)
        sheets[DATA].activate()
    return content.getvalue()


def _guide(sheet: Any, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"{TITLE.zh}  {TITLE.en}", looks["title"])
    for line, said in enumerate(GUIDANCE, 2):
        sheet.write_string(line, 0, f"{said.zh}\n{said.en}", looks["wrap"])
        sheet.set_row(line, 34)


def _data(sheet: Any, found: list[Column], lists: dict[type[CodeSet], str], looks: dict[str, Any]) -> None:
    sheet.write_string(0, 0, f"{TITLE.zh}  {TITLE.en}", looks["title"])
    for place, column in enumerate(found):
        look = "text" if column.name in TEXT else "day" if column.reader in {"day", "moment"} else None
        sheet.set_column(place, place, 22 if column.name in TEXT else 14, looks.get(look or ""))
        sheet.write_string(HEADER - 1, place, f"{column.label.en}{_star(column)}", looks["note"])
        sheet.write_string(HEADER, place, column.name, looks["head"])
        chosen = YES_NO if column.yes_no else f"={lists[column.codes]}" if column.codes else None
        if chosen is not None:
            rule = {"validate": "list", "source": list(chosen) if column.yes_no else chosen}
            rule |= {"error_type": "warning", "error_title": DATA, "error_message": "代码表 Codes"}
            sheet.data_validation(HEADER + 1, place, HEADER + ROWS, place, rule)
    sheet.freeze_panes(HEADER + 1, 2)


def _star(column: Column) -> str:
    return " *" if column.name in NEEDED else ""


def _dictionary(sheet: Any, found: list[Column], looks: dict[str, Any]) -> None:
    heads = ("列 Column", "中文", "English", "字段 Field", "单位 Unit", "范围 Limits", "必填 Needed")
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, looks["head"])
        sheet.set_column(place, place, 24)
    for line, column in enumerate(found, 1):
        low, high = column.limits or ("", "")
        limits = f"{low}–{high}" if column.limits else ""
        cells = (
            column.name,
            *column.label,
            f"{column.record}.{column.field}",
            column.unit,
            limits,
            _star(column).strip(),
        )
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, cell)
    sheet.freeze_panes(1, 1)


def _codes(sheet: Any, found: list[Column], looks: dict[str, Any]) -> dict[type[CodeSet], str]:
    """Every code set that a column takes, and the range of the Chinese names of each."""
    for place, head in enumerate(("列 Column", "代码 Code", "中文", "English", "来源 Source")):
        sheet.write_string(0, place, head, looks["head"])
        sheet.set_column(place, place, 30)
    lists: dict[type[CodeSet], str] = {}
    line = 1
    for column, codes in _sets(found):
        lists[codes] = f"'{CODES}'!$C${line + 1}:$C${line + len(codes)}"
        for member in codes:
            for place, cell in enumerate((column.name, member.code, *member.label, codes.source)):
                sheet.write_string(line, place, cell)
            line += 1
    sheet.freeze_panes(1, 0)
    return lists


def _sets(found: list[Column]) -> Iterator[tuple[Column, type[CodeSet]]]:
    seen = set()
    for column in found:
        if column.codes is not None and column.codes not in seen:
            seen.add(column.codes)
            yield column, column.codes
