"""The trail: all of it for the auditor, and each record's own history for those who may read the record."""

from datetime import date

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.queries import trail
from registry.queries.staff import alliance
from registry.services.unit import look
from registry.views.sent import whole

bp = Blueprint("trail", __name__)
FILTERS = ("actor", "kind", "subject", "subject_id", "person_id", "centre", "since", "until")
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)  # beyond them no moment in UTC can be told


def _day(name: str) -> date | None:
    try:
        given = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return given if FIRST <= given <= LAST else None


@bp.route("/trail")
@needs(Permission.AUDIT)
def show() -> ResponseReturnValue:
    """Who did what, when, where, to which record, from what to what, and why."""
    wanted = trail.Wanted(
        actor=request.args.get("actor") or None,
        kind=request.args.get("kind") or None,
        subject=request.args.get("subject") or None,
        subject_id=whole("subject_id"),
        person_id=whole("person_id"),
        centre_id=whole("centre"),
        since=_day("since"),
        until=_day("until"),
        before=whole("before"),
    )
    found = trail.lines(wanted)
    onward = {name: request.args[name] for name in FILTERS if request.args.get(name)}
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
