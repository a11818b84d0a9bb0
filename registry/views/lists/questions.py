"""Where a source and a correction differ: the list, and the answer to each by one key."""

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.label import Label
from registry.queries.lists import questions as queries
from registry.reports.questions import Asked, asked
from registry.rules.problem import Invalid
from registry.services.lists import questions
from registry.views.sign_in import local
from registry.views.words import tell

bp = Blueprint("questions", __name__, url_prefix="/to-do/questions")
KEPT = Label("已保留登记值。", "The registry's value is kept.")
TAKEN = Label("已采用来源值。", "The source's value is taken.")


@bp.route("")
@needs(Permission.WRITE)
def index() -> ResponseReturnValue:
    """Every open question of this centre, the oldest first."""
    rows = [asked(question) for question in queries.open_questions()]
    return render_template("lists/questions.html", rows=rows, count=queries.waiting())


@bp.route("/<int:question_id>/keep", methods=["POST"])
@needs(Permission.WRITE)
def keep(question_id: int) -> ResponseReturnValue:
    """Keep what the record holds."""
    return _answered(question_id, take=False)


@bp.route("/<int:question_id>/take", methods=["POST"])
@needs(Permission.WRITE)
def take(question_id: int) -> ResponseReturnValue:
    """Take what the source says."""
    return _answered(question_id, take=True)


def _answered(question_id: int, *, take: bool) -> ResponseReturnValue:
    if queries.question_or_none(question_id) is None:
        abort(404)
    try:
        (questions.take if take else questions.keep)(question_id)
        tell("done", TAKEN if take else KEPT)
    except Invalid as wrong:
        tell("wrong", wrong.problems[0].message)
    return redirect(local(request.form.get("back")) or url_for("questions.index"), 303)


def of_case(examination_id: int) -> list[Asked]:
    """The open questions on a case."""
    return [asked(question) for question in queries.open_questions(examination_id)]


def join(app: Flask) -> None:
    app.jinja_env.globals.update(questions_of=of_case)
