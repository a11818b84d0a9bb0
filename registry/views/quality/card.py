"""The monthly card: every endoscopist reads the own, and nobody else's."""

from flask import Blueprint, Flask, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs, scope
from registry.codes.alliance import Role
from registry.reports.card import card
from registry.reports.papers.periods import last_full, moved, name_of
from registry.reports.rates.quality import this_day

bp = Blueprint("card", __name__)


@bp.route("/quality/card")
@needs(Permission.WRITE)
def mine() -> ResponseReturnValue:
    """The reader's own card; empty for somebody who examines nobody."""
    current = scope()
    latest = last_full("monthly", this_day())
    code = request.args.get("period", "").strip() or latest
    found = None
    if current is not None and current.actor_id is not None and has_card():
        try:
            found = card(
                code, endoscopist_id=current.actor_id, centre_ids=sorted(current.centres), today=this_day()
            )
        except ValueError:
            abort(404)
    return render_template(
        "quality/card.html",
        found=found,
        name=name_of("monthly", code) if found else "",
        months=[
            (one, name_of("monthly", one)) for one in (moved("monthly", latest, -step) for step in range(12))
        ],
    )


def has_card() -> bool:
    """Whether the reader examines, and so has a card."""
    current = scope()
    return current is not None and Role.ENDOSCOPIST in current.roles


def join(app: Flask) -> None:
    app.jinja_env.globals.update(has_card=has_card)
