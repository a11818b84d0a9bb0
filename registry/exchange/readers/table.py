"""What every reader gives: a table of named cells, with what was found out about the file."""

from collections.abc import Generator
from dataclasses import dataclass, field

from registry.label import Label

MAX_COLUMNS = 1000
MAX_CELL = 40_000  # a spreadsheet's cell holds 32,767 characters


class Unreadable(ValueError):
    """A file that cannot be read, or is not what its mapping says; `said` is in both languages."""

    def __init__(self, said: Label | str) -> None:
        super().__init__(str(said))
        self.said = said if isinstance(said, Label) else Label(said, said)


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, as an editor or a spreadsheet counts them, and its cells by column.

    `whole` is False for a row with more or fewer cells than the header.
    """

    line: int
    cells: dict[str, str]
    whole: bool = True


@dataclass
class Table:
    """An open file: its columns, and its rows one after another, once.

    `notes` say how it was read: encoding, separator, header and what was passed over. Those about the
    end of the file are there when the rows are through.
    """

    header: list[str]
    rows: Generator[Row]
    kind: str
    encoding: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    header_line: int = 1
    notes: list[Label] = field(default_factory=list)
