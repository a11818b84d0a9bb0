"""`flask review signals`: look through everybody's records, and print numbers that others may know by now."""

import click
from flask.cli import with_appcontext

from registry.cli.given import MONTH, over
from registry.cli.operator import operator_scope
from registry.cli.review import command as review
from registry.cli.table import table
from registry.label import Label
from registry.queries.review import integrity as queries
from registry.queries.staff.places import named, places
from registry.reports.integrity import house_of, signals
from registry.reports.papers.periods import last_full
from registry.reports.rates.quality import this_day
from registry.services.review import integrity as services


@review.command("signals")
@click.option(
    "--month",
    metavar="MONTH",
    type=MONTH,
    help="The six months up to this one; the last full one unless said.",
)
@with_appcontext
def look(month: str | None) -> None:
    """Keep what stands out anew for the persons to read first; print numbers by centre, and no names.

    \b
    Example:
      flask review signals --month 2026-10
    """
    operator_scope()
    chosen = over(month, "--month") if month else last_full("monthly", this_day())
    start = house_of(0, chosen).start
    found = [one for place in places() for one in signals(house_of(place.id, chosen))]
    services.raise_signals(found)
    counted = queries.numbers(services.raised_before(), since=start)
    there = named([one.centre_id for one in counted])
    rows = [[there[one.centre_id].label, one.kind.label, one.answered, one.raised] for one in counted]
    head = (
        *(Label("中心", "centre"), Label("看的是什么", "what was counted")),
        *(Label("已答复", "answered"), Label("提出", "raised")),
    )
    empty = Label("还没有他人可知的", "nothing yet that others may know")
    click.echo(table(head, rows, empty=empty, right=(2, 3)))
