"""`flask review release`: a year's tables made ready for readers of aggregates before they ask."""

import click
from flask import current_app
from flask.cli import with_appcontext
from tqdm import tqdm

from registry.access import Forbidden
from registry.cli.operator import operator_scope
from registry.cli.review import command as review
from registry.indicators import switched_on
from registry.indicators.released import GROUPINGS
from registry.label import Label
from registry.reports.rates.quality import this_day
from registry.services.releases.making import release


@review.command("release")
@click.argument("year", type=int, required=False)
@with_appcontext
def make(year: int | None) -> None:
    """Let go every part of a year's tables, this year's unless said, of the sets that are on.

    The first reader of aggregates waits for nothing then. What has left already stays as it is; where the
    command is stopped, it goes on from there the next time.

    \b
    Example:
      flask review release 2025
    """
    operator_scope()
    chosen = year or this_day().year
    keys = [one.key for one in switched_on(current_app.config["INDICATOR_SETS"]) if not one.variant_of]
    work = [(key, part) for part in GROUPINGS for key in keys]
    for key, part in tqdm(work, unit=str(Label("个表", " tables")), disable=None):
        try:
            release(chosen, [key], part)
        except Forbidden as wrong:
            said = Label("%(year)s 年还没有数据可公开", "There is nothing of %(year)s to release")
            raise click.BadParameter(str(said % {"year": chosen}), param_hint="YEAR") from wrong
    said = Label(
        "%(year)s 年 %(n)s 项指标的表可供查询", "Tables of %(n)s indicators of %(year)s are there to be read"
    )
    click.echo(said % {"year": chosen, "n": len(keys)})
