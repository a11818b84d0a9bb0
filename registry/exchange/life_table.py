"""A life table from a file: which column is which, whatever language or encoding it is written in."""

from collections.abc import Iterator
from pathlib import Path

from registry.exchange.readers import Unreadable, open_table
from registry.label import Label

COLUMNS = {
    "sex": ("sex", "性别"),
    "age": ("age", "年龄"),
    "year": ("year", "年份"),
    "probability": ("probability", "qx", "q", "死亡概率"),
    "hazard": ("hazard_per_day", "日死亡风险"),
}
ASKED = Label(
    "表头须有 sex, age, year，以及 probability（一年内死亡概率）或 hazard_per_day（日死亡风险）其一",
    "The header must name sex, age, year, and either probability (of dying within a year) or hazard_per_day",
)


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row, named as `rules.life_table` knows them.

    Raises
    ------
    Unreadable
        If the file cannot be opened as a table, or its header does not name the columns.
    """
    table = open_table(path)
    named = {word: name for name, words in COLUMNS.items() for word in words}
    columns: dict[str, str] = {}
    for title in table.header:
        name = named.get(title.strip().casefold())
        if name is not None and columns.setdefault(name, title) != title:
            raise Unreadable(ASKED)
    if not {"sex", "age", "year"} <= columns.keys() or len(columns) != 4:
        raise Unreadable(ASKED)
    return (
        (row.line, {name: row.cells.get(title, "") for name, title in columns.items()}) for row in table.rows
    )
