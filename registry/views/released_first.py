"""What nobody has asked for before is let go first, if it takes long behind a page that looks again."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from registry.reports.rates.released import Unreleased
from registry.services.releases.beside import let_go


def released_first(asked: Unreleased) -> ResponseReturnValue:
    """The page that was asked for, or, where its tables take longer, one that says so (202)."""
    if not let_go(asked.wanted):
        years = "–".join(sorted({f"{year}" for year, _, _ in asked.wanted}))
        return render_template("releasing.html", years=years, here=request.full_path), 202
    try:
        return current_app.ensure_sync(current_app.view_functions[str(request.endpoint)])(
            **(request.view_args or {})
        )
    except Unreleased as more:  # a page of several questions lacks one after the other
        if more.wanted == asked.wanted:
            raise
        return released_first(more)


def join(app: Flask) -> None:
    """Answer what is not released yet."""
    app.register_error_handler(Unreleased, released_first)
