"""Second entries: the samples, the cases that wait, one after the other, and how well both entries agree."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.forms.again import AgainForm, again_form
from registry.label import Label
from registry.queries.review import ledger
from registry.queries.review import reabstraction as queries
from registry.queries.review.reabstraction_fields import BY_KEY
from registry.reports.agreement import Agreed, agreement
from registry.reports.files import as_csv, as_json
from registry.reports.rates.shown import figure, interval
from registry.rules.problem import Invalid, Problem
from registry.services.review import reabstraction as services
from registry.services.review.closed_months import days_of
from registry.views import asked
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("again", __name__, url_prefix="/quality/again")
READERS = (Permission.WRITE, Permission.REVIEW)
PAGE, DIFFERENT = 44, 20  # two months of a large alliance; the latest that differ
LAST_PAGE = 100_000


@bp.route("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """How well second entries agree, and how far the samples have come."""
    return _page()


@bp.route("/", methods=["POST"])
@needs(Permission.REVIEW)
def draw() -> ResponseReturnValue:
    """Draw a sample of a closed month."""
    month = request.form.get("month", "").strip()
    share = request.form.get("share", type=float)
    least = request.form.get("least", type=int)
    try:
        made = services.draw(
            month,
            share=0 if share is None else share,
            least=-1 if least is None else least,
            seed=request.form.get("seed", "").strip() or None,
        )
    except Invalid as wrong:
        return _page(wrong.problems, dict(request.form)), 422
    said = Label("%(month)s：抽出 %(n)s 份。", "%(month)s: %(n)s drawn.")
    tell("done", said % {"month": month, "n": sum(one.size for one in made)})
    return redirect(url_for("again.index"), 303)


@bp.route("/agreement.<any(csv,json):file_format>")
@needs(*READERS)
def download(file_format: str) -> ResponseReturnValue:
    """The rows of agreement as a file."""
    rows = [row.as_dict() for row in _asked().rows]
    if file_format == "json":
        return asked.file(as_json(rows).encode(), "application/json", "agreement.json")
    return asked.file(("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", "agreement.csv")


@bp.route("/next")
@needs(*READERS)
def onward() -> ResponseReturnValue:
    """On to the first case that the reader may enter again."""
    waiting, _ = queries.waiting()
    if waiting is None:
        return redirect(url_for("again.index"))
    return redirect(url_for("again.enter", reabstraction_id=waiting))


@bp.route("/<int:reabstraction_id>", methods=["GET", "POST"])
@needs(*READERS)
def enter(reabstraction_id: int) -> ResponseReturnValue:
    """One case: empty fields while it waits, both entries side by side once it is done."""
    again = queries.one(reabstraction_id) or abort(404)
    form = again_form(row.field for row in again.fields)
    if request.method == "GET":
        form.version.data = again.version
    elif form.fits():
        with form.showing_problems():
            services.enter(
                again, values=form.values, papers_missing=bool(form.papers_missing.data), seen=form.seen
            )
            tell("done", Label("已录入。", "Entered."))
            return redirect(url_for("again.onward" if queries.waiting()[1] else "again.index"), 303)
    again = queries.one(reabstraction_id) or abort(404)
    return _one(again, form)


def _one(again: Any, form: AgainForm) -> ResponseReturnValue:
    done = again.entered_at is not None
    apart = {row.field for row in services.differing(again)} if done else set()
    page = render_template(
        "review/again.html",
        again=again,
        case=again.examination,
        form=form,
        fields=[form[key] for key in form.asked],
        mine=not done and services.may_enter(again),
        left=None if done else queries.waiting()[1],
        rows=[
            (BY_KEY[row.field], row, row.field in apart)
            for row in again.fields
            if done and row.field in BY_KEY
        ],
    )
    return page, form.status


def _months() -> dict[str, str | None]:
    found = {name: request.args.get(name, "").strip() for name in ("from", "to")}
    return {name: code if days_of(code) else None for name, code in found.items()}


def _asked() -> Agreed:
    months = _months()
    return agreement(first_month=months["from"], last_month=months["to"], centre_ids=asked.centre_ids())


def _page(problems: list[Problem] | None = None, typed: dict[str, str] | None = None) -> str:
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    drawn = queries.drawn_months()
    tried = (typed or {}).get("month")
    closed = [month for month in ledger.closed_months() if month not in drawn]
    return render_template(
        "review/again_samples.html",
        found=_asked(),
        shown_figure=figure,
        interval=interval,
        months=_months(),
        centres=[(place.code, place.label) for place in asked.choosable()],
        chosen=asked.centre(),
        waiting=queries.waiting(),
        samples=queries.samples(limit=PAGE, offset=(number - 1) * PAGE),
        number=number,
        pages=-(-queries.how_many_samples() // PAGE),
        different=[
            (one, [(BY_KEY[row.field], row) for row in apart])
            for one in queries.different(limit=DIFFERENT)
            if (apart := services.differing(one))
        ],
        problems=problems or [],
        typed=typed or {},
        offered=[(month, month) for month in dict.fromkeys([*filter(None, [tried]), *closed])],
        standard={"share": f"{services.SHARE:g}", "least": services.LEAST},
    )
