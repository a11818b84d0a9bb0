"""Codes read from texts: the list to judge, what matters most first, and one key for each line."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.forms.reading import ReadingForm
from registry.label import Label
from registry.queries.lists import readings as queries
from registry.reports.readings import Shown, shown
from registry.rules.problem import Invalid, Problem
from registry.services.cases import confirming
from registry.services.unit import Overtaken
from registry.views.sent import whole
from registry.views.sign_in import local
from registry.views.words import tell

bp = Blueprint("readings", __name__, url_prefix="/readings")
PAGE = 20
TOGETHER = 100  # judged by one key; more would keep others waiting
LAST_PAGE = 100_000
TAKEN = Label("已确认，写入病例。", "Confirmed and taken into the case.")
REJECTED = Label("已否定，不再提出。", "Rejected; it is not proposed again.")
UNLIKELY = Label(
    "已写入，但请在病例中核对：%(why)s", "Taken, but please look at it again in its case: %(why)s"
)
MOVED = Label(
    "这一例刚被他人改过，请再看一眼后确认。", "Somebody has just changed this case: please look again."
)


@bp.route("")
@needs(Permission.WRITE)
def index() -> ResponseReturnValue:
    """What waits at this centre, alike taken together."""
    return _list()


@bp.route("/<int:reading_id>")
@needs(Permission.WRITE)
def alike(reading_id: int) -> ResponseReturnValue:
    """All that say the same as one reading, each with its own text and case."""
    reading = _found(reading_id)
    lines = [shown(one) for one in queries.alike(reading, limit=TOGETHER)]
    return render_template(
        "lists/readings_alike.html", lines=lines, at=0, back=url_for("readings.alike", reading_id=reading_id)
    )


@bp.route("/<int:reading_id>/confirm", methods=["POST"])
@needs(Permission.WRITE)
def confirm(reading_id: int) -> ResponseReturnValue:
    """Take a reading, one of its codes, or all that are alike into the record."""
    reading, form = _found(reading_id), _sent()
    if form.upto.data and form.upto.data > reading.id:
        return _together(confirming.confirm_alike, reading, form, TAKEN)
    instead = form.instead.data
    try:
        unlikely = confirming.confirm(
            reading,
            proposal_id=instead or form.proposal.data,
            lesion=form.lesion.data,
            instead=bool(instead),
            seen=form.seen,
        )
    except Invalid as wrong:
        return _refused(reading_id, wrong.problems, form)
    except Overtaken:
        tell("due", MOVED)
    else:
        tell("done", TAKEN)
        for flag in unlikely:
            tell("due", UNLIKELY % {"why": flag.message})
    return redirect(_back(form), 303)


@bp.route("/<int:reading_id>/reject", methods=["POST"])
@needs(Permission.WRITE)
def reject(reading_id: int) -> ResponseReturnValue:
    """Say that a reading, one of its codes, or all that are alike are not to be taken."""
    reading, form = _found(reading_id), _sent()
    if form.upto.data and form.upto.data > reading.id:
        return _together(confirming.reject_alike, reading, form, REJECTED)
    try:
        confirming.reject(reading, proposal_id=form.proposal.data, seen=form.seen)
    except Invalid as wrong:
        return _refused(reading_id, wrong.problems, form)
    except Overtaken:
        tell("due", MOVED)
    else:
        tell("done", REJECTED)
    return redirect(_back(form), 303)


def _found(reading_id: int) -> Any:
    return queries.reading_of(reading_id) or abort(404)


def _sent() -> ReadingForm:
    form = ReadingForm()
    if not form.fits():
        abort(400)
    return form


def _together(judge: Any, reading: Any, form: ReadingForm, done: Label) -> ResponseReturnValue:
    """Judge all that are alike, as far as the list went that its reader saw."""
    told = judge(queries.alike_ids(reading, upto=form.upto.data or reading.id, limit=TOGETHER))
    words = Label("%(done)s共 %(n)s 处。", "%(done)s %(n)s in all.") % {"done": done, "n": told.done}
    tell("done", words)
    if told.unlikely:
        why = {"n": len(told.unlikely), "why": told.unlikely[0][1][0].message}
        tell(
            "due",
            Label("%(n)s 处已写入但少见：%(why)s", "%(n)s were taken though they are unlikely: %(why)s")
            % why,
        )
    if told.refused:
        why = {"n": len(told.refused), "why": told.refused[0][1][0].message}
        tell(
            "due",
            Label("%(n)s 处未能写入，仍在列表：%(why)s", "%(n)s could not be taken and stay: %(why)s") % why,
        )
    return redirect(_back(form), 303)


def _refused(reading_id: int, problems: list[Problem], form: ReadingForm) -> ResponseReturnValue:
    """The list again, with what stands in the way beside the line; on other pages it is said on top."""
    back = _back(form)
    gone = any(problem.field == "reading" for problem in problems)
    if gone or not back.startswith(url_for("readings.index")):
        tell("wrong", problems[0].message)
        return redirect(back, 303)
    return _list(at=form.at.data or 0, wrong={reading_id: problems}), 422


def _back(form: ReadingForm) -> str:
    """The page that it was sent from; on the list, the line that takes the place of the one judged."""
    back = local(request.form.get("back")) or url_for("readings.index")
    if form.at.data is None or not back.startswith(url_for("readings.index")):
        return back
    return f"{back}{'&' if '?' in back else '?'}at={form.at.data}"


def _list(*, at: int | None = None, wrong: dict[int, list[Problem]] | None = None) -> str:
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    groups = queries.waiting(limit=PAGE, offset=(number - 1) * PAGE)
    rows = queries.loaded([group.first_id for group in groups])
    lines = [shown(rows[group.first_id], group) for group in groups if group.first_id in rows]
    count = queries.waiting_count()
    pages = -(-count // PAGE)
    here = url_for("readings.index", page=number) if number > 1 else url_for("readings.index")
    at = min(whole("at") or 0 if at is None else at, max(len(lines) - 1, 0))
    return render_template(
        "lists/readings.html",
        lines=lines,
        count=count,
        number=number,
        pages=pages,
        back=here,
        at=at,
        wrong=wrong or {},
    )


def of_case(examination_id: int, specimen_id: int | None = None) -> list[Shown]:
    """What was read from the texts of a case, or of one specimen's reports, each with its whole text."""
    return [shown(one, whole=True) for one in queries.of_case(examination_id, specimen_id)]


def join(app: Flask) -> None:
    app.jinja_env.globals.update(readings_of=of_case)
