"""The catalogue of indicators by source, and one edition beside another before it is adopted."""

from functools import partial
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.indicators import INDICATORS, SETS
from registry.reports.files import as_csv
from registry.reports.rates.editions import editions, side_by_side
from registry.views import asked
from registry.views.lists.behind import cases_of

bp = Blueprint("indicators", __name__)


@bp.route("/quality/indicators")
@needs()
def catalogue() -> ResponseReturnValue:
    """Every set with its indicators, and what its source asks that the record cannot tell."""
    beside = {one.key: editions(one) for each in SETS.values() for one in each.indicators}
    return render_template("quality/indicators.html", sets=list(SETS.values()), beside=beside)


@bp.route("/quality/editions/<key>")
@needs(Permission.RATES, Permission.BENCHMARK)
def compare(key: str) -> ResponseReturnValue:
    """An indicator by two editions over the same cases: by centre, or by month for who sees one centre."""
    indicator = INDICATORS.get(key) or abort(404)
    others = editions(indicator)
    if not others:
        abort(404)
    other = next((one for one in others if one.key == request.args.get("with")), others[0])
    old, new = (other, indicator) if indicator.replaces == other.key else (indicator, other)
    period, by = asked.period(), "centre" if asked.across_centres() else "month"
    limits: dict[str, Any] = {"start": period.start, "end": period.end, "centre_ids": asked.centre_ids()}
    pairs = side_by_side(old, new, by=by, **limits)
    (whole,) = side_by_side(old, new, by=None, **limits)
    if request.args.get("format") == "csv":
        rows = [row.as_dict() for pair in (*pairs, whole) for row in (pair.old, pair.new)]
        return asked.file(
            ("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", f"{key}-editions.csv"
        )
    return render_template(
        "quality/editions.html",
        indicator=indicator,
        old=old,
        new=new,
        others=others,
        other=other,
        pairs=pairs,
        whole_pair=whole,
        by=by,
        period=period,
        centre=asked.centre(),
        centres=asked.choosable(),
        address=partial(asked.address, "indicators.compare", key=key),
    )


def join(app: Flask) -> None:
    """What templates ask about editions and cases."""
    app.jinja_env.globals.update(cases_of=cases_of, editions_of=editions)
