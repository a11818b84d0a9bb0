"""Queries to the centres: the reviewer asks about a case, the centre answers, the reviewer closes."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.codes.review import InquiryState
from registry.forms.inquiry import AskForm, SaidForm
from registry.label import Label
from registry.queries.review import inquiries as queries
from registry.reports.inquiries import held_today, shown
from registry.services.review import inquiries as services
from registry.services.unit import look
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("inquiries", __name__)
READERS = (Permission.WRITE, Permission.REVIEW)
PAGE = 50
LAST_PAGE = 100_000
LISTS = {
    "open": queries.OPEN,
    "asked": (InquiryState.ASKED,),
    "answered": (InquiryState.ANSWERED,),
    "closed": (InquiryState.CLOSED,),
}


@bp.route("/inquiries")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """The queries in scope: those under way, or those that are closed."""
    wanted = request.args.get("state", "open")
    wanted = wanted if wanted in LISTS else "open"
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    states, counts = LISTS[wanted], queries.counts()
    rows = queries.inquiries(states=states, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "review/inquiries.html",
        rows=[shown(row) for row in rows],
        wanted=wanted,
        counts={name: sum(counts[state] for state in found) for name, found in LISTS.items()},
        number=number,
        pages=-(-sum(counts[state] for state in states) // PAGE),
    )


@bp.route("/cases/<int:examination_id>/inquiries/new", methods=["GET", "POST"])
@needs(Permission.REVIEW)
def ask(examination_id: int) -> ResponseReturnValue:
    """Ask the centre about one field of a case; the address may say which, and from which check."""
    examination = queries.examination(examination_id) or abort(404)
    check = queries.check_of(request.args.get("check"))
    form = AskForm(
        data={
            "field": check.field if check else request.args.get("field"),
            "place": request.args.get("place"),
        }
    )
    form.field.offered = list(queries.FIELDS.items())
    form.place.offered = [(part, part) for part in queries.parts(examination)]
    if form.fits():
        with form.showing_problems():
            made = services.ask(examination_id, **form.values, check_key=check.key if check else None)
            tell("done", Label("已提出，中心的待办里可见。", "Asked; the centre has it on its to-do list."))
            return redirect(url_for("inquiries.show", inquiry_id=made.id), 303)
    page = render_template("review/inquiry_ask.html", examination=examination, check=check, form=form)
    return page, form.status


@bp.route("/inquiries/<int:inquiry_id>")
@needs(*READERS)
def show(inquiry_id: int) -> ResponseReturnValue:
    """One query with every step."""
    found = _found(inquiry_id)
    look("inquiry", found.id, person_id=found.examination.person_id)
    return _page(found, SaidForm(formdata=None, data={"version": found.version}))


@bp.route("/inquiries/<int:inquiry_id>/answer", methods=["POST"])
@needs(Permission.WRITE)
def answer(inquiry_id: int) -> ResponseReturnValue:
    """Answer for the centre."""
    return _moved(inquiry_id, services.answer, Label("已答复。", "Answered."))


@bp.route("/inquiries/<int:inquiry_id>/again", methods=["POST"])
@needs(Permission.REVIEW)
def again(inquiry_id: int) -> ResponseReturnValue:
    """Put it to the centre again."""
    return _moved(inquiry_id, services.ask_again, Label("已再次提出。", "Asked again."))


@bp.route("/inquiries/<int:inquiry_id>/close", methods=["POST"])
@needs(Permission.REVIEW)
def close(inquiry_id: int) -> ResponseReturnValue:
    """Close it."""
    return _moved(inquiry_id, services.close, Label("质疑已结束。", "The query is closed."))


def _moved(inquiry_id: int, step: Any, done: Label) -> ResponseReturnValue:
    found = _found(inquiry_id)
    form = SaidForm()
    if form.fits():
        with form.showing_problems():
            step(found, said=form.said.data, seen=form.seen)
            tell("done", done)
            return redirect(url_for("inquiries.show", inquiry_id=inquiry_id), 303)
    found = _found(inquiry_id)
    if form.overtaken is not None:  # what was typed stays, and goes with the version that is shown now
        form.version.data, form.version.raw_data = found.version, None
    return _page(found, form)


def _found(inquiry_id: int) -> Any:
    return queries.inquiry(inquiry_id) or abort(404)


def _page(found: Any, form: SaidForm) -> ResponseReturnValue:
    page = render_template(
        "review/inquiry.html",
        shown=shown(found),
        inquiry=found,
        examination=found.examination,
        held=held_today(found),
        form=form,
        mine=services.answered_by_reader(found),
    )
    return page, form.status


def of_case(examination_id: int) -> list[Any]:
    """The queries about a case, as its page shows them."""
    return [shown(one) for one in queries.of_case(examination_id)]


def join(app: Flask) -> None:
    app.jinja_env.globals.update(inquiries_of=of_case, inquiries_waiting=queries.waiting_for_centre)
