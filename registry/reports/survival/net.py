"""Relative and net survival by group against a chosen life table: what page, file and terminal show."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from registry.label import Label
from registry.models import LifeTable
from registry.queries.counting.grouping import Group
from registry.queries.survival import life_tables as tables
from registry.queries.survival.by_days import divisions
from registry.queries.survival.one_by_one import SEXES, Columns, one_by_one
from registry.reports.rates.quality import only_aggregates
from registry.reports.survival.curves import as_test, moments_of
from registry.reports.survival.disclosed import Guarded, guard, unless_few
from registry.reports.survival.method import YEARS, Refused, Wanted
from registry.stats.age_standard import PATIENTS, Standard, icss, standardised
from registry.stats.disclosure import through
from registry.stats.life_table import DAYS_A_YEAR, People, RateTable, cumulative_hazard, year_began
from registry.stats.log_rank import Tail
from registry.stats.net_log_rank import net_log_rank
from registry.stats.net_survival import METHODS, NetCurve, within
from registry.stats.standardise import ratio_to
from registry.stats.survival import kaplan_meier, year_day

LEVEL = 0.95
STANDARDS = ("icss", *PATIENTS)
_NOT_FOR_AGGREGATES = Label(
    "时期法和年龄标化不对只看汇总的读者提供：相邻两次结果之差会泄露少数人的情况。",
    "The period approach and age standardisation are not offered to readers of aggregates: two such answers "
    "beside each other would tell of few people.",
)


@dataclass(frozen=True)
class AtDay:
    """Net survival on one day, and the survival the life table expects; None where hidden or unknown."""

    years: float
    day: int
    at_risk: int | None
    estimate: float | None
    lower: float | None
    upper: float | None
    expected: float | None


@dataclass(frozen=True)
class NetRow:
    """One group. `ratio` is deaths observed over expected with its limits; `curve` is for drawing.

    A standardised curve ends where an age group does, though others are still followed: `beneath` holds, for
    each year from 0 to 10, how many of the group are at risk and how many have died.
    """

    group: Group
    n: int | None
    events: int | None
    expected_deaths: float | None
    ratio: tuple[float, float, float] | None
    at: tuple[AtDay, ...]
    curve: NetCurve
    beneath: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The group as files hold it."""
        ratio = self.ratio or (None, None, None)
        return {
            "group": self.group.code,
            "label": str(self.group.label),
            "n": self.n,
            "events": self.events,
            "expected_deaths": self.expected_deaths,
            **dict(zip(("observed_to_expected", "ratio_lower", "ratio_upper"), ratio, strict=True)),
            "at": [vars(at) for at in self.at],
        }


@dataclass(frozen=True)
class Against:
    """The life table that was used: its name, source and digest."""

    name: str
    source: str
    digest: str


