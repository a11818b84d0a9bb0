"""What has left for readers of aggregates: when, asked for by whom, how much hidden; and a year anew."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.indicators import INDICATORS
from registry.label import Label
from registry.queries import releases as queries
from registry.reports.rates.quality import this_day
from registry.services.releases.making import count_anew
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("releases", __name__, url_prefix="/quality/releases")
READERS = (Permission.REVIEW, Permission.ALLIANCE)
PARTS = {
    "whole": Label("全联盟，按时间、性别、年龄", "Whole alliance, by time, sex and age"),
    "centre": Label("各中心，按年", "Centres, by year"),
    "centre-quarter": Label("各中心，按季度", "Centres, by quarter"),
}


@bp.route("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """The releases, the latest first."""
    number = whole("page", least=1) or 1
    found, total = queries.left(number)
    return render_template(
        "releases.html",
        found=found,
        number=number,
        pages=max(1, -(-total // queries.PAGE)),
        years=queries.years_there_are(this_day()),
    )


@bp.route("/parts")
@needs(*READERS)
def show() -> ResponseReturnValue:
    """One release, or the latest: which parts of which tables have left."""
    asked_for = whole("release", least=1)
    latest, _ = queries.left()
    if asked_for is None and not latest:
        return redirect(url_for("releases.index"))
    found = latest[0].release if asked_for is None else queries.released_called(asked_for)
    if found is None:
        abort(404)
    parts = [
        (one, INDICATORS[one.table.name].label if one.table.name in INDICATORS else None)
        for one in queries.parts_of(found)
    ]
    return render_template("release.html", release=found, parts=parts, part_names=PARTS)


@bp.route("/", methods=["POST"])
@needs(Permission.REVIEW)
def make() -> ResponseReturnValue:
    """Count a year anew; what is asked for from now on is of these counts."""
    year = request.form.get("year", "").strip()
    if year not in {str(one) for one in queries.years_there_are(this_day())}:
        abort(400)
    made = count_anew(int(year))
    told = Label(
        "%(year)s 年第 %(n)s 次发布已计数；以后的查询按此数，并与以前的发布相比后才公开。",
        "Release %(n)s of %(year)s is counted: what is asked for from now on is of these counts, "
        "and is held against the earlier releases before it leaves.",
    )
    tell("done", told % {"year": year, "n": made.number})
    return redirect(url_for("releases.index"), 303)
