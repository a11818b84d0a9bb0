"""Pasted pathology, two or three columns: a pathology number, its text, and a day or a name."""

import re
from datetime import date
from typing import Any

from registry.exchange.cells import plain_cell
from registry.exchange.pasting.lines import case_of, lines_of, read_cell
from registry.models import Report
from registry.services.imports.case import Case

HEADINGS = {
    "pathology_number": ("病理号", "病理编号", "pathology number", "pathology no", "path no", "number"),
    "wording": ("病理诊断", "病理结果", "病理报告", "诊断", "结果", "报告", "diagnosis", "report", "wording"),
    "reported_on": ("报告日期", "日期", "诊断日期", "report date", "reported", "date"),
    "received_on": ("收到日期", "接收日期", "received"),
    "name": ("姓名", "患者姓名", "病人姓名", "受检者", "name", "patient"),
    "laboratory": ("病理科", "检验单位", "laboratory"),
}
_NUMBER = re.compile(r"(?=(?:.*\d){3})[A-Za-z]{0,4}-?\d[\dA-Za-z/_-]*")
_DAY = re.compile(r"20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,3}")
_WORDS = re.compile(
    rf"\s*(?P<number>\S+)(?:\s+(?P<name>{_NAME.pattern})(?=\s))?\s+(?P<wording>.*?)(?:\s+(?P<day>{_DAY.pattern}))?\s*"
)


def pathology_list(text: str, *, today: date) -> list[Case]:
    """The lines of pasted pathology as cases of one specimen with its report; the text is kept as it is."""
    found = []
    for line in lines_of(text, HEADINGS, _sorted, _split):
        cells, case = line.cells, case_of(line)
        report: dict[str, Any] = {name: cells.get(name) for name in ("wording", "laboratory")}
        for name in ("reported_on", "received_on"):
            path = f"specimens-0-report-{name}"
            report |= read_cell(Report, path, cells.get(name), case.problems, today=today, reader="day")
        number = plain_cell(cells.get("pathology_number") or "") or None
        case.records |= {
            "specimens": [{"pathology_number": number, "report": report}],
            "enrolment": {"name": cells.get("name")},
        }
        found.append(case)
    return found


def _split(line: str) -> list[str]:
    """A line without tabs: the number first, perhaps a name, perhaps a day last, and the text between."""
    found = _WORDS.fullmatch(line)
    return (
        [part for part in found.group("number", "name", "wording", "day") if part] if found else line.split()
    )


def _sorted(cells: list[str]) -> tuple[dict[str, str], list[str]]:
    """A pathology number, a day, a name, and all the rest is the text."""
    found: dict[str, str] = {}
    words = []
    for cell in cells:
        word = plain_cell(cell)
        if "reported_on" not in found and _DAY.fullmatch(word):
            found["reported_on"] = cell
        elif "pathology_number" not in found and _NUMBER.fullmatch(word):
            found["pathology_number"] = cell
        else:
            words.append(cell)
    if len(words) > 1 and _NAME.fullmatch(words[0]):
        found["name"] = words.pop(0)
    if words:
        found["wording"] = "\n".join(words)
    return found, []