@dataclass(frozen=True)
class NetSurvival:
    """All groups over one selection against one life table, and who is not in them.

    `test` is that of equal net survival of all groups (Grafféo 2016); None where there is one group only,
    for relative survival, age-standardised curves, and readers of aggregates.
    """

    key: str
    table: Against
    wanted: Wanted
    division: Label | None
    rows: list[NetRow]
    death_certificate_only: int | None
    not_followed: int | None
    not_comparable: int | None
    children: int | None
    beyond: int | None
    suppressed: bool
    test: Tail | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nobody to speak of."""
        return not self.rows

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        return {
            "method": self.key,
            "groups": [row.as_dict() for row in self.rows],
            "test_of_equal_net_survival": as_test(self.test),
            "life_table": {"name": self.table.name, "source": self.table.source, "sha256": self.table.digest},
            "standard": standard_name(self.wanted),
            "period": None if self.wanted.period is None else list(self.wanted.period),
            "beyond_life_table": self.beyond,
            "excluded": {
                "death_certificate_or_autopsy_only": self.death_certificate_only,
                "not_followed": self.not_followed,
                "no_birth_date_or_sex": self.not_comparable,
                "under_15": self.children,
            },
            "level": LEVEL,
        }

    def flat(self) -> list[dict[str, Any]]:
        """One line for each group and day."""
        lines = []
        for row in self.rows:
            whole = row.as_dict()
            at = whole.pop("at")
            lines += [{**whole, **one} for one in at or [dict.fromkeys(each.name for each in fields(AtDay))]]
        return lines


def net_survival(key: str, wanted: Wanted) -> NetSurvival:
    """Relative (key "ederer2") or net survival ("pohar-perme") of tumours by group.

    Reads `life_table` (where there is but one it need not be named), `standard` and `period` (first and
    last calendar year of follow-up) beside what every method does.

    Raises Refused where there is no such life table, the period ends before it begins, or a reader of
    aggregates asks for a period or a standard: two such answers apart by a year would tell of few.
    """
    smallest = wanted.smallest if only_aggregates() else None
    if smallest is not None and (wanted.period or wanted.standard):
        raise Refused(_NOT_FOR_AGGREGATES)
    table = _table(wanted.life_table)
    period = _period(wanted.period)
    standard = None if wanted.standard is None else icss(standard_name(wanted))
    rates = tables.rates(table, SEXES)
    until = int(year_began(rates.years[-1] + 1))
    known = RateTable(rates.hazard, rates.ages * DAYS_A_YEAR, year_began(rates.years), until)
    found = one_by_one(wanted.by, **dict(wanted.selection))
    made = [_Made(one, known, standard, period) for one in found.groups]
    if period and found.groups and not any(len(one.people) for one in made):
        nobody = Label("%(a)s–%(b)s 年间无人被随访。", "Nobody was followed in %(a)s–%(b)s.")
        raise Refused(nobody % dict(zip("ab", wanted.period or (), strict=False)))
    moments = moments_of(wanted.at, wanted.days) if smallest is None else moments_of(YEARS, ())
    there = [one for one in made if len(one.people)]
    if smallest is None:
        rows = [one.row(METHODS[key], moments) for one in there]
    else:
        alive = [kaplan_meier(one.people.days, one.dead) for one in there]
        may = guard(alive, [day for _, day in moments], smallest)
        rows = [one.row(METHODS[key], moments, told) for one, told in zip(there, may, strict=True)]
        if found.not_comparable:  # beside Kaplan–Meier of everybody, counts would tell how many of each group
            rows = [_uncounted(row) for row in rows]
    division = divisions().get(wanted.by or "")
    test = None
    if key == "pohar-perme" and len(there) > 1 and standard is None and smallest is None:
        test = net_log_rank(known, [(one.people, one.dead, one.entry) for one in there])

    def told(count: int) -> int | None:
        return count if smallest is None else unless_few(count, smallest)

    return NetSurvival(
        key,
        Against(table.name, table.source, table.digest),
        wanted,
        division.label if division else None,
        rows,
        told(found.death_certificate_only),
        told(found.not_followed),
        told(found.not_comparable),
        told(sum(one.children for one in made)),
        told(sum(one.beyond for one in made)),
        smallest is not None,
        test,
    )


def standard_name(wanted: Wanted) -> str | None:
    """The standard population that was asked for; "icss" is the first, that of most cancers."""
    return "icss1" if wanted.standard == "icss" else wanted.standard


def _uncounted(row: NetRow) -> NetRow:
    """A group's estimates without its counts."""
    at = tuple(replace(one, at_risk=None) for one in row.at)
    return replace(row, n=None, events=None, expected_deaths=None, ratio=None, at=at)


