"""Today: what was done, which reports are awaited, who is due."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.forms.contact import OneKeyForm
from registry.forms.fields import WEEKDAYS
from registry.queries.lists import day_list, worklists
from registry.queries.lists.day import Begun, begun, performed_on
from registry.services.values import today

bp = Blueprint("home", __name__)
SHOWN = 8


@bp.route("/")
@needs(Permission.WRITE)
def home() -> ResponseReturnValue:
    """The page that a day's work begins on."""
    day = today()
    listed = day_list.on_list(day)
    waiting, due = worklists.specimens_without_report(today=day), worklists.due(today=day)
    incomplete = worklists.incomplete(since=day)
    unfinished: dict[int, Any] = {row.examination_id: row.open for row in incomplete.rows(limit=None)}
    return render_template(
        "lists/home.html",
        day=day,
        weekday=WEEKDAYS[day.weekday()],
        cases=performed_on(day),
        listed=listed,
        earlier=day_list.left_open(day),
        next_line=day_list.next_open(listed),
        unfinished=unfinished,
        waiting=waiting.rows(limit=SHOWN),
        waiting_count=waiting.count(),
        due=due.rows(limit=SHOWN),
        due_count=due.count(),
        form=OneKeyForm(formdata=None),
        begun=[(row, _address(row), f"{row.saved_at.astimezone():%m-%d %H:%M}") for row in begun()],
    )


def _address(draft: Begun) -> str | None:
    """Where a form that was begun goes on; its subject says which form it is."""
    kind, _, which = draft.subject.partition("-")
    if which.startswith("new-"):
        return url_for("cases.new", person_id=draft.person_id) if draft.person_id else None
    if not (which.isascii() and which.isdigit()):
        return None
    if kind == "listed" and draft.person_id:
        return url_for("cases.new", person_id=draft.person_id, listed=int(which))
    if kind == "case":
        return url_for("cases.show", examination_id=int(which))
    if kind == "report":
        return url_for("reports.enter", specimen_id=int(which))
    return url_for("followup.contact", person_id=int(which)) if kind == "contact" else None
