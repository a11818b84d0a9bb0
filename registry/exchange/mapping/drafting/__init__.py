"""A mapping proposed for a file that nobody has described yet, from its headers and values."""

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from registry.exchange import readers
from registry.exchange.mapping.drafting.guess import Guess, guess
from registry.exchange.mapping.drafting.writing import Shape, written
from registry.label import Label
from registry.services.values import today

__all__ = ["Draft", "Guess", "draft"]

LOOKED_AT = 500


@dataclass(frozen=True)
class Draft:
    """A proposed mapping as text, what each column was taken for, and how the file was read.

    The text is a sound mapping unless `lacking` names what could not be found: it is then to be
    filled in by hand.
    """

    toml: str
    columns: tuple[Guess, ...]
    lacking: tuple[str, ...]
    notes: tuple[Label, ...]

    @property
    def unsure(self) -> list[str]:
        """The columns to look at again."""
        return [one.column for one in self.columns if one.target and not one.sure]


def draft(path: Path, *, sheet: str | None = None) -> Draft:
    """Propose a mapping from the first rows of a file; `Unreadable` where it is no table.

    Whatever is not plain from a column's name and its values is marked, never silently assumed.
    """
    table = readers.open_table(path, sheet=sheet)
    with closing(table.rows) as rows:
        first = list(islice(rows, LOOKED_AT))
    day = today()
    found = [
        guess(name, [cell for row in first if (cell := row.cells.get(name, "").strip())], today=day)
        for name in table.header
    ]
    shape = Shape.of(_once(found), first, name=path.stem, table=table)
    text, lacking = written(shape)
    return Draft(text, tuple(shape.columns), lacking, tuple(table.notes))


def _once(found: list[Guess]) -> list[Guess]:
    """Each field has one column: the surest, then the first. An age beside a birth date stays."""
    best: dict[tuple[str, str | None], Guess] = {}
    for one in found:
        if one.target and (not (seen := best.get((one.target, one.read))) or (one.sure and not seen.sure)):
            best[one.target, one.read] = one
    other = Label("另一列已用于该项目", "another column feeds this field")
    return [
        one
        if one.target is None or best[one.target, one.read] is one
        else Guess(one.column, None, False, other)
        for one in found
    ]
