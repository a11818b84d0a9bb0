"""Counts by stratum – age, sex, indication – within each group, for rates that are adjusted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, String, case, cast, func

from registry.codes.endoscopy import Indication
from registry.codes.person import Sex
from registry.indicators import Indicator
from registry.label import Label
from registry.models import Person
from registry.queries.counting.grouping import ALL, Group, Grouping, grouping
from registry.queries.counting.tallies import Tally, tally

FIRST, LAST, WIDTH = 40, 85, 5  # under 40 is one band, 85 and over another, as in the published standards
BANDS = (0, *range(FIRST, LAST + WIDTH, WIDTH))
UNKNOWN_AGE = 99
SEXES, INDICATIONS = (Sex.MALE, Sex.FEMALE), tuple(Indication)
WITHIN = frozenset({"centre", "endoscopist", "month", "quarter", "year"})
_AGES, _SEX, _WHY = 100, 10, 50  # how many numbers each part of a stratum's code may take


@dataclass(frozen=True, kw_only=True)
class Stratum(Group):
    """One stratum of one group. What is not known is None; `age` is the lower end of its band."""

    group: Group
    age: int | None
    sex: Sex | None
    indication: Indication | None


def stratified(
    indicators: Sequence[Indicator],
    *,
    by: str | None = None,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    operator_id: int | None = None,
) -> list[Tally]:
    """Counts of indicators by stratum within each group; every tally's group is a `Stratum`.

    Somebody examined in two strata – at 54 and at 55 – counts once in each.

    Parameters
    ----------
    by : str or None
        One of `WITHIN`: what is not itself a part of the strata.

    Raises
    ------
    KeyError
        If strata are not for this grouping.
    access.Forbidden
        As `queries.counting.tallies.tally`.
    """
    if by in (None, "", "none"):
        outer = None
    elif by in WITHIN:
        outer = grouping(by)
    else:
        raise KeyError(f"no strata within {by!r}; choose one of {', '.join(sorted(WITHIN))}")
    within = _within(by, outer)
    period = {"start": start, "end": end, "centre_ids": centre_ids, "operator_id": operator_id}
    return tally(indicators, by=within, **period)  # type: ignore[arg-type]


_LABEL = Label("分层", "Strata")


@cache
def _within(by: str | None, outer: Grouping | None) -> Grouping:
    """The strata of each group: the same object again, as what was counted is known by it."""
    return Grouping(by if outer is not None and by else "strata", _LABEL, _code(outer), _named(outer), True)


def _code(outer: Grouping | None) -> Callable[[Any], Any]:
    """The stratum as one number, so that it is grouped by like anything else."""

    def of(at: Any) -> Any:
        age = case(
            (at.age.is_(None), UNKNOWN_AGE),
            (at.age < FIRST, 0),
            (at.age >= LAST, LAST),
            else_=at.age - at.age % WIDTH,
        )
        sex = case(*((Person.sex == sex, place) for place, sex in enumerate(SEXES, 1)), else_=0)
        said = cast(at.indication, String)  # of a record without one it is no code, but nothing
        why = case(*((said == why.code, place) for place, why in enumerate(INDICATIONS, 1)), else_=0)
        group = cast(-1 if outer is None or outer.of is None else func.coalesce(outer.of(at), -1), BigInteger)
        return ((group * _AGES + age) * _SEX + sex) * _WHY + why

    return of


def _named(outer: Grouping | None) -> Callable[[Iterable[Any]], dict[Any, Group]]:
    def naming(values: Iterable[Any]) -> dict[Any, Group]:
        found = {int(value): _parts(int(value)) for value in set(values)}
        if outer is None:
            groups: dict[Any, Group] = {None: Group("all", ALL)}
        else:
            groups = outer.name({group for group, _, _, _ in found.values()})
        return {
            value: Stratum(
                str(value),
                groups[group].label,
                (groups[group].order, value),
                group=groups[group],
                age=age,
                sex=sex,
                indication=why,
            )
            for value, (group, age, sex, why) in found.items()
        }

    return naming


def _parts(code: int) -> tuple[int | None, int | None, Sex | None, Indication | None]:
    """Group, age, sex and indication of a code.

    >>> _parts(((7 * 100 + 55) * 10 + 2) * 50)[:3]
    (7, 55, <Sex.FEMALE: '2'>)
    """
    rest, why = divmod(code, _WHY)
    rest, sex = divmod(rest, _SEX)
    group, age = divmod(rest, _AGES)
    return (
        None if group == -1 else group,
        None if age == UNKNOWN_AGE else age,
        SEXES[sex - 1] if sex else None,
        INDICATIONS[why - 1] if why else None,
    )
