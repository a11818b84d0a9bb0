"""Survival: curves by group with numbers at risk, median and log-rank, and the words that say how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from registry.label import Label
from registry.queries import survival as query
from registry.queries.grouping import Group
from registry.reports.quality import only_aggregates
from registry.reports.survival_method import YEARS
from registry.stats import disclosure
from registry.stats.log_rank import LogRank, log_rank
from registry.stats.survival import Curve, Median, kaplan_meier, year_day

LEVEL = 0.95


@dataclass(frozen=True)
class AtDay:
    """Survival on one day; None where a number is hidden or does not exist."""

    years: float
    day: int
    at_risk: int | None
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class CurveRow:
    """One group's curve in numbers. `curve` is for drawing; its counts may be more than may be shown."""

    group: Group
    n: int | None
    events: int | None
    median: Median | None
    at: tuple[AtDay, ...]
    curve: Curve

    def as_dict(self) -> dict[str, Any]:
        """The group as files hold it."""
        middle = (None, None, None) if self.median is None else tuple(self.median)
        return {
            "group": self.group.code,
            "label": str(self.group.label),
            "n": self.n,
            "events": self.events,
            **dict(zip(("median", "lower", "upper"), map(_number, middle), strict=True)),
            "at": [vars(at) for at in self.at],
        }


@dataclass(frozen=True)
class Survival:
    """Curves of all groups over one selection, and what compares them."""

    division: Label | None
    rows: list[CurveRow]
    log_rank: LogRank | None
    death_certificate_only: int
    not_followed: int
    suppressed: bool

    @property
    def empty(self) -> bool:
        """Whether there is nobody to speak of."""
        return not self.rows

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        test = self.log_rank
        return {
            "groups": [row.as_dict() for row in self.rows],
            "log_rank": None
            if test is None
            else {
                "chi2": _number(test.chi2),
                "df": test.df,
                "p": _number(test.p),
                "log10_p": _number(test.log10_p),
            },
            "excluded": {
                "death_certificate_or_autopsy_only": self.death_certificate_only,
                "not_followed": self.not_followed,
            },
            "level": LEVEL,
            "method": str(method()),
        }

    def flat(self) -> list[dict[str, Any]]:
        """One line for each group and day."""
        lines = []
        for row in self.rows:
            whole = row.as_dict()
            shared = {name: whole[name] for name in ("group", "label", "n", "events", "median")}
            shared |= {f"median_{limit}": whole[limit] for limit in ("lower", "upper")}
            lines += [{**shared, **at} for at in whole["at"]]
        return lines


def curves(
    by: str | None = None,
    *,
    at: Sequence[float] = YEARS,
    days: Sequence[int] = (),
    smallest: int = 8,
    **selection: Any,
) -> Survival:
    """Kaplan–Meier curves of tumours by group.

    Parameters
    ----------
    by : str or None
        A key of `queries.survival.divisions`.
    at : sequence of float
        Years at which to state survival; year y is day floor(365.25 · y), and at risk are those with
        a time of at least that day.
    days : sequence of int
        Further days.
    smallest : int
        No count below this is shown to a reader who holds nothing but AGGREGATE.
    selection
        As for `queries.survival.followed`: site, start, end, invasive, role, centre_ids.

    Returns
    -------
    Survival
        Groups without anybody do not appear; a stage that is not known is a group of its own.
    """
    counted = query.followed(by, **selection)
    moments = moments_of(at, days)
    guarded = only_aggregates()
    rows = [_row(one, moments, smallest if guarded else None) for one in counted.groups]
    hidden = any(row.n is None for row in rows)
    test = None
    if len(rows) > 1 and not hidden:
        test = log_rank([(one.days, one.dead, one.weight) for one in counted.groups])
    division = query.divisions().get(by or "")
    dco, lost = counted.death_certificate_only, counted.not_followed
    if guarded:
        dco, lost = (0 if number < smallest else number for number in (dco, lost))
    return Survival(division.label if division else None, rows, test, dco, lost, guarded)


