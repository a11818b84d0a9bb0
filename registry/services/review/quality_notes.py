"""Notes on data quality: why a figure stands where it stands, dated, by whom, with the figure of that day."""

from datetime import UTC, date, datetime

from registry.access import Permission, demand, scope
from registry.indicators.checks import CHECKS
from registry.label import Label
from registry.models import QualityNote
from registry.queries.review.data_quality import Period, counted
from registry.queries.staff.places import named
from registry.rules.problem import Invalid, refusal
from registry.services.review.inquiries import worded
from registry.services.unit import change
from registry.services.values import today

ABOUT = Label("说明属于一个中心的一项核查", "A note is about one check at one centre")


def note(
    check_key: str,
    centre_id: int | None,
    *,
    text: str | None,
    start: date | None = None,
    end: date | None = None,
) -> QualityNote:
    """Write down why a figure stands where it stands. A note is never changed: a newer one stands above it.

    Parameters
    ----------
    start, end : date or None
        The days that the figure is of; the figure itself is counted now and kept with the note.

    Raises
    ------
    Invalid
        Without words, with an identity number in them, or about no check or centre that there is.
    access.Forbidden
        For whoever does not keep the review's record.
    """
    demand(Permission.REVIEW)
    problems = [refusal("note", one.message.zh, one.message.en, one.clause) for one in worded(text, names=[])]
    check = CHECKS.get(check_key)
    if check is None:
        problems.append(refusal("check", "没有这项核查", "There is no such check", ABOUT))
    if centre_id is None or not named([centre_id]):
        problems.append(refusal("centre", "请选择中心", "Please choose the centre", ABOUT))
    if problems or check is None or centre_id is None:
        raise Invalid(problems)
    figures = counted([check], Period(start, end, [centre_id]), today=today())
    current = scope()
    with change("quality.note") as unit:
        return unit.add(
            QualityNote(
                check_key=check_key,
                centre_id=centre_id,
                start_on=start,
                end_on=end,
                fine=sum(one.fine for one in figures),
                judged=sum(one.judged for one in figures),
                note=(text or "").strip(),
                noted_at=datetime.now(UTC),
                author_id=current.actor_id if current else None,
            )
        )
