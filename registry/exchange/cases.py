"""Rows that belong together become one case, ready to be stored whole or refused whole."""

from collections.abc import Iterable, Iterator
from datetime import date

from registry.exchange.mapping import Mapping
from registry.exchange.readers import Row
from registry.exchange.rows import CELL, agreed, plain, values
from registry.label import Label
from registry.rules.problem import Problem, refusal
from registry.services.imports import Case

GROUP = Label("同一主键的各行是一个病例", "Rows with one key are one case")


def gather(rows: Iterable[Row], mapping: Mapping, *, today: date) -> Iterator[Case]:
    """The cases of a file, in the order in which their keys first appear.

    A row without a key, or with more or fewer cells than the header, is a refused case of its own.
    Rows of one key must say the same; where they do not, the case is refused and names both lines.
    """
    cases: dict[tuple[str, ...], Case] = {}
    for row in rows:
        key = tuple(plain(row.cells.get(column, "")) for column in mapping.key)
        read = _read(row, key, mapping, today)
        if not all(key) or not row.whole:
            yield read
        elif (first := cases.get(key)) is None:
            cases[key] = read
        else:
            first.problems += [*read.problems, *_differences(first, read)]
            first.lines.append(row.line)
    yield from cases.values()


def _read(row: Row, key: tuple[str, ...], mapping: Mapping, today: date) -> Case:
    records, problems = values(row, mapping, today=today)
    numbers, more = agreed(row, mapping)
    case = Case("\x1f".join(key), [row.line], records, numbers, problems + more)
    if not row.whole:
        case.problems = [refusal("row", "单元格数与表头不同", "not as many cells as the header", CELL)]
    elif not all(key):
        columns = ", ".join(mapping.key)
        case.problems.append(refusal("row", f"{columns} 为空", f"{columns} is empty", GROUP))
    return case


def _differences(first: Case, other: Case) -> list[Problem]:
    told = Label(f"与第 {first.lines[0]} 行不同", f"differs from line {first.lines[0]}")
    return [
        Problem(f"{record}-{field}", told, GROUP, refuse=True)
        for record, fields in first.records.items()
        for field, value in fields.items()
        if other.records[record].get(field) != value
    ]
