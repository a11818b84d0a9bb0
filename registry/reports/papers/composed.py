"""Any report by its kind and period, for whoever asks: the one door for page and command line."""

from collections.abc import Sequence
from datetime import date

from registry.indicators import FIRST, Indicator
from registry.label import Label
from registry.queries.staff.places import Place
from registry.reports.papers.monthly import monthly
from registry.reports.papers.paper import Paper
from registry.reports.papers.periods import days_of
from registry.reports.papers.quarterly import quarterly
from registry.reports.rates.quality import this_day

ALLIANCE = Label("联盟", "The alliance")


def compose(
    kind: str,
    code: str,
    *,
    centre: Place | None = None,
    place: Label = ALLIANCE,
    smallest: int = 8,
    today: date | None = None,
    indicators: Sequence[Indicator] = FIRST,
) -> Paper:
    """A report in the reader's language, counted within what the reader may see.

    Parameters
    ----------
    kind : {"monthly", "quarterly", "annual"}
    code : str
        The period: 2026-10, 2026-Q3, 2026.
    centre : Place or None
        The centre it is about; None for all that the reader may see, which `place` names.
    smallest : int
        No count below this is shown to a reader of aggregates.
    indicators : sequence of Indicator
        What a quarterly or annual report tells; a brief has its own.

    Raises
    ------
    ValueError
        If that is no period of this kind, or one that has not begun.
    access.Forbidden
        If rates are not for this reader.
    """
    day = today or this_day()
    if days_of(kind, code)[0] > day:
        raise ValueError(str(Label("%(code)s 还没有开始", "%(code)s has not begun") % {"code": code}))
    shown = centre.label if centre else place
    ids = [centre.id] if centre else None
    stem = "-".join(filter(None, ("registry", kind, code, centre.code if centre else None)))
    if kind == "monthly":
        return monthly(code, place=shown, centre_ids=ids, smallest=smallest, today=day, stem=stem)
    return quarterly(
        kind,
        code,
        place=shown,
        centre=centre.code if centre else None,
        centre_ids=ids,
        smallest=smallest,
        today=day,
        stem=stem,
        indicators=indicators,
    )
