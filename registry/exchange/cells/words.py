"""Words for codes, for yes and no, and texts kept as written."""

import re
from functools import cache
from typing import Any

from registry.codes.code_set import CodeSet
from registry.exchange.cells.about import About, Unread, nothing

YES = {
    "1",
    "true",
    "yes",
    "y",
    "t",
    "是",
    "有",
    "阳性",
    "+",
    "(+)",
    "++",
    "+++",
    "√",
    "✓",
    "✔",
    "对",
    "真",
    "已",
}
NO = {"0", "false", "no", "n", "f", "否", "无", "阴性", "-", "(-)", "×", "✗", "✘", "x", "未", "没有", "假"}
_SEXES = {
    "♂": "1",
    "♀": "2",
    "先生": "1",
    "女士": "2",
    "男士": "1",
    "0": "0",
    "9": "9",
    "b": "1",
    "girl": "2",
    "boy": "1",
}


def code(cell: str, about: About) -> dict[str, Any]:
    """A member of the column's code set, by code, name, label or alias."""
    return {about.field: known(about.codes, cell)}


def sex(cell: str, about: About) -> dict[str, Any]:
    """男, 女, 男性, M, F, male, ♂, 1, 2."""
    plain = cell.casefold().strip()
    try:
        return {about.field: known(about.codes, _SEXES.get(plain, plain))}
    except Unread as wrong:
        raise Unread(
            f"“{cell}” 不是性别，请写 男、女、M、F、1 或 2", f"“{cell}” is no sex; write 男, 女, M, F, 1 or 2"
        ) from wrong


def yes(cell: str, about: About) -> dict[str, Any]:
    """是, 有, 阳性, +, 1, true, √ – or 否, 无, 阴性, -, 0, false, ×."""
    word = cell.casefold()
    if word in YES or word in NO:
        return {about.field: word in YES}
    if nothing(word):
        return {about.field: None}
    raise Unread(
        f"“{cell}” 既不是“是”也不是“否”，请写 是/否、有/无、阳性/阴性、+/- 或 1/0",
        f"“{cell}” is neither yes nor no; write 是/否, +/-, 1/0 or yes/no",
    )


def text(cell: str, about: About) -> dict[str, Any]:
    """Words as written, as long as the column takes."""
    length = about.column.get("length", 200)
    if len(cell) > length:
        raise Unread(f"超过 {length} 个字符", f"longer than {length} characters")
    return {about.field: cell}


def words(cell: str, about: About) -> dict[str, Any]:
    """A longer text exactly as it stands, full-width signs and all: what a person wrote is evidence."""
    return text(cell, about)


def phone(cell: str, about: About) -> dict[str, Any]:
    """A telephone number without the ornaments; a figure that a spreadsheet cut is refused."""
    if re.fullmatch(r"\d(\.\d+)?e\+?\d+", cell.casefold()):
        raise Unread("表格软件把号码变成了数字", "a spreadsheet turned the number into a figure")
    return text(re.sub(r"\.0$", "", cell), about)


def known(codes: type[CodeSet], cell: Any) -> CodeSet:
    """The member that a word names; `Unread` lists some of those that would be understood."""
    try:
        return _parsed(codes, cell)
    except ValueError as wrong:
        zh = "、".join(member.label.zh for member in list(codes)[:6])
        en = ", ".join(member.label.en for member in list(codes)[:6])
        raise Unread(
            f"没有“{cell}”这个取值；可用：{zh}…，或在映射的 values 中说明",
            f"there is no value “{cell}”; there are {en}…, or explain it among the mapping's values",
        ) from wrong


@cache
def _parsed(codes: type[CodeSet], cell: Any) -> CodeSet:
    return codes.parse(cell)
