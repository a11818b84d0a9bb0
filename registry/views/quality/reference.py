"""The reference: every field with its codes, every indicator and definition with its source and sign-off."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.access import needs
from registry.indicators import INDICATORS
from registry.reports.codebook import TABLES, code_sets, fields
from registry.rules import cause, curability, early, risk

bp = Blueprint("reference", __name__)


@bp.route("/codebook")
@needs()
def codebook() -> ResponseReturnValue:
    """What the record holds, and by which words."""
    everything = fields()
    tables = [
        (name, label, [one for one in everything if one.table == name]) for name, label in TABLES.items()
    ]
    return render_template(
        "quality/codebook.html",
        tables=tables,
        sets=code_sets(),
        indicators=list(INDICATORS.values()),
        definitions=[*early.DEFINITIONS, *curability.DEFINITIONS, *risk.DEFINITIONS, *cause.DEFINITIONS],
    )
