"""Cumulative incidence of competing ends by group: numbers for files, tables and the figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from registry.label import Label
from registry.queries import survival as query
from registry.queries.grouping import Group
from registry.queries.survival_rows import rows as rows_of
from registry.reports import methods
from registry.reports.drawn_survival import incidence_figure
from registry.reports.kaplan_meier import p_value
from registry.reports.quality import only_aggregates
from registry.reports.shown import figure, interval, whole
from registry.reports.survival import LEVEL, as_test, moments_of
from registry.reports.survival_method import Method, Sheet, Wanted
from registry.rules.cause import CAUSE, End
from registry.stats.competing import Gray, Incidence, cumulative_incidence, gray


@dataclass(frozen=True)
class EndAtDay:
    """What has happened by one day; None where a number is hidden or does not exist."""

    end: End
    years: float
    day: int
    at_risk: int | None
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class IncidenceRow:
    """One group: how many, how many came to each end, and when. `found` is for drawing only."""

    group: Group
    n: int | None
    events: dict[End, int | None]
    at: tuple[EndAtDay, ...]
    found: Incidence


@dataclass(frozen=True)
class Competing:
    """Cumulative incidence of all groups, and Gray's test of each end between them."""

    division: Label | None
    rows: list[IncidenceRow]
    tests: dict[End, Gray]
    death_certificate_only: int
    not_followed: int
    suppressed: bool
    wanted: Wanted

    @property
    def empty(self) -> bool:
        """Whether there is nobody to speak of."""
        return not self.rows

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        return {
            "groups": [
                {
                    "group": row.group.code,
                    "label": str(row.group.label),
                    "n": row.n,
                    "events": {end.code: number for end, number in row.events.items()},
                    "at": [{**vars(at), "end": at.end.code} for at in row.at],
                }
                for row in self.rows
            ],
            "gray": {end.code: as_test(test) for end, test in self.tests.items()},
            "excluded": {
                "death_certificate_or_autopsy_only": self.death_certificate_only,
                "not_followed": self.not_followed,
            },
            "level": LEVEL,
            "definition": str(CAUSE.says),
            "source": CAUSE.source,
            "method": str(methods.cumulative_incidence(self.wanted)),
        }

    def flat(self) -> list[dict[str, Any]]:
        """One line for each group, end and day."""
        return [
            {
                "group": row.group.code,
                "label": str(row.group.label),
                "n": row.n,
                "events": row.events[at.end],
                **vars(at),
                "end": at.end.code,
            }
            for row in self.rows
            for at in row.at
        ]


def answer(wanted: Wanted) -> Competing:
    """Cumulative incidence by group; a reader of aggregates gets no group and no day with small numbers.

    Raises Refused where a landmark is asked for by a reader of aggregates.
    """
    guarded = only_aggregates()
    counted = rows_of([wanted.by], causes=True, **dict(wanted.selection))
    key = str(wanted.by)
    moments = moments_of(wanted.at, wanted.days)
    rows, groups = [], []
    for place, group in enumerate(counted.groups[key]):
        own = counted.places[key] == place
        members = counted.days[own], counted.ends[own], counted.weight[own]
        groups.append(members)
        found = cumulative_incidence(*members, kinds=len(End), level=LEVEL)
        rows.append(_row(group, found, moments, wanted.smallest if guarded else None))
    hidden = any(row.n is None for row in rows)
    tests = {}
    if len(rows) > 1 and not hidden:
        tests = {end: gray(groups, end=end.number, kinds=len(End)) for end in (End.CANCER, End.OTHER)}
    left_out = [counted.death_certificate_only, counted.not_followed]
    if guarded:
        left_out = [0 if number < wanted.smallest else number for number in left_out]
    division = query.divisions().get(wanted.by or "")
    return Competing(
        division.label if division else None, rows, tests, left_out[0], left_out[1], guarded, wanted
    )


