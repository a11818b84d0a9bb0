"""Today: what was done, which reports are awaited, who is due."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.forms.contact import OneKeyForm
from registry.forms.fields import WEEKDAYS, today
from registry.queries import worklists
from registry.queries.day import performed_on

bp = Blueprint("home", __name__)
SHOWN = 8


@bp.route("/")
@needs(Permission.WRITE)
def home() -> ResponseReturnValue:
    """The page that a day's work begins on."""
    day = today()
    waiting, due = worklists.specimens_without_report(today=day), worklists.due(today=day)
    incomplete = worklists.incomplete(since=day)
    unfinished: dict[int, Any] = {row.examination_id: row.open for row in incomplete.rows(limit=None)}
    return render_template(
        "home.html",
        day=day,
        weekday=WEEKDAYS[day.weekday()],
        cases=performed_on(day),
        unfinished=unfinished,
        waiting=waiting.rows(limit=SHOWN),
        waiting_count=waiting.count(),
        due=due.rows(limit=SHOWN),
        due_count=due.count(),
        form=OneKeyForm(formdata=None),
    )
