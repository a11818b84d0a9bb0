"""Possible doubles: side by side, judged by one key, the next at once; and merges undone."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Forbidden, Permission, needs
from registry.codes.desk import PairState
from registry.label import Label
from registry.queries import trail
from registry.queries.record import likeness as queries
from registry.rules.problem import Invalid, Problem
from registry.services.people import doubles, likeness, merging
from registry.services.unit import look
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("doubles", __name__, url_prefix="/doubles")
PAGE = 50
LAST_PAGE = 100_000
ANSWERS = (PairState.SAME, PairState.DIFFERENT, PairState.UNSURE)
TOLD = {
    PairState.DIFFERENT: Label("已记：不是同一人。", "Recorded: different persons."),
    PairState.UNSURE: Label(
        "已记：不能确定，可在“不能确定”里再看。", "Recorded: not sure; it stands under “Not sure”."
    ),
}
MERGED = Label("已合并为一人，可以撤销。", "Merged into one person; this can be undone.")
WAITS = Label(
    "已记：同一人。外院也这样判断后才合并。",
    "Recorded: the same person. Merged once the other house says so too.",
)
JUDGED = Label("刚才已有人判断这一对。", "Somebody judged this pair just now.")


@bp.route("/")
@needs(Permission.WRITE)
def index() -> ResponseReturnValue:
    """The pairs in one state, the likeliest first."""
    asked = request.args.get("state", "")
    state = PairState(asked) if asked in {each.code for each in PairState} else PairState.OPEN
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    rows, counts = queries.page(state, limit=PAGE, offset=(number - 1) * PAGE), queries.counts()
    return render_template(
        "lists/doubles.html",
        rows=doubles.listed(rows),
        state=state,
        states=list(PairState),
        counts=counts,
        number=number,
        pages=-(-counts[state] // PAGE),
    )


@bp.route("/<int:possible_pair_id>")
@needs(Permission.WRITE)
def pair(possible_pair_id: int) -> ResponseReturnValue:
    """One pair, side by side."""
    found = queries.pair(possible_pair_id)
    if found is None:
        abort(404)
    look("possible_pair", found.id, person_id=found.person_id)
    left = queries.counts()[PairState.OPEN]
    return render_template("lists/double.html", pair=doubles.compared(found), answers=ANSWERS, left=left)


@bp.route("/<int:possible_pair_id>", methods=["POST"])
@needs(Permission.WRITE)
def judge(possible_pair_id: int) -> ResponseReturnValue:
    """One key: the same, different, not sure; the next pair comes at once."""
    answer, seen = request.form.get("answer", ""), request.form.get("seen", "")
    codes = {each.code for each in PairState}
    if queries.pair(possible_pair_id) is None:
        abort(404)
    if answer not in {each.code for each in ANSWERS} or seen not in codes:
        abort(400)
    try:
        judged = likeness.judge(possible_pair_id, answer, seen=seen)
    except Invalid as wrong:
        problem = wrong.problems[0]
        tell("wrong", JUDGED if problem.field == "pair" else problem.message)
        return redirect(url_for("doubles.pair", possible_pair_id=possible_pair_id), 303)
    state = PairState(answer)
    tell("done", TOLD.get(state) or (WAITS if judged.waits else MERGED))
    following = queries.first_open()
    if following is None:
        return redirect(url_for("doubles.index"), 303)
    return redirect(url_for("doubles.pair", possible_pair_id=following.id), 303)


@bp.route("/merges/<int:merge_id>", methods=["GET", "POST"])
@needs(Permission.WRITE)
def merge(merge_id: int) -> ResponseReturnValue:
    """A merge: when, what was recorded since, and its undoing, with a reason."""
    found = queries.merge(merge_id)
    if found is None:
        abort(404)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            merging.unmerge(merge_id, reason=request.form.get("reason"))
        except Invalid as wrong:
            problems = wrong.problems
        except Forbidden:
            abort(404)
        else:
            tell("done", Label("已恢复为两人。", "They are two persons again."))
            return redirect(url_for("doubles.index", state=PairState.UNSURE.code), 303)
    since = [] if found.undone_at else _told(merging.recorded_since(merge_id))
    page = render_template("lists/merge.html", merge=found, since=since, problems=problems)
    return page, 422 if problems else 200


def _told(since: list[Any]) -> list[tuple[Label, int, int]]:
    """What was recorded after a merge, by kind: how many were made, how many changed."""
    kinds: dict[str, list[int]] = {}
    for one in since:
        if one.table not in {"person", "enrolment", "match_key", "identity_document", "sighting"}:
            kinds.setdefault(one.table, [0, 0])[0 if one.made else 1] += 1
    return [
        (trail.SUBJECTS.get(name, Label(name, name)), made, changed)
        for name, (made, changed) in sorted(kinds.items())
    ]