def _row(
    group: Group, found: Incidence, moments: Sequence[tuple[float, int]], smallest: int | None
) -> IncidenceRow:
    numbers = {end: int(found.events[end.rank].sum()) for end in End}
    if smallest is not None and found.n < smallest:
        return IncidenceRow(group, None, dict.fromkeys(End), (), found)
    seen = found.at([day for _, day in moments])
    cells = []
    for end in End:
        for at, (years, day) in enumerate(moments):
            few = smallest is not None and seen.at_risk[at] < smallest
            figures = (values[end.rank, at] for values in (seen.estimate, seen.lower, seen.upper))
            at_risk = None if few else int(seen.at_risk[at])
            shown = (None if few or np.isnan(value) else float(value) for value in figures)
            cells.append(EndAtDay(end, years, day, at_risk, *shown))
    small = smallest or 0
    # One hidden number among ends, those alive and the total could be reckoned: then all are hidden.
    parts = [*numbers.values(), found.n - sum(numbers.values())]
    hide = any(0 < number < small for number in parts)
    events: dict[End, int | None] = dict.fromkeys(End) if hide else {**numbers}
    return IncidenceRow(group, found.n, events, tuple(cells), found)


def sheets(found: Competing) -> list[Sheet]:
    """Three tables, one an end; the tests and what the causes leave open beneath."""
    told = []
    for end in End:
        if not any(row.events[end] != 0 for row in found.rows):
            continue
        moments = [(at.years, at.day) for at in found.rows[0].at if at.end is end]
        head: list[Label | str] = [
            found.division or Label("组", "Group"),
            Label("例", "n"),
            Label("发生", "Events"),
            *(_moment(*moment) for moment in moments),
        ]
        rows: list[list[Label | str]] = []
        for row in found.rows:
            cells = [_stated(at) for at in row.at if at.end is end] or ["–"] * len(moments)
            rows.append([row.group.label, whole(row.n), whole(row.events[end]), *cells])
        told.append(Sheet(end.label, head, rows, _notes(found, end)))
    return told


def _notes(found: Competing, end: End) -> list[Label]:
    notes = []
    test = found.tests.get(end)
    if test is not None and test.df:
        told = {"chi2": f"{test.chi2:.3f}", "df": test.df, "p": p_value(test.p, test.log10_p)}
        notes.append(
            Label(
                "Gray 检验：χ² = %(chi2)s, df = %(df)s, %(p)s",
                "Gray's test: χ² = %(chi2)s, df = %(df)s, %(p)s",
            )
            % told
        )
    if end is End.CANCER:
        notes.append(
            Label(
                "死于其他原因者不再可能死于本癌；用 1 − Kaplan–Meier 会高估。",
                "Who dies of another cause can no longer die of the cancer; one minus Kaplan–Meier would "
                "overstate it.",
            )
        )
    if end is End.UNKNOWN:
        notes.append(
            Label(
                "若死因不详者都死于本癌，本癌死亡率最多再加上这一部分。",
                "If all of these had died of the cancer, its incidence would be higher by so much at the "
                "most.",
            )
        )
    return notes


def _moment(years: float, day: int) -> Label:
    if years == int(years):
        return Label("%(y)s 年：%%", "%(y)s y: %%") % {"y": int(years)}
    return Label("%(d)s 天：%%", "%(d)s d: %%") % {"d": day}


def _stated(at: EndAtDay) -> str:
    limits = "" if at.lower is None else f" ({interval(at.lower, at.upper)})"
    return f"{figure(at.estimate)}{limits} [{whole(at.at_risk)}]"


METHOD = Method(
    key="cif",
    label=Label("死因别累积发生率（竞争风险）", "Deaths by cause (competing risks)"),
    says=Label(
        "诊断后这么久，死于本癌、死于其他原因的各占多少；加上仍存活者为全部。",
        "After so long, how many have died of this cancer and how many of something else; with those "
        "alive they are all.",
    ),
    answer=answer,
    sheets=sheets,
    draw=incidence_figure,
    quote=lambda found: methods.cumulative_incidence(found.wanted),
)
