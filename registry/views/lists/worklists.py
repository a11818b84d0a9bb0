"""The worklists: specimens without a report, people due, cases with something open."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.forms.contact import OneKeyForm
from registry.queries.lists import worklists as queries
from registry.services.values import today
from registry.views.sent import whole

bp = Blueprint("worklists", __name__, url_prefix="/to-do")
PAGE = 50
LAST_PAGE = 100_000


@bp.route("/specimens")
@needs(Permission.WRITE)
def specimens() -> ResponseReturnValue:
    """Specimens that wait for their report, the longest first."""
    return _page("lists/waiting.html", queries.specimens_without_report(today=today()))


@bp.route("/due")
@needs(Permission.WRITE)
def due() -> ResponseReturnValue:
    """People who are due or overdue, the most overdue first."""
    return _page("lists/due.html", queries.due(today=today()), form=OneKeyForm(formdata=None))


@bp.route("/incomplete")
@needs(Permission.WRITE)
def incomplete() -> ResponseReturnValue:
    """Cases of the last half year in which something is still open."""
    since = today() - queries.LOOK_BACK
    return _page("lists/incomplete.html", queries.incomplete(since=since), since=since)


def _page(template: str, worklist: Any, **more: Any) -> str:
    """One page of a worklist; the address holds nothing but its number."""
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    rows = worklist.rows(limit=PAGE, offset=(number - 1) * PAGE)
    count = worklist.count()
    return render_template(template, rows=rows, count=count, number=number, pages=-(-count // PAGE), **more)
