"""The first table of a paper: a year's examinations by sex, age and centre, and the cancers they found."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.queries.releases.first_table import SECTIONS
from registry.reports.files import as_csv, as_json
from registry.reports.first_table import HEADINGS, FirstTable, first_table
from registry.reports.rates.quality import this_day
from registry.views import asked

bp = Blueprint("first_table", __name__, url_prefix="/quality/first-table")
READERS = (Permission.BENCHMARK, Permission.AGGREGATE)
YEARS = 10


@bp.route("/")
@needs(*READERS)
def show() -> ResponseReturnValue:
    """The table of one year, this one if none was asked for."""
    found, last = _found(), this_day().year
    return render_template(
        "releases/first_table.html",
        found=found,
        headings=HEADINGS,
        parts=[(name, [one for one in HEADINGS if one.section == key]) for key, name in SECTIONS.items()],
        years=sorted({found.year, *range(last - YEARS + 1, last + 1)}, reverse=True),
        smallest=asked.smallest(),
    )


@bp.route("/table.<any(csv,json):file_format>")
@needs(*READERS)
def download(file_format: str) -> ResponseReturnValue:
    """The same numbers as a file."""
    rows = _found().flat()
    if file_format == "json":
        return asked.file(as_json(rows).encode(), "application/json", "table-1.json")
    return asked.file(("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", "table-1.csv")


def _found() -> FirstTable:
    year = request.args.get("year", type=int) or this_day().year
    if not 1900 <= year <= this_day().year:
        abort(404)
    return first_table(year, asked.smallest())