class _Made:
    """The persons of one group as the estimators take them."""

    def __init__(
        self,
        one: Columns,
        table: RateTable,
        standard: Standard | None,
        period: tuple[int, int] | None,
    ) -> None:
        self.group, self.table, self.standard = one.group, table, standard
        if period is None:
            who, days, dead = np.arange(one.days.size), one.days, one.dead
            entry = np.full(who.size, -1)
        else:
            seen = within(one.on, one.days, one.dead, *period)
            who, days, dead, entry = seen.who, seen.days, seen.dead, seen.entry
        self.children = 0
        if standard is not None:
            adults = standard.group(one.age[who] // DAYS_A_YEAR) >= 0
            self.children = int((~adults).sum())
            who, days, dead, entry = who[adults], days[adults], dead[adults], entry[adults]
        self.people = People(one.sex[who], one.age[who], one.on[who], days)
        self.dead, self.entry = dead, entry
        self.beyond = int(table.beyond(self.people).sum())

    def row(self, method: Any, moments: list[tuple[float, int]], may: Guarded | None = None) -> NetRow:
        """The curve, and what is said of it on some days; of that what may be said."""
        curve = self._curve(method)
        days = [day for _, day in moments]
        seen = curve.at(days)
        drawn = curve.known() if may is None else through(curve, days, may.estimates).known()
        if may is not None and not may.n:
            return NetRow(self.group, None, None, None, None, (), replace(drawn, n=0))
        at = tuple(
            AtDay(years, day, at_risk, *figures)
            for place, (years, day) in enumerate(moments)
            for at_risk, figures in [self._told(curve, seen, place, day, may)]
        )
        n, events = len(self.people), int(self.dead.sum())
        if may is not None and not may.events:
            return NetRow(self.group, n, None, None, None, at, drawn)
        expected = self._expected_deaths()
        ratio = ratio_to(events, expected, level=LEVEL)
        stated = (float(ratio.estimate), float(ratio.lower), float(ratio.upper))
        beneath = None if self.standard is None else self._beneath()
        return NetRow(self.group, n, events, expected, stated if expected else None, at, drawn, beneath)

    def _beneath(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """How many are at risk, and have died, by each year."""
        marks, days = year_day(np.arange(YEARS[-1] + 1)), self.people.days
        there = [int(((days >= day) & (self.entry < day)).sum()) for day in marks]
        died = [int((self.dead & (days <= day)).sum()) for day in marks]
        return tuple(there), tuple(died)

    def _curve(self, method: Any) -> NetCurve:
        if self.standard is None:
            return method(self.table, self.people, self.dead, self.entry, level=LEVEL)
        ages = self.standard.group(self.people.age // DAYS_A_YEAR)
        curves = []
        for place in range(len(self.standard.ages)):
            own = ages == place
            curves.append(method(self.table, self.people[own], self.dead[own], self.entry[own], level=LEVEL))
        return standardised(curves, self.standard.weights, level=LEVEL)

    def _expected_deaths(self) -> float:
        """Deaths that the table expects among these people on the days on which they were seen."""
        whole = cumulative_hazard(self.table, self.people).sum()
        late = np.flatnonzero(self.entry > 0)
        some = self.people[late]
        before = People(some.sex, some.age, some.on, self.entry[late])
        return float(whole - cumulative_hazard(self.table, before).sum())

    def _told(
        self, curve: NetCurve, seen: Any, place: int, day: int, may: Guarded | None
    ) -> tuple[int | None, list[float | None]]:
        counted = curve.times.size and (may is None or may.at_risk[place])
        said = may is None or may.estimates[place]
        figures: list[float | None] = [None] * 4
        if said:
            figures = self._figures(curve, seen, place, day)
        return _whole(seen.at_risk[place]) if counted else None, figures

    def _figures(self, curve: NetCurve, seen: Any, place: int, day: int) -> list[float | None]:
        figures = [_number(values[place]) for values in (seen.estimate, seen.lower, seen.upper)]
        if figures[1] == figures[2]:  # nobody has died so far: limits that rest on the deaths do not exist
            figures[1:] = [None, None]
        expected = None if figures[0] is None else float(np.exp(-curve.expected[day]))
        return [*figures, expected]


def _table(name: str | None) -> LifeTable:
    """The table of this name; the only one, where none is named."""
    if name and (found := tables.named(name)):
        return found
    there = tables.all_tables()
    if not there:
        raise Refused(
            Label(
                "净生存需要人口寿命表，还没有载入：请管理员用 flask life-table load 载入。",
                "Net survival needs a life table of the population, and none is loaded: the administrator "
                "loads one with flask life-table load.",
            )
        )
    if not name and len(there) == 1:
        return there[0]
    names = ", ".join(one.name for one in there)
    if name:
        said = Label(
            "没有寿命表“%(name)s”；已有：%(there)s。", "No life table “%(name)s”; there are: %(there)s."
        )
        raise Refused(said % {"name": name, "there": names})
    raise Refused(Label("请选一个寿命表：%(there)s。", "Choose a life table: %(there)s.") % {"there": names})


def _period(years: tuple[int, int] | None) -> tuple[int, int] | None:
    """The first and the last calendar day of a period of years."""
    if years is None:
        return None
    if years[1] < years[0]:
        raise Refused(Label("时期的末年早于首年。", "The period ends before it begins."))
    return int(year_began(years[0])), int(year_began(years[1] + 1)) - 1


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if np.isnan(value) else int(value)
