"""The trail: all of it for the auditor, and each record's own history for those who may read the record."""

from datetime import date

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.queries import alliance, trail
from registry.services.unit import look

bp = Blueprint("trail", __name__)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@bp.route("/trail")
@needs(Permission.AUDIT)
def show() -> ResponseReturnValue:
    """Who did what, when, where, to which record, from what to what, and why."""
    wanted = trail.Wanted(
        actor=request.args.get("actor") or None,
        kind=request.args.get("kind") or None,
        subject=request.args.get("subject") or None,
        subject_id=request.args.get("subject_id", type=int),
        person_id=request.args.get("person_id", type=int),
        centre_id=request.args.get("centre", type=int),
        since=_day("since"),
        until=_day("until"),
        before=request.args.get("before", type=int),
    )
    found = trail.lines(wanted)
    onward = {name: value for name, value in request.args.items() if value and name != "before"}
    return render_template(
        "trail.html",
        lines=found,
        wanted=wanted,
        onward=onward,
        more=len(found) == trail.PAGE,
        actors=[(actor, actor) for actor in trail.actors()],
        centres=[(centre.id, centre.label) for centre in alliance.centres()],
        kinds=trail.KINDS.items(),
        subjects=trail.SUBJECTS.items(),
    )


@bp.route("/history/<subject>/<int:subject_id>")
@needs(Permission.READ)
def record_history(subject: str, subject_id: int) -> ResponseReturnValue:
    """What became of one record: who changed what, when and why. Reading it is itself noted."""
    found = trail.history(subject, subject_id)
    if found is None:
        abort(404)
    look(subject, subject_id, reason="history")
    return render_template(
        "history.html", lines=found, subject=trail.SUBJECTS[subject], subject_id=subject_id
    )
