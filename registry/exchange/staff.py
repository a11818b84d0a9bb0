"""The workbook of centres, accounts and source codes: written as a template, read back row by row."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.codes.desk import SourceKind
from registry.exchange.pasting.lines import plain
from registry.exchange.readers import Unreadable, open_table
from registry.label import LANGUAGES, Label
from registry.services.staff.bulk import Entry

MOST_ROWS = 2000


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its heading, and what may be chosen in it."""

    label: Label
    choices: tuple[Any, ...] = ()
    width: int = 16
    needed: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and its columns by field."""

    label: Label
    columns: Mapping[str, Column]


YES_NO = (Label("是", "yes"), Label("否", "no"))
SHEETS: dict[str, Sheet] = {
    "centres": Sheet(
        Label("中心", "Centres"),
        {
            "code": Column(Label("机构代码", "Centre code"), needed=True),
            "name_zh": Column(Label("中文名称", "Chinese name"), width=28, needed=True),
            "name_en": Column(Label("英文名称", "English name"), width=28),
            "kind": Column(Label("机构类别", "Kind"), tuple(one.label for one in CentreKind), 20, True),
            "place": Column(Label("联盟身份", "Place"), tuple(one.label for one in CentrePlace), needed=True),
            "region": Column(Label("行政区划", "Region (GB/T 2260)")),
            "active": Column(Label("在用", "Active"), YES_NO, 8),
        },
    ),
    "users": Sheet(
        Label("用户", "Users"),
        {
            "username": Column(Label("用户名", "User name"), needed=True),
            "name": Column(Label("姓名", "Name"), needed=True),
            "role": Column(Label("角色", "Role"), tuple(one.label for one in Role), needed=True),
            "centre": Column(Label("机构代码", "Centre code")),
            "language": Column(Label("语言", "Language"), tuple(LANGUAGES.values()), 10),
            "active": Column(Label("在用", "Active"), YES_NO, 8),
        },
    ),
    "codes": Sheet(
        Label("来源代码", "Source codes"),
        {
            "centre": Column(Label("机构代码", "Centre code")),
            "kind": Column(Label("类别", "Kind"), tuple(one.label for one in SourceKind), needed=True),
            "code": Column(Label("来源写法", "As the source writes it"), width=24, needed=True),
            "username": Column(Label("用户名", "User name")),
            "meaning": Column(Label("含义", "Meaning"), width=24),
            "active": Column(Label("在用", "Active"), YES_NO, 8),
        },
    ),
}
ABOUT = (
    Label("一行一条；带 * 的列必填。", "One row each; columns with * are needed."),
    Label("一个用户有几个角色就写几行，用户名相同。", "Several roles are several rows of one user name."),
    Label("联盟角色不填机构代码。", "Roles of the alliance have no centre code."),
    Label(
        "名单只增加和修改，不删除：没有写到的角色、代码保持原样。停用请在“在用”列写 否。",
        "The list adds and changes and removes nothing: what it does not name stays. "
        "To close something, write no under Active.",
    ),
    Label("新账号的一次性密码只在导入后显示一次。", "One-time passwords are shown once, after applying."),
    Label(
        "来源代码：工作站里医师或设备的写法，与本登记的用户对应。",
        "Source codes tie what a workstation writes for doctors and devices to users here.",
    ),
)


def template(rows: Mapping[str, Iterable[Mapping[str, Any]]], *, sheets: Iterable[str] = SHEETS) -> bytes:
    """The workbook with what there is already, in the reader's language; `rows` are cells by field."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E6F0EF", "text_wrap": True})
    about = book.add_worksheet(str(Label("说明", "About")))
    about.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
    for line, words in enumerate(ABOUT):
        about.write_string(line, 0, str(words))
    for name in sheets:
        sheet = SHEETS[name]
        page = book.add_worksheet(str(sheet.label))
        page.freeze_panes(1, 0)
        for place, (field, column) in enumerate(sheet.columns.items()):
            page.set_column(place, place, column.width, text)
            page.write_string(0, place, f"{column.label}{' *' if column.needed else ''}", head)
            if column.choices:
                choices = [str(choice) for choice in column.choices]
                page.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": choices})
            for line, row in enumerate(rows.get(name, ()), 1):
                if row.get(field) is not None:
                    page.write_string(line, place, str(row[field]), text)
    book.close()
    return file.getvalue()


def read(path: Path) -> list[Entry]:
    """The rows of a workbook, or of one table whose headings tell which sheet it is.

    Raises
    ------
    Unreadable
        When there is no such sheet, or the file cannot be opened.
    """
    first = open_table(path)
    if not first.sheets:
        return _rows(_sheet_of(first.header), first)
    by_name = {plain(word): name for name, sheet in SHEETS.items() for word in sheet.label}
    found: list[Entry] = []
    known = [(name, by_name[plain(name)]) for name in first.sheets if plain(name) in by_name]
    if not known:
        return _rows(_sheet_of(first.header), first)
    for title, name in known:
        found += _rows(name, open_table(path, sheet=title))
    if not found:
        raise Unreadable(Label("工作簿里没有一行", "No row stands in this workbook"))
    return found


def _rows(name: str, table: Any) -> list[Entry]:
    fields = {plain(word): field for field, column in SHEETS[name].columns.items() for word in column.label}
    found = []
    for row in table.rows:
        cells = {
            fields[plain(heading)]: cell.strip()
            for heading, cell in row.cells.items()
            if plain(heading) in fields and cell.strip()
        }
        if cells:
            found.append(Entry(name, row.line, cells))
        if len(found) > MOST_ROWS:
            raise Unreadable(Label(f"一张表最多 {MOST_ROWS} 行", f"A sheet has at most {MOST_ROWS} rows"))
    return found


def _sheet_of(header: list[str]) -> str:
    """Which sheet a table is, by its headings."""
    words = {plain(heading) for heading in header}
    fits = {
        name: sum(bool({plain(word) for word in column.label} & words) for column in sheet.columns.values())
        for name, sheet in SHEETS.items()
    }
    best = max(fits, key=lambda name: fits[name])
    if fits[best] < 3:
        named = ", ".join(str(sheet.label) for sheet in SHEETS.values())
        zh, en = (
            f"没有看到这几张表：{named}；请用模板",
            f"No sheet of these is here: {named}; use the template",
        )
        raise Unreadable(Label(zh, en))
    return best
