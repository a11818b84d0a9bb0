"""Reports to choose and to take away: the monthly brief, the quarterly and the annual report."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs, scope
from registry.exchange.papers import MEDIA_TYPES, written
from registry.indicators import switched_on
from registry.label import Label
from registry.queries.staff.places import Place, places
from registry.reports.papers.composed import compose
from registry.reports.papers.paper import Paper
from registry.reports.papers.periods import KINDS, last_full, moved, name_of
from registry.reports.rates.quality import this_day
from registry.views import asked

bp = Blueprint("papers", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)
EARLIER = {"monthly": 24, "quarterly": 12, "annual": 5}


@bp.route("/quality/reports")
@needs(*NUMBERS)
def choose() -> ResponseReturnValue:
    """What reports there are, for which place and period, and what one of them says."""
    kind, code = _asked()
    paper = _composed(kind, code)
    return render_template(
        "quality/papers.html",
        kind=kind,
        kinds=KINDS,
        code=code,
        periods=_periods(kind),
        paper=paper,
        formats=list(MEDIA_TYPES),
        centre=asked.centre(),
        centres=asked.choosable(),
        kind_of=lambda block: type(block).__name__.lower(),
    )


@bp.route("/quality/reports/report.<any(pdf,docx,xlsx):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The same report as a file."""
    paper = _composed(*_asked())
    return asked.file(written(paper, file_format), MEDIA_TYPES[file_format], f"{paper.stem}.{file_format}")


def _asked() -> tuple[str, str]:
    """Kind and period in the address; the last full period where it names none of the kind's."""
    kind = str(asked.one_of("kind", KINDS, "monthly"))
    return kind, request.args.get("period", "").strip() or last_full(kind, this_day())


def _composed(kind: str, code: str) -> Paper:
    try:
        return compose(
            kind,
            code,
            centre=asked.centre() or _own(),
            smallest=asked.smallest(),
            indicators=switched_on(current_app.config["INDICATOR_SETS"]),
        )
    except ValueError:
        abort(404)


def _own() -> Place | None:
    """The reader's centre, for whoever does not compare centres."""
    current = scope()
    if asked.across_centres() or current is None:
        return None
    return next((place for place in places() if place.id == current.centre_id), None)


def _periods(kind: str) -> list[tuple[str, Label]]:
    """The periods to choose from, the latest first, by their codes."""
    latest = last_full(kind, this_day())
    codes = [moved(kind, latest, -step) for step in range(-1, EARLIER[kind])]
    return [(code, name_of(kind, code)) for code in codes]
