"""What a reader of cells is told besides the cell: which field, and by which day."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.codes.code_set import CodeSet
from registry.label import Label

_LONG = re.compile(r"“([^”]{60})[^”]+”", re.DOTALL)  # a cell that is quoted at length
# How sources write that there is nothing to write, where a number or a day is meant.
NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "*", "无", "空", "不详", "未知", "未查", "未测", "未做", "未提供"}
    | {"na", "n/a", "nan", "null", "none", "nil", "?", "？", "."}
)


@dataclass(frozen=True)
class About:
    """The field that a cell is read for.

    `column` is what the field's column says of itself (label, codes, limits, length); `day` the day
    of the examination, as far as the row tells; `order` how days are written ("ymd", "dmy", "mdy").
    """

    field: str
    today: date
    column: dict[str, Any]
    kind: type = str
    day: date | None = None
    order: str = "ymd"

    @property
    def codes(self) -> type[CodeSet]:
        codes: type[CodeSet] = self.column["codes"]
        return codes


class Unread(ValueError):
    """A cell that its field cannot take; `said` says why, and what would be understood."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Label(_LONG.sub(r"“\1…”", zh), _LONG.sub(r"“\1…”", en))


def plain_cell(cell: str) -> str:
    """A cell without full-width forms and without space around it.

    >>> plain_cell("　４，５ｍｍ ")
    '4,5mm'
    """
    return cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


def nothing(cell: str) -> bool:
    """Whether a cell that should hold a number or a day says that there is none.

    >>> nothing("未查"), nothing("0")
    (True, False)
    """
    return cell.casefold() in NOTHING
