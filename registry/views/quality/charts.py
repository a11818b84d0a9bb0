"""An indicator over time: control chart and CUSUM, each with its sentence, figure, rows and files."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import needs, scope, tells_doctors_apart
from registry.indicators import INDICATORS, Direction
from registry.queries.counting.grouping import GROUPINGS
from registry.queries.staff.clinicians import clinicians
from registry.reports.files import as_csv, as_json
from registry.reports.rates.quality import only_aggregates
from registry.reports.variation import charts as control
from registry.reports.variation import watch as watching
from registry.reports.variation.charts import BY, RULE_SETS, ControlChart
from registry.reports.variation.drawn import chart_figure, watch_figure
from registry.reports.variation.signals import NAMES
from registry.reports.variation.watch import Watch
from registry.views import asked
from registry.views.quality.funnel import MEDIA_TYPES, NUMBERS, proportion
from registry.views.sent import whole

bp = Blueprint("charts", __name__)


@bp.route("/quality/chart")
@needs(*NUMBERS)
def over_time() -> ResponseReturnValue:
    """The control chart of one indicator, and its CUSUM where single days may be seen."""
    found = _found()
    watched = _watched(found)
    return render_template(
        "quality/chart.html",
        found=found,
        indicator=found.indicator,
        sentence=control.sentence(found),
        watched=watched,
        watch_sentence=None if watched is None else watching.sentence(watched),
        names=NAMES,
        rule_sets=RULE_SETS,
        groupings=[(key, GROUPINGS[key].label) for key in _groupings()],
        indicators=[one for one in INDICATORS.values() if one.counts.proportion],
        who=_who(),
        people=_offered(),
        period=asked.period(),
        centre=asked.centre(),
        centres=asked.choosable(),
        address=partial(asked.address, "charts.over_time"),
        smallest=asked.smallest(),
    )


@bp.route("/quality/chart/figure.<any(svg,png,pdf):file_format>")
@needs(*NUMBERS)
def figure(file_format: str) -> ResponseReturnValue:
    """The chart, or with cusum=1 the CUSUM; where there is nothing to draw, the page that says why."""
    found, day = _found(), asked.data_as_of()
    watched = _watched(found) if "cusum" in request.args else None
    if watched is not None and watched.design is not None and watched.rows:
        drawn = watch_figure(watched, as_of=day, file_format=file_format)
        return asked.file(drawn, MEDIA_TYPES[file_format], f"{found.indicator.key}-cusum.{file_format}")
    if found.centre is None or "cusum" in request.args:
        return redirect(url_for("charts.over_time", **asked.kept()))
    drawn = chart_figure(found, as_of=day, file_format=file_format)
    return asked.file(drawn, MEDIA_TYPES[file_format], f"{found.indicator.key}-chart.{file_format}")


@bp.route("/quality/chart/rows.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The rows of the chart, or with cusum=1 the days of the CUSUM, as a file."""
    found = _found()
    watched = _watched(found) if "cusum" in request.args else None
    if watched is None and "cusum" in request.args:
        return redirect(url_for("charts.over_time", **asked.kept()))
    content = found.as_dict() if watched is None else watched.as_dict()
    stem = f"{found.indicator.key}-{'chart' if watched is None else 'cusum'}"
    if file_format == "json":
        return asked.file(as_json(content).encode(), "application/json", f"{stem}.json")
    return asked.file(("\ufeff" + as_csv(content["rows"])).encode(), "text/csv; charset=utf-8", f"{stem}.csv")


def _who() -> tuple[int, str] | None:
    """The endoscopist asked for, of those whose figures this reader sees by name."""
    who, current = asked.endoscopist(), scope()
    mine = who is not None and current is not None and who[0] == current.actor_id
    return who if mine or tells_doctors_apart() else None


def _offered() -> list[tuple[int, str]]:
    current = scope()
    if current is None or not current.centre_id or only_aggregates():
        return []
    return [one for one in clinicians() if tells_doctors_apart() or one[0] == current.actor_id]


def _selection() -> dict[str, Any]:
    period, who = asked.period(), _who()
    return {
        "start": period.start,
        "end": period.end,
        "centre_ids": asked.centre_ids(),
        "operator_id": who[0] if who else None,
    }


def _found() -> ControlChart:
    return control.chart(
        proportion().key,
        **_selection(),
        by=str(asked.one_of("by", _groupings(), _groupings()[0])),
        rules=str(asked.one_of("rules", RULE_SETS, "plain")),
        baseline=whole("baseline", least=1),
        smallest=asked.smallest(),
    )


def _groupings() -> list[str]:
    """By what time is divided, for this reader."""
    offered = dict(asked.groupings())
    return [key for key in BY if key in offered]


def _watched(found: ControlChart) -> Watch | None:
    """The CUSUM against the level that the chart shows; None where it is not for this reader or indicator."""
    if only_aggregates() or found.indicator.direction is Direction.NEITHER or found.centre is None:
        return None
    return watching.watch(found.indicator.key, **_selection(), level=found.centre)
