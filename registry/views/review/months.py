"""Closed months: what was reported beside what the record says today, and the closing of one."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.indicators import switched_on
from registry.label import Label
from registry.queries.review import ledger as queries
from registry.reports.files import as_csv, as_json
from registry.reports.papers.periods import last_full
from registry.reports.rates.closed_months import as_reported
from registry.reports.rates.quality import this_day
from registry.rules.problem import Invalid, Problem
from registry.services.review import closed_months as services
from registry.views import asked
from registry.views.words import tell

bp = Blueprint("months", __name__, url_prefix="/quality/months")
READERS = (Permission.RATES, Permission.REVIEW)


@bp.route("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """The months that were closed, and one of them."""
    return _page(_month())


@bp.route("/", methods=["POST"])
@needs(Permission.REVIEW)
def close() -> ResponseReturnValue:
    """Close a month."""
    month = request.form.get("month", "").strip()
    try:
        services.close(month, switched_on(current_app.config["INDICATOR_SETS"]))
    except Invalid as wrong:
        return _page(None, wrong.problems, month), 422
    tell("done", Label("%(month)s 已封存。", "%(month)s is closed.") % {"month": month})
    return redirect(url_for("months.index", month=month), 303)


@bp.route("/rows.<any(csv,json):file_format>")
@needs(*READERS)
def download(file_format: str) -> ResponseReturnValue:
    """The rows of a closed month as a file."""
    month = _month()
    if month is None:
        return redirect(url_for("months.index"))
    rows = [row.as_dict() for row in as_reported(month)]
    if file_format == "json":
        return asked.file(as_json(rows).encode(), "application/json", f"{month}.json")
    return asked.file(("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", f"{month}.csv")


def _month() -> str | None:
    """The closed month that is asked for; the latest otherwise."""
    months = queries.closed_months()
    return str(asked.one_of("month", months, months[0])) if months else None


def _page(month: str | None, problems: list[Problem] | None = None, typed: str = "") -> Any:
    rows = as_reported(month) if month else []
    only = request.args.get("only") == "changed"
    closed = queries.closed(month) if month else []
    months, latest = queries.closed_months(), last_full("monthly", this_day())
    return render_template(
        "review/months.html",
        months=months,
        month=month,
        rows=[row for row in rows if row.changed or not only],
        changed=sum(row.changed for row in rows),
        total=len(rows),
        only=only,
        closed_at=closed[0].closed_at.astimezone() if closed else None,
        intact=services.intact(month) if month else None,
        problems=problems or [],
        typed=typed or ("" if latest in months else latest),
        latest=latest if latest in months else None,
    )
