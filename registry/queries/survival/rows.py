"""Tumours counted by more than group and days: by covariates, by cause of death, from treatment on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import String, and_, case, func, or_, select, type_coerce

from registry import models
from registry.codes.lesion import Organ
from registry.codes.outcome import TreatmentType
from registry.codes.person import Vital
from registry.models import Person
from registry.models.portable import days_between
from registry.queries.counting.frame import counted_columns
from registry.queries.counting.grouping import ALL, Group
from registry.queries.counting.tallies import counting
from registry.queries.survival.by_days import (
    Division,
    chosen,
    division_of,
    finished,
    known_after_death,
    started_on,
)
from registry.rules.cause import TRUST, end_of

Tumour: Any = models.Tumour
Treatment: Any = models.Treatment
VitalStatus: Any = models.VitalStatus


@dataclass(frozen=True, eq=False)
class Rows:
    """Counted rows: one array each of days, ends and numbers, and the group of each row by division.

    `ends` is 0 for those alive; 1 for the dead, or the number of `rules.cause.End`. `age` and `delay`
    (whole years at the start; days from it to the first treatment) are NaN where they are not known,
    and empty where nobody asked.
    """

    days: np.ndarray
    ends: np.ndarray
    weight: np.ndarray
    groups: dict[str, list[Group]]
    places: dict[str, np.ndarray]
    age: np.ndarray
    delay: np.ndarray
    death_certificate_only: int
    not_followed: int


def rows(
    keys: Sequence[str | None] = (),
    *,
    causes: bool = False,
    age: bool = False,
    treated: bool = False,
    **selection: Any,
) -> Rows:
    """Count tumours by several divisions at once, days followed and end.

    Parameters
    ----------
    keys : sequence of str or None
        Keys of `queries.survival.by_days.divisions`; None puts all together under the name "all".
    causes : bool
        Tell deaths apart by cause, as `rules.cause` does.
    age : bool
        Tell whole years of age at the start apart.
    treated : bool
        Tell apart on which day after the start treatment began.
    selection
        As for `queries.survival.by_days.followed`: site, start, end, invasive, role, centre_ids.

    Returns
    -------
    Rows
        `groups[key]` in their order, and in `places[key]` the group of each row; those left out
        because nobody followed them are only counted.
    """
    invasive, role = selection.get("invasive", True), selection.get("role", "detecting")
    divided = {key: division_of(key, invasive, role) for key in dict.fromkeys(keys)}
    named = {f"g{place}": division for place, division in enumerate(divided.values()) if division}
    columns = [division.expression.label(name) for name, division in named.items()]
    if causes:
        columns.append(case((Tumour.dead, _cause()), else_=None).label("cause"))
        columns.append(type_coerce(Tumour.organ, String).label("organ"))
    columns.append(Tumour.followed_days.label("days"))
    columns.append(Tumour.dead.label("died"))
    if age:
        columns.append((days_between(Person.born_on, started_on(invasive)) * 4 // 1461).label("age"))
    if treated:
        columns.append(days_between(started_on(invasive), _first_treated()).label("delay"))
    of_person = age or any(division.of_person for division in named.values())
    statement = chosen([*columns, func.count().label("counted")], None, with_person=of_person, **selection)
    with counting():
        statement = finished(statement)
        found = counted_columns(statement.group_by(*(column.name for column in columns)))
        table = dict(zip([column.name for column in columns] + ["counted"], found, strict=True))
        days, weight = np.array(table["days"], dtype=float), np.array(table["counted"], dtype=np.int64)
        known = ~np.isnan(days) & np.array([died is not None for died in table["died"]], dtype=bool)
        lost = int(weight[~known].sum())
        after_death = known_after_death(statement) if lost else 0
        groups, places = {}, {}
        for key, division in divided.items():
            name = next((name for name, one in named.items() if one is division), None)
            groups[str(key)], places[str(key)] = _named(division, table.get(name or ""), known)

    def numbers(name: str) -> np.ndarray:
        return np.array(table[name], dtype=float)[known] if name in table else np.array([])

    return Rows(
        days[known].astype(np.int64),
        _ends(table)[known],
        weight[known],
        groups,
        places,
        numbers("age"),
        numbers("delay"),
        after_death,
        lost - after_death,
    )


def _ends(table: dict[str, list[Any]]) -> np.ndarray:
    """0 for who is not known dead, else the number of the end; every cause is judged once."""
    died = np.array([bool(one) for one in table["died"]])
    if "cause" not in table:
        return died.astype(np.int64)
    pairs = list(zip(table["cause"], table["organ"], strict=True))
    number = {pair: end_of(pair[0], Organ(pair[1])).number for pair in dict.fromkeys(pairs)}
    return np.where(died, [number[pair] for pair in pairs] or died, 0).astype(np.int64)


def _named(
    division: Division | None, values: list[Any] | None, known: np.ndarray
) -> tuple[list[Group], np.ndarray]:
    """The groups of a division in their order, and which of them each known row belongs to."""
    if division is None or values is None:
        return [Group("all", ALL)], np.zeros(int(known.sum()), dtype=np.int64)
    kept = [value for value, wanted in zip(values, known, strict=True) if wanted]
    of_value = {value: division.group(value) for value in dict.fromkeys(kept)}
    groups = {group.code: group for group in of_value.values()}
    ordered = sorted(groups.values(), key=lambda group: group.order)
    place = {group.code: at for at, group in enumerate(ordered)}
    return ordered, np.array([place[of_value[value].code] for value in kept], dtype=np.int64)


def _first_treated() -> Any:
    """The day on which the first treatment of a tumour began that was given and was one."""
    given = and_(
        or_(Treatment.refused.is_(None), Treatment.refused.is_(False)),
        or_(Treatment.type.is_(None), Treatment.type != TreatmentType.NONE),
    )
    return (
        select(func.min(Treatment.started_on))
        .where(Treatment.tumour_id == Tumour.id, given)
        .correlate(Tumour)
        .scalar_subquery()
    )


def _cause() -> Any:
    """The underlying cause of the person's death, as the most trusted source of one gives it."""
    trust = case(
        {source.code: rank for rank, source in enumerate(TRUST)},
        value=type_coerce(VitalStatus.source, String),
    )
    return (
        select(func.upper(func.substr(VitalStatus.cause, 1, 6)))
        .where(
            VitalStatus.person_id == Tumour.person_id,
            VitalStatus.vital == Vital.DEAD,
            VitalStatus.cause.is_not(None),
        )
        .order_by(trust.desc(), VitalStatus.id.desc())
        .limit(1)
        .correlate(Tumour)
        .scalar_subquery()
    )
