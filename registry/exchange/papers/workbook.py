"""A report as a workbook: its words on the first sheet, then the rows behind it with every figure."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.label import Label, reading
from registry.reports.papers.paper import Grid, Heading, Paper, Picture, Sheet, Words

WIDEST = 60


def written(paper: Paper) -> bytes:
    """The file; no cell of it is a formula."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book, reading(paper.language):
        book.set_properties(
            {
                "title": f"{paper.title} · {paper.place} · {paper.period}",
                "comments": paper.dated,
                "created": datetime.combine(paper.as_of, datetime.min.time()),
            }
        )
        forms = {
            "title": book.add_format({"bold": True, "font_size": 15, "font_color": "#0b5c5a"}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#eef2f1", "text_wrap": True, "valign": "top"}
            ),
            "section": book.add_format({"bold": True, "font_size": 12}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "right": book.add_format({"text_wrap": True, "valign": "top", "align": "right"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        _report(book.add_worksheet(str(Label("报告", "Report"))), paper, forms)
        for sheet in paper.sheets:
            _records(book.add_worksheet(sheet.name), sheet, forms)
    return file.getvalue()


def _report(page: Any, paper: Paper, forms: dict[str, Any]) -> None:
    page.set_column(0, 0, 38)
    page.set_column(1, 8, 18)
    page.write_string(0, 0, paper.title, forms["title"])
    page.write_string(1, 0, paper.dated)
    row = 3
    for block in paper.blocks:
        if isinstance(block, Heading | Words):
            page.write_string(row, 0, block.text, forms["section"] if isinstance(block, Heading) else None)
            row += 1
        elif isinstance(block, Grid):
            row = _grid(page, row, block, forms) + 1
        else:
            row = _picture(page, row, block) + 1


def _grid(page: Any, row: int, grid: Grid, forms: dict[str, Any]) -> int:
    for place, line in enumerate([grid.head, *grid.rows]):
        for column, text in enumerate(line):
            form = "head" if place == 0 else "right" if column in grid.right else "text"
            page.write_string(row + place, column, text, forms[form])
    return row + 1 + len(grid.rows)


def _picture(page: Any, row: int, picture: Picture) -> int:
    """A figure under its row; so many rows high as it takes at two thirds of its size."""
    options = {
        "image_data": BytesIO(picture.content),
        "description": picture.told,
        "x_scale": 0.8,
        "y_scale": 0.8,
    }
    page.insert_image(row, 0, "figure.png", options)
    high = int.from_bytes(picture.content[20:24], "big")  # a PNG says its height there
    return row + 1 + int(high * 96 / 200 * 0.8 / 20)


def _records(page: Any, sheet: Sheet, forms: dict[str, Any]) -> None:
    if not sheet.records:
        page.write_string(0, 0, str(Label("没有可计的", "nothing to count")))
        return
    names = list(sheet.records[0])
    page.freeze_panes(1, 2)
    for column, name in enumerate(names):
        page.write_string(0, column, name, forms["head"])
        longest = max(len(str(record[name] if record[name] is not None else "")) for record in sheet.records)
        page.set_column(column, column, min(WIDEST, max(len(name), longest) + 2))
    for row, record in enumerate(sheet.records, start=1):
        for column, name in enumerate(names):
            _cell(page, row, column, record[name], forms)


def _cell(page: Any, row: int, column: int, value: Any, forms: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, forms["day"])
    else:
        page.write_string(row, column, str(value))
