"""What nobody has asked for before is let go first, if it takes long behind a page that looks again."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from registry.reports.first_table import Unasked
from registry.reports.rates.released import Unreleased
from registry.reports.survival.remembered import Unremembered
from registry.services.releases.beside import Work, let_go
from registry.services.releases.first_table import release_first_table
from registry.services.releases.making import release
from registry.services.releases.survival import release_survival


def of_rates(asked: Unreleased) -> ResponseReturnValue:
    """The page that was asked for, made again once its tables of rates are there."""

    def work() -> None:
        for year, keys, part in asked.wanted:
            release(year, keys, part)

    try:
        return _once(work)
    except Unreleased as more:  # a page of several questions lacks one after the other
        if more.wanted == asked.wanted:
            raise
        return of_rates(more)


def of_survival(asked: Unremembered) -> ResponseReturnValue:
    """As for rates; what does not leave even then is nobody's page."""
    return _once(lambda: release_survival(*asked.wanted))


def of_the_first_table(asked: Unasked) -> ResponseReturnValue:
    """As for rates."""
    return _once(lambda: release_first_table(asked.year))


def _once(work: Work) -> ResponseReturnValue:
    """The page again after the work is done, or, where that takes longer, one that says so (202)."""
    if not let_go(work):
        return render_template("releases/making.html", here=request.full_path), 202
    return current_app.ensure_sync(current_app.view_functions[str(request.endpoint)])(
        **(request.view_args or {})
    )


def join(app: Flask) -> None:
    """Answer what has not left yet."""
    app.register_error_handler(Unreleased, of_rates)
    app.register_error_handler(Unremembered, of_survival)
    app.register_error_handler(Unasked, of_the_first_table)
