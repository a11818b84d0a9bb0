"""What of the month's review waits for the reader: alerts, queries, and a month to be closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.access import Permission, may, scope
from registry.codes.review import InquiryState
from registry.queries.review import inquiries, ledger
from registry.queries.review.ledger import Open
from registry.reports.papers.periods import last_full
from registry.reports.rates.quality import this_day

MOST = 10  # alerts told on the page of a figure; the rest stand on their own list


@dataclass(frozen=True)
class Review:
    """The quality centre's month at a glance; `month` is the last full one."""

    month: str
    closed: bool
    alerts: Open
    answered: int
    asked: int


def review() -> Review | None:
    """What waits for the quality centre; None for everybody else."""
    if not may(Permission.REVIEW):
        return None
    month, queries = last_full("monthly", this_day()), inquiries.counts()
    return Review(
        month,
        month in ledger.closed_months(),
        ledger.open_alerts(this_day()),
        queries[InquiryState.ANSWERED],
        queries[InquiryState.ASKED],
    )


def alerts_about(indicator: str) -> Sequence[Any]:
    """The open alerts about an indicator, for the pages of its figures; none for readers of aggregates."""
    return ledger.about(indicator, limit=MOST) if may(Permission.RATES) else ()


def alerts_here() -> Open | None:
    """The open alerts that somebody of a house has to know of: all for its manager, else the own.

    One's own are those that one answers for, or that are about one's own work. None where there are none.
    """
    current = scope()
    if current is None or current.actor_id is None or not may(Permission.WRITE):
        return None
    whose = None if may(Permission.CENTRE_USERS) else current.actor_id
    found = ledger.open_alerts(this_day(), whose=whose)
    return found if found.total else None
