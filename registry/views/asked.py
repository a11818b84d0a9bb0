"""What a page of numbers was asked for: the filters in its address, read leniently and written back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, current_app, request, url_for

from registry.access import Permission, may, scope
from registry.label import Label
from registry.queries.counting.grouping import GROUPINGS, by_name
from registry.queries.staff.clinicians import endoscopist as named
from registry.queries.staff.places import Place, places
from registry.reports.rates.quality import last_full_year, only_aggregates, span, this_day
from registry.reports.rates.released import released_on, rung
from registry.views.sent import whole

MOST_MONTHS = 12
# What an address is written back with; anything else in it could steer how addresses are made.
FILTERS = (
    *("indicator", "by", "from", "to", "centre", "sort", "site", "behaviour", "role", "type", "unconfirmed"),
    *("method", "clock", "end", "landmark", "restricted", "interval", "strata", "with"),
    *("life_table", "standard", "seen_from", "seen_to"),
    *("state", "set", "check", "kind", "only"),
    *("endoscopist", "target", "adjusted", "stretch", "order", "rules", "baseline"),
)


@dataclass(frozen=True)
class Period:
    """First and last day, as asked or the last twelve months."""

    start: date
    end: date

    def __str__(self) -> str:
        return str(Label("%(a)s 至 %(b)s", "%(a)s to %(b)s") % {"a": self.start, "b": self.end})


def period() -> Period:
    """The days from … to in the address, each a day, a month or a year.

    A reader of aggregates gets what is released: a year, quarter or month, or whole years by time.
    """
    today = this_day()
    earlier = today.year * 12 + today.month - MOST_MONTHS
    start = day("from", 0) or date(earlier // 12, earlier % 12 + 1, 1)
    end = day("to", 1) or today
    if only_aggregates():
        return Period(*rung(start, end, today, by=request.args.get("by"), one_centre=centre() is not None))
    return Period(start, max(start, end))


def judged_period() -> Period:
    """As `period`, but the twelve full months before this one where the address names no day.

    Groups are held against each other on months whose reports have come in: while those of the running
    month are awaited, whoever took tissue in it could not be judged, which is mostly the large houses.
    """
    if only_aggregates() or day("from", 0) or day("to", 1):
        return period()
    return Period(*last_full_year(this_day()))


def data_as_of() -> date:
    """The day up to which this page's numbers were counted: that of the release for readers of aggregates."""
    return (released_on(period().end.year) if only_aggregates() else None) or this_day()


def day(name: str, edge: int) -> date | None:
    """The first (edge 0) or last (edge 1) day of what the address names; None where it names none."""
    given = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(given)
    except ValueError:
        try:
            whole = span(given)
        except ValueError:
            return None
        return whole[edge] if whole else None


def one_of(name: str, allowed: Any, otherwise: Any) -> Any:
    """A value of the address, if it is one of those there are."""
    given = request.args.get(name)
    return given if given in allowed else otherwise


def across_centres() -> bool:
    """Whether the reader compares centres, rather than looking at the own."""
    return may(Permission.BENCHMARK) or may(Permission.AGGREGATE)


def centre() -> Place | None:
    """The centre asked for, of those that the reader may ask for."""
    return next((place for place in choosable() if place.code == request.args.get("centre")), None)


def choosable() -> list[Place]:
    """The centres that a reader of the whole alliance may choose from, in the order of their names."""
    if not across_centres():
        return []
    return sorted(places(), key=lambda place: by_name(place.label))


def centre_ids() -> list[int] | None:
    """The centre asked for as the queries take it; the own one where the reader has no choice."""
    chosen = centre()
    if chosen is not None:
        return [chosen.id]
    current = scope()
    return None if across_centres() or current is None else sorted(current.centres)


def groupings() -> list[tuple[str, Label]]:
    """By what this reader may group, as options of a select."""
    left_out = set()
    if not across_centres():
        left_out.add("centre")
    if only_aggregates():
        left_out.add("endoscopist")
        if centre() is not None:
            left_out |= {"month", "sex", "age", "age5"}
    return [(key, found.label) for key, found in GROUPINGS.items() if key not in left_out]


def endoscopist() -> tuple[int, str] | None:
    """Id and name of the endoscopist asked for, where the reader may look at somebody's examinations."""
    user_id = whole("endoscopist", least=1)
    return None if user_id is None or only_aggregates() else named(user_id=user_id)


def unconfirmed() -> bool:
    """Whether what rules read from words is to stand beside what is confirmed; never for aggregates."""
    return request.args.get("unconfirmed") == "1" and not only_aggregates()


def smallest() -> int:
    """The smallest count that may leave the alliance."""
    return int(current_app.config["SMALLEST_CELL"])


def address(page: str, endpoint: str | None = None, **changes: Any) -> str:
    """The address of this page with some filters changed, or that of its figure; None takes one out."""
    asked = kept() | changes
    return url_for(endpoint or page, **{name: value for name, value in asked.items() if value is not None})


def kept() -> dict[str, Any]:
    """The filters of this page's address, as a link to another page of it repeats them."""
    found = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    if "with" in found:  # several boxes of one name
        found["with"] = ",".join(filter(None, request.args.getlist("with")))
    return found


def file(content: bytes, media_type: str, name: str) -> Response:
    """A file shown in the page, or saved where the reader asks to."""
    answer = Response(content, content_type=media_type)
    if "save" in request.args or not media_type.startswith("image/"):
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
