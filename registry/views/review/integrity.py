"""The own records: what stands out is the person's to read first, then the house's, then a count."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs, scope
from registry.codes.integrity import IntegrityKind
from registry.forms.integrity import AnswerForm
from registry.label import Label
from registry.queries.review import integrity as queries
from registry.queries.staff.places import named, places
from registry.reports.integrity import MONTHS, REMARKS, house_of, signals
from registry.reports.papers.periods import last_full, moved, name_of
from registry.reports.rates.quality import this_day
from registry.rules.integrity import INNOCENT, Look
from registry.services.review import integrity as services
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("integrity", __name__, url_prefix="/quality/own")
READERS = (Permission.WRITE, Permission.REVIEW)
PAGE = 50
LAST_PAGE = 100_000
BACK = 12  # months that may be chosen


@bp.route("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """The reader's own counts; the house's signals for its manager; numbers for the quality centre."""
    return _page()


@bp.route("/<int:integrity_signal_id>/answer", methods=["POST"])
@needs(Permission.WRITE)
def answer(integrity_signal_id: int) -> ResponseReturnValue:
    """What the person says to it."""
    found = queries.own_one(integrity_signal_id) or abort(404)
    form = AnswerForm()
    if form.fits():
        with form.showing_problems():
            services.answer(found, comment=form.comment.data, seen=form.seen)
            tell("done", Label("已保存，中心管理员现在可以看到。", "Saved: the manager reads it now."))
            return redirect(url_for("integrity.index"), 303)
    return _page(integrity_signal_id, form)


@bp.route("/look", methods=["POST"])
@needs(Permission.REVIEW)
def look() -> ResponseReturnValue:
    """Look through the records of every house up to the last full month, and keep what is new."""
    month = last_full("monthly", this_day())
    houses = places()
    services.raise_signals([one for place in houses for one in signals(house_of(place.id, month))])
    said = Label(
        "看过 %(n)s 个中心，到 %(month)s 为止；有值得看的，先由本人看到。",
        "Looked through %(n)s centres up to %(month)s; what stands out goes to the persons first.",
    )
    tell("done", said % {"n": len(houses), "month": month})
    return redirect(url_for("integrity.index"), 303)


def _page(answering: int | None = None, form: AnswerForm | None = None) -> ResponseReturnValue:
    current = scope()
    latest = last_full("monthly", this_day())
    offered = [moved("monthly", latest, -step) for step in range(BACK)]
    asked = request.args.get("period", "").strip()
    month = asked if asked in offered else latest
    centre_id = current.centre_id if current else None
    writes = may(Permission.WRITE) and centre_id is not None and current is not None
    mine = []
    if writes and current is not None and centre_id is not None and current.actor_id is not None:
        mine = signals(house_of(centre_id, month), operator_id=current.actor_id)
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    before = services.raised_before()
    manages = writes and may(Permission.CENTRE_USERS)
    page = render_template(
        "review/integrity.html",
        writes=writes,
        mine=mine,
        look=Look,
        innocent=INNOCENT,
        remarks=REMARKS,
        raised=[(one, _form(one, answering, form)) for one in queries.own()] if writes else [],
        trouble=form,
        house=queries.of_the_house(before, limit=PAGE + 1, offset=(number - 1) * PAGE) if manages else [],
        manages=manages,
        page_size=PAGE,
        number=number,
        numbers=_numbers(before, month) if may(Permission.REVIEW) else None,
        kinds=list(IntegrityKind),
        delay=services.delay_days(),
        month=month,
        months=[(one, name_of("monthly", one)) for one in offered],
        days=house_of(0, month),
        span=MONTHS,
    )
    return page, form.status if form is not None else 200


def _form(one: Any, answering: int | None, form: AnswerForm | None) -> AnswerForm:
    if form is not None and one.id == answering:
        if form.overtaken is not None:  # what was typed stays, and goes with the version that is shown now
            form.version.data, form.version.raw_data = one.version, None
        return form
    return AnswerForm(formdata=None, data={"version": one.version, "comment": one.comment})


def _numbers(before: Any, month: str) -> list[tuple[Any, dict[Any, Any]]]:
    """By centre, in the order of names, how many signals of each kind others may know of, and answers."""
    by_centre: dict[int, dict[Any, Any]] = {}
    for one in queries.numbers(before, since=house_of(0, month).start):
        by_centre.setdefault(one.centre_id, {})[one.kind] = one
    there = named(list(by_centre))
    rows = [(there[centre_id], kinds) for centre_id, kinds in by_centre.items()]
    return sorted(rows, key=lambda row: row[0].code)
