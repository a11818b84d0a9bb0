"""Alerts: those that are open and those that ended, each with owner, note, plan and end."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.forms.alert import TENDED, AlertForm, EndForm
from registry.indicators import INDICATORS, switched_on
from registry.label import Label
from registry.queries.review import ledger as queries
from registry.queries.staff.places import places
from registry.reports.papers.periods import last_full
from registry.reports.rates.quality import this_day
from registry.reports.variation.alarms import alarms, improvements
from registry.reports.variation.placed import CODES
from registry.reports.variation.placed import WORDS as PLACES
from registry.reports.variation.signals import NAMES
from registry.rules.alarm import Alarm
from registry.services.review import alerts as services
from registry.views.review.seen import cases_of, chart_of, looked_through
from registry.views.review.waiting import alerts_about, alerts_here, review
from registry.views.sent import whole
from registry.views.words import original, tell

bp = Blueprint("alerts", __name__, url_prefix="/quality/alerts")
READERS = (Permission.RATES, Permission.REVIEW)
PAGE = 50
LAST_PAGE = 100_000
# What an alert's rule is called, by the code that is kept.
RULES: dict[str, Label] = {
    **{code: PLACES[position] for position, code in CODES.items()},
    **{rule.name.lower(): words for rule, words in NAMES.items()},
    "call": Label("报警", "a call"),
}


@dataclass(frozen=True)
class Shown:
    """An alert in the words of a page."""

    alert: Any
    label: Label
    said: Label
    seen_at: str | None = None
    cases: str | None = None

    @property
    def overdue(self) -> bool:
        return (
            self.alert.ended_at is None and self.alert.due_on is not None and self.alert.due_on < this_day()
        )


@dataclass(frozen=True)
class Better:
    """A change for the better in the words of a page."""

    alarm: Any
    label: Label
    centre: Label
    seen_at: str


@bp.route("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """The alerts in scope: open, or ended."""
    ended = request.args.get("state") == "ended"
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    rows = queries.alerts(ended=ended, limit=PAGE, offset=(number - 1) * PAGE)
    counts = queries.counts()
    return render_template(
        "review/alerts.html",
        rows=[_shown(row) for row in rows],
        ended=ended,
        counts=counts,
        month=last_full("monthly", this_day()),
        number=number,
        pages=-(-counts[ended] // PAGE),
    )


@bp.route("/better")
@needs(Permission.REVIEW)
def better() -> ResponseReturnValue:
    """Who improved, and whom to learn from, up to the last full month; counted anew, never kept."""
    month = last_full("monthly", this_day())
    where = {place.id: place for place in places()}
    found = improvements(switched_on(current_app.config["INDICATOR_SETS"]), month=month)
    rows = [
        Better(one, INDICATORS[one.indicator].label, place.label, chart_of(one, place, month=month))
        for one in found
        for place in [where[one.centre_id]]
    ]
    return render_template("review/alerts_better.html", rows=rows, month=month, counts=queries.counts())


@bp.route("/raise", methods=["POST"])
@needs(Permission.REVIEW)
def look_for() -> ResponseReturnValue:
    """Look through every chart up to the last full month, and raise what is new."""
    month = last_full("monthly", this_day())
    found = alarms(switched_on(current_app.config["INDICATOR_SETS"]), month=month)
    raised = services.raise_alerts(found)
    said = Label(
        "看到 %(month)s 为止：新提出 %(n)s 条。", "Looked through up to %(month)s: %(n)s raised anew."
    )
    tell("done", said % {"month": month, "n": len(raised)})
    return redirect(url_for("alerts.index"), 303)


@bp.route("/<int:alert_id>")
@needs(*READERS)
def show(alert_id: int) -> ResponseReturnValue:
    """One alert as it stands."""
    found = _found(alert_id)
    return _page(found, AlertForm(formdata=None, data=_stored(found)), _to_end(found))


@bp.route("/<int:alert_id>/tend", methods=["POST"])
@needs(*READERS)
def tend(alert_id: int) -> ResponseReturnValue:
    """Keep owner, note and plan."""
    found = _found(alert_id)
    if not services.tended_by_reader(found):
        abort(403)
    form = AlertForm()
    form.owner_id.offer(_offered(found))
    if request.form.get("do") == "mine":
        form.version.data = found.version
    if form.fits():
        with form.showing_problems():
            services.tend(found, **form.values, seen=form.seen)
            tell("done", Label("已保存。", "Saved."))
            return redirect(url_for("alerts.show", alert_id=alert_id), 303)
    found = _found(alert_id)
    return _page(found, form, _to_end(found))


@bp.route("/<int:alert_id>/end", methods=["POST"])
@needs(Permission.REVIEW)
def end(alert_id: int) -> ResponseReturnValue:
    """End an alert."""
    found = _found(alert_id)
    form = EndForm()
    if form.fits():
        with form.showing_problems():
            services.end(found, **form.values, seen=form.seen)
            tell("done", Label("预警已结束。", "The alert has ended."))
            return redirect(url_for("alerts.show", alert_id=alert_id), 303)
    found = _found(alert_id)
    if form.overtaken is not None:  # what was typed stays, and goes with the version that is shown now
        form.version.data, form.version.raw_data = found.version, None
    return _page(found, AlertForm(formdata=None, data=_stored(found)), form)


def _found(alert_id: int) -> Any:
    return queries.alert(alert_id) or abort(404)


def _stored(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in TENDED} | {"version": found.version}


def _to_end(found: Any) -> EndForm:
    return EndForm(formdata=None, data={"version": found.version})


def _offered(found: Any) -> list[tuple[int, Any]]:
    """Who may answer for it, and who does."""
    offered = queries.owners(found.centre_id)
    if found.owner is not None and found.owner_id not in dict(offered):
        offered.append((found.owner_id, found.owner.name))
    return [(user_id, original(name)) for user_id, name in offered]


def _page(found: Any, tending: AlertForm, ending: EndForm) -> ResponseReturnValue:
    offered = _offered(found)
    tending.owner_id.offer(offered)
    differences = []
    if tending.overtaken is not None:
        stored = AlertForm(formdata=None, data=_stored(found))
        stored.owner_id.offer(offered)
        differences = tending.differences(stored)
    page = render_template(
        "review/alert.html",
        shown=_opened(found),
        alert=found,
        tending=tending,
        ending=ending,
        trouble=tending if tending.status >= 400 else ending,
        differences=differences,
        rule=RULES.get(found.rule, found.rule),
        mine=services.tended_by_reader(found) and found.ended_at is None,
    )
    return page, max(tending.status, ending.status)


def _shown(alert: Any) -> Shown:
    """An alert of a list; the page of one alert opens chart and cases too."""
    indicator = INDICATORS.get(alert.indicator)
    label = indicator.label if indicator else Label(alert.indicator, alert.indicator)
    return Shown(alert, label, Label(alert.said_zh, alert.said_en))


def _opened(alert: Any) -> Shown:
    shown = _shown(alert)
    if alert.indicator not in INDICATORS:
        return shown
    seen = Alarm(
        *(alert.indicator, alert.edition, alert.centre_id, alert.operator_id, alert.chart, alert.rule),
        *(alert.first_on, alert.last_on, shown.said),
    )
    place = next(place for place in places() if place.id == alert.centre_id)
    month = looked_through(alert.raised_at.astimezone().date(), alert.last_on)
    return replace(shown, seen_at=chart_of(seen, place, month=month), cases=cases_of(seen, place))


def join(app: Flask) -> None:
    app.jinja_env.globals.update(review_waiting=review, alerts_here=alerts_here, alerts_about=alerts_about)
