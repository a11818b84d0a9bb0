"""Closing a month: its counts are kept as they were reported, and never change."""

import hashlib
import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from registry.access import Permission, demand
from registry.indicators import Indicator
from registry.label import Label
from registry.models import ClosedMonth, ReportedFigure
from registry.queries.counting.tallies import Tally, tally
from registry.queries.review import ledger as queries
from registry.queries.staff.alliance import centres
from registry.rules.problem import Invalid, refusal
from registry.services.unit import change
from registry.services.values import today

COUNTS = ("met", "not_met", "awaited", "unknown")
ONCE = Label("一个月结束后封存一次", "A month is closed once, after it is over")


def close(month: str, indicators: Iterable[Indicator]) -> list[ClosedMonth]:
    """Keep a month's counts of these indicators as they are now, for every centre.

    What is no proportion – a yearly number, a mean – is not kept. A centre that examined nobody is kept
    with nothing, so that what it enters later shows as later.

    Parameters
    ----------
    month : str
        A month that is over, "2026-10".

    Returns
    -------
    list of ClosedMonth
        One a centre.

    Raises
    ------
    Invalid
        When it is no month, is not over, or was closed.
    access.Forbidden
        For whoever does not keep the review's record.
    """
    demand(Permission.REVIEW)
    days = days_of(month)
    if days is None:
        raise Invalid([refusal("month", "请写成 2026-10", "Please write it as 2026-10", ONCE)])
    if days[1] >= today():
        raise Invalid([refusal("month", "这个月还没有结束", "This month is not over yet", ONCE)])
    kept = []
    with change("month.close") as unit:
        if queries.closed(month):
            raise Invalid([refusal("month", "这个月已经封存", "This month has been closed", ONCE)])
        wanted = [one for one in indicators if one.counts.proportion]
        counted = {
            (one.group.code, one.indicator): one
            for one in tally(wanted, by="centre", start=days[0], end=days[1])
        }
        for centre in centres():
            mine = {one: counted.get((centre.code, one)) for one in wanted}
            if not centre.active and not any(one and one.eligible for one in mine.values()):
                continue
            rows = [_figure(centre.id, indicator, one) for indicator, one in mine.items()]
            found = unit.add(
                ClosedMonth(
                    month=month, centre_id=centre.id, closed_at=datetime.now(UTC), digest=digest(rows)
                )
            )
            unit.session.flush()
            for row in rows:
                row.closed_month_id = found.id
            unit.index(add=rows)  # the digest stands in the trail for all of them
            kept.append(found)
    return kept


def _figure(centre_id: int, indicator: Indicator, counted: Tally | None) -> ReportedFigure:
    counts = {name: getattr(counted, name) if counted else 0 for name in COUNTS}
    return ReportedFigure(centre_id=centre_id, indicator=indicator.key, edition=indicator.edition, **counts)


def days_of(month: str) -> tuple[date, date] | None:
    """First and last day of a month; None where it is none.

    >>> [str(day) for day in days_of("2026-02")], days_of("2026-13")
    (['2026-02-01', '2026-02-28'], None)
    """
    if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
        return None
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def digest(rows: Sequence[ReportedFigure]) -> str:
    """SHA-256 over every figure, in the order of the indicators' keys."""
    lines = (
        f"{row.indicator}|{row.edition}|{row.met}|{row.not_met}|{row.awaited}|{row.unknown}\n"
        for row in sorted(rows, key=lambda row: row.indicator)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def intact(month: str) -> bool:
    """Whether every figure in scope of a closed month is the one that was kept."""
    by_centre: dict[int, list[ReportedFigure]] = defaultdict(list)
    for row in queries.figures(month):
        by_centre[row.centre_id].append(row)
    return all(one.digest == digest(by_centre[one.centre_id]) for one in queries.closed(month))
