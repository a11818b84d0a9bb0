"""The casebook: every case within scope, by centre, days, type, number or what a rate counted; no names."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.codes.endoscopy import ExaminationType
from registry.queries.counting.indicator_cases import behind
from registry.queries.lists import caselist
from registry.views import asked
from registry.views.lists.behind import WORDS, behind_asked
from registry.views.sent import whole

bp = Blueprint("casebook", __name__)
PAGE = 50
LAST_PAGE = 100_000
TYPES = {kind.code: kind for kind in ExaminationType}


@bp.route("/cases", methods=["GET", "POST"])
@needs(Permission.READ)
def find() -> ResponseReturnValue:
    """Cases by the filters in the address; by examination number when one is sent, which no address holds."""
    if request.method == "GET":
        return _page()
    number = request.form.get("number", "").strip()
    if not number:
        return redirect(url_for("casebook.find"), 303)
    found = caselist.numbered(number)
    rows = found.rows(limit=PAGE)
    if len(rows) == 1:
        return redirect(url_for("cases.show", examination_id=rows[0].examination_id), 303)
    return _shown(rows=rows, count=found.count(), wanted=number)


def _page() -> str:
    """One page of the cases that the address asks for."""
    centre, kind = asked.centre(), asked.one_of("type", TYPES, None)
    start, end = asked.day("from", 0), asked.day("to", 1)
    who, counted = asked.endoscopist(), behind_asked()
    operator_id = who[0] if who else None
    found = caselist.cases(
        centre_id=centre.id if centre else None,
        start=start,
        end=end,
        kind=TYPES.get(kind),
        operator_id=operator_id,
        behind=None
        if counted is None
        else behind(
            counted.indicator,
            counted.state,
            start=start,
            end=end,
            centre_ids=asked.centre_ids(),
            operator_id=operator_id,
        ),
    )
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    count = found.count()
    return _shown(
        rows=found.rows(limit=PAGE, offset=(number - 1) * PAGE),
        count=count,
        number=number,
        pages=-(-count // PAGE),
        centre=centre,
        who=who,
        counted=counted,
        kind=kind,
        start=start,
        end=end,
    )


def _shown(**more: Any) -> str:
    return render_template(
        "lists/casebook.html",
        kept=asked.kept(),
        centres=asked.choosable(),
        types=list(ExaminationType),
        states=[(None if state is None else state.name.lower(), words) for state, words in WORDS.items()],
        **more,
    )