def moments_of(at: Sequence[float], days: Sequence[int]) -> list[tuple[float, int]]:
    """Years and days in order, each day once; a day that completes a whole year is that year.

    >>> moments_of([1], [365, 500])
    [(1, 365), (1.3689253935660506, 500)]
    """
    found: dict[int, float] = {}
    for day in days:
        nearest = round(day / 365.25)
        found[int(day)] = nearest if int(year_day(nearest)) == day else day / 365.25
    found |= {int(year_day(years)): years for years in at}
    return [(found[day], day) for day in sorted(found)]


def _row(one: query.Followed, moments: list[tuple[float, int]], smallest: int | None) -> CurveRow:
    curve = kaplan_meier(one.days, one.dead, one.weight, level=LEVEL)
    n, events = curve.n, int(curve.events.sum())
    on = [day for _, day in moments]
    if smallest is None:
        seen: Any = curve.at(on)
    elif n < smallest:
        return CurveRow(one.group, None, None, None, (), disclosure.truncate(curve, smallest))
    else:
        seen = disclosure.release(curve, on, smallest)
    figures = (seen.estimate, seen.lower, seen.upper)
    at = tuple(
        AtDay(years, day, _whole(seen.at_risk[place]), *(_number(values[place]) for values in figures))
        for place, (years, day) in enumerate(moments)
    )
    median: Median | None = curve.median()
    if smallest is not None:
        events_shown = events if events >= smallest and n - events not in range(1, smallest) else None
        curve = disclosure.truncate(curve, smallest)
        median = curve.median() if curve.times.size else None
        return CurveRow(one.group, n, events_shown, median, at, curve)
    return CurveRow(one.group, n, events, median, at, curve)


def _number(value: Any) -> Any:
    """A plain number; None where there is none."""
    return None if value is None or np.isnan(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if np.isnan(value) else int(value)


def method() -> Label:
    """How the numbers were made, to be quoted."""
    return Label(
        "Kaplan–Meier 法，95 %% 区间按 Greenwood 方差作 log-log 变换；组间用对数秩检验；"
        "第 y 年为第 ⌊365.25·y⌋ 天，风险人数为时间不短于该日者；同日死亡者保留。"
        "本登记 %(registry)s，NumPy %(numpy)s。",
        "Kaplan–Meier estimate with 95 %% log-log intervals on Greenwood's variance; log-rank test between "
        "groups; year y is day ⌊365.25·y⌋, at risk are those with a time of at least that day; deaths on the "
        "first day are kept. Registry %(registry)s, NumPy %(numpy)s.",
    ) % {"numpy": np.__version__, "registry": _own_version()}


def _own_version() -> str:
    try:
        return version("gi-early-cancer-registry")
    except PackageNotFoundError:  # run from the source tree, not installed
        return "–"


def start_and_end(invasive: bool) -> tuple[Label, Label]:
    """When survival starts, and until when somebody counts as observed."""
    if invasive:
        start = Label(
            "首次证实浸润癌的组织取材日；登记病例无组织记录者用发病日期",
            "The day the tissue was taken that first proved invasive cancer; the incidence date of "
            "registered cases without it",
        )
    else:
        start = Label(
            "首次证实高级别瘤变或原位癌的组织取材日",
            "The day the tissue was taken that first proved high-grade neoplasia or Tis",
        )
    first, last, some_without = query.death_lists()
    if last is None:
        return start, Label("末次确知存活日（无死因库比对）", "Last known alive; no death list was linked")
    days = {"first": first, "last": last}
    if not some_without and first == last:
        return start, Label(
            "死因库比对截止日 %(last)s", "The closing date of the linked death list, %(last)s"
        ) % days
    return start, Label(
        "有死因库比对者至比对截止日（%(first)s 至 %(last)s），其余至末次确知存活日",
        "The closing date of the death list where one was linked (%(first)s to %(last)s), last known alive "
        "otherwise",
    ) % days


def periods(start: int | None, end: int | None) -> dict[str, Any]:
    """Whole years as the limits that the query takes."""
    limits = {"start": date(start, 1, 1) if start else None, "end": date(end, 12, 31) if end else None}
    return {name: day for name, day in limits.items() if day is not None}
