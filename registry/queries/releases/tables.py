"""Releases: what was counted, what of it has left, and the rows in which both are kept."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date

from sqlalchemy import func, select

from registry.extensions import db
from registry.label import Label
from registry.models import CountedTable, Release, ReleasedPart
from registry.stats.disclosure import State

SIGNS = {State.SHOWN: "s", State.HIDDEN: "h", State.PROTECTED: "p"}
STATES = {sign: state for state, sign in SIGNS.items()}
PAGE = 50


@dataclass(frozen=True)
class CountedRow:
    """One group of a counted table: how it was grouped, its code and name, and its numbers.

    `counts` are whole numbers that disclosure control hides or shows, `more` what rates are made of
    besides.
    """

    grouping: str
    code: str
    zh: str
    en: str
    counts: tuple[int, ...]
    more: tuple[float | str | None, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.grouping}:{self.code}"

    @property
    def label(self) -> Label:
        return Label(self.zh, self.en)


Signs = Mapping[str, str]  # for each row's key a letter for each column, in the order of the table's columns


def as_text(rows: Iterable[CountedRow]) -> str:
    """Rows as they are stored: the same rows are always the same text."""
    return json.dumps([astuple(row) for row in rows], ensure_ascii=False, separators=(",", ":"))


def rows_of(table: CountedTable) -> list[CountedRow]:
    """The rows of a counted table."""
    return [
        CountedRow(grouping, code, zh, en, tuple(counts), tuple(more))
        for grouping, code, zh, en, counts, more in json.loads(table.counts)
    ]


def signs_as_text(signs: Signs) -> str:
    return json.dumps(dict(signs), ensure_ascii=False, separators=(",", ":"))


def signs_of(part: ReleasedPart) -> dict[str, str]:
    """The signs of a part, by the keys of its rows."""
    found: dict[str, str] = json.loads(part.signs)
    return found


def digest(texts: Iterable[str]) -> str:
    """SHA-256 over texts, one line each."""
    return hashlib.sha256("".join(f"{one}\n" for one in texts).encode()).hexdigest()


def releases(subject: str) -> list[Release]:
    """The releases of one subject, the latest first."""
    return list(
        db.session.scalars(select(Release).where(Release.subject == subject).order_by(Release.number.desc()))
    )


def table_of(release: Release, name: str) -> CountedTable | None:
    """One table of a release."""
    return db.session.scalar(
        select(CountedTable).where(CountedTable.release_id == release.id, CountedTable.name == name)
    )


def parts_of(release: Release, names: Sequence[str] | None = None) -> list[ReleasedPart]:
    """What has left of a release, of these tables or of all."""
    wanted = select(ReleasedPart).join(CountedTable, CountedTable.id == ReleasedPart.counted_table_id)
    wanted = wanted.where(CountedTable.release_id == release.id)
    if names is not None:
        wanted = wanted.where(CountedTable.name.in_(names))
    return list(db.session.scalars(wanted.order_by(ReleasedPart.id)))


@dataclass(frozen=True)
class Left:
    """One release in a list: what it is of, and how much of it has left."""

    release: Release
    parts: int
    shown: int
    hidden: int
    refused: int


def left(page: int = 1) -> tuple[list[Left], int]:
    """The releases, the latest first, a page at a time; and how many there are."""
    refused = func.count(ReleasedPart.id).filter(ReleasedPart.shown == 0)
    statement = (
        select(
            Release,
            func.count(ReleasedPart.id),
            func.coalesce(func.sum(ReleasedPart.shown), 0),
            func.coalesce(func.sum(ReleasedPart.hidden), 0),
            refused,
        )
        .outerjoin(CountedTable, CountedTable.release_id == Release.id)
        .outerjoin(ReleasedPart, ReleasedPart.counted_table_id == CountedTable.id)
        .group_by(Release.id)
        .order_by(Release.made_at.desc(), Release.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = [Left(row[0], *map(int, row[1:])) for row in db.session.execute(statement)]
    return found, int(db.session.scalar(select(func.count()).select_from(Release)) or 0)


def released_called(release_id: int) -> Release | None:
    """One release by its id."""
    return db.session.get(Release, release_id)


def years_there_are(today: date) -> list[int]:
    """The calendar years that have been released, and this one."""
    subjects = db.session.scalars(select(Release.subject).distinct())
    return sorted({today.year, *(int(one) for one in subjects if one.isdigit())}, reverse=True)
