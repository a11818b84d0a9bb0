"""A made-up alliance of any size in minutes: a small one made by the seed, then its persons again and again.

Nothing is counted that a copy does not have, so what only names somebody or finds a name again is left
out. The seed records no screening rounds, tests, earlier operations or syndromes; they are added here, so
that every indicator of the catalogue has something to count.
"""

import time
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, select, text

from registry.access import Permission, Scope, act_as
from registry.cli.seed import fill
from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Covering,
    Examination,
    FollowUp,
    KnownSyndrome,
    Lesion,
    Person,
    PriorSurgery,
    Report,
    Result,
    RiskAssessment,
    ScreeningRound,
    Sighting,
    Specimen,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.services.unit import batch

SMALL = 10_000  # examinations that the seed makes; the rest are copies
EVERYTHING = Scope(None, "benchmarks", may=frozenset(Permission), everywhere=True)
# What hangs on a person, parents first.
COPIED: tuple[type[Base], ...] = (
    *(Person, Examination, Background, AdverseEvent, Lesion, Specimen, Covering, Report, Result),
    *(Tumour, Sighting, Treatment, FollowUp, VitalStatus),
    *(ScreeningRound, RiskAssessment, PriorSurgery, KnownSyndrome),
)
ADDED = Path(__file__).parent / "sql" / "added.sql"


def make(examinations: int, *, years: float = 2.0) -> None:
    """Fill an empty registry with so many examinations; prints how long that took."""
    began = time.perf_counter()
    act_as(EVERYTHING)
    fill(min(SMALL, examinations), years, 1)
    act_as(EVERYTHING)
    with batch("benchmark", "made-up alliance") as session:
        _, *statements = ADDED.read_text("utf-8").split("\n\n")
        for statement in statements:
            session.execute(text(statement.strip().rstrip(";")))
        copies = -(-examinations // SMALL) - 1
        if copies > 0:
            _copy(session, copies)
        session.info["entries"].append({"changes": {"copies": [None, copies]}})
    with batch("benchmark", "made-up alliance") as session:
        session.execute(text("ANALYZE"))
        there = session.scalar(select(func.count()).select_from(Examination))
    print(f"made-up alliance of {there:,} examinations: {time.perf_counter() - began:.0f} s")


def _copy(session: Any, copies: int) -> None:
    """Every person again with the whole course, numbers moved on; centres and staff stay who they are."""
    tables = [cast(Table, model.__table__) for model in COPIED]
    step = 1 + max(session.scalar(select(func.max(table.c.id))) or 0 for table in tables)
    again = text(
        "WITH RECURSIVE again (turn) AS (SELECT 1 UNION ALL SELECT turn + 1 FROM again WHERE turn < :copies)"
    )
    for table in tables:
        columns = [column for column in table.columns if column.computed is None]
        moved = ", ".join(_moved(column, set(tables)) for column in columns)
        names = ", ".join(column.name for column in columns)
        session.execute(
            text(
                f"INSERT INTO {table.name} ({names}) {again} "  # noqa: S608 – our own tables' names
                f"SELECT {moved} FROM {table.name} AS old, again"
            ),
            {"copies": copies, "step": step},
        )


def _moved(column: Any, tables: set[Table]) -> str:
    if column.name == "pseudonym":
        return "old.pseudonym || '-' || turn"
    own = {key.column.table for key in column.foreign_keys} & tables
    moves = column.primary_key or (own and column.name != "centre_id")
    return f"old.{column.name} + turn * :step" if moves else f"old.{column.name}"
