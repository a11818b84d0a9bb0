"""A row's cells as the registry's values: words to codes, texts to days and numbers, problems per cell."""

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from registry.codes.code_set import CodeSet
from registry.codes.person import Precision
from registry.exchange.mapping import RECORDS, Mapping, Source
from registry.exchange.readers import Row
from registry.label import Label
from registry.rules.dates import PartialDate, understand
from registry.rules.problem import Problem

CELL = Label("文件单元格的内容", "What a cell of the file says")
YES = {"1", "true", "yes", "y", "是", "有", "阳性", "+"}
NO = {"0", "false", "no", "n", "否", "无", "阴性", "-"}


class Unreadable(ValueError):
    """A cell that its field cannot take; `said` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Label(zh, en)


def values(row: Row, mapping: Mapping, *, today: date) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """The row as record → field → value, and what could not be read, by "record-field".

    A field that the row leaves empty is None: not known.
    """
    records: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for record, fields in mapping.fields.items():
        found = records.setdefault(record, {})
        for field, source in fields.items():
            try:
                found.update(_value(record, field, source, row, today))
            except Unreadable as wrong:
                problems.append(Problem(f"{record}-{field}", _about(source, wrong.said), CELL, refuse=True))
    return records, problems


def agreed(row: Row, mapping: Mapping) -> tuple[dict[str, int], list[Problem]]:
    """What the source derived itself, as whole numbers."""
    numbers: dict[str, int] = {}
    problems = []
    for field, column in mapping.agrees.items():
        try:
            if (cell := plain(row.cells.get(column, ""))) != "":
                numbers[field] = _whole(cell)
        except Unreadable as wrong:
            problems.append(Problem(field, _about(Source(column), wrong.said), CELL, refuse=True))
    return numbers, problems


def plain(cell: str) -> str:
    """A cell without full-width forms and without space around it."""
    return unicodedata.normalize("NFKC", cell).strip()


def _about(source: Source, said: Label) -> Label:
    column = source.column or "always"
    return Label(f"{column}：{said.zh}", f"{column}: {said.en}")


def _value(record: str, field: str, source: Source, row: Row, today: date) -> dict[str, Any]:
    """The field's value; for a day also how exactly it is known, where there is a column for that."""
    given: Any = source.always
    if source.column is not None:
        given = plain(row.cells.get(source.column, ""))
        if given == "" or given in source.empty:
            return {field: None}
        if source.values is not None:
            if given not in source.values:
                raise Unreadable(
                    f"“{given}” 不在映射的取值中", f"“{given}” is not among the values of the mapping"
                )
            given = source.values[given]
    value = reader_of(record, field)(given, today)
    if not isinstance(value, date | PartialDate):
        return {field: value}
    how, day = (value.precision, value.day) if isinstance(value, PartialDate) else (Precision.DAY, value)
    beside = f"{field.removesuffix('_on')}_precision"
    if beside in RECORDS[record].__table__.columns:
        return {field: day, beside: how}
    if how is not Precision.DAY:
        raise Unreadable("这里需要完整日期", "the whole day is needed here")
    return {field: day}


def reader_of(record: str, field: str) -> Callable[[Any, date], Any]:
    """How a field reads a cell: by what its column holds."""
    columns = RECORDS[record].__table__.columns
    column = columns[field] if field in columns else columns[f"{field}_sealed"]
    if codes := column.info.get("codes"):
        return lambda cell, today: _code(codes, cell)
    kind: type = str if field not in columns else column.type.python_type
    if kind is date:
        return _day
    if kind is bool:
        return lambda cell, today: _yes(cell)
    if kind in (int, float):
        number = _whole if kind is int else _number
        return lambda cell, today: _within(column.info.get("limits"), number(cell))
    return lambda cell, today: _text(str(cell), column.info.get("length", 200))


def _code(codes: type[CodeSet], cell: Any) -> CodeSet:
    try:
        return _parsed(codes, cell)
    except ValueError as wrong:
        raise Unreadable(f"没有“{cell}”这个取值", f"there is no value “{cell}”") from wrong


_parsed = cache(lambda codes, cell: codes.parse(cell))


def _day(cell: Any, today: date) -> date | PartialDate:
    try:
        return understand(cell, today)
    except ValueError as wrong:
        raise Unreadable(f"“{cell}” 不是日期", f"“{cell}” is not a day") from wrong


def _yes(cell: Any) -> bool:
    word = str(cell).casefold()
    if word in YES | NO:
        return word in YES
    raise Unreadable(f"“{cell}” 既不是“是”也不是“否”", f"“{cell}” is neither yes nor no")


def _number(cell: Any) -> float:
    try:
        return float(str(cell).replace(",", ""))
    except ValueError as wrong:
        raise Unreadable(f"“{cell}” 不是数", f"“{cell}” is not a number") from wrong


def _whole(cell: Any) -> int:
    number = _number(cell)
    if not number.is_integer():
        raise Unreadable(f"“{cell}” 不是整数", f"“{cell}” is not a whole number")
    return int(number)


def _within(limits: tuple[float, float] | None, number: float) -> float:
    if limits and not limits[0] <= number <= limits[1]:
        low, high = limits
        raise Unreadable(f"{number:g} 不在 {low}–{high} 之间", f"{number:g} is not within {low}–{high}")
    return number


def _text(words: str, length: int) -> str:
    if len(words) > length:
        raise Unreadable(f"超过 {length} 个字符", f"longer than {length} characters")
    return words
