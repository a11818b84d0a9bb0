"""Life tables come in whole and go whole; the trail keeps their digest."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from registry.access import Permission, demand
from registry.label import Label
from registry.models import LifeTable, MortalityRate
from registry.queries.survival import life_tables as queries
from registry.rules.life_table import Rate, judge
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.unit import change

NAMED = Label("寿命表有名称和来源", "A life table has a name and a source")
LONGEST_NAME, LONGEST_SOURCE = 60, 400


def load(*, name: str, source: str, rows: Iterable[tuple[int, Mapping[str, str]]]) -> LifeTable:
    """Store a life table, or nothing.

    Parameters
    ----------
    name : str
        What it is asked for by; no other table has it.
    source : str
        Where the figures are from, with edition or date.
    rows
        As for `rules.life_table.judge`.

    Raises
    ------
    Invalid
        With every row that cannot be, and what is missing of the whole.
    """
    demand(Permission.ALLIANCE)
    name, source = name.strip(), source.strip()
    rates, problems = judge(rows)
    if problems := _named(name, source) + problems:
        raise Invalid(problems)
    with change("life_table.load") as unit:
        table = unit.add(
            LifeTable(
                name=name, source=source, cells=len(rates), digest=digest(rates), loaded_at=datetime.now(UTC)
            )
        )
        unit.session.flush()
        # The digest stands in the trail for all of them.
        unit.index(
            add=[
                MortalityRate(
                    life_table_id=table.id, sex=rate.sex, age=rate.age, year=rate.year, hazard=rate.hazard
                )
                for rate in rates
            ]
        )
    return table


def remove(table: LifeTable, *, reason: str | None = None) -> None:
    """Take a table away with all its rates. Figures made with it can be made again from its file."""
    demand(Permission.ALLIANCE)
    with change("life_table.remove", reason=reason) as unit:
        unit.index(drop=queries.rows(table))
        unit.session.flush()
        unit.remove(table)


def digest(rates: Sequence[Rate]) -> str:
    """SHA-256 over every rate in the order of sex, age and year."""
    lines = (f"{rate.sex.code},{rate.age},{rate.year},{rate.hazard!r}\n" for rate in rates)
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()


def _named(name: str, source: str) -> list[Problem]:
    problems = []
    if not 0 < len(name) <= LONGEST_NAME:
        problems.append(
            refusal("name", "请给寿命表起名，最多 60 字", "Name the table, in at most 60 characters", NAMED)
        )
    elif queries.named(name) is not None:
        problems.append(refusal("name", "已有这个名称的寿命表", "There is a life table of this name", NAMED))
    if not 0 < len(source) <= LONGEST_SOURCE:
        problems.append(
            refusal("source", "请写明来源，最多 400 字", "State the source, in at most 400 characters", NAMED)
        )
    return problems
